"""A pack of several checkpoints and forests: who answers, and with what map."""

import dataclasses
from functools import cache

import msgspec
import numpy as np
import pytest
import torch

from engine.answers import Basis, Criterion, Decision, JointAnswer, RetinopathyAnswer, Together
from engine.errors import Refusal
from engine.learning import growing
from engine.learning.calibration import Calibration, Sigmoid
from engine.learning.context import Field
from engine.learning.features import Asks
from engine.learning.forest import Forest
from engine.learning.growing import Cases, Size
from engine.networks import registry
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.packs.manifest import CheckpointPart, Figures, ForestPart
from engine.packs.pack import Pack, write
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.questions import joining, retinopathy, together
from engine.questions.kept import Kept
from engine.task import Task

NAMES = ("step-8", "step-16", "step-24")
FITTED = Calibration(Sigmoid(4, -2), (Sigmoid(3, -2), Sigmoid(5, -2)))
FIGURES = Figures(0.5, (0.4, 0.6), 0.95, 0.9, 0.25, 0.2)
DARK = Photograph(np.zeros((300, 400, 3), np.uint8), "dark.png", "dark")


@cache
def eye(seed: int) -> Photograph:
    pixels = draw_eye(seed, severity=seed, width=500).pixels
    return Photograph(pixels, f"{seed}.png", str(seed))


def grown(features: int, middle: float) -> Forest:
    """A forest that parts rows about where the untrained networks' scores lie."""
    rows = middle + np.random.default_rng(features).normal(0, 0.2, size=(60, features))
    truth = rows @ np.arange(1, features + 1) > rows.mean() * features * (features + 1) / 2
    return growing.grow(Cases(rows, truth, np.arange(60).astype(str)), Size(20, 4), 0)


def weights(number: int) -> dict[str, torch.Tensor]:
    network = registry.build("net_b", {"size": 112})
    assert isinstance(network, OperatorNetwork)
    initialise(network, torch.Generator().manual_seed(number))
    return dict(network.state_dict())


@pytest.fixture(scope="module")
def joined(untrained: Pack, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    parts = [
        CheckpointPart(name, 8 * n, f"{name}.safetensors", FITTED, 0.4, FIGURES, scale=1.0 + n)
        for n, name in enumerate(NAMES)
    ]
    kinds = {Asks.EYE: 3, Asks.PAIR: 6, Asks.EXAMINATION: 14}
    forests = [
        ForestPart(asks, f"{asks}.safetensors", "validation", 20, 4, 60, FITTED, 0.5, FIGURES,
                   (Field("age", 0.4),) if asks is Asks.EXAMINATION else ())
        for asks in kinds
    ]  # fmt: skip
    return write(
        tmp_path_factory.mktemp("packs") / "joined",
        msgspec.structs.replace(
            untrained.manifest, checkpoints=tuple(parts), forests=tuple(forests)
        ),
        weights(0),
        {"card.md": "# None\n"},
        ((part.weights, weights(n)) for n, part in enumerate(parts)),
        ((f"{asks}.safetensors", grown(count, 0.4)) for asks, count in kinds.items()),
    )


def without(pack: Pack, *dropped: Asks) -> Pack:
    left = tuple(part for part in pack.manifest.forests if part.asks not in dropped)
    return dataclasses.replace(pack, manifest=msgspec.structs.replace(pack.manifest, forests=left))


def ask(pack: Pack, picture: Photograph, name: str = "") -> tuple[RetinopathyAnswer, np.ndarray]:
    said, heatmap = retinopathy.answer(picture, pack, Criterion.PI, "processor", Task(), name)
    assert heatmap is not None
    return said, heatmap.values


def both(pack: Pack, *pictures: Photograph | Refusal, kind: Together = Together.PAIR, **known):  # type: ignore[no-untyped-def]
    return together.answer(pictures, pack, kind, Criterion.PI, "processor", Task(), known or None)


def scores(pack: Pack, picture: Photograph) -> list[float]:
    """Each checkpoint's own score, from its calibrated probability and the sigmoid by hand."""
    found = [ask(pack, picture, name)[0].probability for name in NAMES]
    return [(np.log(p / (1 - p)) + 2) / 4 for p in found if p is not None]


def calibrated(forest: Forest, row: list[float]) -> float:
    score = forest.scores(np.array([row]))[0]
    return float(1 / (1 + np.exp(-(4 * score - 2))))


def test_a_checkpoint_is_asked_alone_and_says_its_name(joined: Pack) -> None:
    answers = [ask(joined, eye(3), name)[0] for name in NAMES]
    assert [answer.checkpoint for answer in answers] == list(NAMES)
    assert len({answer.probability for answer in answers}) == 3
    assert {answer.operating_point for answer in answers} == {0.4}
    assert not answers[0].blend


def test_one_photograph_is_scored_by_the_forest_for_one_eye(joined: Pack) -> None:
    said, _ = ask(joined, eye(3))
    assert said.probability == pytest.approx(calibrated(grown(3, 0.4), scores(joined, eye(3))))
    assert said.operating_point == 0.5
    assert [share.checkpoint for share in said.blend] == list(NAMES)
    assert [share.score for share in said.blend] == pytest.approx(scores(joined, eye(3)))
    assert said.checkpoint == ""
    assert "25\N{NARROW NO-BREAK SPACE}% of the eyes" not in said.notes[0]
    assert "75\N{NARROW NO-BREAK SPACE}%" in said.notes[0]


def test_the_heatmap_is_blended_by_the_forests_importances(joined: Pack) -> None:
    said, blended = ask(joined, eye(3))
    importances = grown(3, 0.4).importances
    maps = [ask(joined, eye(3), name)[1] for name in NAMES]
    expected = sum(
        weight / scale * values
        for weight, scale, values in zip(importances, (1, 2, 3), maps, strict=True)
    )
    np.testing.assert_allclose(blended, expected, rtol=1e-4, atol=1e-9)
    assert [share.weight for share in said.blend] == pytest.approx(importances)
    assert sum(share.weight for share in said.blend) == pytest.approx(1)


def test_each_eye_of_a_pair_is_scored_with_the_other_in_view(joined: Pack) -> None:
    said, heatmaps = both(joined, eye(1), eye(4))
    one, two = scores(joined, eye(1)), scores(joined, eye(4))
    forest = grown(6, 0.4)
    expected = [calibrated(forest, one + two), calibrated(forest, two + one)]
    assert [each.probability for each in said.photographs] == pytest.approx(expected)
    assert said.probability == pytest.approx(max(expected))
    assert said.worst == int(np.argmax(expected))
    assert said.basis is Basis.FOREST
    assert "with the other eye in view" in said.said
    weights = forest.importances[:3] + forest.importances[3:]
    assert [share.weight for share in said.photographs[0].blend] == pytest.approx(weights)
    assert all(heatmap is not None for heatmap in heatmaps)


@pytest.mark.parametrize(
    "missing", [DARK, Refusal("A.", "B.", "C.")], ids=["ungradable", "unreadable"]
)
def test_with_one_eye_missing_the_eyes_own_score_is_given_and_said(
    joined: Pack, missing: Photograph | Refusal
) -> None:
    said, _ = both(joined, missing, eye(4))
    assert said.probability == ask(joined, eye(4))[0].probability
    assert (said.basis, said.worst) == (Basis.SINGLE, 1)
    assert "Only one eye" in said.said


def test_without_a_forest_for_one_eye_its_scores_stand_for_both_and_it_is_said(
    joined: Pack,
) -> None:
    said, _ = ask(without(joined, Asks.EYE), eye(4))
    own = scores(joined, eye(4))
    assert said.probability == pytest.approx(calibrated(grown(6, 0.4), own + own))
    assert said.notes[0].startswith("One eye:")


def test_an_examination_has_one_score_of_all_and_of_what_is_known(joined: Pack) -> None:
    pictures = [eye(1), eye(2), eye(4)]
    said, heatmaps = both(joined, *pictures, kind=Together.EXAMINATION, age=0.7)
    ranked = np.sort([scores(joined, picture) for picture in pictures], axis=0)
    row = [ranked[rank][k] for k in range(3) for rank in (0, 1, 1, 2)]
    assert said.probability == pytest.approx(calibrated(grown(14, 0.4), [*row, 0.7, 0]))
    assert said.said == (
        "One score of the whole examination: 3 photographs, and 1 of 1 fields of context."
    )
    assert said.worst is None
    assert said.missing == ()
    assert said.photographs[2].probability == ask(joined, eye(4))[0].probability
    assert len(heatmaps) == 3


def test_what_is_not_known_is_told_and_its_median_stands_in(joined: Pack) -> None:
    said, _ = both(joined, eye(1), DARK, kind=Together.EXAMINATION)
    own = scores(joined, eye(1))
    row = [score for score in own for _ in range(4)]
    assert said.probability == pytest.approx(calibrated(grown(14, 0.4), [*row, 0.4, 1]))
    assert said.missing == ("age",)
    assert "1 of 2 photographs, and 0 of 1 fields" in said.said


def test_context_that_no_forest_uses_is_said_to_be_left_aside(untrained: Pack) -> None:
    said, _ = both(untrained, eye(1), eye(2), kind=Together.EXAMINATION, age=3.0)
    assert "left aside" in said.warnings[0]


def test_an_examination_without_a_gradable_photograph_has_no_score(joined: Pack) -> None:
    said, _ = both(joined, DARK, kind=Together.EXAMINATION)
    assert isinstance(said, JointAnswer)
    assert (said.probability, said.decision) == (None, Decision.UNGRADABLE)


def test_kept_networks_stay_within_their_bound_and_the_oldest_goes() -> None:
    made = []

    def make(name: str) -> torch.nn.Module:
        made.append(name)
        return torch.nn.Linear(10, 10, bias=False)  # 400 bytes

    kept = Kept(1000)
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.get(name, lambda name=name: make(name))  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
    kept.clear()
    kept.get("a", lambda: make("a"))
    assert made[-1] == "a"


def test_who_answers_is_the_nearest_to_one_photograph(joined: Pack, untrained: Pack) -> None:
    asked = [
        joining.alone(pack).judge
        for pack in (joined, without(joined, Asks.EYE), without(joined, Asks.EYE, Asks.PAIR))
    ]
    assert [judge.asks for judge in asked] == [Asks.EYE, Asks.PAIR, Asks.EXAMINATION]  # type: ignore[union-attr]
    assert joining.alone(without(joined, *Asks)).networks == ("",)
    assert joining.alone(untrained).judge is untrained.manifest
