"""Regions, disc and fovea as the window asks for them: by messages and files."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from volume_desk import Desk

from engine.answers import Landmarks
from engine.geometry import Circle
from engine.phantoms.eye import Lesion, Mark, PhantomEye, draw_eye
from engine.pictures import Laterality
from engine.service.messages import (
    FindLandmarks,
    FindRegions,
    LandmarksFound,
    MapFile,
    PictureFile,
    RegionsFound,
    decode_from_engine,
    encode,
)

MARK = Mark(Lesion.HARD_EXUDATE, -0.1, 0.45, 0.05)
SIZE, STEP = 100, 6.0


@pytest.fixture(scope="module")
def eye() -> PhantomEye:
    return draw_eye(4, lesions=[MARK], width=600)


@pytest.fixture
def picture(tmp_path: Path, eye: PhantomEye) -> PictureFile:
    path = tmp_path / "eye.png"
    Image.fromarray(eye.pixels).save(path)
    return PictureFile(str(path))


def lesion(eye: PhantomEye) -> tuple[float, float]:
    return eye.field.x + MARK.x * eye.field.radius, eye.field.y + MARK.y * eye.field.radius


def asked(eye: PhantomEye, picture: PictureFile, folder: Path, threshold: float) -> FindRegions:
    """A map that is bright within 4 pixels of the drawn lesion, on a grid 6 times as coarse."""
    x, y = (at / STEP for at in lesion(eye))
    columns, rows = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    values = (np.hypot(columns - x, rows - y) < 4).astype(np.float32)
    np.save(folder / "map.npy", values)
    way_back = ((STEP, 0.0, 0.0), (0.0, STEP, 0.0), (0.0, 0.0, 1.0))
    return FindRegions(1, picture, MapFile(str(folder / "map.npy"), way_back), eye.field, threshold)


def test_a_drawn_lesion_comes_as_a_region_where_it_was_drawn(
    desk: Desk, eye: PhantomEye, picture: PictureFile, tmp_path: Path
) -> None:
    desk.service.take(asked(eye, picture, tmp_path, 0.25))
    found = desk.last_word(1)
    assert isinstance(found, RegionsFound), found
    (region,) = found.regions
    x, y = lesion(eye)
    assert np.hypot(region.centre[0] - x, region.centre[1] - y) < STEP
    corners = np.load(found.file)
    assert len(corners) == sum(region.lines)
    left, top, right, bottom = region.box
    assert corners.min(axis=0) == pytest.approx((left, top), abs=1e-3)
    assert corners.max(axis=0) == pytest.approx((right, bottom), abs=1e-3)


def test_a_drawn_lesion_comes_with_its_kind_and_is_counted(
    desk: Desk, eye: PhantomEye, picture: PictureFile, tmp_path: Path
) -> None:
    message = asked(eye, picture, tmp_path, 0.25)
    chances = 0.6 * np.load(tmp_path / "map.npy")
    np.save(tmp_path / "map.npy", np.stack([chances, np.ones_like(chances)]))
    names = ("microaneurysm", "hard exudate")
    map_file = msgspec.structs.replace(message.heatmap, chance=True, kinds=names)
    desk.service.take(msgspec.structs.replace(message, heatmap=map_file))
    found = desk.last_word(1)
    assert isinstance(found, RegionsFound), found
    assert [region.kind for region in found.regions] == ["hard exudate"]
    assert found.regions[0].peak == pytest.approx(0.6)
    assert found.kinds == (("microaneurysm", 0), ("hard exudate", 1))
    assert decode_from_engine(encode(found)) == found


def test_what_was_found_is_the_same_after_its_way_as_a_line(
    desk: Desk, eye: PhantomEye, picture: PictureFile, tmp_path: Path
) -> None:
    desk.service.take(asked(eye, picture, tmp_path, 0.25))
    found = desk.last_word(1)
    assert decode_from_engine(encode(found)) == found


def test_a_map_without_evidence_has_no_regions_and_no_file(
    desk: Desk, eye: PhantomEye, picture: PictureFile, tmp_path: Path
) -> None:
    message = asked(eye, picture, tmp_path, 0.25)
    np.save(tmp_path / "map.npy", np.zeros((SIZE, SIZE), np.float32))
    desk.service.take(message)
    found = desk.last_word(1)
    assert isinstance(found, RegionsFound)
    assert (found.regions, found.file) == ((), "")


def test_disc_and_fovea_come_where_they_were_drawn(
    desk: Desk, eye: PhantomEye, picture: PictureFile
) -> None:
    desk.service.take(FindLandmarks(1, picture))
    found = desk.last_word(1)
    assert isinstance(found, LandmarksFound), found
    disc, fovea = found.landmarks.disc, found.landmarks.fovea
    assert isinstance(disc, Circle) and fovea is not None
    assert np.hypot(disc.x - eye.disc.x, disc.y - eye.disc.y) < eye.disc.radius
    assert np.hypot(fovea[0] - eye.fovea[0], fovea[1] - eye.fovea[1]) < eye.disc.radius


def test_disc_and_fovea_of_a_picture_are_looked_for_once(
    desk: Desk, picture: PictureFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.findings import landmarks

    looked: list[int] = []
    find = landmarks.landmarks_of
    monkeypatch.setattr(landmarks, "landmarks_of", lambda *asked: looked.append(1) or find(*asked))
    for number in (1, 2):
        desk.service.take(FindLandmarks(number, picture))
        assert isinstance(desk.last_word(number), LandmarksFound)
    assert looked == [1]


def test_disc_and_fovea_are_looked_for_in_the_eye_that_is_asked_for_before_the_name_s(
    desk: Desk, tmp_path: Path, eye: PhantomEye, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.findings import landmarks

    looked: list[Laterality | None] = []
    monkeypatch.setattr(landmarks, "landmarks_of", lambda _, eye: looked.append(eye) or Landmarks())
    path = tmp_path / "16_left.png"
    Image.fromarray(eye.pixels).save(path)
    picture = PictureFile(str(path))
    for number, said in enumerate((None, Laterality.RIGHT, Laterality.LEFT), 1):
        desk.service.take(FindLandmarks(number, picture, said))
        assert isinstance(desk.last_word(number), LandmarksFound)
    assert looked == [Laterality.LEFT, Laterality.RIGHT]


def test_where_no_eye_is_seen_words_say_so(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "black.png"
    Image.fromarray(np.zeros((60, 80, 3), np.uint8)).save(path)
    desk.service.take(FindLandmarks(1, PictureFile(str(path))))
    found = desk.last_word(1)
    assert isinstance(found, LandmarksFound)
    assert found.landmarks.disc is None
    assert "not looked for" in found.landmarks.notes[0]
