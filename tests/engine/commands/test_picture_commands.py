"""info and convert, as a person or a script calls them."""

import json
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from engine import cli
from engine.phantoms import volume_files

FIELDS = {
    "modality", "size", "spacing", "orientation", "unit", "value_range", "frames",
    "transfer_syntax", "repairs", "warnings",
}  # fmt: skip

Captured = pytest.CaptureFixture[str]


def nifti(path: Path, values: Any, placed: bool = True, **fields: Any) -> Path:
    image = nib.Nifti1Image(values, np.diag([-0.5, -0.5, 2, 1]) if placed else None)
    image.header.set_xyzt_units("mm")
    for name, value in fields.items():
        image.header[name] = value
    nib.save(image, path)
    return path


def ramp(*shape: int) -> Any:
    return np.arange(np.prod(shape)).reshape(shape).astype(np.int16)


@pytest.fixture(scope="module")
def ct(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn CT series as DICOM."""
    folder = tmp_path_factory.mktemp("drawn") / "ct"
    volume_files.write(folder, 1)
    return folder


def told(capsys: Captured, *paths: Path, code: int = 0) -> dict[str, Any]:
    assert cli.main(["info", *map(str, paths), "--json", "--quiet"]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert set(answer) == {"series", "refused"}
    for series in answer["series"]:
        assert set(series) >= FIELDS
    return answer


def test_info_tells_of_a_file_what_a_script_needs(capsys: Captured, tmp_path: Path) -> None:
    path = nifti(tmp_path / "a.nii.gz", ramp(4, 3, 2))
    (series,) = told(capsys, path)["series"]
    assert {name: series[name] for name in FIELDS} == {
        "modality": None,
        "size": [4, 3, 2],
        "spacing": [0.5, 0.5, 2.0],
        "orientation": "LPS",
        "unit": None,
        "value_range": [0, 23],
        "frames": 1,
        "transfer_syntax": None,
        "repairs": [],
        "warnings": [],
    }


def test_info_tells_of_dicom_its_modality_unit_and_syntax(capsys: Captured, ct: Path) -> None:
    (series,) = told(capsys, ct)["series"]
    assert series["modality"] == "CT"
    assert series["unit"] == "HU"
    assert series["transfer_syntax"] == "1.2.840.10008.1.2.1"
    assert len(series["orientation"]) == 3
    assert series["files"] == series["size"][2]
    low, high = series["value_range"]
    assert low < high


def test_info_never_tells_whose_picture_it_is(capsys: Captured, ct: Path) -> None:
    import pydicom

    header = pydicom.dcmread(next(path for path in ct.rglob("*.dcm")))
    answer = json.dumps(told(capsys, ct))
    assert str(header.PatientID) not in answer
    assert str(header.PatientName) not in answer


def test_a_photograph_is_one_series(capsys: Captured, tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), (9, 8, 7)).save(tmp_path / "eye.png")
    (series,) = told(capsys, tmp_path / "eye.png")["series"]
    assert series["size"] == [60, 40, 1]
    assert series["spacing"] == [None, None, None]
    assert series["value_range"] == [7, 9]
    assert series["modality"] is None


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
def test_of_a_photograph_people_are_told_what_its_reader_asks(
    capsys: Captured, tmp_path: Path, ending: str
) -> None:
    words = Image.Exif()
    words.update({271: "Canon\n", 272: "Canon CR-2", 274: 6})
    path = tmp_path / f"eye.{ending}"
    Image.new("RGB", (60, 40), (9, 8, 7)).save(path, exif=words)
    assert cli.main(["info", str(path), "--quiet"]) == 0
    name = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF", "webp": "WebP"}[ending]
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [
        f"1  eye.{ending}",
        f"{name}, 40 × 60 pixels, 8 bits a colour",
        "Camera: Canon CR-2",
        "Turned clockwise by a quarter, as its EXIF orientation (6) says.",
    ]


def test_of_a_plain_grey_photograph_nothing_is_told_that_it_does_not_say(
    capsys: Captured, tmp_path: Path
) -> None:
    Image.fromarray(np.full((40, 60), 40_000, np.uint16)).save(tmp_path / "eye.png")
    assert cli.main(["info", str(tmp_path), "--quiet"]) == 0
    assert [line.strip() for line in capsys.readouterr().out.splitlines()][1:] == [
        "PNG, 60 × 40 pixels, grey of 16 bits",
        "As stored: it has no EXIF orientation.",
    ]


def test_what_is_not_known_is_null_and_repairs_are_told(capsys: Captured, tmp_path: Path) -> None:
    nifti(tmp_path / "a.nii", ramp(4, 3, 2), placed=False)
    nifti(tmp_path / "b.nii", ramp(4, 3, 2), xyzt_units=3)
    first, second = told(capsys, tmp_path)["series"]
    assert first["orientation"] is None
    assert "left and right" in first["warnings"][0]
    (repair,) = second["repairs"]
    assert repair["kind"] == "units"
    assert "micrometres" in repair["detail"]


def test_the_range_is_of_finite_values_and_null_where_there_is_none(
    capsys: Captured, tmp_path: Path
) -> None:
    values = ramp(4, 3, 2).astype(np.float32)
    values[0, 0, 0] = np.nan
    nifti(tmp_path / "a.nii", values)
    nifti(tmp_path / "b.nii", np.full((2, 2, 2), np.inf, np.float32))
    first, second = told(capsys, tmp_path)["series"]
    assert first["value_range"] == [1, 23]
    assert second["value_range"] is None


def test_one_bad_file_hides_no_good_one(capsys: Captured, tmp_path: Path) -> None:
    good = nifti(tmp_path / "good.nii", ramp(4, 3, 2))
    (tmp_path / "cut.nii").write_bytes(good.read_bytes()[:-5])
    noise = np.random.default_rng(0).integers(0, 999, (9, 9, 9)).astype(np.int16)
    whole = nifti(tmp_path / "packed.nii.gz", noise)
    (tmp_path / "packed.nii.gz").write_bytes(whole.read_bytes()[:500])
    (tmp_path / "notes.txt").write_text("Seen.")
    answer = told(capsys, tmp_path)
    assert [series["title"] for series in answer["series"]] == ["good.nii"]
    reasons = {Path(each["path"]).name: each["reason"] for each in answer["refused"]}
    assert set(reasons) == {"cut.nii", "packed.nii.gz", "notes.txt"}
    assert "48 bytes" in reasons["cut.nii"]
    assert "ends early" in reasons["packed.nii.gz"]


def test_nothing_readable_is_exit_1_with_the_reasons(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "scan.dcm").write_bytes(b"Hello")
    assert cli.main(["info", str(tmp_path), "--json"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["series"] == []
    assert "“scan.dcm” cannot be opened. It is a text file." in captured.err
    (tmp_path / "empty").mkdir()
    assert cli.main(["info", str(tmp_path / "empty")]) == 1
    assert "there is no picture in it" in capsys.readouterr().err
    assert cli.main(["info", str(tmp_path / "gone")]) == 1
    captured = capsys.readouterr()
    assert captured.out.strip() == ""
    assert "no such file" in captured.err


def test_words_are_for_people(capsys: Captured, tmp_path: Path) -> None:
    nifti(tmp_path / "a.nii", ramp(4, 3, 2), xyzt_units=0)
    (tmp_path / "notes.txt").write_text("Seen.")
    assert cli.main(["info", str(tmp_path), "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "4 × 3 × 2, 0.5 × 0.5 × 2 mm, LPS, 0 to 23" in out
    assert "taken as mm" in out
    assert "hold no pictures: 1." in out
    assert "notes.txt" not in out


def test_a_name_that_is_no_text_breaks_nothing(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "a.nii"
    nifti(path, ramp(4, 3, 2)).rename(tmp_path / "sc\udcffan.nii")
    (series,) = told(capsys, tmp_path)["series"]
    assert series["title"] == "sc�an.nii"


def test_convert_writes_what_others_read_at_the_same_place(
    capsys: Captured, ct: Path, tmp_path: Path
) -> None:
    import SimpleITK as sitk

    out = tmp_path / "out.nii.gz"
    assert cli.main(["convert", str(ct), str(out), "--json", "--quiet"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["file"] == str(out)
    assert answer["repairs"] == []
    files = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(next(iter(ct.rglob("*.dcm"))).parent))
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(files)
    theirs, ours = reader.Execute(), sitk.ReadImage(str(out))
    assert ours.GetSize() == theirs.GetSize()
    assert np.array_equal(sitk.GetArrayFromImage(ours), sitk.GetArrayFromImage(theirs))
    last = [length - 1 for length in ours.GetSize()]
    for corner in ([0, 0, 0], last):
        there = theirs.TransformIndexToPhysicalPoint(corner)
        assert ours.TransformIndexToPhysicalPoint(corner) == pytest.approx(there, abs=1e-4)


def test_convert_carries_repairs_and_tells_them(capsys: Captured, tmp_path: Path) -> None:
    path = nifti(tmp_path / "a.nii", ramp(4, 3, 2), xyzt_units=1)
    assert cli.main(["convert", str(path), str(tmp_path / "b.nii"), "--quiet"]) == 0
    assert "Repair, units:" in capsys.readouterr().out
    assert b"1 repair: units" in nib.load(tmp_path / "b.nii").header["descrip"].item()


def test_of_several_series_one_must_be_named(capsys: Captured, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, shape in (("first.nii", (2, 2, 2)), ("second.nii", (3, 3, 3))):
        nifti(folder / name, ramp(*shape))
    out = tmp_path / "out.nii"
    assert cli.main(["convert", str(folder), str(out)]) == 1
    words = capsys.readouterr().err
    assert "1: first.nii; 2: second.nii" in words
    assert not out.exists()
    assert cli.main(["convert", str(folder), str(out), "--series", "2", "--quiet"]) == 0
    assert nib.load(out).shape == (3, 3, 3)
    key = told(capsys_emptied(capsys), folder)["series"][0]["key"]
    assert cli.main(["convert", str(folder), str(out), "--series", key, "--quiet"]) == 0
    assert nib.load(out).shape == (2, 2, 2)
    assert cli.main(["convert", str(folder), str(out), "--series", "9"]) == 1
    assert "no series 9" in capsys.readouterr().err


def capsys_emptied(capsys: Captured) -> Captured:
    capsys.readouterr()
    return capsys


def test_one_frame_can_be_named(capsys: Captured, tmp_path: Path) -> None:
    path = nifti(tmp_path / "a.nii", ramp(4, 3, 2, 5))
    out = tmp_path / "b.nii"
    assert cli.main(["convert", str(path), str(out), "--frame", "4", "--quiet"]) == 0
    image = nib.load(out)
    assert image.shape == (4, 3, 2)
    assert np.array_equal(np.asarray(image.dataobj), ramp(4, 3, 2, 5)[..., 3])
    assert cli.main(["convert", str(path), str(out), "--frame", "6"]) == 1
    assert "there are 5" in capsys.readouterr().err


def test_the_picture_itself_is_never_written_over(capsys: Captured, tmp_path: Path) -> None:
    path = nifti(tmp_path / "a.nii", ramp(4, 3, 2))
    before = path.read_bytes()
    (tmp_path / "link.nii").symlink_to(path)
    for out in (path, tmp_path / "link.nii"):
        assert cli.main(["convert", str(path), str(out)]) == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("ending", ["nii", "nii.gz"])
def test_no_volume_is_written_over_but_one_that_was_converted(
    capsys: Captured, tmp_path: Path, ending: str
) -> None:
    path = nifti(tmp_path / "a.nii", ramp(4, 3, 2))
    other, own = nifti(tmp_path / f"b.{ending}", ramp(3, 3, 3)), tmp_path / f"c.{ending}"
    before = other.read_bytes()
    assert cli.main(["convert", str(path), str(other)]) == 2
    assert "is left as it is" in " ".join(capsys.readouterr().err.split())
    assert other.read_bytes() == before
    for _ in range(2):
        assert cli.main(["convert", str(path), str(own), "--quiet"]) == 0


def test_another_ending_is_wrong_usage(tmp_path: Path) -> None:
    path = nifti(tmp_path / "a.nii", ramp(4, 3, 2))
    assert cli.main(["convert", str(path), str(tmp_path / "b.mha")]) == 2


def test_a_folder_that_is_not_there_is_said(capsys: Captured, tmp_path: Path) -> None:
    path = nifti(tmp_path / "a.nii", ramp(4, 3, 2))
    assert cli.main(["convert", str(path), str(tmp_path / "gone" / "b.nii")]) == 2
    assert "there is no folder" in " ".join(capsys.readouterr().err.split())


def test_what_does_not_fit_into_memory_is_told_and_not_tried(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.service import memory

    path = nifti(tmp_path / "a.nii", ramp(4, 3, 2))
    monkeypatch.setattr(memory, "available", lambda: memory.SPARE)
    (series,) = told(capsys, path)["series"]
    assert series["value_range"] is None
    assert "too large" in series["warnings"][-1]
    assert cli.main(["convert", str(path), str(tmp_path / "b.nii")]) == 1
    assert "GB" in capsys.readouterr().err
