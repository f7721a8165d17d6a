"""A photograph is told again by how it looks, and two are not taken for one."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.images.photograph import open_picture
from engine.packs import learnt_from, store
from engine.packs.pack import load
from engine.phantoms.eye import draw_eye
from engine.preparation import fundus
from engine.preparation.likeness import (
    Likenesses,
    alike,
    of_normalised,
    of_photograph,
    of_prepared,
)

Pixels = NDArray[np.uint8]


def likeness(pixels: Pixels) -> Likenesses:
    return of_photograph(pixels, fundus.prepare(pixels, 112).assessed)


def seen(photograph: Likenesses, among: Likenesses) -> bool:
    return bool(alike(photograph, among).any())


def saved_badly(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=60)
    return Image.open(file)


EYES = [draw_eye(seed, severity=seed % 5, width=520).pixels for seed in range(6)]
KNOWN = np.concatenate([likeness(each) for each in EYES[:4]])
COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "larger": lambda picture: picture.resize((1300, 1300 * picture.height // picture.width)),
    "smaller": lambda picture: picture.resize((400, 400 * picture.height // picture.width)),
    "as JPEG": saved_badly,
    "cropped": lambda picture: picture.crop((4, 0, picture.width - 3, picture.height)),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "upside down": lambda picture: picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    "turned by a quarter": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "turned by a half, smaller": lambda picture: picture.rotate(180).resize((400, 380)),
    "turned by three quarters": lambda picture: picture.transpose(Image.Transpose.ROTATE_270),
    "mirrored and turned": lambda picture: picture.transpose(Image.Transpose.TRANSVERSE),
    "lighter": lambda picture: picture.point(lambda value: min(255, round(1.1 * value) + 5)),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_the_same_photograph(how: str) -> None:
    copy = np.asarray(COPIES[how](Image.fromarray(EYES[1])).convert("RGB"))
    assert seen(likeness(copy), KNOWN)


def test_another_eye_is_another() -> None:
    for pixels in EYES[4:]:
        assert not seen(likeness(pixels), KNOWN)


@pytest.mark.parametrize("size", [112, 448, 640])
def test_a_networks_input_has_the_likeness_of_its_photograph(size: int) -> None:
    differ = np.bitwise_count(of_prepared(fundus.prepare(EYES[1], size)) ^ likeness(EYES[1]))
    assert differ.sum(axis=1).max() < 50  # of 512; another eye differs in more than 160


def test_what_a_run_kept_of_its_photographs_has_the_same_likeness() -> None:
    values, _ = fundus.normalise(EYES[2], fundus.find_field_of_view(EYES[2]), 448)
    kept = np.rint(values * fundus.LEVELS).clip(-128, 127).astype(np.int8)
    assert seen(likeness(EYES[2]), of_normalised(kept[None]))


def test_the_photographs_of_idrid_are_told_at_their_own_size(shared: Callable[[str], Path]) -> None:
    # The packs learnt from 1024 x 680 pixels; these have 4288 x 2848.
    learnt = learnt_from.of(load(store.find("", "retinopathy")))
    assert learnt
    known = learnt.likenesses
    folder = shared("data/fundus/idrid_lesions")
    with (folder / "lesions.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["relation"] in ("", "same photograph")]
    for row in [*rows[:3], *(row for row in rows if not row["relation"])][:5]:
        pixels = open_picture(folder / f"{row['image']}.jpg").pixels
        assert seen(likeness(pixels), known) is (row["relation"] == "same photograph")
