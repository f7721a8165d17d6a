"""A photograph is judged by networks that have not seen its patient, on one scale for all folds."""

from pathlib import Path

import numpy as np
import torch

from engine.answers import Criterion
from engine.cohort.lesions import Judged
from engine.evaluation import froc
from engine.evaluation.detections import Detections
from engine.evaluation.lesion_level import Level, Marked, Seen, Variant
from engine.evaluation.lesion_truth import Labelled, LesionSet, LesionType
from engine.evaluation.verdict import Judgement
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.reproduction import unseen
from engine.reproduction.unseen import Column, Unseen
from engine.task import Task

RED = LesionType.HAEMORRHAGES


class Nothing:
    def confidence(self, kind: LesionType, shape: tuple[int, int]) -> None:
        return None


def lesions(*names: str) -> LesionSet:
    return LesionSet(tuple(Labelled(name, Path(f"{name}.png"), Nothing()) for name in names), ())


def test_a_patient_who_is_held_back_goes_to_that_fold_and_one_who_is_learnt_from_is_left_out() -> (
    None
):
    found = unseen.share(
        lesions("a", "b", "c", "d"),
        {"a": "p1", "b": "p2", "c": "p3"},
        {"p1": 2, "p2": 0, "p3": None},
        folds=3,
    )
    assert found.fold_of == {"a": 2, "b": 0, "d": 0}
    assert found.foreign == 1
    assert [each.name for each in found.lesions.pictures] == ["a", "b", "d"]
    assert [str(each.path) for each in found.lesions.left_out] == ["c.png"]


def test_the_network_of_the_photographs_own_fold_is_asked() -> None:
    blind, seeing = NetB(112), NetB(112)
    initialise(seeing, torch.Generator().manual_seed(1))
    for value in blind.parameters():
        value.data.zero_()
    columns = [Column("pi", Criterion.PI, (blind, seeing))]
    source = Unseen(columns, {"a": 0, "b": 1}, torch.device("cpu"))
    pixels = draw_eye(3, width=520).pixels
    for name, sees in (("a", False), ("b", True)):
        placed = source.of(Photograph(pixels, f"{name}.png", ""), Task())["pi"]
        assert bool(placed.heatmap.values.any()) is sees


def seen(scores: list[float], hit: int) -> Seen:
    """Detections of which one lies on the only lesion."""
    points = np.zeros((len(scores), 2))
    touches = {RED: np.array([[hit, 0]], np.intp)}
    judgement = Judgement(len(scores), touches, np.zeros(len(scores), bool))
    return Seen(max(scores), Detections(points, np.array(scores), 1.0), judgement)


def judged(scale: float) -> Judged:
    """Two photographs of each of two folds; the second fold's network speaks ``scale`` as loud."""
    marked = tuple(Marked(name, {0.0: {RED: np.zeros(1, np.intp)}}) for name in "abcd")
    quiet = [seen([0.9, 0.3, 0.2], 0), seen([0.8, 0.5], 1)]
    loud = [seen([scale * 0.7, scale * 0.6], 1), seen([scale * 0.9, scale * 0.1], 0)]
    return Judged(marked, {"pi": (*quiet, *loud)}, ())


def area(found: Judged) -> float:
    return froc.limited_area(Level(found.seen["pi"], found.marked).swept(RED, Variant()))


def test_a_network_that_speaks_louder_gains_nothing() -> None:
    fold_of = {"a": 0, "b": 0, "c": 1, "d": 1}
    plain, loud = (unseen.comparable(judged(scale), fold_of) for scale in (1.0, 1000.0))
    assert area(plain) == area(loud)
    assert area(judged(1.0)) != area(judged(1000.0))
    scores = [each.detections.scores for each in loud.seen["pi"]]
    assert all((np.diff(each) <= 0).all() for each in scores)


def test_one_folds_scores_are_left_as_they_are() -> None:
    found = judged(5.0)
    assert unseen.comparable(found, dict.fromkeys("abcd", 0)) is found
