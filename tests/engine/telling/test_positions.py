"""Where a region lies: by the clock, in disc diameters, on the disc or the fovea."""

import numpy as np
import pytest

from engine.answers import Bearing, Landmarks, Position
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.telling.positions import eye_of, macula_beyond, position

LANDMARKS = Landmarks(disc=Circle(300, 100, 20), fovea=(200, 110))


@pytest.mark.parametrize(
    ("place", "hour"),
    [((300, 0), 12), ((350, 100), 3), ((300, 200), 6), ((200, 100), 9), ((350, 13.4), 1)],
)
def test_the_clock_runs_as_the_picture_is_shown(place: tuple[float, float], hour: int) -> None:
    seen = position(place, 10, LANDMARKS).from_disc
    assert seen is not None and seen.hour == hour


def test_distances_are_in_disc_diameters_from_disc_and_fovea() -> None:
    seen = position((200, 150), 60, LANDMARKS, 0.01)
    assert seen.diameters == pytest.approx(1.5)
    assert seen.millimetres == pytest.approx(0.6)
    assert seen.from_fovea == Bearing(6, pytest.approx(1.0))
    assert seen.from_disc is not None
    assert seen.from_disc.diameters == pytest.approx((100**2 + 50**2) ** 0.5 / 40)


def test_without_a_disc_nothing_is_measured_by_it() -> None:
    assert position((5, 5), 60, Landmarks(fovea=(1, 1))) == Position()


@pytest.mark.parametrize(("disc_x", "eye"), [(300, Laterality.RIGHT), (100, Laterality.LEFT)])
def test_the_disc_lies_toward_the_nose_of_the_fovea(disc_x: float, eye: Laterality) -> None:
    other = next(side for side in Laterality if side is not eye)
    assert eye_of(Landmarks(Circle(disc_x, 100, 20), 1, (200, 110), 1, other)) is eye


def test_without_a_fovea_the_guess_from_the_disc_alone_stays() -> None:
    assert eye_of(Landmarks(Circle(300, 100, 20), laterality=Laterality.LEFT)) is Laterality.LEFT


@pytest.mark.parametrize(
    ("x", "beyond"), [(200, 0.0), (220, 0.0), (230, 0.125), (260, 0.5), (300, 1.0), (400, 1.0)]
)
def test_how_far_the_macula_reaches_out_of_what_was_assessed(x: float, beyond: float) -> None:
    """It is a disc diameter round the fovea, 40; the assessed circle ends at 260."""
    marks = Landmarks(disc=Circle(100, 100, 20), fovea=(x, 100))
    assert macula_beyond(marks, Circle(150, 100, 110)) == pytest.approx(beyond)
    assert macula_beyond(Landmarks(disc=marks.disc), Circle(150, 100, 110)) == 0


SQUARE = np.array([(180.0, 90.0), (220, 90), (220, 130), (180, 130)])
HOLE = np.array([(195.0, 105.0), (205, 105), (205, 115), (195, 115)])


def test_a_region_round_the_fovea_covers_it_and_one_with_a_hole_there_does_not() -> None:
    assert position((190, 100), 60, LANDMARKS, outline=[SQUARE]).at_fovea
    assert not position((190, 100), 60, LANDMARKS, outline=[SQUARE, HOLE]).at_fovea
    assert not position((190, 100), 60, LANDMARKS, outline=[SQUARE + 60]).at_fovea


def test_a_region_is_on_the_disc_if_its_centre_is() -> None:
    assert position((318, 100), 60, LANDMARKS).on_disc
    assert not position((318, 118), 60, LANDMARKS).on_disc
