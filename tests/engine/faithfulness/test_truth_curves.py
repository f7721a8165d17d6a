"""Deletion and insertion on networks whose true evidence is known."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.errors import Cancelled
from engine.faithfulness import curves, orders
from engine.task import Task

MASK = np.ones((20, 20), bool)
EVIDENCE = np.zeros((20, 20), bool)
EVIDENCE[4:8, 5:10] = True
SHARE = EVIDENCE.sum() / MASK.sum()


class Patch(nn.Module):
    """The mean of the pixels of ``EVIDENCE``: nothing else is used."""

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, torch.from_numpy(EVIDENCE)].mean((1, 2))


def first(scores: np.ndarray) -> float:
    return float(scores[0])


def curving(task: Task | None = None) -> curves.Curving:
    picture = torch.ones(1, 3, 20, 20)
    return curves.Curving((Patch(),), picture, torch.zeros_like(picture), first, task or Task())


def order(values: np.ndarray) -> np.ndarray:
    return orders.by_evidence(values.astype(np.float32), MASK, np.random.default_rng(0))


def test_removing_exactly_what_is_used_drops_the_score_at_once() -> None:
    found = curving().of(order(EVIDENCE))
    gone = curves.SHARES >= SHARE
    np.testing.assert_allclose(found.deletion[gone], 0, atol=1e-6)
    # Until then each removed pixel takes its own part.
    removed = np.floor(curves.SHARES[~gone] * 400 + 1e-6)
    np.testing.assert_allclose(found.deletion[~gone], 1 - removed / EVIDENCE.sum(), atol=1e-5)


def test_showing_exactly_what_is_used_raises_the_score_at_once() -> None:
    found = curving().of(order(EVIDENCE))
    np.testing.assert_allclose(found.insertion[curves.SHARES >= SHARE], 1, atol=1e-6)
    assert found.insertion[0] == 0


def test_a_true_map_is_better_than_random_and_its_reverse_is_worse() -> None:
    asked = curving()
    generator = np.random.default_rng(7)
    random = np.array([asked.random_deletion(orders.at_random(MASK, generator)) for _ in range(5)])
    deletion, insertion = curves.random_curves(random)
    true, reverse = asked.of(order(EVIDENCE)), asked.of(order(~EVIDENCE))
    assert curves.curve(true.shares, true.deletion).area < deletion.area_low
    assert curves.curve(reverse.shares, reverse.deletion).area > deletion.area_high
    assert curves.curve(true.shares, true.insertion).area > insertion.area_high
    assert curves.curve(reverse.shares, reverse.insertion).area < insertion.area_low


def test_the_random_yardstick_of_a_linear_network_is_the_straight_line() -> None:
    asked = curving()
    generator = np.random.default_rng(7)
    random = np.array([asked.random_deletion(orders.at_random(MASK, generator)) for _ in range(40)])
    for found, expected in zip(
        curves.random_curves(random), (lambda s: 1 - s, lambda s: s), strict=True
    ):
        assert np.abs(np.array(found.mean) - expected(np.array(found.shares))).max() < 0.06
        assert abs(found.area - 0.5) < 0.02
        assert found.area_low < found.area < found.area_high


def test_a_turned_random_deletion_is_what_showing_its_reverse_gives() -> None:
    # The probability is not linear, and the reverse is asked for itself.
    asked = curves.Curving(
        (Patch(),),
        torch.rand(1, 3, 20, 20, generator=torch.Generator().manual_seed(2)),
        torch.zeros(1, 3, 20, 20),
        lambda scores: float(np.tanh(scores[0])),
        Task(),
    )
    drawn = orders.at_random(MASK, np.random.default_rng(2))
    _, turned = curves.random_curves(asked.random_deletion(drawn)[None])
    reverse = (1 + 1 / 400 - drawn).astype(np.float32)
    shown = asked.of(reverse).insertion
    told = np.interp(curves.SHARES, turned.shares, turned.mean)
    # Between the shares of the one the other is drawn by straight lines.
    assert np.abs(shown - told).max() < 0.05


def test_a_random_order_needs_few_steps_for_the_area_that_all_of_them_tell() -> None:
    asked = curves.Curving(
        (Patch(),),
        torch.ones(1, 3, 20, 20),
        torch.zeros(1, 3, 20, 20),
        lambda scores: float(1 / (1 + np.exp(8 * (0.7 - scores[0])))),  # it bends, as answers do
        Task(),
    )
    generator = np.random.default_rng(7)
    drawn = [orders.at_random(MASK, generator) for _ in range(20)]
    few, _ = curves.random_curves(np.array([asked.random_deletion(each) for each in drawn]))
    whole = [curves.curve(curves.SHARES, asked.of(each).deletion).area for each in drawn]
    assert len(few.shares) < curves.STEPS / 3
    assert few.area == pytest.approx(np.mean(whole), abs=0.01)


def test_what_is_outside_the_field_is_never_changed() -> None:
    mask = np.zeros((20, 20), bool)
    mask[10:] = True
    seen: list[Tensor] = []

    class Watching(Patch):
        def forward(self, x: Tensor) -> Tensor:
            seen.extend(x)
            return super().forward(x)

    picture = torch.rand(1, 3, 20, 20, generator=torch.Generator().manual_seed(0))
    lost = curves.lost(picture[0].numpy(), mask, np.random.default_rng(0))
    asked = curves.Curving((Watching(),), picture, torch.from_numpy(lost)[None], first, Task())
    asked.of(orders.at_random(mask, np.random.default_rng(1)))
    assert len(seen) == 2 * curves.STEPS
    for each in seen:
        torch.testing.assert_close(each[:, :10], picture[0, :, :10], rtol=0, atol=0)


def test_removed_pixels_keep_their_colours_together_and_lose_their_places() -> None:
    picture = np.random.default_rng(0).random((3, 20, 20)).astype(np.float32)
    lost = curves.lost(picture, MASK, np.random.default_rng(1))

    def colours(values: np.ndarray) -> list[tuple[float, ...]]:
        return sorted(map(tuple, values.reshape(3, -1).T.tolist()))

    assert colours(lost) == colours(picture)
    assert (lost == picture).mean() < 0.05


def test_a_cancel_is_noticed_between_batches() -> None:
    task = Task()
    asked = curving(task)
    task.cancel()
    with pytest.raises(Cancelled):
        asked.of(order(EVIDENCE))


def test_networks_that_answer_together_are_asked_together() -> None:
    class Half(Patch):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x) / 2

    picture = torch.ones(1, 3, 20, 20)
    asked = curves.Curving(
        (Patch(), Half()),
        picture,
        torch.zeros_like(picture),
        lambda both: float(both.sum()),
        Task(),
    )
    assert asked.whole == pytest.approx(1.5)
