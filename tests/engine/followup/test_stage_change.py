"""How probable it is that a stage rose: against counting, and in words."""

from itertools import product

import numpy as np
import pytest

from engine.answers import Criterion, PackReference
from engine.followup.stage_change import cannot_compare, stage_change
from engine.learning.stage_calibration import Softmax, StageCalibration
from engine.stage_answers import StageAnswer, StageShare

FITTED = Softmax(1.0, (0.0, 0.0, 0.0))
DRAWS = tuple(Softmax(sharpness, (0.0, 0.1, 0.0)) for sharpness in np.linspace(0.5, 1.5, 41))
CALIBRATION = StageCalibration(FITTED, DRAWS)


def answer(*logits: float, sha256: str = "a" * 64, version: str = "1.0.0") -> StageAnswer:
    shares = FITTED(np.array(logits)) if logits else []
    stages = tuple(
        StageShare(f"stage {at}", float(at), float(share)) for at, share in enumerate(shares)
    )
    return StageAnswer(
        "stage", "ICDR", stages, None, None, (), PackReference("stages", version, sha256),
        Criterion.PI, None, None, None, "processor", logits,
    )  # fmt: skip


def test_shares_are_those_of_counting_every_pair_of_stages() -> None:
    one, other = answer(1.0, 0.5, -1.0), answer(-0.5, 0.7, 0.9)
    change = stage_change(one, other, CALIBRATION)
    p, q = (FITTED(np.array(each.logits)) for each in (one, other))
    rose = sum(p[a] * q[b] for a, b in product(range(3), range(3)) if b > a)
    fell = sum(p[a] * q[b] for a, b in product(range(3), range(3)) if b < a)
    assert (change.rose, change.fell) == pytest.approx((rose, fell))
    each = [
        sum(draw(np.array(one.logits))[a] * draw(np.array(other.logits))[b]
            for a, b in product(range(3), range(3)) if b > a)
        for draw in DRAWS
    ]  # fmt: skip
    ends = change.rose_interval.low, change.rose_interval.high
    assert ends == pytest.approx(tuple(np.quantile(each, [0.05, 0.95])))


def test_the_sentence_names_both_stages_and_never_a_bare_number() -> None:
    said = stage_change(answer(0.2, 1.0, 0.0), answer(-1.0, 0.3, 1.0), CALIBRATION).said
    assert said.startswith("stage 1 then, stage 2 now. The two distributions overlap; ")
    assert said.endswith(" that the stage rose.") and " to " in said


def test_a_stage_that_fell_is_said_to_have_fallen() -> None:
    said = stage_change(answer(-6.0, 0.0, 6.0), answer(6.0, 0.0, -6.0), CALIBRATION).said
    assert said.startswith("stage 2 then, stage 0 now. The two distributions hardly overlap; ")
    assert said.endswith("that the stage fell.")


def test_the_same_answer_twice_rose_as_likely_as_it_fell() -> None:
    change = stage_change(answer(0.2, 1.0, 0.0), answer(0.2, 1.0, 0.0), CALIBRATION)
    assert change.rose == pytest.approx(change.fell)
    assert change.said.startswith("stage 1 then and now.")


def test_answers_of_two_packs_are_not_compared() -> None:
    why = cannot_compare(answer(0, 1, 0, version="1.3.0", sha256="b" * 64), answer(0, 1, 0))
    assert "1.3.0" in why and "Re-read the old pictures" in why


def test_an_ungradable_visit_is_not_compared() -> None:
    assert "the earlier picture was ungradable" in cannot_compare(answer(), answer(0, 1, 0))
    assert cannot_compare(answer(0, 1, 0), answer(1, 0, 0)) == ""
