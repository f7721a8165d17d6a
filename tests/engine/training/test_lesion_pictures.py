"""Batches for a network that draws lesions."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.preparation.fundus import to_frame
from engine.training.lesion_pictures import Drawing, Drawings, Material, Photographs, upright
from engine.training.lesions_plan import Schedule

SIZE, WIDTH = 128, 146


@pytest.fixture
def material() -> Material:
    """Drawings are black but for their lesions, which are white; each photograph has one grey."""
    count, draw = 6, np.random.default_rng(1)
    greys = np.arange(count) * 10 + 20
    photographs = np.broadcast_to(greys[:, None, None, None], (count, 3, WIDTH, WIDTH))
    labels = np.zeros((8, WIDTH, WIDTH), np.uint8)
    for each in labels:
        y, x = draw.integers(30, 110, 2)
        each[y : y + 9, x : x + 9] = 2
    values = np.repeat((labels > 0)[:, None] * 100, 3, axis=1).astype(np.int8)
    on = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    grades = np.array([0, 0, 0, 0, 2, 3])
    return Material(
        Photographs(photographs.astype(np.int8), grades, np.zeros(count, int)),
        Drawings(values, labels, np.full(8, 2), on),
        Drawings(values[:3], labels[:3], np.full(3, 1), np.full(3, -1)),
    )


def drawing(material: Material, rows: list[int], **schedule: int) -> Drawing:
    numbers = {"steps": 4, "photographs": 2, "grafts": 2, "drawn": 1} | schedule
    return Drawing(material, np.array(rows), Schedule(**numbers), SIZE, 7)


def test_a_step_draws_the_same_whenever_it_is_drawn(material: Material) -> None:
    one, other = drawing(material, [0, 1, 4]).batch(3), drawing(material, [0, 1, 4]).batch(3)
    assert torch.equal(one.inputs, other.inputs)
    assert torch.equal(one.truth.labels, other.truth.labels)
    assert not torch.equal(one.inputs, drawing(material, [0, 1, 4]).batch(2).inputs)


def test_going_on_from_a_step_gives_that_steps_batch(material: Material) -> None:
    source = drawing(material, [0, 1, 4])
    batches = list(source.batches(2))
    assert len(batches) == 2
    assert torch.equal(batches[0].inputs, source.batch(2).inputs)


def test_labels_move_with_their_lesions(material: Material) -> None:
    for step in range(4):
        batch = drawing(material, [0, 1, 2, 3]).batch(step)
        for inputs, labels in zip(batch.inputs[2:], batch.truth.labels[2:], strict=True):
            bright = inputs.mean(0) > 0.5 * inputs.mean(0).max()
            there = labels == 2
            assert (bright & there).sum() > 0.7 * max(bright.sum(), there.sum())


def test_every_photograph_comes_once_before_any_comes_again(material: Material) -> None:
    source = drawing(material, [0, 2, 4, 5], grafts=0, drawn=0)
    seen = [picture.values[0, 0, 0] for step in (0, 1) for picture in source._photographs(step)]
    assert sorted(seen) == [20, 40, 60, 70]


def test_nothing_is_grafted_on_a_photograph_that_is_held_back(material: Material) -> None:
    source = drawing(material, [1, 4])
    kept = {tuple(np.argwhere(each)[0]) for each in material.grafts.labels[2:4]}
    for step in range(8):
        for picture in source._drawings(np.random.default_rng(step))[:2]:
            assert tuple(np.argwhere(picture.labels)[0]) in kept


def test_pixels_are_known_of_drawings_and_of_healthy_photographs(material: Material) -> None:
    batch = drawing(material, [0, 4]).batch(0)
    truth = batch.truth
    assert truth.photographs.tolist() == [True, True, False, False, False]
    assert truth.known.tolist() == [grade == 0 for grade in truth.grades[:2]] + [True] * 3


def test_pixels_of_an_eye_with_a_risk_of_oedema_are_not_known(material: Material) -> None:
    threatened = replace(material.photographs, oedema=np.array([1, 0, 0, 0, 0, 0]))
    batch = drawing(replace(material, photographs=threatened), [0]).batch(0)
    assert batch.truth.known.tolist() == [False, False, True, True, True]


def test_upright_is_the_path_of_a_test_picture(material: Material) -> None:
    values = material.grafts.values[:2]
    expected = to_frame(values[0].astype(np.float32) / 128, SIZE)
    assert np.array_equal(upright(values, SIZE)[0].numpy(), expected)
