"""What can be graded is graded, and what cannot is refused for the right reason."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from photograph_files import read

from engine.answers import Reason
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.preparation import gradability
from engine.preparation.appearance import Appearance
from engine.preparation.field_of_view import find_field_of_view
from engine.preparation.gradability import no_eye, reasons
from engine.questions.looking import see

Pixels = NDArray[np.uint8]
Degrade = Callable[[Pixels, float, float, float], Pixels]


def judge(pixels: Pixels) -> tuple[Reason, ...]:
    """As every question about a photograph does."""
    return see(Photograph(pixels, "eye.png", ""), 448).reasons


def blurred(pixels: Pixels, x: float, y: float, width: float) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), 0.012 * width).astype(np.uint8)


def darkened(pixels: Pixels, x: float, y: float, width: float) -> Pixels:
    return (pixels * 0.12).astype(np.uint8)


def overexposed(pixels: Pixels, x: float, y: float, width: float) -> Pixels:
    return np.clip(pixels * 4.0, 0, 255).astype(np.uint8)


def shrunk(pixels: Pixels, x: float, y: float, width: float) -> Pixels:
    rows, columns = np.arange(pixels.shape[0])[:, None], np.arange(pixels.shape[1])
    return pixels * (np.hypot(rows - y, columns - x) < 0.2 * width)[..., None]


def covered(pixels: Pixels, x: float, y: float, width: float) -> Pixels:
    result = pixels.copy()
    result[:, : int(x - 0.05 * width)] = 0
    return result


def hidden_by_paper(pixels: Pixels, x: float, y: float, width: float) -> Pixels:
    rows, columns = np.arange(pixels.shape[0])[:, None], np.arange(pixels.shape[1])
    hidden = (np.hypot(rows - y, columns - x) < 0.5 * width) & (rows > y + 0.05 * width)
    return np.where(hidden[..., None], (140, 140, 140), pixels).astype(np.uint8)


DEGRADED = [
    (blurred, "too blurred"),
    (darkened, "too dark"),
    (overexposed, "overexposed"),
    (shrunk, "field of view is too small"),
    (covered, "missing"),
    (hidden_by_paper, "missing"),
]


@pytest.mark.parametrize("seed", range(4))
def test_a_phantom_eye_can_be_graded(seed: int) -> None:
    assert judge(draw_eye(seed, width=1000).pixels) == ()


@pytest.mark.parametrize(("degrade", "word"), DEGRADED)
def test_a_degraded_phantom_is_refused(degrade: Degrade, word: str) -> None:
    eye = draw_eye(5, width=1000)
    given = judge(degrade(eye.pixels, eye.field.x, eye.field.y, 2 * eye.field.radius))
    assert any(word in reason.why for reason in given), given


@pytest.mark.parametrize(("degrade", "word"), DEGRADED)
@pytest.mark.parametrize("name", ["fives_22_A", "hrf_03_g", "chase_04R", "fives_10_A"])
def test_a_degraded_real_photograph_is_refused(
    shared: Callable[[str], Path], degrade: Degrade, word: str, name: str
) -> None:
    pixels = read(shared("data/fundus/other") / f"{name}.jpg")
    field = find_field_of_view(pixels)
    given = judge(degrade(pixels, field.x, field.y, field.width))
    assert any(word in reason.why for reason in given), given


@pytest.mark.parametrize(
    ("name", "limit", "side"),
    [
        ("brightness", gradability.DARKEST, -1),
        ("overexposed", gradability.MOST_OVEREXPOSED, 1),
        ("red_lost", gradability.MOST_RED_LOST, 1),
        ("missing", gradability.MOST_MISSING, 1),
        ("fine", gradability.LEAST_DETAIL, -1),
        ("red", gradability.LEAST_RED, -1),
        ("green", gradability.LEAST_GREEN, -1),
        ("dark_lines", gradability.LEAST_DARK_LINES, -1),
        ("coarse", gradability.MOST_COARSE, 1),
        ("peak", gradability.PEAK[0], -1),
        ("peak", gradability.PEAK[1], 1),
    ],
)
def test_what_just_misses_a_limit_is_not_told_as_the_limit_itself(
    name: str, limit: float, side: int
) -> None:
    eye = draw_eye(5, width=1000)
    field = find_field_of_view(eye.pixels)
    found = replace(Appearance.of(eye.pixels, field), **{name: limit + side * abs(limit) * 1e-3})
    (reason,) = reasons(found, field, eye.pixels.shape[:2])
    figures = re.findall(r"\d+(?:\.\d+)?", reason.why.replace("of 255", ""))
    assert len(set(figures)) == 2, reason.why


def test_photographs_of_other_cameras_can_be_graded(shared: Callable[[str], Path]) -> None:
    refused = {
        path.name: judge(read(path)) for path in sorted(shared("data/fundus/other").glob("*.jpg"))
    }
    assert len(refused) == 20
    assert not {name: why for name, why in refused.items() if why and name != "fives_37_A.jpg"}


def test_nearly_all_of_idrid_can_be_graded(shared: Callable[[str], Path]) -> None:
    paths = sorted(shared("data/fundus/idrid_grading").glob("*.jpg"))[::16]
    assert sum(judge(read(path)) == () for path in paths) >= 0.98 * len(paths)


def in_a_circle(pixels: Pixels) -> Pixels:
    resized = cv2.resize(pixels, (700, 700), interpolation=cv2.INTER_AREA)
    away = np.arange(700) - 349.5
    return (resized * (np.hypot(away[:, None], away) < 335)[..., None]).astype(np.uint8)


def strangers() -> Iterator[tuple[str, Pixels]]:
    from sklearn.datasets import load_sample_images

    rng = np.random.default_rng(0)
    for name, pixels in zip(("temple", "flower"), load_sample_images().images, strict=True):
        yield name, pixels
        yield f"{name} in a circle", in_a_circle(pixels)
    red = np.full((700, 700, 3), (200, 90, 40), np.uint8)
    noise = np.clip(red + rng.normal(0, 30, (700, 700, 1)), 0, 255).astype(np.uint8)
    page = np.full((900, 700, 3), 255, np.uint8)
    for line in range(40, 880, 40):
        cv2.putText(page, "Dear colleague, thank you", (20, line), 0, 1, (20, 20, 20), 2)
    ramp = np.repeat(np.tile(np.linspace(0, 255, 700), (700, 1))[..., None], 3, 2).astype(np.uint8)
    cat = np.full((700, 700, 3), (235, 200, 150), np.uint8)
    cv2.circle(cat, (350, 380), 200, (60, 50, 50), 6)
    cv2.line(cat, (160, 280), (150, 130), (60, 50, 50), 6)
    yield "a plain red disk", in_a_circle(red)
    yield "red noise", in_a_circle(noise)
    yield "a page", page
    yield "a grey ramp", ramp
    yield "a grey ramp in a circle", in_a_circle(ramp)
    yield "a drawn cat", cat
    yield "a drawn cat in a circle", in_a_circle(cat)
    yield "noise", rng.integers(0, 256, (600, 700, 3)).astype(np.uint8)


@pytest.mark.parametrize(("name", "pixels"), [pytest.param(n, p, id=n) for n, p in strangers()])
def test_what_is_no_fundus_is_not_scored(name: str, pixels: Pixels) -> None:
    assert judge(pixels), name


def test_a_grey_photograph_of_an_eye_is_refused_for_its_colour() -> None:
    green = draw_eye(2, width=800).pixels[..., 1:2]
    (reason,) = judge(np.repeat(green, 3, axis=2))
    assert "no colour" in reason.why


def test_a_bluish_and_a_yellowish_cast_are_allowed() -> None:
    pixels = draw_eye(2, width=1000).pixels
    for cast in ((0.9, 1.0, 1.3), (1.0, 1.15, 0.5)):
        assert judge(np.clip(pixels * cast, 0, 255).astype(np.uint8)) == (), cast


def test_the_size_of_the_file_does_not_decide() -> None:
    large = draw_eye(3, width=1600).pixels
    small = cv2.resize(large, (500, round(500 * len(large) / 1600)), interpolation=cv2.INTER_AREA)
    assert judge(large) == judge(small.astype(np.uint8)) == ()


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("second", [1.0, 0.5, 0.21])
def test_two_eyes_in_one_picture_are_not_answered_as_one(across: bool, second: float) -> None:
    one, other = draw_eye(3, width=900).pixels, draw_eye(4, width=900).pixels
    assert judge(one) == judge(other) == ()
    apart = np.zeros_like(one)
    size = (round(second * one.shape[1]), round(second * len(one)))
    smaller = cv2.resize(other, size, interpolation=cv2.INTER_AREA)
    apart[: size[1], : size[0]] = smaller
    (reason,) = judge(np.concatenate([one, apart], axis=1 if across else 0))
    assert "more than one field" in reason.why


def test_a_second_eye_in_a_corner_is_noticed_with_a_fourth_of_the_light() -> None:
    one, other = draw_eye(3, width=900).pixels, draw_eye(4, width=900).pixels
    apart = np.zeros_like(one[:, :240])
    inset = cv2.resize(other, (240, 240 * len(other) // other.shape[1])) // 4
    apart[: len(inset)] = inset
    (reason,) = judge(np.concatenate([one, apart], axis=1))
    assert "more than one field" in reason.why


def test_a_second_eye_in_a_corner_of_white_paper_is_noticed() -> None:
    one, other = draw_eye(3, width=900).pixels, draw_eye(4, width=900).pixels
    apart = np.zeros_like(one)
    inset = cv2.resize(other, (240, 240 * len(other) // other.shape[1]))
    apart[: len(inset), -240:] = inset
    both = np.concatenate([one, apart], axis=1)
    (reason,) = judge(np.where(both.sum(axis=2, keepdims=True) < 20, 255, both).astype(np.uint8))
    assert "more than one field" in reason.why


def test_black_that_a_scan_has_lifted_to_a_dark_red_is_no_second_eye() -> None:
    eye = draw_eye(3, width=900).pixels // 3
    assert judge((eye + np.array([12, 6, 3])).astype(np.uint8)) == ()


@pytest.mark.parametrize(
    ("across", "down", "words"),
    [
        (1.06, 1, "6\u202f% wider than it is high, and at most 4\u202f%"),
        (4 / 3, 1, "33\u202f% wider than it is high"),
        (1, 1.1, "10\u202f% higher than it is wide"),
        (1, 1.4, "40\u202f% higher than it is wide"),
    ],
)
def test_a_stretched_photograph_is_told_by_how_much_and_given_no_circle(
    across: float, down: float, words: str
) -> None:
    eye = draw_eye(3, width=900).pixels
    size = (round(across * eye.shape[1]), round(down * len(eye)))
    seen = see(Photograph(cv2.resize(eye, size).astype(np.uint8), "eye.png", ""), 448)
    (reason,) = seen.reasons
    assert "looks stretched" in reason.why and words in reason.why
    assert "in its true proportions" in reason.advice
    assert seen.assessed is None


def test_a_stretched_photograph_that_is_too_dark_is_told_both() -> None:
    eye = draw_eye(3, width=900).pixels // 8
    wider = cv2.resize(eye, (round(1.2 * eye.shape[1]), len(eye))).astype(np.uint8)
    assert ["stretched" in reason.why for reason in judge(wider)] == [True, False]


@pytest.mark.parametrize("paper", [(255, 255, 255), (128, 128, 128), (40, 60, 120)])
def test_what_else_lies_beside_an_eye_is_not_taken_for_another(
    paper: tuple[int, int, int],
) -> None:
    eye = draw_eye(3, width=900).pixels
    sheet = np.full_like(eye[:, :250], paper)
    sheet[::40] = 0  # lines of writing
    beside = np.concatenate([eye, np.zeros_like(eye[:, :40]), sheet], axis=1)
    assert judge(beside) == ()


def test_every_reason_says_what_was_measured_and_what_to_do() -> None:
    pixels = draw_eye(1, width=800).pixels
    for degrade, _ in DEGRADED:
        eye = draw_eye(1, width=800)
        for reason in judge(degrade(pixels, eye.field.x, eye.field.y, 2 * eye.field.radius)):
            assert sum(character.isdigit() for character in reason.why) >= 2, reason
            assert reason.advice.endswith(".")


_DRAW = np.random.default_rng(0)
NO_EYES: dict[str, tuple[Pixels, str]] = {
    "uniform": (np.full((800, 800, 3), 10, np.uint8), "it has no colour"),
    "flat and red": (np.full((800, 800, 3), (150, 80, 40), np.uint8), "it is flat"),
    "colour noise": (_DRAW.integers(0, 256, (800, 800, 3)).astype(np.uint8), "noise"),
    "a gradient": (np.repeat(np.arange(800)[:, None, None] // 4, 3, 2).repeat(800, 1), "no colour"),
}


@pytest.mark.parametrize("what", NO_EYES)
def test_a_picture_with_no_eye_in_it_is_told_why(what: str) -> None:
    pixels, why = NO_EYES[what]
    pixels = pixels.astype(np.uint8)
    assert why in no_eye(pixels, find_field_of_view(pixels))


def test_an_eye_that_cannot_be_graded_is_still_one(shared: Callable[[str], Path]) -> None:
    for name in ("IDRiD_001", "IDRiD_110"):
        whole = read(shared(f"data/fundus/idrid_grading/{name}.jpg"))
        middle = np.ascontiguousarray(whole[140:540, 312:712])
        for pixels in (whole, middle):
            for degraded in (
                pixels,
                darkened(pixels, 0, 0, 0),
                blurred(pixels, 0, 0, 600),
            ):
                assert not no_eye(degraded, find_field_of_view(degraded))
