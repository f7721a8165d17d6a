"""Numbers and words of regions stand apart, whole, and off what they name; by brute force."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.tags import SIDE, Box, Stood, Wanted, stand

SIZE = (700.0, 500.0)
AN_L = np.array([(10.0, 10.0), (20, 10), (20, 80), (95, 80), (95, 90), (10, 90)])
LANDMARK = (300.0, 200.0, 380.0, 240.0)


def blob(x: float, y: float, radius: float, seed: int) -> NDArray[np.float64]:
    """A wreathed outline that bends in and out."""
    rng = np.random.default_rng(seed)
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = radius * rng.uniform(0.5, 1.0, 40)
    return np.stack([x + reach * np.cos(around), y + reach * np.sin(around)], axis=1)


def crowd(count: int, seed: int, called: tuple[int, ...] = ()) -> list[Wanted]:
    rng = np.random.default_rng(seed)
    return [
        Wanted(
            [blob(*rng.uniform((0, 0), SIZE), rng.uniform(2, 40), seed + at)],
            rng.uniform(60, 90),
            at in called,
        )
        for at in range(count)
    ]


def tag_of(stood: Stood) -> Box:
    return *stood.tag, stood.tag[0] + SIDE, stood.tag[1] + SIDE


def words_of(stood: Stood, wanted: list[Wanted]) -> Box | None:
    if stood.words is None:
        return None
    x, y = stood.words
    return x, y, x + wanted[stood.at].wide, y + SIDE


def boxes(stood: list[Stood], wanted: list[Wanted]) -> list[Box]:
    found = [tag_of(each) for each in stood]
    return found + [box for each in stood if (box := words_of(each, wanted)) is not None]


def meet(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def points_in(box: Box, line: NDArray[np.float64]) -> int:
    """How many of many points along a closed line lie in a box."""
    closed = np.concatenate([line, line[:1]])
    parts = np.linspace(0, len(line), 4000)
    x, y = (np.interp(parts, np.arange(len(closed)), closed[:, axis]) for axis in (0, 1))
    inside = (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])
    return int(inside.sum())


@pytest.mark.parametrize("seed", range(6))
def test_nothing_touches_anything_else_and_all_is_whole(seed: int) -> None:
    wanted = crowd(200, seed)
    stood = stand(wanted, SIZE, [LANDMARK])
    assert len(stood) > 20
    found = boxes(stood, wanted)
    assert not any(meet(*pair) for pair in combinations([*found, LANDMARK], 2))
    assert all(min(box[:2]) >= 0 and box[2] <= SIZE[0] and box[3] <= SIZE[1] for box in found)


@pytest.mark.parametrize("seed", range(6))
def test_words_lie_on_no_outline(seed: int) -> None:
    wanted = crowd(60, seed)
    stood = stand(wanted, SIZE)
    told = [box for each in stood if (box := words_of(each, wanted)) is not None]
    assert told
    for box in told:
        assert not any(points_in(box, line) for each in wanted for line in each.lines)


@pytest.mark.parametrize("radius", [2.0, 6.0, 60.0])
@pytest.mark.parametrize("at", [(350.0, 250.0), (3.0, 3.0), (697.0, 3.0), (697.0, 497.0)])
def test_a_tag_covers_nothing_of_what_it_names(at: tuple[float, float], radius: float) -> None:
    """Least of all a microaneurysm, which is smaller than its number."""
    lines = [blob(*at, radius, 1)]
    [stood] = stand([Wanted(lines)], SIZE)
    assert not points_in(tag_of(stood), lines[0])


def test_a_tag_stands_off_its_outline_and_not_at_the_corner_of_the_box() -> None:
    [stood] = stand([Wanted([AN_L])], (200, 200))
    assert abs(stood.tag[0] - 95) < 4
    assert abs(stood.tag[1] + SIDE - 80) < 4


def test_where_the_view_is_full_of_it_a_tag_is_whole_all_the_same() -> None:
    square = np.array([(0.0, 0.0), (100, 0), (100, 100), (0, 100)])
    [stood] = stand([Wanted([square])], (100, 100))
    assert stood.tag == (100 - SIDE, 0)


def test_what_is_not_seen_has_no_tag() -> None:
    assert stand([Wanted([AN_L + 900], 50, called=True)], (200, 200)) == []


@pytest.mark.parametrize("seed", range(6))
def test_what_a_reader_called_is_told_even_where_there_is_no_room(seed: int) -> None:
    wanted = crowd(400, seed, called=(399,))
    stood = {each.at: each for each in stand(wanted, SIZE, [LANDMARK])}
    assert stood[399].words is not None
    called = [tag_of(stood[399]), words_of(stood[399], wanted)]
    others = boxes([each for at, each in stood.items() if at != 399], wanted)
    assert not any(meet(one, other) for one in called if one for other in others)


def test_the_words_of_what_a_reader_called_go_round_the_words_beside_it() -> None:
    """As between disc and fovea, where neither side of the tag has room."""
    small = np.array([(200.0, 200.0), (206, 200), (206, 206), (200, 206)])
    around = [(235.0, 165.0, 300.0, 215.0), (120.0, 150.0, 190.0, 260.0)]
    wanted = [Wanted([small], 130, called=True)]
    [stood] = stand(wanted, (500, 400), around)
    words = words_of(stood, wanted)
    assert words is not None
    assert not any(meet(words, box) for box in [*around, tag_of(stood)])


def test_the_number_of_what_a_reader_called_keeps_off_the_corners_words_over_it() -> None:
    corner = (500.0, 5.0, 690.0, 55.0)
    small = blob(570, 25, 10, 0)
    (stood,) = stand([Wanted([small], 90, called=True)], SIZE, [corner])
    assert not meet(tag_of(stood), corner)


def test_the_words_of_what_a_reader_called_keep_off_outlines_too_where_they_can() -> None:
    small = np.array([(200.0, 200.0), (206, 200), (206, 206), (200, 206)])
    beside = [blob(250, 190, 12, 1), blob(160, 190, 12, 2)]
    wanted = [Wanted([small], 110, called=True), *(Wanted([line]) for line in beside)]
    words = words_of(stand(wanted, (500, 400))[0], wanted)
    assert words is not None
    assert not any(points_in(words, line) for line in [small, *beside])


SMALL = np.array([(200.0, 200.0), (206, 200), (206, 206), (200, 206)])


def wall(x: float, top: float, bottom: float) -> NDArray[np.float64]:
    return np.array([(x, top), (x + 1, top), (x + 1, bottom), (x, bottom)])


def test_words_stand_above_or_below_a_number_where_neither_side_of_it_has_room() -> None:
    walls = [wall(170, 178, 250), wall(235, 178, 250)]
    wanted = [Wanted([SMALL], 110)]
    [stood] = stand(wanted, (500, 400), lines=walls)
    words = words_of(stood, wanted)
    assert words is not None
    assert words[3] <= stood.tag[1] or words[1] >= stood.tag[1] + SIDE
    assert not any(points_in(words, line) for line in [SMALL, *walls])


def test_a_number_goes_to_the_corner_where_its_words_have_room() -> None:
    """Not to the first one, which has room for the number alone."""
    walls = [wall(150, 150, 198), wall(235, 150, 220)]
    [stood] = stand([Wanted([SMALL], 110)], (500, 400), lines=walls)
    assert stood.words is not None and stood.tag[1] > 206


def test_the_stronger_of_two_in_one_place_is_told() -> None:
    small = np.array([(50.0, 50.0), (54, 50), (54, 54), (50, 54)])
    many = [Wanted([small], 60) for _ in range(9)]
    stood = stand(many, (120, 100))
    assert [each.at for each in stood] == list(range(len(stood)))
    assert 1 <= len(stood) <= 4
