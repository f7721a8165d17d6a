"""The loop of stages: it learns what a pixel says, watches fixed sequences, keeps the best pass."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from engine.errors import Cancelled, Refusal
from engine.networks.backbones import Backbone
from engine.networks.stage_network import StageNetwork
from engine.progression import arms, loop, splits
from engine.progression.loop import Data, Schedule
from engine.progression.loss import SequenceLoss
from engine.task import Task

K, SIZE = 4, 14


class Mean(Backbone):
    """The mean of each colour: enough where a picture's grey is its stage."""

    input_size, features, early = SIZE, 3, ()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean(dim=(2, 3)) * 4


class Spy(Mean):
    """Keeps the greys that it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[torch.Tensor] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            self.shown.append(x[:, 0, SIZE // 2, SIZE // 2].detach())
        return super().forward(x)


@pytest.fixture
def data() -> Data:
    stages = np.repeat(np.arange(K), [40, 12, 9, 20])
    draw = np.random.default_rng(0)
    greys = 32 * stages + draw.integers(-3, 4, len(stages))
    values = np.broadcast_to(greys[:, None, None, None], (len(stages), 3, 16, 16)).astype(np.int8)
    patients = np.array([f"p{row // 2}" for row in range(len(stages))])
    return Data(values, splits.Staged(stages, patients, tuple("abcd")))


@pytest.fixture
def split(data) -> splits.Split:
    return splits.draw(data.staged, 0, even=False)


def made(backbone: Backbone | None = None) -> StageNetwork:
    network = StageNetwork(backbone or Mean(), K)
    network.initialise(torch.Generator().manual_seed(0))
    return network


QUICK = Schedule(steps=20, passes=8, learning_rate=0.08)


@pytest.mark.parametrize("name", ["baseline", "cyclic", "nonregression"])
def test_it_learns_what_a_pixel_says(data, split, name: str) -> None:
    network = made()
    loop.fit(network, arms.named(name), data, split, QUICK, 1, Task())
    told = loop.tell(network, data.values[split.test])
    truth = data.staged.stages[split.test]
    assert (told.vision.argmax(1) == truth).mean() > 0.9
    assert np.allclose(told.vision.sum(1), 1)
    if name == "cyclic":
        assert (told.lstm.argmax(1) == truth).mean() > 0.9


def test_reduced_products_take_nearly_the_same_step_and_weights_stay_whole(data, split) -> None:
    losses, weights = [], []
    for precision in ("float32", "bfloat16"):
        network, schedule = made(), Schedule(steps=3, passes=1, precision=precision)
        outcome = loop.fit(network, arms.named("cyclic"), data, split, schedule, 1, Task())
        losses.append(outcome.rows[0]["loss"])
        weights.append(network.to_features.weight)
    assert losses[0] != losses[1]
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    assert weights[1].dtype == torch.float32
    torch.testing.assert_close(weights[1], weights[0], atol=1e-3, rtol=0.05)


@pytest.mark.parametrize("arm", arms.ARMS, ids=lambda arm: arm.name)
def test_every_arm_sees_as_many_pictures_and_of_its_stages(data, split, arm) -> None:
    spy = Spy()
    schedule = Schedule(steps=30, passes=1)
    loop.fit(made(spy), arm, data, split, schedule, 1, Task())
    shown = torch.cat(spy.shown)
    assert len(shown) == 30 * 16 * K
    stages = torch.round(shown * 128 / 32)
    shares = torch.bincount(stages.long(), minlength=K) / len(shown)
    wanted = torch.tensor([1, 2, 3, 10]) / 16 if "nonregression" in arm.name else torch.ones(K) / K
    assert torch.allclose(shares, wanted, atol=0.05)
    if arm.name == "cyclic":
        sequences = stages.view(-1, K)
        assert torch.equal((sequences[:, 1:] - sequences[:, :-1]) % K, torch.ones(480, K - 1))


@pytest.mark.parametrize("arm", arms.ARMS, ids=lambda arm: arm.name)
def test_every_step_is_judged_by_the_stage_of_its_picture(data, split, arm, monkeypatch) -> None:
    """METHODS L1, test 4: a picture's grey is its stage, and the loss is told that stage."""
    told: list[torch.Tensor] = []

    class Told(SequenceLoss):
        def __call__(self, lstm, vision, stages):
            told.append(stages)
            return super().__call__(lstm, vision, stages)

    def cross_entropy(logits, stages, **more):
        told.append(stages)
        return real(logits, stages, **more)

    real = loop.F.cross_entropy
    if arm.order is None:
        monkeypatch.setattr(loop.F, "cross_entropy", cross_entropy)
    spy = Spy()
    drawing = loop.Drawing(replace(arm, loss=Told()), data, split.train, 16, loop.SLIGHT, 1)
    for step in range(5):
        drawing.loss(made(spy).train(), step)
    greys = torch.round(torch.cat(spy.shown) * 128 / 32).long()
    assert torch.equal(torch.cat([each.flatten() for each in told]), greys)


def test_the_same_seed_trains_the_same_network(data, split) -> None:
    first, second, other = made(), made(), made()
    schedule = Schedule(steps=5, passes=2)
    for network, seed in ((first, 1), (second, 1), (other, 2)):
        loop.fit(network, arms.named("cyclic"), data, split, schedule, seed, Task())
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name
    assert not torch.equal(first.by_vision.weight, other.by_vision.weight)


def test_dropout_follows_from_the_seed_too(data, split) -> None:
    class Dropping(Mean):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.dropout(super().forward(x), 0.5, self.training)

    drawing = loop.Drawing(arms.named("cyclic"), data, split.train, 16, loop.SLIGHT, 1)
    network = made(Dropping()).train()
    losses = []
    for elsewhere in (0, 1):
        torch.manual_seed(elsewhere)
        losses.append(drawing.loss(network, 3).item())
    assert losses[0] == losses[1] != drawing.loss(network, 4).item()


@pytest.mark.parametrize("keep", ["best", "last"])
def test_a_training_that_diverges_is_no_result(data, split, keep) -> None:
    steep = Schedule(steps=2, passes=3, learning_rate=float("inf"), keep=keep)
    with pytest.raises(Refusal, match="no number any more in pass 1"):
        loop.fit(made(), arms.named("cyclic"), data, split, steep, 1, Task())


def test_the_weights_behind_are_those_of_the_best_pass(data, split, monkeypatch) -> None:
    judged = iter([4.0, 3.0, 1.0, 2.0, 2.0])
    monkeypatch.setattr(loop, "_judge", lambda *_: {"held_out_loss": next(judged)})
    kept: dict[int, dict[str, torch.Tensor]] = {}
    network = made()

    def keep(number: int, _: object) -> None:
        kept[number] = {name: value.clone() for name, value in network.state_dict().items()}

    schedule = Schedule(steps=3, passes=5)
    outcome = loop.fit(network, arms.named("cyclic"), data, split, schedule, 3, Task(), keep)
    assert outcome.best == 3
    for name, value in network.state_dict().items():
        assert torch.equal(value, kept[outcome.best][name])


def test_it_stops_when_nothing_was_gained_for_long_enough(data, split) -> None:
    still = Schedule(steps=1, passes=50, learning_rate=0.0, patience=4)
    outcome = loop.fit(made(), arms.named("cyclic"), data, split, still, 3, Task())
    assert len(outcome.rows) == 5


def test_a_row_tells_both_heads_accuracy_at_every_step(data, split) -> None:
    schedule = Schedule(steps=1, passes=1)
    row = loop.fit(made(), arms.named("cyclic"), data, split, schedule, 0, Task()).rows[0]
    assert len(row["lstm"]) == len(row["vision"]) == K
    assert all(0 <= share <= 1 for share in (*row["lstm"], *row["vision"]))


def test_the_accuracy_of_a_step_is_that_of_the_fixed_sequences(data, split) -> None:
    network, arm = made(), arms.named("cyclic")
    once = Schedule(steps=20, passes=1, learning_rate=0.05, keep="last")
    row = loop.fit(network, arm, data, split, once, 7, Task()).rows[0]
    stages, chosen = loop._watched(arm, data.staged, split.validation, 7)
    greys = torch.from_numpy(data.values[chosen][..., :SIZE, :SIZE]).float() / 128
    right = {"lstm": np.zeros(K), "vision": np.zeros(K)}
    for sequence, wanted in zip(greys, stages, strict=True):
        with torch.inference_mode():
            heads = network.sequences(sequence[None])
        for head, shares in (("lstm", heads.lstm), ("vision", heads.vision)):
            right[head] += (shares[0].argmax(1).numpy() == wanted) / len(stages)
    for head, shares in right.items():
        assert row[head] == pytest.approx(shares.tolist()), head
    assert max(row["lstm"]) > min(row["lstm"])


def test_baseline_and_sequences_are_watched_on_the_same_first_pictures(data, split) -> None:
    for name in ("baseline", "cyclic", "nonregression", "shuffled", "iid", "reverse"):
        stages, chosen = loop._watched(arms.named(name), data.staged, split.validation, 5)
        assert chosen[:, 0].tolist() == split.validation.tolist(), name
        assert (data.staged.stages[chosen] == stages).all(), name


def test_it_can_be_cancelled(data, split) -> None:
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        loop.fit(made(), arms.named("cyclic"), data, split, QUICK, 1, task)


def test_normalisation_statistics_of_a_batch_do_not_reach_what_is_told(data) -> None:
    class Normed(Mean):
        def __init__(self) -> None:
            super().__init__()
            self.norm = nn.BatchNorm2d(3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(self.norm(x))

    network = made(Normed()).train()
    alone = loop.tell(network, data.values[:1])
    among = loop.tell(network, data.values[::5])
    assert np.allclose(alone.lstm[0], among.lstm[0], atol=1e-6)


@pytest.mark.parametrize("even", [True, False])
def test_a_split_keeps_patients_whole_and_has_every_stage_in_each_part(data, even: bool) -> None:
    for seed in range(5):
        split = splits.draw(data.staged, seed, even=even)
        parts = (split.train, split.validation, split.test)
        patients = [set(data.staged.patients[part]) for part in parts]
        assert not patients[0] & patients[1]
        assert not patients[0] & patients[2]
        assert not patients[1] & patients[2]
        for part in parts:
            assert set(data.staged.stages[part]) == set(range(K))
        rows = np.concatenate(parts)
        assert len(set(rows)) == len(rows)
        counts = np.bincount(data.staged.stages[rows])
        assert (counts == 9).all() if even else counts.tolist() == [40, 12, 9, 20]


def test_too_few_patients_of_a_stage_are_refused_in_words(data) -> None:
    few = splits.Staged(
        data.staged.stages, np.where(data.staged.stages == 2, "one", data.staged.patients),
        data.staged.names,
    )  # fmt: skip
    with pytest.raises(Refusal, match="cannot be split"):
        splits.draw(few, 0)
