"""The stage question: a distribution over stages, of both heads, and one stage's heatmap."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.answers import Criterion
from engine.errors import Cancelled, Refusal
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.preparation import fundus
from engine.questions import retinopathy, stage
from engine.stage_answers import Head
from engine.task import Task

EYE = draw_eye(5, width=700).pixels


def photograph(pixels: np.ndarray = EYE) -> Photograph:
    return Photograph(pixels, "eye.png", "0", warnings=("Said by the reader.",))


def ask(pack: Pack, pixels: np.ndarray = EYE, criterion: Criterion = Criterion.PI, **more):  # type: ignore[no-untyped-def]
    return stage.answer(photograph(pixels), pack, criterion, "processor", Task(), **more)


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max())
    return raised / raised.sum()


def test_the_distribution_is_the_calibrated_mean_of_both_heads(stage_pack: Pack) -> None:
    answer, _ = ask(stage_pack)
    inputs = torch.from_numpy(fundus.prepare(EYE, 112).values)[None]
    with torch.inference_mode():
        heads = stage_pack.network()(inputs)
    vision, lstm = (each[0, 0].numpy() for each in (heads.vision, heads.lstm))
    # The pack's calibration: twice as sharp, and 0.5 more for the last stage.
    expected = softmax(2 * (vision + lstm) / 2 + [0, 0, 0.5])
    shares = [share.probability for share in answer.stages]
    np.testing.assert_allclose(shares, expected, rtol=1e-5)
    assert answer.expected_stage == pytest.approx(1.5 * shares[1] + 3.5 * shares[2])
    assert answer.interval.low <= answer.expected_stage <= answer.interval.high
    assert [head.head for head in answer.heads] == [Head.VISION, Head.LSTM]
    for head, logits in zip(answer.heads, (vision, lstm), strict=True):
        own = [share.probability for share in head.stages]
        np.testing.assert_allclose(own, softmax(2 * logits + [0, 0, 0.5]), rtol=1e-5)


@pytest.mark.parametrize("place", [0, 2, None])
def test_the_heatmap_is_pi_of_the_chosen_stages_odds(stage_pack: Pack, place: int | None) -> None:
    answer, heatmap = ask(stage_pack, stage=place)
    assert answer.explained == (answer.likeliest if place is None else place)
    prepared = fundus.prepare(EYE, 112)
    inputs = torch.from_numpy(prepared.values)[None].requires_grad_()
    heads = stage_pack.network()(inputs)
    share = ((heads.vision + heads.lstm)[0, 0] / 2).softmax(0)[answer.explained]
    (share / (1 - share)).log().backward()
    expected = (inputs * inputs.grad).sum(1)[0].abs().detach().numpy() * prepared.mask
    np.testing.assert_allclose(heatmap.values, expected, atol=1e-6 * expected.max() + 1e-9)
    np.testing.assert_array_equal(heatmap.way_back, prepared.way_back)


def test_without_a_heatmap_none_is_made(stage_pack: Pack) -> None:
    answer, heatmap = ask(stage_pack, with_map=False)
    assert heatmap is None
    assert answer.explained is None
    assert answer.stages


def test_relevance_which_networks_of_stages_have_not_is_refused(stage_pack: Pack) -> None:
    with pytest.raises(Refusal, match="no heatmap by relevance"):
        ask(stage_pack, criterion=Criterion.RELEVANCE)


def test_an_ungradable_photograph_gets_reasons_and_no_stage(stage_pack: Pack) -> None:
    answer, heatmap = ask(stage_pack, (EYE * 0.04).astype(np.uint8))
    assert heatmap is None
    assert answer.reasons
    assert answer.stages == ()
    assert answer.likeliest is None


def test_a_pack_is_asked_its_own_question_alone(stage_pack: Pack, untrained: Pack) -> None:
    with pytest.raises(Refusal, match="retinopathy, and stage was asked"):
        ask(untrained)
    with pytest.raises(Refusal, match="stage, and retinopathy was asked"):
        retinopathy.answer(photograph(), stage_pack, Criterion.PI, "processor", Task())


def test_a_stage_that_is_none_is_refused(stage_pack: Pack) -> None:
    with pytest.raises(Refusal, match="no stage 3; its stages are 0 to 2"):
        ask(stage_pack, stage=3)


def test_the_heads_agree_where_their_likeliest_stage_is_the_same(stage_pack: Pack) -> None:
    answer, _ = ask(stage_pack, with_map=False)
    vision, lstm = answer.heads
    assert answer.heads_agree == (vision.likeliest == lstm.likeliest)
    turned = replace(lstm, stages=tuple(
        replace(share, probability=float(place == (vision.likeliest + 1) % 3))
        for place, share in enumerate(lstm.stages)
    ))  # fmt: skip
    assert not replace(answer, heads=(vision, turned)).heads_agree


def test_a_cancelled_question_stops(stage_pack: Pack) -> None:
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        stage.answer(photograph(), stage_pack, Criterion.PI, "processor", task)
