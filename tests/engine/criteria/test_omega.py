"""ω against its definition, and how it bounds π (METHODS Q4.3)."""

import math

import torch

from engine.answers import Criterion
from engine.criteria.gradient import input_gradient
from engine.criteria.interface import evidence
from engine.criteria.omega import omega
from engine.criteria.pi import signed_pi
from engine.task import Task


def test_it_is_the_strongest_colour_of_the_gradient(make_network, pictures) -> None:
    network = make_network()
    x = pictures.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(network(x).sum(), x)
    found = evidence(network, pictures, Criterion.OMEGA, Task())
    torch.testing.assert_close(found.maps, gradient.abs().amax(1), rtol=1e-9, atol=1e-14)
    assert found.signed is None
    assert found.error is None


def test_its_norms_bound_pi_after_hoelder(make_network, pictures) -> None:
    gradient = input_gradient(make_network(), pictures, Task()).at_input
    pi = signed_pi(pictures, gradient).abs()
    room = 1 + 1e-12
    for q, p in ((math.inf, 1), (1, math.inf), (2, 2)):
        bound = torch.linalg.vector_norm(pictures, ord=p, dim=1) * omega(gradient, q)
        assert (pi <= bound * room).all()


def test_its_norms_are_ordered(make_network, pictures) -> None:
    gradient = input_gradient(make_network(), pictures, Task()).at_input
    largest, euclidean, total = (omega(gradient, q) for q in (math.inf, 2, 1))
    room = 1 + 1e-12
    assert (largest <= euclidean * room).all()
    assert (euclidean <= total * room).all()
    assert (largest < total).any()


def test_scaling_the_input_in_the_network_scales_it(make_network, pictures) -> None:
    scaled = make_network()
    with torch.no_grad():
        scaled.operators[0].weight *= 4
    found = evidence(scaled, pictures / 4, Criterion.OMEGA, Task()).maps
    expected = 4 * evidence(make_network(), pictures, Criterion.OMEGA, Task()).maps
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=0)
