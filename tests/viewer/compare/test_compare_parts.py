"""The Compare tab's numbers: how views are laid out, what is removed first, which two are shown."""

import numpy as np
import pytest
from window_desk import FIRST, SECOND

from engine.answers import Criterion, Heatmap
from engine.geometry import scaling
from viewer.compare.grid import LEAST, cell, columns
from viewer.compare.removed import Order
from viewer.compare.sources import by_packs, two_of


@pytest.mark.parametrize("room", [(1280, 700), (1920, 960), (1280, 330), (1920, 400), (640, 900)])
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_views_lie_in_as_many_columns_as_show_the_eye_nearly_largest(
    room: tuple[int, int], count: int
) -> None:
    def area(across: int) -> float:
        width, height = cell(count, room, across)
        wide = min(width, (height - 36) * 1.5)
        return wide if width >= LEAST or across == 1 else 0

    best = max(area(each) for each in range(1, count + 1))
    chosen = columns(count, room, 1.5, 36)
    assert area(chosen) >= 0.85 * best
    assert all(area(each) < 0.85 * best for each in range(chosen + 1, count + 1))


def test_no_view_is_narrower_than_its_words() -> None:
    assert cell(5, (1280, 250), columns(5, (1280, 250), 1.5, 36))[0] >= LEAST


def test_the_strongest_evidence_goes_first_and_what_has_none_never() -> None:
    values = np.array([[0.0, 0.3, 0.1], [0.9, 0.0, 0.5]], np.float32)
    order = Order.of(Heatmap(values, scaling(1, 0, 0), (2, 3)))
    gone = [order.black(share, revealed=False) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert [int(each.sum()) for each in gone] == [0, 1, 2, 3, 4]
    assert gone[1][1, 0] and gone[2][1, 2] and gone[3][0, 1] and gone[4][0, 2]
    assert not gone[4][values == 0].any()


def test_what_is_shown_alone_is_what_would_be_removed() -> None:
    values = np.random.default_rng(2).random((7, 9), np.float32)
    order = Order.of(Heatmap(values, scaling(1, 0, 0), (7, 9)))
    removed, others = (order.black(0.4, revealed=revealed) for revealed in (False, True))
    assert (removed ^ others).all()


def test_equal_evidence_is_removed_pixel_by_pixel() -> None:
    order = Order.of(Heatmap(np.ones((10, 10), np.float32), scaling(1, 0, 0), (10, 10)))
    assert [int(order.black(n / 100, revealed=False).sum()) for n in (1, 37, 99)] == [1, 37, 99]


def test_another_pack_is_compared_before_a_packs_own_checkpoints() -> None:
    from dataclasses import replace

    many = replace(FIRST, checkpoints=("a", "b"))
    found = two_of(by_packs((many, SECOND), Criterion.PI), many, ())
    assert [source.pack_words for source in found] == [
        "retinopathy-first 1.0.0", "retinopathy-other 2.1.0",
    ]  # fmt: skip
    alone = two_of(by_packs((many,), Criterion.PI), many, ())
    assert [source.checkpoint for source in alone] == ["", "a"]


def test_two_chosen_packs_stay_while_both_are_there() -> None:
    offered = by_packs((FIRST, SECOND), Criterion.PI)
    chosen = (offered[1], offered[0])
    assert two_of(offered, FIRST, chosen) == chosen
    assert two_of(offered[:1], FIRST, chosen) == offered[:1]


def test_packs_of_one_name_do_not_read_alike() -> None:
    from dataclasses import replace

    mine = replace(FIRST, path="/mine", shipped=False, sha256="d" * 64, checkpoints=("a",))
    found = by_packs((mine, FIRST, SECOND), Criterion.PI)
    assert [source.pack_words for source in found] == [
        "retinopathy-first 1.0.0, yours, dddddddd", "retinopathy-first 1.0.0, yours, dddddddd, a",
        "retinopathy-first 1.0.0", "retinopathy-other 2.1.0",
    ]  # fmt: skip


def test_a_pack_that_cannot_be_used_is_not_offered() -> None:
    from dataclasses import replace

    offered = by_packs((FIRST, replace(SECOND, fault="It is damaged.")), Criterion.PI)
    assert [source.pack for source in offered] == [FIRST]
