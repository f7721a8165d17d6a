"""Regions of a map of chances: cut at the chance itself, each of its kind, and counted."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.answers import Heatmap, Kinds, Landmarks, Regions
from engine.findings.regions import count_kinds, find_regions
from engine.geometry import Circle, scaling

SIZE = 112
FIELD = Circle(150.0, 140.0, 130.0)
GREY = np.full((280, 300, 3), 120, np.uint8)
NAMES = ("microaneurysm", "haemorrhage")


def drawn(*spots: tuple[int, int, float, int], chance: bool = True) -> Heatmap:
    """Squares of 4 x 4 with their upper left corner at (y, x), how sure, and of which kind."""
    values = np.zeros((SIZE, SIZE), np.float32)
    places = np.zeros((SIZE, SIZE), np.uint8)
    for y, x, sure, kind in spots:
        values[y : y + 4, x : x + 4] = sure
        places[y : y + 4, x : x + 4] = kind
    kinds = Kinds(NAMES, places) if chance else None
    return Heatmap(values, scaling(2.37, 18.13, 8.21), (280, 300), chance=chance, kinds=kinds)


def found(heatmap: Heatmap, threshold: float = 0.25, most: int = 40) -> Regions:
    return find_regions(heatmap, FIELD, GREY, Landmarks(), threshold=threshold, most=most)


def test_an_eye_without_lesions_has_no_region_where_another_map_would_find_its_strongest() -> None:
    healthy = ((30, 30, 0.08, 0), (60, 60, 0.05, 1))
    assert found(drawn(*healthy)).regions == ()
    assert len(found(drawn(*healthy, chance=False)).regions) == 2


@pytest.mark.parametrize(("threshold", "count"), [(0.35, 2), (0.45, 1), (0.95, 0)])
def test_the_threshold_is_the_chance_itself(threshold: float, count: int) -> None:
    two = drawn((30, 30, 0.4, 0), (60, 60, 0.9, 1))
    assert len(found(two, threshold).regions) == count


def test_a_region_s_peak_is_its_chance() -> None:
    (region,) = found(drawn((30, 30, 0.4, 0))).regions
    assert region.peak == pytest.approx(0.4)


def test_a_region_is_of_the_kind_that_most_of_its_evidence_is_for() -> None:
    heatmap = drawn((30, 30, 0.9, 1), (30, 34, 0.5, 0), (60, 60, 0.9, 0))
    kinds: NDArray[np.uint8] = heatmap.kinds.places if heatmap.kinds else np.zeros(0, np.uint8)
    kinds[60, 60] = 1
    assert [region.kind for region in found(heatmap).regions] == ["haemorrhage", "microaneurysm"]


def test_kinds_are_counted_among_the_weaker_regions_as_well() -> None:
    heatmap = drawn((30, 30, 0.9, 0), (60, 60, 0.8, 0), (45, 80, 0.7, 1), (70, 30, 0.1, 1))
    counts = (("microaneurysm", 2), ("haemorrhage", 1))
    assert found(heatmap, most=1).kinds == counts
    assert count_kinds(heatmap, FIELD, 0.25) == counts


def test_a_map_without_kinds_tells_none() -> None:
    plain = drawn((30, 30, 0.9, 0), chance=False)
    assert found(plain).kinds == count_kinds(plain, FIELD, 0.25) == ()
    assert found(plain).regions[0].kind == ""


def test_a_chance_is_shown_on_one_scale_and_any_other_map_on_its_own() -> None:
    assert drawn((30, 30, 0.2, 0)).upper_end == 1
    assert drawn((30, 30, 0.2, 0), chance=False).upper_end == pytest.approx(0.2)
