"""The figure of a truth check and the numbers beside it."""

import json
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from given_truth_check import SHARES, check
from PIL import Image

from engine.answers import Criterion
from engine.reports import truth_figure
from engine.reports.sheet import Sheet, Type, Weight
from engine.telling import truth_words, words

BLUE = (10, 95, 176)
SVG = "{http://www.w3.org/2000/svg}"


def letters(document: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(document).iter(f"{SVG}text")]


def test_lines_of_an_svg_run_through_the_curve_s_points() -> None:
    root = ElementTree.fromstring(truth_figure.svg(check()))
    lines = [each.get("points", "") for each in root.iter(f"{SVG}polyline")]
    deletion = np.array([pair.split(",") for pair in lines[0].split()], float)
    # From 0 to 1 across the axes and down them, whose ends are those of the first and last point.
    across = (deletion[:, 0] - deletion[0, 0]) / (deletion[-1, 0] - deletion[0, 0])
    np.testing.assert_allclose(across[:4], SHARES, atol=1e-3)
    down = (deletion[0, 1] - deletion[:, 1]) / (deletion[0, 1] - deletion[3, 1])
    np.testing.assert_allclose(down[:4], [0, 0.75, 0.875, 1], atol=1e-3)


def test_a_figure_says_what_the_check_found_and_what_it_does_not_tell() -> None:
    said = " ".join(letters(truth_figure.svg(check(Criterion.PI, Criterion.RELEVANCE))))
    for expected in ("π", "LRP", "0.27", "0.81", "0.50 (0.48 to 0.53)", truth_words.CAUTION):
        assert expected in said
    assert words.STRIP in said
    assert "little 1.0.0" in said


def test_the_chief_curve_is_that_of_the_drawn_lesions_where_they_are() -> None:
    for criteria in ((Criterion.LESIONS, Criterion.PI), (Criterion.PI, Criterion.LESIONS)):
        root = ElementTree.fromstring(truth_figure.svg(check(*criteria)))
        lines = [each.get("stroke") for each in root.iter(f"{SVG}polyline")]
        assert lines.index("#0A5FB0") == criteria.index(Criterion.LESIONS)


def test_pixels_hold_the_same_figure(tmp_path: Path) -> None:
    truth_figure.save(tmp_path / "figure.png", check())
    with Image.open(tmp_path / "figure.png") as picture:
        assert picture.width == 2 * truth_figure.WIDTH
        near = np.abs(np.asarray(picture).astype(int) - BLUE).sum(axis=2) < 40
    assert near.sum() > 1000


@pytest.mark.parametrize("marked", [False, True])
def test_lesions_have_a_column_where_some_are_marked(marked: bool) -> None:
    said = letters(truth_figure.svg(check(marked=marked)))
    assert (truth_words.ON_LESIONS in said) is marked


def test_no_words_of_the_table_run_into_each_other() -> None:
    root = ElementTree.fromstring(truth_figure.svg(check(Criterion.LESIONS, marked=True)))
    measure = Sheet(Image.new("RGB", (1, 1)), 4)
    by_line: dict[str, list[tuple[float, float]]] = {}
    for each in root.iter(f"{SVG}text"):
        use = Type(float(each.get("font-size", "")), Weight.SEMIBOLD)
        width, x = measure.width(each.text or "", use), float(each.get("x", ""))
        left = x - width if each.get("text-anchor") == "end" else x
        by_line.setdefault(each.get("y", ""), []).append((left, left + width))
    rows = [sorted(row) for row in by_line.values() if len(row) > 8]
    assert rows
    random = next(y for y, row in by_line.items() if "at random" in texts_at(root, y))
    rows.append(sorted(by_line[random]))
    for row in rows:
        assert all(end < begin for (_, end), (begin, _) in pairwise(row))


def texts_at(root: ElementTree.Element, y: str) -> list[str | None]:
    return [each.text for each in root.iter(f"{SVG}text") if each.get("y") == y]


def test_what_is_painted_over_is_said_in_words_beneath_the_table() -> None:
    said = " ".join(letters(truth_figure.svg(check())))
    assert "with as much painted over elsewhere" in said


def test_a_figure_and_its_numbers_say_which_correlation_is_which() -> None:
    document = truth_figure.svg(check())
    root = ElementTree.fromstring(document)
    said = " ".join(letters(document))
    assert "Moved and turned: Pearson’s correlation" in said
    assert "shuffled: Spearman’s" in said
    (part,) = check().parts
    moved, shuffled = (
        truth_words.row(part, (name,))[-1] for name in (truth_words.MOVED, truth_words.SHUFFLED)
    )
    assert moved == f"{part.stability.shift.value:.2f}"
    assert shuffled == f"{part.randomised[-1].rank:.2f}"
    assert "value is Pearson’s" in str(truth_figure.as_json(check())["correlations"])
    # What stands beneath the table ends above the strip.
    ends = {each.text: float(each.get("y", "")) for each in root.iter(f"{SVG}text")}
    strip = ends.pop(words.STRIP)
    assert max(ends.values()) <= strip - 18


def test_the_numbers_lie_beside_the_figure(tmp_path: Path) -> None:
    told = truth_figure.save(tmp_path / "figure.svg", check())
    assert told == tmp_path / "figure.json"
    numbers = json.loads(told.read_text())
    assert numbers["parts"][0]["deletion"]["area"] == 0.27
    assert numbers["parts"][0]["criterion"] == "pi"
    assert numbers["random_deletion"]["orders"] == 5
    assert numbers["caution"] == truth_words.CAUTION
    assert (tmp_path / "figure.svg").read_text().startswith("<svg")
