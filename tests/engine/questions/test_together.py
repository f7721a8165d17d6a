"""Several photographs of one patient, asked of a pack that scores each by itself."""

import dataclasses
from functools import cache

import msgspec
import numpy as np
import pytest

from engine.answers import Basis, Criterion, Decision, JointAnswer, Together
from engine.errors import Refusal
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Laterality, Photograph
from engine.questions import retinopathy, together
from engine.task import Task

BROKEN = Refusal("“left.png” cannot be read.", "It ends in the middle.", "Copy it again.")


@cache
def eye(seed: int) -> Photograph:
    return Photograph(draw_eye(seed, severity=seed, width=500).pixels, f"{seed}.png", str(seed))


DARK = Photograph(np.zeros((300, 400, 3), np.uint8), "dark.png", "dark")


def ask(pack: Pack, *pictures: Photograph | Refusal, kind: Together = Together.PAIR) -> JointAnswer:
    said, heatmaps = together.answer(pictures, pack, kind, Criterion.PI, "processor", Task())
    assert len(heatmaps) == len(said.photographs) == len(pictures)
    return said


def alone(pack: Pack, picture: Photograph) -> float:
    probability = retinopathy.answer(picture, pack, Criterion.PI, "processor", Task())[
        0
    ].probability
    assert probability is not None
    return probability


def at(pack: Pack, point: float) -> Pack:
    return dataclasses.replace(
        pack, manifest=msgspec.structs.replace(pack.manifest, operating_point=point)
    )


def test_without_a_forest_the_pair_has_the_worse_eyes_score_and_says_so(untrained: Pack) -> None:
    said = ask(untrained, eye(1), eye(4))
    scores = [alone(untrained, eye(1)), alone(untrained, eye(4))]
    assert said.probability == max(scores)
    assert said.worst == int(np.argmax(scores))
    assert said.basis is Basis.WORST
    assert said.said == "The pack scores each eye by itself; this is the worse eye's score."
    assert ask(untrained, eye(4), eye(1)).probability == said.probability


@pytest.mark.parametrize("missing", [BROKEN, DARK], ids=["unreadable", "ungradable"])
def test_with_one_eye_missing_the_single_eyes_score_is_given_and_said(
    untrained: Pack, missing: Photograph | Refusal
) -> None:
    said = ask(untrained, eye(1), missing)
    assert said.probability == alone(untrained, eye(1))
    assert said.basis is Basis.SINGLE
    assert "Only one eye could be scored" in said.said
    if missing is BROKEN:
        assert said.photographs[1] is None
        assert said.warnings == (BROKEN.reason,)


@pytest.mark.parametrize(
    ("point", "decision"), [(0.0, Decision.REFERABLE), (1.0, Decision.UNGRADABLE)]
)
def test_a_pair_is_not_called_not_referable_where_an_eye_was_not_seen(
    untrained: Pack, point: float, decision: Decision
) -> None:
    assert ask(at(untrained, point), eye(1), DARK).decision is decision


def test_neither_eye_scored_has_no_probability(untrained: Pack) -> None:
    said = ask(untrained, DARK, BROKEN)
    assert (said.probability, said.decision) == (None, Decision.UNGRADABLE)


def test_an_examination_goes_on_without_an_ungradable_photograph(untrained: Pack) -> None:
    said = ask(untrained, eye(1), DARK, eye(4), kind=Together.EXAMINATION)
    assert said.probability == max(alone(untrained, eye(1)), alone(untrained, eye(4)))
    assert "1 of 3 could not be scored" in said.said
    assert said.decision is not Decision.UNGRADABLE


@pytest.mark.parametrize("kind", list(Together))
def test_the_same_photograph_twice_is_refused_by_name(untrained: Pack, kind: Together) -> None:
    copy = dataclasses.replace(eye(1), name="copy.png")
    with pytest.raises(Refusal, match=r"“1\.png” and “copy\.png” are the same photograph"):
        ask(untrained, eye(1), copy, kind=kind)


def test_two_photographs_of_one_eye_are_no_pair_but_an_examination(untrained: Pack) -> None:
    both = [dataclasses.replace(eye(seed), laterality=Laterality.LEFT) for seed in (1, 4)]
    with pytest.raises(Refusal, match="both show the left eye"):
        ask(untrained, *both)
    assert ask(untrained, *both, kind=Together.EXAMINATION).probability is not None


def test_where_nothing_can_be_read_the_first_reason_is_given(untrained: Pack) -> None:
    with pytest.raises(Refusal, match="ends in the middle"):
        ask(untrained, BROKEN, BROKEN)


def test_a_pair_is_two_photographs(untrained: Pack) -> None:
    with pytest.raises(Refusal, match="there are 3"):
        ask(untrained, eye(1), eye(2), eye(4))
