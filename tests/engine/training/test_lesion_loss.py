"""What a network that draws lesions is asked for."""

import pytest
import torch

from engine.networks.lesion_network import Drawn
from engine.training.lesion_loss import UNKNOWN, Truth, loss


def drawn(n: int, value: float = 0.0) -> Drawn:
    maps = torch.full((n, 5, 8, 8), value, requires_grad=True)
    return Drawn(maps, torch.zeros(n, 4, requires_grad=True), torch.zeros(n, 2, requires_grad=True))


def truth(grades: list[int], photographs: list[bool], labels: torch.Tensor | None = None) -> Truth:
    told = torch.tensor(grades)
    of = torch.tensor(photographs)
    if labels is None:
        labels = torch.zeros(len(grades), 16, 16, dtype=torch.uint8)
    return Truth(told, torch.full((len(grades),), UNKNOWN), of, labels, ~of | (told == 0))


def test_a_photograph_with_lesions_teaches_no_pixel_where_they_are_not() -> None:
    found = drawn(1)
    loss(found, truth([3], [True])).pixels.backward()
    assert not found.maps.grad.any()


def test_a_photograph_without_retinopathy_teaches_that_nothing_is_there() -> None:
    found = drawn(1)
    loss(found, truth([0], [True])).total.backward()
    assert (found.maps.grad > 0).all()


def test_a_drawn_lesion_is_wanted_in_its_kind_and_place_alone() -> None:
    labels = torch.zeros(1, 16, 16, dtype=torch.uint8)
    labels[0, 5, 9] = 3  # a hard exudate, of which one pixel in four of a cell is enough
    found = drawn(1)
    loss(found, truth([2], [False], labels)).pixels.backward()
    wanted = found.maps.grad < 0
    assert wanted.nonzero().tolist() == [[0, 2, 2, 4]]


def test_grades_of_one_or_more_want_a_red_lesion_somewhere() -> None:
    found = drawn(2, -3.0)
    loss(found, truth([0, 2], [True, True])).somewhere.backward()
    assert not found.maps.grad[0].any()
    assert (found.maps.grad[1, :2] <= 0).all()
    assert found.maps.grad[1, :2].any()
    assert not found.maps.grad[1, 2:].any()


def test_what_is_right_costs_less() -> None:
    right = Drawn(
        torch.full((1, 5, 8, 8), -6.0), torch.tensor([[4.0, 4, -4, -4]]), torch.zeros(1, 2)
    )
    wrong = Drawn(right.maps, -right.grades, right.oedema)
    of = truth([2], [True])
    assert loss(right, of).grades < loss(wrong, of).grades


def test_a_drawn_grade_weighs_less_than_a_photographs() -> None:
    costs = []
    for photograph in (True, False):
        found = drawn(1)
        loss(found, truth([2], [photograph])).grades.backward()
        costs.append(found.grades.grad.abs().sum().item())
    assert costs[1] == pytest.approx(0.35 * costs[0])
