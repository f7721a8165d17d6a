"""Heatmaps from files: placed as a pack's own, or refused by what is wrong with them."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from engine.answers import Criterion
from engine.cohort.heatmaps import FROM_FILES, FromFiles, FromPack
from engine.errors import Refusal
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.task import Task


@pytest.fixture(scope="module")
def photograph() -> Photograph:
    return Photograph(draw_eye(3, severity=3, width=900).pixels, "eye.png", "0")


def place(values: np.ndarray, folder: Path, photograph: Photograph, size: int = 112):
    np.save(folder / "eye.npy", values)
    return FromFiles(folder, size).of(photograph, Task())[FROM_FILES]


def test_a_spot_on_the_photograph_is_there_again_by_the_way_back(
    tmp_path: Path, photograph: Photograph
) -> None:
    values = np.zeros(photograph.pixels.shape[:2], np.float32)
    values[300:304, 500:504] = 1
    placed = place(values, tmp_path, photograph)
    y, x = np.unravel_index(placed.heatmap.values.argmax(), (112, 112))
    back = placed.heatmap.way_back
    scale = back[0, 0]
    assert back[0, 0] * x + back[0, 2] == pytest.approx(501.5, abs=scale / 2 + 1)
    assert back[1, 1] * y + back[1, 2] == pytest.approx(301.5, abs=scale / 2 + 1)
    # Area means lose nothing.
    assert placed.heatmap.values.sum() * scale**2 == pytest.approx(16, rel=1e-3)


@pytest.mark.parametrize("size", [448, 640])
def test_files_are_told_by_the_grid_that_they_are_judged_on(tmp_path: Path, size: int) -> None:
    about = FromFiles(tmp_path, size).about
    assert about.grid == size
    assert any(f"on a grid of {size} network pixels" in note for note in about.notes)


def test_a_packs_map_that_was_written_and_read_again_is_nearly_the_same(
    tmp_path: Path, photograph: Photograph, untrained: Pack
) -> None:
    direct = FromPack(untrained, [Criterion.PI], "processor").of(photograph, Task())["pi"]
    again = place(direct.heatmap.on_picture(), tmp_path, photograph)
    np.testing.assert_allclose(again.heatmap.way_back, direct.heatmap.way_back)
    assert again.assessed == direct.assessed
    # Bilinear there, area means back: a slight blur.
    one, other = direct.heatmap.values.ravel(), again.heatmap.values.ravel()
    assert np.corrcoef(one, other)[0, 1] > 0.9


@pytest.mark.parametrize("kind", [np.float64, np.float16, np.uint8, np.int32, bool])
def test_other_kinds_of_numbers_are_taken(
    tmp_path: Path, photograph: Photograph, kind: type
) -> None:
    values = np.ones(photograph.pixels.shape[:2], kind)
    assert place(values, tmp_path, photograph).heatmap.values.dtype == np.float32


def test_what_cannot_be_judged_is_refused_by_what_is_wrong(
    tmp_path: Path, photograph: Photograph
) -> None:
    shape = photograph.pixels.shape[:2]
    holed = np.ones(shape, np.float32)
    holed[5, 5] = np.nan
    for values, said in (
        (np.ones((4, 5), np.float32), rf"4 x 5 values, the photograph {shape[0]} x {shape[1]}"),
        (np.ones((*shape, 1), np.float32), "values, the photograph"),
        (holed, "Not all of its values are numbers"),
        (np.ones(shape, complex), "no array of real numbers"),
        (np.full(shape, -1.0), "values below 0"),
    ):
        with pytest.raises(Refusal, match=said):
            place(values, tmp_path, photograph)


def test_objects_of_a_program_are_never_loaded(tmp_path: Path, photograph: Photograph) -> None:
    values = np.ones(photograph.pixels.shape[:2], np.float32)
    for content in (np.array([{}], object), None):
        with (tmp_path / "eye.npy").open("wb") as file:
            if content is None:
                pickle.dump(values, file)
            else:
                np.save(file, content, allow_pickle=True)
        with pytest.raises(Refusal, match="no array of NumPy's"):
            FromFiles(tmp_path).of(photograph, Task())


def test_a_photograph_without_a_map_is_refused_by_its_name(
    tmp_path: Path, photograph: Photograph
) -> None:
    with pytest.raises(Refusal, match=r"There is no eye\.npy"):
        FromFiles(tmp_path).of(photograph, Task())


@pytest.mark.parametrize("name", ["left/eye.npy", "eye.png.npy"])
def test_a_map_is_found_where_screen_writes_it(
    tmp_path: Path, photograph: Photograph, name: str
) -> None:
    (tmp_path / "left").mkdir()
    np.save(tmp_path / name, np.ones(photograph.pixels.shape[:2], np.float32))
    assert FromFiles(tmp_path).of(photograph, Task())[FROM_FILES].heatmap.values.max() == 1


def test_of_two_maps_of_one_name_none_is_taken(tmp_path: Path, photograph: Photograph) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        np.save(tmp_path / folder / "eye.npy", np.ones(photograph.pixels.shape[:2], np.float32))
    with pytest.raises(Refusal, match=r"There are 2 called eye\.npy"):
        FromFiles(tmp_path).of(photograph, Task())


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="nowhere"):
        FromFiles(tmp_path / "nowhere")


def test_an_ungradable_photograph_has_no_map_and_the_reason_is_said(untrained: Pack) -> None:
    dark = (draw_eye(3, width=900).pixels * 0.04).astype(np.uint8)
    with pytest.raises(Refusal, match=r"ungradable.*dark"):
        FromPack(untrained, (), "processor").of(Photograph(dark, "eye.png", "0"), Task())


def test_a_pack_is_asked_by_the_criteria_of_one_table_unless_some_are_named(
    untrained: Pack, drawing_pack: Pack
) -> None:
    assert FromPack(untrained, (), "processor").criteria == ("pi", "omega", "relevance")
    assert FromPack(drawing_pack, (), "processor").criteria == ("lesions", "pi", "omega")
    with pytest.raises(Refusal, match="no heatmap by relevance"):
        FromPack(drawing_pack, [Criterion.RELEVANCE], "processor")
    two = [Criterion.OMEGA, Criterion.PI_PHOTOGRAPH, Criterion.OMEGA]
    assert FromPack(untrained, two, "processor").criteria == ("omega", "pi_photograph")
