"""From a map and masks to false positives and hits, in every variant (METHODS Q7.3)."""

from collections.abc import Mapping

import numpy as np
import pytest
from given_markings import Given
from numpy.typing import NDArray

from engine.answers import Heatmap
from engine.evaluation.components import covered
from engine.evaluation.froc import curve, limited_area
from engine.evaluation.lesion_level import Detector, Level, Protocol, Variant, mark, see
from engine.evaluation.lesion_truth import LesionType, Truth, truth
from engine.evaluation.verdict import OtherLesions
from engine.geometry import Circle, scaling

RED, BRIGHT = LesionType.MICROANEURYSMS, LesionType.HARD_EXUDATES
IGNORE, COUNT = Variant(OtherLesions.IGNORE), Variant(OtherLesions.COUNT)

BACK = scaling(5.0, 2.0, 2.0)
SHAPE = (300, 300)
FIELD = Circle(149.5, 149.5, 150.0)
PLAIN = Protocol(smoothing=0)


def heatmap(*spots: tuple[int, int, float]) -> Heatmap:
    """Sixty network pixels a side, each five of the photograph's."""
    values = np.zeros((60, 60), np.float32)
    for x, y, score in spots:
        values[y, x] = score
    return Heatmap(values, BACK, SHAPE)


def marks(spots: Mapping[LesionType, list[tuple[int, int]]]) -> Truth:
    """One lesion of 3 x 3 photograph pixels at each network pixel."""
    maps: dict[LesionType, NDArray[np.bool_]] = {}
    for kind, places in spots.items():
        maps[kind] = np.zeros(SHAPE, bool)
        for x, y in places:
            maps[kind][5 * y + 1 : 5 * y + 4, 5 * x + 1 : 5 * x + 4] = True
    return truth(Given(maps), SHAPE)


def level(found: Heatmap, lesions: Truth, protocol: Protocol = PLAIN) -> Level:
    return Level([see(found, FIELD, lesions, protocol)], [mark("eye", lesions, FIELD, protocol)])


def test_a_detection_on_another_lesion_is_left_out_or_counted() -> None:
    lesions = marks({RED: [(10, 30)], BRIGHT: [(40, 30)]})
    judged = level(heatmap((10, 30, 1), (40, 30, 2), (25, 50, 3)), lesions)
    (ignored,), (counted,) = judged.found(RED, IGNORE), judged.found(RED, COUNT)
    assert sorted(ignored.false) == [3]
    assert sorted(counted.false) == [2, 3]
    assert ignored.hits.tolist() == counted.hits.tolist() == [1]


def test_a_lesion_within_two_network_pixels_is_hit_and_no_further() -> None:
    lesions = marks({RED: [(10, 30), (40, 30)]})
    # The lesion's own half width is one photograph pixel of five.
    (found,) = level(heatmap((12, 30, 1), (43, 30, 1)), lesions).found(RED, IGNORE)
    assert found.hits.tolist() == [1, -np.inf]
    assert found.false.tolist() == [1]


def test_several_detections_on_one_lesion_are_one_hit_and_no_false_positive() -> None:
    large = np.zeros(SHAPE, bool)
    large[100:200, 100:200] = True
    lesions = truth(Given({RED: large}), SHAPE)
    (found,) = level(heatmap((22, 22, 1), (30, 30, 3), (38, 38, 2)), lesions).found(RED, IGNORE)
    assert found.hits.tolist() == [3]
    assert len(found.false) == 0


def test_lesions_nearer_than_the_merge_are_counted_once() -> None:
    lesions = marks({RED: [(10, 30), (12, 30), (40, 30)]})
    # The field is 333 pixels wide; the first two are 8 apart, the third 138.
    judged = level(heatmap((10, 30, 1)), lesions, Protocol(smoothing=0, merge=3))
    assert [len(judged.found(RED, IGNORE)[0].hits)] == [3]
    (found,) = judged.found(RED, Variant(merge=3))
    assert sorted(found.hits) == [-np.inf, 1]


def test_what_lies_outside_the_field_is_no_detection() -> None:
    (found,) = level(heatmap((1, 1, 9), (30, 30, 1)), marks({})).found(RED, IGNORE)
    assert found.false.tolist() == [1]


def test_doubtful_markings_are_background_unless_asked() -> None:
    confidence = np.zeros(SHAPE, np.float32)
    confidence[145:155, 145:155] = 0.5
    lesions = truth(Given({RED: confidence}), SHAPE)
    for ignore in (False, True):
        for detector in Detector:
            asked = Protocol(detector, smoothing=0, ignore_uncertain=ignore)
            swept = level(heatmap((30, 30, 1)), lesions, asked).swept(RED, IGNORE)
            assert curve(swept).false_positives[-1] == (0 if ignore else 1)


def test_a_photographs_score_is_its_maps_maximum_in_the_field() -> None:
    assert see(heatmap((1, 1, 9), (30, 30, 4)), FIELD, marks({}), PLAIN).highest == 4


def test_the_masks_of_a_type_as_its_heatmap_find_it_all() -> None:
    lesions = marks({RED: [(10, 30), (30, 12), (40, 30)]})
    judged = level(heatmap((10, 30, 1), (30, 12, 1), (40, 30, 1)), lesions, Protocol())
    assert limited_area(judged.swept(RED, IGNORE)) == 1


@pytest.mark.parametrize("detector", list(Detector))
def test_a_map_of_nothing_finds_nothing(detector: Detector) -> None:
    lesions = marks({RED: [(10, 30)]})
    judged = level(heatmap(), lesions, Protocol(detector))
    assert limited_area(judged.swept(RED, COUNT)) == 0


def test_a_component_hits_every_lesion_it_touches() -> None:
    lesions = marks({RED: [(10, 30), (14, 30), (50, 30)]})
    values = heatmap((30, 10, 3.0), (30, 12, 3.0)).values.copy()
    values[30, 9:15] = 2
    values[10:13, 30] += 1  # at 1 the two false parts are one
    found = Heatmap(values, BACK, SHAPE)
    swept = level(found, lesions, Protocol(Detector.COMPONENTS, smoothing=0)).swept(RED, IGNORE)
    found_curve = curve(swept)
    assert list(zip(found_curve.false_positives, found_curve.sensitivity, strict=True)) == [
        (0, 0), (2, 0), (2, pytest.approx(2 / 3)), (2, pytest.approx(2 / 3)),
    ]  # fmt: skip


def test_a_network_pixel_covers_the_lesions_whose_pixels_are_nearest_to_it() -> None:
    labels = np.zeros(SHAPE, np.int32)
    labels[2, 4] = 1  # x = 4 is nearer to network pixel 0 (at 2) than to 1 (at 7)
    labels[2, 5] = 2
    labels[299, 299] = 3  # (299 - 2) / 5 = 59.4
    assert covered(labels, BACK, (60, 60)).tolist() == [[0, 0], [1, 1], [59 * 60 + 59, 2]]
