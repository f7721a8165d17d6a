"""An ultrasound's own regions have a scale where its picture has none."""

from pathlib import Path

import pytest
from constructed import only, slice_at
from dicom_files import dataset, item, save
from msgspec.structs import replace

from engine.drawings import Distance, Rectangle
from engine.images.dicom import repair_words
from engine.images.dicom.reading import read_header
from engine.measures import measure
from engine.pictures import Grid, ScaledPart
from engine.telling.measure_words import figure_lines

TISSUE = ScaledPart((5, 2), (40, 20), (0.25, 0.25))
GRAPH = ScaledPart((5, 24), (40, 31))


def grid_of(*regions: ScaledPart, spacing: tuple[float, float] | None = None) -> Grid:
    """That of an ultrasound of 40 x 32 pixels."""
    header = slice_at(None, 1, None, slope=None, intercept=None, pixel_spacing=spacing)
    entry, _ = only([replace(header, modality="US", regions=regions)])
    return entry.facts.grid


def line(grid: Grid, *points: tuple[float, float, float]) -> tuple[str, ...]:
    told = measure(Distance(id="1", points=points), grid)
    assert told is not None
    return figure_lines(told)


@pytest.mark.parametrize(
    ("changed", "pitch"),
    [
        ({}, (0.262288, 0.262288)),
        ({"PhysicalDeltaY": -0.0262288}, (0.262288, 0.262288)),
        ({"PhysicalDeltaY": 0.0}, None),
        ({"PhysicalUnitsYDirection": 4}, None),
        ({"RegionSpatialFormat": 4}, None),
    ],
)
def test_a_region_is_read_as_it_is_told(
    tmp_path: Path, changed: dict[str, float], pitch: tuple[float, float] | None
) -> None:
    told = {
        "RegionSpatialFormat": 1,
        "RegionLocationMinX0": 120,
        "RegionLocationMinY0": 60,
        "RegionLocationMaxX1": 800,
        "RegionLocationMaxY1": 518,
        "PhysicalUnitsXDirection": 3,
        "PhysicalUnitsYDirection": 3,
        "PhysicalDeltaX": 0.0262288,
        "PhysicalDeltaY": 0.0262288,
    }
    regions = item(**{**told, **changed})
    path = save(tmp_path / "a.dcm", dataset(SequenceOfUltrasoundRegions=regions))
    (found,) = read_header(path).regions
    assert (found.first, found.last) == ((120, 60), (800, 518))
    assert found.pitch == (None if pitch is None else pytest.approx(pitch))


def test_a_line_wholly_within_one_region_has_millimetres_and_no_other() -> None:
    grid = grid_of(TISSUE, GRAPH)
    assert line(grid, (10, 5, 0), (30, 5, 0)) == ("5.0 mm (you)",)
    only_there = "scale known only within one region"
    assert line(grid, (1, 5, 0), (30, 5, 0)) == ("29.0 px (you)", only_there)
    assert line(grid, (10, 5, 0), (10, 28, 0)) == ("23.0 px (you)", only_there)
    assert line(grid, (10, 26, 0), (10, 28, 0)) == ("2.0 px (you)", only_there)


def test_an_area_within_a_region_has_square_millimetres() -> None:
    drawn = Rectangle(id="1", points=((10, 5, 0), (30, 9, 0)))
    told = measure(drawn, grid_of(TISSUE))
    assert told is not None
    assert figure_lines(told) == ("5.0 mm² (you)",)


def test_where_regions_of_two_scales_lie_on_each_other_neither_is_taken() -> None:
    inner = ScaledPart((8, 4), (20, 10), (0.5, 0.5))
    assert line(grid_of(TISSUE, inner), (10, 5, 0), (15, 5, 0))[0] == "5.0 px (you)"
    again = ScaledPart((8, 4), (20, 10), (0.25, 0.25))
    assert line(grid_of(TISSUE, again), (10, 5, 0), (15, 5, 0)) == ("1.2 mm (you)",)


def test_a_region_beyond_its_own_picture_is_not_trusted() -> None:
    header = slice_at(None, 1, None, slope=None, intercept=None, pixel_spacing=None)
    far = ScaledPart((5, 2), (75, 20), (0.25, 0.25))
    entry, _ = only([replace(header, modality="US", regions=(far,))])
    assert entry.facts.grid.parts == ()
    assert repair_words.REGIONS_UNTRUSTED in entry.facts.warnings
    assert line(entry.facts.grid, (10, 5, 0), (30, 5, 0)) == ("20.0 px (you)", "scale not known")


def test_a_picture_that_has_a_spacing_needs_no_regions() -> None:
    assert grid_of(TISSUE, spacing=(0.5, 0.5)).parts == ()
