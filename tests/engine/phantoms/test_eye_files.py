"""A drawn eye on disk can be read back, with its truth beside it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Refusal
from engine.phantoms.eye import Lesion, draw_eye
from engine.phantoms.eye_files import write


def test_picture_masks_and_truth_are_written_side_by_side(tmp_path: Path) -> None:
    paths = write(tmp_path / "eye.png", 11, severity=4, width=400)
    names = {"eye.png", "eye_truth.json", *(f"eye_{k}.png" for k in ("MA", "HE", "EX", "SE", "NV"))}
    assert {path.name for path in paths} == names == {path.name for path in tmp_path.iterdir()}


def test_what_was_written_is_what_was_drawn(tmp_path: Path) -> None:
    write(tmp_path / "eye.png", 11, severity=2, width=400)
    eye = draw_eye(11, severity=2, width=400)
    assert np.array_equal(np.array(Image.open(tmp_path / "eye.png")), eye.pixels)
    mask = np.array(Image.open(tmp_path / "eye_MA.png")) > 0
    assert np.array_equal(mask, eye.lesions[Lesion.MICROANEURYSM])
    truth = json.loads((tmp_path / "eye_truth.json").read_text())
    assert truth["severity"] == 2
    assert truth["referable"] is True
    assert truth["laterality"] == eye.laterality.value
    assert len(truth["lesions"]) == len(eye.marks)
    assert truth["disc"]["x"] == eye.disc.x


def test_blood_before_the_retina_counts_as_a_haemorrhage(tmp_path: Path) -> None:
    seed = next(
        seed
        for seed in range(100)
        if draw_eye(seed, severity=4, width=100).lesions[Lesion.PRERETINAL_HAEMORRHAGE].any()
    )
    write(tmp_path / "eye.png", seed, severity=4, width=400)
    eye = draw_eye(seed, severity=4, width=400)
    mask = np.array(Image.open(tmp_path / "eye_HE.png")) > 0
    assert mask[eye.lesions[Lesion.PRERETINAL_HAEMORRHAGE]].all()


def test_a_jpeg_is_written_where_the_name_says_so(tmp_path: Path) -> None:
    write(tmp_path / "eye.jpg", 1, width=400)
    with Image.open(tmp_path / "eye.jpg") as picture:
        assert picture.format == "JPEG"
        assert picture.width == 400


@pytest.mark.parametrize("name", ["eye", "eye.gif"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match=r"\.png"):
        write(tmp_path / name, 1, width=400)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not there"):
        write(tmp_path / "gone" / "eye.png", 1, width=400)


@pytest.mark.parametrize("name", ["eye.png", "eye_HE.png", "eye_truth.json"])
def test_a_photograph_or_a_mask_by_hand_is_never_written_over(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (40, 40), "red").save(tmp_path / name, "PNG")
    before = (tmp_path / name).read_bytes()
    with pytest.raises(Refusal, match=f"{name} is there already"):
        write(tmp_path / "eye.png", 1, width=400)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("name", ["eye.png", "eye.jpg"])
def test_a_drawn_eye_is_drawn_again(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, 1, width=400)
    first = (tmp_path / name).read_bytes()
    write(tmp_path / name, 2, width=400)
    assert (tmp_path / name).read_bytes() != first
