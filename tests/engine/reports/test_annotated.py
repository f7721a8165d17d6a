"""The annotated picture: what is drawn on it, and what is told beside it."""

import struct
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from annotating import ANSWER, LOOK, UNGRADABLE, Line, heatmap, photograph, texts
from numpy.typing import NDArray
from PIL import Image

from engine.answers import (
    Criterion,
    Heatmap,
    Interval,
    PackReference,
    RetinopathyAnswer,
)
from engine.geometry import scaling
from engine.reports import annotated
from engine.telling import words


def signed_heatmap() -> Heatmap:
    """Two hot network pixels: one for at (30, 20), one as much against at (60, 20)."""
    values = np.zeros((80, 120), np.float32)
    values[20, 30], values[20, 60] = 0.02, -0.02
    return Heatmap(np.abs(values), scaling(10, 4.5, 4.5), (800, 1200), values)


def origin() -> str:
    today = date.today()
    return f"Photograph 00000000, exported {today.day} {today:%b %Y}"


def pixels_of(page: Image.Image) -> NDArray[np.int16]:
    return np.asarray(page).astype(np.int16)


def test_without_an_answer_it_is_the_photograph_and_the_strip(lines: list[Line]) -> None:
    source = photograph()
    page = annotated.draw(source, None, None, LOOK)
    assert np.array_equal(pixels_of(page)[:800], source.pixels)
    assert [line.text for line in lines] == [words.STRIP, origin()]
    assert page.height > 800


def test_the_words_of_an_answer_stand_below_the_photograph(lines: list[Line]) -> None:
    annotated.draw(photograph(), ANSWER, heatmap(), LOOK)
    said = texts(lines)
    for words_of_it in (
        "Referable\n",
        "Referable retinopathy 78 % (66 to 87 %)",
        "90 % interval",
        "Operating point 41 %",
        "retinopathy-first 1.0.0 (3f2a91c0)",
        "Evidence, criterion π",
        "0.22",
        "1.00 is 0.02 and more",
        "Area that was assessed",
        words.STRIP,
    ):
        assert words_of_it in said


@pytest.mark.parametrize("answer", [None, ANSWER, UNGRADABLE])
def test_no_file_name_is_burnt_in(answer: RetinopathyAnswer | None, lines: list[Line]) -> None:
    annotated.draw(photograph(), answer, None, LOOK)
    assert "Muster" not in texts(lines)


def test_two_photographs_of_one_pack_and_word_are_told_apart(lines: list[Line]) -> None:
    other = replace(photograph(), content_hash="1b2c3d4e" + 56 * "5", name="Muster_Hans.jpg")
    annotated.draw(other, ANSWER, None, LOOK)
    assert "Photograph 1b2c3d4e, exported " in texts(lines)
    assert origin() not in texts(lines)


@pytest.mark.parametrize("width", [100, 400, 1440])
@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        UNGRADABLE,
        replace(ANSWER, probability=0.001, interval=Interval(0.0, 0.004), operating_point=0.01),
        replace(ANSWER, probability=0.999, interval=Interval(0.992, 1.0), operating_point=0.99),
        replace(ANSWER, warnings=("It is grainy. " * 20, "It taught the pack.")),
        replace(ANSWER, pack=PackReference("a-name-" * 20, "12.34.56", "ab" * 32)),
    ],
)
def test_no_words_are_clipped_or_run_into_others(
    width: int, answer: RetinopathyAnswer, lines: list[Line]
) -> None:
    shape = (width // 4, width)
    values = heatmap().values
    on_it = Heatmap(values, scaling(width / 120, 0, 0), shape)
    page = annotated.draw(photograph(*shape), answer, on_it, LOOK)
    bottom = (page.height - shape[0]) / (page.width / annotated.PAGE_WIDTH)
    for line in lines:
        assert line.left >= 0
        assert line.right <= annotated.PAGE_WIDTH
        # The strip is 30 high and holds its own words alone.
        on_strip = line.text in (words.STRIP, origin())
        assert line.size <= line.base <= bottom - (3 if on_strip else 33)
    for one in lines:
        for other in lines:
            beside = one.right + 3 <= other.left or other.right + 3 <= one.left
            apart = abs(one.base - other.base) >= 0.8 * min(one.size, other.size)
            assert one is other or beside or apart, (one, other)


def test_the_tint_lies_on_the_pixels_that_the_map_names_and_on_no_others() -> None:
    source = photograph()
    page = annotated.draw(source, replace(ANSWER, assessed=None), heatmap(), LOOK)
    changed = np.abs(pixels_of(page)[:800] - source.pixels).max(axis=-1) > 2
    rows, columns = np.nonzero(changed)
    # Bilinear, hidden below 0.22: 0.78 of a network pixel's 10 to each side of its centre.
    assert (rows.min(), rows.max()) == (197, 212)
    assert (columns.min(), columns.max()) == (297, 312)
    middle = pixels_of(page)[204, 304] - source.pixels[204, 304]
    assert middle[2] > 60
    assert middle[0] < -30


def test_a_hidden_heatmap_stays_hidden_and_is_said_to_be(lines: list[Line]) -> None:
    source = photograph()
    hidden = replace(LOOK, visible=False)
    page = annotated.draw(source, replace(ANSWER, assessed=None), heatmap(), hidden)
    assert np.array_equal(pixels_of(page)[:800], source.pixels)
    assert "Heatmap hidden" in texts(lines)
    assert "Evidence" not in texts(lines)


def test_an_ungradable_answer_has_reasons_and_neither_heatmap_nor_number(
    lines: list[Line],
) -> None:
    source = photograph()
    page = annotated.draw(source, UNGRADABLE, heatmap(), LOOK)
    assert np.array_equal(pixels_of(page)[:800], source.pixels)
    said = texts(lines)
    assert "Ungradable: retake or refer" in said
    assert "The photograph is too dark" in said
    assert "Take it again." in said
    assert words.REFUSED in said
    assert "Evidence" not in said
    assert "%" not in said


def test_the_assessed_area_is_a_dashed_azure_circle_on_a_dark_line() -> None:
    source = photograph()
    page = annotated.draw(source, ANSWER, None, LOOK)
    laid = pixels_of(page)[:800]
    turn = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    x = np.rint(600 + 380 * np.cos(turn)).astype(int)
    y = np.rint(400 + 380 * np.sin(turn)).astype(int)
    azure = np.abs(laid[y, x] - [0x5F, 0xB4, 0xFF]).max(axis=-1) < 40
    # Dashes of 4 and gaps of 2.6 line widths.
    assert abs(azure.mean() - 4 / 6.6) < 0.08
    dashes = np.count_nonzero(azure & ~np.roll(azure, 1))
    assert 150 < dashes < 330
    rows, columns = np.mgrid[0:800, 0:1200]
    far = np.abs(np.hypot(columns - 600, rows - 400) - 380) > 5
    assert np.array_equal(laid[far], source.pixels[far])
    dark = laid.sum(axis=-1) < 0.6 * source.pixels.sum(axis=-1)
    assert dark.sum() > 500


def test_a_small_photograph_keeps_its_own_pixels_in_the_middle_of_a_wider_page() -> None:
    source = photograph(200, 300)
    page = annotated.draw(source, UNGRADABLE, None, LOOK)
    assert page.width == annotated.PAGE_WIDTH
    assert np.array_equal(pixels_of(page)[:200, 330:630], source.pixels)
    assert not pixels_of(page)[:200, :330].any()


def test_a_saved_picture_holds_pixels_and_that_it_is_ours_and_nothing_else(tmp_path: Path) -> None:
    page = annotated.draw(photograph(60, 90), None, None, LOOK)
    page.info["comment"] = "Muster, Erika"
    page.info["icc_profile"] = b"anything"
    path = tmp_path / "out.png"
    annotated.save(path, page)
    content = path.read_bytes()
    names, at = [], 8
    while at < len(content):
        length = struct.unpack(">I", content[at : at + 4])[0]
        names.append(content[at + 4 : at + 8])
        at += 12 + length
    assert set(names) == {b"IHDR", b"tEXt", b"IDAT", b"IEND"}
    assert Image.open(path).info == {"Software": "LesionLens, annotated picture"}
    assert np.array_equal(np.asarray(Image.open(path)), np.asarray(page))


def test_a_save_that_fails_leaves_the_older_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.png"
    path.write_bytes(b"older")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space"):
        annotated.save(path, Image.new("RGB", (8, 8)))
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_signed_heatmap_lies_on_red_free_azure_for_and_ember_against() -> None:
    shot = photograph()
    answer = replace(ANSWER, criterion=Criterion.RELEVANCE, assessed=None)
    drawn = np.asarray(annotated.draw(shot, answer, signed_heatmap(), LOOK))[:800].astype(int)
    red, green, blue = drawn[204, 304]
    assert blue > green > red
    red, green, blue = drawn[204, 604]
    assert red > green > blue
    away = drawn[600, 100]
    assert (away == shot.pixels[600, 100, 1]).all()


def test_a_signed_heatmaps_legend_has_0_between_against_and_for(lines: list[Line]) -> None:
    answer = replace(ANSWER, criterion=Criterion.RELEVANCE)
    annotated.draw(photograph(), answer, signed_heatmap(), LOOK)
    by_text = {line.text: line for line in lines}
    against, middle, pro = (by_text[text] for text in words.SIGNED_ENDS)
    assert against.right < middle.left and middle.right < pro.left
    assert "Relevance α 2, β 1, signed" in by_text


def test_the_key_to_the_assessed_area_is_the_line_as_it_lies_on_the_retina(
    lines: list[Line],
) -> None:
    drawn = np.asarray(annotated.draw(photograph(), ANSWER, None, LOOK))
    (told,) = {line for line in lines if line.text == "Area that was assessed"}
    high, wide = int(800 + told.base * 1.25), int(told.left * 1.25)
    key = drawn[high - 12 : high, wide - 45 : wide - 10].reshape(-1, 3)
    on_picture = np.median(photograph().pixels.reshape(-1, 3), axis=0)
    for colour in (on_picture, (0, 0, 0), (0x5F, 0xB4, 0xFF)):
        assert (np.abs(key - np.array(colour, float)).max(axis=1) <= 8).any()
