"""What changed between two visits, as the window asks for it: by messages and files."""

from dataclasses import replace
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
    Cancel,
    CompareVisits,
    Gone,
    MapFile,
    PictureFile,
    Refused,
    SeenThen,
    VisitsCompared,
    decode_from_engine,
    encode,
)
from engine.visits.change import Fate

OLD = Mark(Lesion.HAEMORRHAGE, -0.1, 0.45, 0.04)
NEW = Mark(Lesion.HARD_EXUDATE, 0.1, -0.4, 0.03)
ASIDE = (0.03, -0.02)
SIZE, STEP = 100, 6.0


@pytest.fixture(scope="module")
def eyes() -> tuple[PhantomEye, PhantomEye]:
    """One eye at two visits: the later looks a little aside and has one lesion more."""
    first = draw_eye(4, lesions=[OLD], width=600)
    return first, draw_eye(4, lesions=[OLD, NEW], width=600, aside=ASIDE)


def seen(folder: Path, name: str, eye: PhantomEye) -> SeenThen:
    """A visit's photograph, with a map that is bright at every lesion."""
    path = folder / f"{name}.png"
    Image.fromarray(eye.pixels).save(path)
    columns, rows = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    values = np.zeros((SIZE, SIZE), np.float32)
    for mark in eye.marks:
        x = (eye.field.x + mark.x * eye.field.radius) / STEP
        y = (eye.field.y + mark.y * eye.field.radius) / STEP
        values[np.hypot(columns - x, rows - y) < 3] = 1
    np.save(folder / f"{name}.npy", values)
    way_back = ((STEP, 0.0, 0.0), (0.0, STEP, 0.0), (0.0, 0.0, 1.0))
    heatmap = MapFile(str(folder / f"{name}.npy"), way_back)
    return SeenThen(PictureFile(str(path)), heatmap, eye.field)


def test_the_lesion_that_came_is_new_and_the_other_stayed(
    desk: Desk, eyes: tuple[PhantomEye, PhantomEye], tmp_path: Path
) -> None:
    first, second = seen(tmp_path, "first", eyes[0]), seen(tmp_path, "second", eyes[1])
    desk.service.take(CompareVisits(1, "one", first, second, 0.25))
    found = desk.last_word(1)
    assert isinstance(found, VisitsCompared), found
    alignment = found.change.alignment
    assert alignment is not None and alignment.error is not None
    moved = np.array(alignment.matrix) @ [eyes[0].disc.x, eyes[0].disc.y, 1]
    off = np.hypot(moved[0] - eyes[1].disc.x, moved[1] - eyes[1].disc.y)
    assert off < 0.1 * 2 * eyes[1].disc.radius
    fates = {change.later: change.fate for change in found.change.regions}
    upper = min(range(2), key=lambda place: found.later[place].centre[1])
    assert fates == {upper: Fate.NEW, 1 - upper: Fate.STAYED}
    assert decode_from_engine(encode(found)) == found


def test_without_heatmaps_the_views_are_laid_on_each_other_and_words_say_so(
    desk: Desk, eyes: tuple[PhantomEye, PhantomEye], tmp_path: Path
) -> None:
    first, second = (
        SeenThen(seen(tmp_path, name, eye).picture)
        for name, eye in zip(("first", "second"), eyes, strict=True)
    )
    desk.service.take(CompareVisits(1, "one", first, second, 0.25))
    found = desk.last_word(1)
    assert isinstance(found, VisitsCompared), found
    assert found.change.alignment is not None
    assert found.change.regions == ()
    assert any("heatmap" in note for note in found.change.notes)


def test_a_newer_comparison_of_the_pane_replaces_an_older_one(
    desk: Desk, eyes: tuple[PhantomEye, PhantomEye], tmp_path: Path
) -> None:
    first, second = seen(tmp_path, "first", eyes[0]), seen(tmp_path, "second", eyes[1])
    for number in (1, 2):
        desk.service.take(CompareVisits(number, "one", first, second, 0.25))
    assert isinstance(desk.last_word(1), Gone)
    assert isinstance(desk.last_word(2), VisitsCompared)


def test_a_comparison_can_be_cancelled(
    desk: Desk, eyes: tuple[PhantomEye, PhantomEye], tmp_path: Path
) -> None:
    first, second = seen(tmp_path, "first", eyes[0]), seen(tmp_path, "second", eyes[1])
    desk.service.take(CompareVisits(1, "one", first, second, 0.25))
    desk.service.take(Cancel(1))
    assert isinstance(desk.last_word(1), Gone)


def test_a_visit_whose_file_is_gone_is_refused_in_words(
    desk: Desk, eyes: tuple[PhantomEye, PhantomEye], tmp_path: Path
) -> None:
    first = seen(tmp_path, "first", eyes[0])
    gone = SeenThen(PictureFile(str(tmp_path / "gone.png")))
    desk.service.take(CompareVisits(1, "one", first, gone, 0.25))
    assert isinstance(desk.last_word(1), Refused)


def test_disc_and_fovea_of_each_visit_are_looked_for_in_the_eye_in_force(
    desk: Desk, eyes: tuple[PhantomEye, PhantomEye], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought: list[Laterality | None] = []

    def landmarks_of(_: object, eye: Laterality | None) -> Landmarks:
        sought.append(eye)
        return Landmarks()

    monkeypatch.setattr("engine.findings.landmarks.landmarks_of", landmarks_of)
    told = SeenThen(seen(tmp_path, "1_left", eyes[0]).picture, eye=Laterality.RIGHT)
    other = SeenThen(seen(tmp_path, "2_left", eyes[1]).picture)
    desk.service.take(CompareVisits(1, "one", told, other, 0.25))
    assert isinstance(desk.last_word(1), VisitsCompared)
    assert sought == [Laterality.RIGHT, Laterality.LEFT]


def test_disc_and_fovea_count_where_the_reader_placed_them(
    desk: Desk, eyes: tuple[PhantomEye, PhantomEye], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Landmarks(disc=eye.disc, fovea=eye.fovea) for eye in eyes]
    wrong = Circle(eyes[1].disc.x - 150, eyes[1].disc.y, eyes[1].disc.radius)
    found[1] = replace(found[1], disc=wrong)
    of = iter(found)
    monkeypatch.setattr("engine.findings.landmarks.landmarks_of", lambda *_: next(of))
    first, second = seen(tmp_path, "first", eyes[0]), seen(tmp_path, "second", eyes[1])
    mended = msgspec.structs.replace(second, disc=eyes[1].disc)
    for number, later, doubt in ((1, second, True), (2, mended, False)):
        desk.service.take(CompareVisits(number, "one", first, later, 0.25))
        told = desk.last_word(number)
        assert isinstance(told, VisitsCompared), told
        assert told.change.alignment is not None
        assert ("the disc of the two lies" in told.change.alignment.doubt) is doubt
