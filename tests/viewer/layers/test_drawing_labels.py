"""Words stand beyond a line's end, within the view, and apart from other words."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from engine.drawings import Angle, Arrow, Bidirectional, Distance, Drawing, Ellipse, Probe
from viewer.layers.drawing_labels import places, settled

VIEW, WORDS = QSizeF(600, 500), QSizeF(90, 16)
NOTHING = np.empty((0, 2))
AT = st.tuples(st.floats(0, 600), st.floats(0, 500))


def drawing(kind: type[Drawing]) -> Drawing:
    return kind(id="1", points=tuple((0.0, 0.0, 0.0) for _ in range(kind.COUNT)))


def box(kind: type[Drawing], *points: tuple[float, float]) -> QRectF:
    offered = places(drawing(kind), np.array(points))
    return settled(offered, WORDS, VIEW, (), NOTHING)


def test_words_of_a_line_stand_beyond_its_lower_right_end() -> None:
    found = box(Distance, (200, 200), (300, 200))
    assert found.left() == 310
    assert found.center().y() == 200
    assert box(Distance, (300, 200), (200, 200)) == found
    below = box(Distance, (200, 200), (200, 300))
    assert below.top() == 310


@given(AT, AT)
def test_words_never_cover_the_lesion_between_the_ends_while_there_is_room(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    """The lesion: a circle that has the line as its diameter."""
    middle = np.add(one, other) / 2
    reach = float(np.hypot(*np.subtract(one, other))) / 2
    if reach < 5 or not all(
        130 < side < limit - 130
        for p in (one, other)
        for side, limit in zip(p, (600, 500), strict=True)
    ):
        return
    found = box(Distance, one, other)
    nearest = (
        min(max(middle[0], found.left()), found.right()),
        min(max(middle[1], found.top()), found.bottom()),
    )
    assert np.hypot(*(middle - nearest)) >= reach


@given(st.sampled_from((Distance, Angle, Ellipse, Bidirectional, Probe, Arrow)), st.data())
def test_words_are_never_cut_off_by_the_views_edge(
    kind: type[Drawing], data: st.DataObject
) -> None:
    points = [data.draw(AT) for _ in range(kind.COUNT)]
    assert QRectF(QPointF(0, 0), VIEW).contains(box(kind, *points))


def test_words_keep_off_other_words_and_lines() -> None:
    offered = places(drawing(Distance), np.array([(200.0, 200.0), (300.0, 200.0)]))
    usual = settled(offered, WORDS, VIEW, (), NOTHING)
    assert not settled(offered, WORDS, VIEW, (usual,), NOTHING).intersects(usual)
    line = np.column_stack([np.full(30, 350.0), np.linspace(150, 250, 30)])
    beside = settled(offered, WORDS, VIEW, (), line)
    assert not any(beside.contains(QPointF(x, y)) for x, y in line)


def test_words_of_a_region_stand_beside_its_box() -> None:
    found = box(Ellipse, (200, 200), (300, 260))
    assert found.left() == 310
    assert found.center().y() == 230


def test_words_of_an_angle_stand_opposite_to_its_opening() -> None:
    assert box(Angle, (300, 150), (250, 200), (300, 250)).right() <= 240


def test_words_of_an_arrow_stand_at_its_tail() -> None:
    assert box(Arrow, (200, 200), (300, 200)).left() == 310
