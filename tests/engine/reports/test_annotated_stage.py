"""The annotated picture tells the stage, and of which evidence the heatmap is."""

from dataclasses import replace

import pytest
from annotating import ANSWER, LOOK, UNGRADABLE, Line, heatmap, photograph, texts
from given_stage import ANSWER as STAGE

from engine.answers import Criterion
from engine.reports import annotated
from engine.stage_answers import Head


def test_the_stage_is_told_with_its_pack_beneath_the_answer(lines: list[Line]) -> None:
    plain = annotated.draw(photograph(), ANSWER, heatmap(), LOOK)
    told = replace(STAGE, explained=None)
    page = annotated.draw(photograph(), ANSWER, heatmap(), LOOK, stage=told)
    said = texts(lines)
    line = "most likely, expected stage 2.1 (90 % interval 1.8 to 2.4), by stages"
    assert f"Stage 2, moderate, {line}" in said
    assert said.count("Evidence, criterion π") == 2
    assert page.height > plain.height


def test_heads_that_differ_are_told(lines: list[Line]) -> None:
    vision, lstm = STAGE.heads
    shares = list(vision.stages)
    shares[3] = replace(shares[3], probability=0.9)
    severe = replace(lstm, stages=tuple(shares))
    told = replace(STAGE, heads=(vision, replace(severe, head=Head.LSTM)))
    annotated.draw(photograph(), ANSWER, None, LOOK, stage=told)
    assert "The two heads differ: vision says moderate, sequence says severe" in texts(lines)


@pytest.mark.parametrize(
    ("criterion", "title"),
    [
        (Criterion.PI, "Evidence for stage 2, moderate, π"),
        (Criterion.OMEGA, "Evidence for stage 2, moderate, ω"),
    ],
)
def test_the_legend_says_of_which_stage_the_heatmap_is(
    criterion: Criterion, title: str, lines: list[Line]
) -> None:
    told = replace(STAGE, criterion=criterion)
    annotated.draw(photograph(), ANSWER, heatmap(), LOOK, stage=told)
    assert title in texts(lines)
    assert "Evidence, criterion" not in texts(lines)


def test_an_ungradable_photograph_has_no_stage(lines: list[Line]) -> None:
    annotated.draw(photograph(), UNGRADABLE, heatmap(), LOOK, stage=STAGE)
    assert "tage" not in texts(lines).replace("retake", "")


def test_what_must_be_known_of_the_photograph_stands_there_once(lines: list[Line]) -> None:
    plain = annotated.draw(photograph(), ANSWER, heatmap(), LOOK)
    grainy = "The photograph is grainy, and grain looks like small lesions. " + "Look again. " * 12
    answer = replace(ANSWER, warnings=(grainy, "The card was too small."))
    told = replace(STAGE, warnings=(grainy, "The stage pack learnt from it."))
    lines.clear()
    page = annotated.draw(photograph(), answer, heatmap(), LOOK, stage=told)
    said = texts(lines)
    assert said.count("The photograph is grainy") == 1
    assert "The card was too small." in said
    assert "The stage pack learnt from it." in said
    assert page.height > plain.height
