"""Measures are told in the design's words, with their unit and whose they are."""

import pytest

from engine.measured import (
    Area,
    Degrees,
    Diameters,
    Figures,
    Length,
    NotMeasured,
    Place,
    Region,
    Statistics,
    Unit,
)
from engine.measures import GAP
from engine.telling.measure_words import figure_lines, value_words

PLACE = (-54.23, 12.61, -101.26)


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        (Length(17.44), ("17.4 mm (you)",)),
        (Length(17.44, approximate=True), ("≈ 17.4 mm (you)",)),
        (Length(140.21, Unit.PIXELS), ("140.2 px (you)", "scale not known")),
        (Degrees(37.04), ("37.0° (you)",)),
        (Diameters(Length(23.06), Length(14.72)), ("23.1 × 14.7 mm (you)",)),
        (NotMeasured(GAP), ("Not measured (you)", GAP)),
        (Region(Area(236.44), None), ("236.4 mm² (you)",)),
        (
            Region(Area(2.0), None, 7),
            ("2.0 mm² (you)", "nothing was measured here", "7 voxels without a value"),
        ),
        (Region(NotMeasured(GAP), None), ("Area not measured (you)", GAP)),
        (
            Region(Area(1.0), Statistics(-611.6, 33.5, -720, -401, 1204, 3)),
            (
                "1.0 mm² (you)",
                "mean −612 HU, SD 34 HU",
                "min −720 HU, max −401 HU",
                "1204 voxels, 3 more without a value",
            ),
        ),
        (
            Region(Area(1.0), Statistics(4, 1, 2, 6, 9, interpolated=True)),
            (
                "1.0 mm² (you)",
                "mean 4 HU, SD 1 HU",
                "min 2 HU, max 6 HU",
                "9 voxels",
                "interpolated values: SD may be too small",
            ),
        ),
        (
            Place((97, 102, 44), PLACE, -612.0),
            ("−612 HU (you)", "x −54.2  y 12.6  z −101.3 mm (patient)", "voxel 97, 102, 44"),
        ),
        (Place((1, 2, 0), None, None), ("nothing was measured here (you)", "voxel 1, 2, 0")),
        (Place((1, 2, 0), None, (9, 8, 7)), ("red 9, green 8, blue 7 (you)", "voxel 1, 2, 0")),
    ],
)
def test_the_words_are_the_designs(figures: Figures, lines: tuple[str, ...]) -> None:
    assert figure_lines(figures, "HU") == lines


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1234.0, "1234"), (1234.6, "1235"), (-7.0, "−7"), (12.34, "12.3"), (2.346, "2.35"),
        (0.01234, "0.0123"), (-0.0, "0"), (0.000891, "0.000891"), (-1.5e-9, "−1.50e−09"),
    ],
)  # fmt: skip
def test_values_without_a_known_unit_have_three_figures_or_are_whole(
    value: float, words: str
) -> None:
    assert value_words(value) == words


def test_nothing_rounds_to_less_than_nothing() -> None:
    assert value_words(-0.3, "HU") == "0 HU"


def test_statistics_without_a_unit_name_none() -> None:
    lines = figure_lines(Region(Area(1.0), Statistics(2.5, 0.5, 2, 3, 1)))
    assert lines[1:] == ("mean 2.50, SD 0.500", "min 2, max 3", "1 voxel")


@pytest.mark.parametrize(
    ("area", "words"),
    [(22923.4, "22900 px²"), (4567.0, "4570 px²"), (99.97, "100 px²"), (12.34, "12.3 px²")],
)
def test_an_area_in_pixels_is_told_to_three_figures(area: float, words: str) -> None:
    found = figure_lines(Region(Area(area, Unit.PIXELS), None))
    assert found == (f"{words} (you)", "scale not known")
