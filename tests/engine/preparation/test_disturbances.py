"""Compression and grain that networks take for lesions are told; what cameras make is not."""

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.answers import Criterion, Decision
from engine.images.photograph import open_picture
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.preparation import fundus
from engine.preparation.disturbances import COMPRESSED, GRAIN, GRAINY, disturbances, grain
from engine.questions import retinopathy
from engine.task import Task

Pixels = NDArray[np.uint8]


def told(pixels: Pixels, size: int = 640) -> tuple[str, ...]:
    return disturbances(pixels, fundus.prepare(pixels, size))


def compressed(pixels: Pixels, quality: int) -> Pixels:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=quality)
    return np.array(Image.open(content))


def grained(pixels: Pixels, levels: float, soft: float = 0) -> Pixels:
    noise = np.random.default_rng(0).normal(0, 1, pixels.shape)
    if soft:
        noise = cv2.GaussianBlur(noise, (0, 0), soft)
    return np.clip(pixels + levels * noise / noise.std(), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module", params=["drawn", "real"])
def plain(request: pytest.FixtureRequest, shared: Callable[[str], Path]) -> Pixels:
    """An eye of which nothing is told, about 1000 pixels wide."""
    if request.param == "drawn":
        return draw_eye(3, severity=3, width=1000).pixels
    return open_picture(shared("data/fundus/idrid_grading") / "IDRiD_001.jpg").pixels


def test_a_photograph_as_it_came_is_let_be(plain: Pixels) -> None:
    assert told(plain) == ()
    assert told(compressed(plain, 90)) == ()
    assert told(grained(plain, 2)) == ()


@pytest.mark.parametrize("turned", [0, 1])
@pytest.mark.parametrize("cut", [0, 3])
def test_blocks_are_told_wherever_their_grid_lies(plain: Pixels, turned: int, cut: int) -> None:
    assert told(np.ascontiguousarray(np.rot90(compressed(plain, 40), turned)[cut:, cut:])) == (
        COMPRESSED,
    )


def test_blocks_that_the_network_does_not_see_are_not_told(plain: Pixels) -> None:
    large = cv2.resize(plain, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    assert told(compressed(large.astype(np.uint8), 40)) == ()


def test_grain_is_told(plain: Pixels) -> None:
    assert told(grained(plain, 8)) == (GRAINY,)


def test_soft_grain_that_hardly_shows_is_told(plain: Pixels) -> None:
    assert told(grained(plain, 3, soft=0.7)) == (GRAINY,)


def test_grain_of_a_known_strength_is_measured() -> None:
    coarse = np.random.default_rng(1).normal(0, GRAIN, (320, 320)).astype(np.float32)
    assert grain(coarse.repeat(2, 0).repeat(2, 1)) == pytest.approx(GRAIN, rel=0.05)


def test_no_real_photograph_of_another_camera_is_called_disturbed(
    shared: Callable[[str], Path],
) -> None:
    files = sorted(shared("data/fundus/other").glob("*.jpg"))
    assert len(files) == 20
    assert {file.name: told(open_picture(file).pixels) for file in files} == {
        file.name: () for file in files
    }


def test_the_answer_says_it_and_an_ungradable_one_does_not(untrained: Pack) -> None:
    eye = draw_eye(3, severity=3, width=1000).pixels

    def ask(pixels: Pixels):  # type: ignore[no-untyped-def]
        photograph = Photograph(pixels, "eye.png", "0")
        return retinopathy.answer(photograph, untrained, Criterion.PI, "processor", Task())[0]

    assert GRAINY in ask(grained(eye, 40)).warnings
    dark = ask((grained(eye, 40) * 0.1).astype(np.uint8))
    assert dark.decision is Decision.UNGRADABLE
    assert dark.warnings == ()
