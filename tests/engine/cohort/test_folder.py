"""Which files of a folder are screened, and how their heatmaps are called."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom.data import get_testdata_file

from engine.cohort import folder as folders
from engine.errors import Refusal
from engine.reports import annotated


def made(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folders.contents(folder).photographs]


def test_subfolders_are_read_and_2_comes_before_10(tmp_path: Path) -> None:
    folder = made(tmp_path, "10.jpg", "2.png", "b/1.tif", "notes.txt", "B.JPG")
    assert found(folder) == ["2.png", "10.jpg", "b/1.tif", "B.JPG"]


def test_masks_and_exports_beside_a_photograph_are_left_out(tmp_path: Path) -> None:
    made(tmp_path, "eye.jpg", "masks/eye_MA.png", "eye_OD.png", "eye annotated.png", "left_OD.png")
    made(tmp_path, "EYE_ma.png", "Eye Annotated.png")
    assert found(tmp_path) == ["eye.jpg", "left_OD.png"]


def test_an_annotated_picture_is_left_out_whatever_it_is_called(tmp_path: Path) -> None:
    made(tmp_path, "eye.jpg")
    page = Image.fromarray(np.zeros((40, 60, 3), np.uint8))
    page.save(tmp_path / "plain.png")
    annotated.save(tmp_path / "seen.png", page)
    assert found(tmp_path) == ["eye.jpg", "plain.png"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    assert found(made(tmp_path, ".trash/a.jpg", "._b.jpg", "c.jpg")) == ["c.jpg"]


def test_a_dicom_file_without_an_ending_is_told_by_its_content(tmp_path: Path) -> None:
    source = get_testdata_file("CT_small.dcm")
    assert isinstance(source, str)
    (tmp_path / "IM0001").write_bytes(Path(source).read_bytes())
    assert found(made(tmp_path, "README")) == ["IM0001"]


def test_the_grey_maps_of_diaretdb1_are_no_photographs(tmp_path: Path) -> None:
    made(tmp_path, "ddb1_fundusimages/image001.png", "ddb1_fundusmask/image001.png")
    made(tmp_path, "ddb1_groundtruth/hardexudates/image001.png")
    assert found(tmp_path) == ["ddb1_fundusimages/image001.png"]


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_without_a_photograph_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="Nothing was screened"):
        folders.contents(tmp_path / name)


def test_pictures_of_kinds_that_are_not_read_are_counted(tmp_path: Path) -> None:
    made(tmp_path, "eye.jpg", "a.GIF", "b/c.gif", "d.heic", "notes.txt", ".hidden.gif")
    made(tmp_path, "e.NEF", "f.dng", "g.orf")
    assert folders.contents(tmp_path).left_out == {"camera raw": 3, "GIF": 2, "HEIC": 1}


def test_a_folder_of_them_alone_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    made(tmp_path, "a.gif", "b.gif")
    with pytest.raises(Refusal, match=r"no photograph in .* but pictures of .* not read: 2 GIF\."):
        folders.contents(tmp_path)


def test_heatmaps_of_one_name_never_meet(tmp_path: Path) -> None:
    names = ["a.jpg", "b/a.jpg", "c.jpg", "c.png", "c.jpg.tif", "D.png", "d.jpg"]
    paths = [tmp_path / name for name in names]
    maps = {
        path.relative_to(tmp_path).as_posix(): str(name)
        for path, name in folders.map_names(paths, tmp_path).items()
    }
    assert maps["a.jpg"] == "a.npy"
    assert maps["b/a.jpg"] == "b/a.npy"
    assert maps["c.png"] == "c.png.npy"
    assert len({name.casefold() for name in maps.values()}) == len(names)


def test_a_photograph_that_cannot_be_listed_as_one_is_no_fault(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(tmp_path / "a.png")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    assert found(tmp_path) == ["a.png"]
