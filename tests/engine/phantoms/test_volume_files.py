"""A drawn volume on disk is what was drawn, told by another program's readers."""

import json
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk

from engine import cli
from engine.errors import Refusal
from engine.phantoms import volume_files
from engine.phantoms.volume import draw_volume


def test_the_series_has_the_drawn_values_at_the_drawn_places(tmp_path: Path) -> None:
    out = tmp_path / "drawn"
    *written, truth = volume_files.write(out, 3)
    drawn = draw_volume(3).volume
    assert sorted(out.iterdir()) == written
    assert truth == tmp_path / "drawn_truth.json"
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(out)))
    image = reader.Execute()
    assert np.array_equal(sitk.GetArrayFromImage(image), drawn.frame())
    affine = drawn.facts.grid.affine
    assert affine is not None
    for voxel in ((0, 0, 0), (100, 3, 50), (7, 90, 20)):
        placed = affine @ (*voxel, 1)
        assert image.TransformIndexToPhysicalPoint(voxel) == pytest.approx(placed[:3], abs=1e-4)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_the_nifti_file_has_the_drawn_values_at_the_drawn_places(
    tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"drawn{ending}"
    assert volume_files.write(out, 3) == (out, tmp_path / "drawn_truth.json")
    drawn = draw_volume(3).volume
    image = nibabel.load(out)
    assert np.array_equal(np.asarray(image.dataobj).T, drawn.frame())
    affine = drawn.facts.grid.affine
    assert affine is not None
    # NIfTI counts toward the right and the front where DICOM counts toward the left and the back.
    assert np.allclose(np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine, affine, atol=1e-4)


def test_the_truth_tells_the_same_places_in_millimetres_and_in_voxels(tmp_path: Path) -> None:
    path = volume_files.write(tmp_path / "drawn", 3)[-1]
    truth = json.loads(path.read_text(encoding="utf-8"))
    affine = np.array(truth["affine"])
    for rod in truth["rods"]:
        placed = affine @ (*rod["start_voxel"], 1)
        assert placed[:3] == pytest.approx(rod["start"], abs=1e-3)
        away = np.subtract(rod["end"], rod["start"])
        assert rod["length"] == pytest.approx(np.linalg.norm(away))


@pytest.mark.parametrize("name", ["drawn.png", "nowhere/drawn", "full"])
def test_where_nothing_can_be_written_it_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refusal):
        volume_files.write(tmp_path / name, 1)
    assert sorted(tmp_path.rglob("*")) == before


def test_the_command_tells_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "drawn.nii"
    assert cli.main(["phantom", "volume", str(out), "--seed", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"files": [str(out), str(tmp_path / "drawn_truth.json")]}
    truth = json.loads((tmp_path / "drawn_truth.json").read_text(encoding="utf-8"))
    assert truth["seed"] == 2
