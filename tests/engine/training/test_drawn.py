"""Prepared drawn eyes and grafts carry labels that lie where their lesions show."""

import numpy as np

from engine.phantoms.eye import draw_eye
from engine.phantoms.grafts import graft
from engine.preparation.fundus import LEVELS, find_field_of_view, normalise, working_width
from engine.training.drawn import drawn_example, graft_example, healthy_host

SIZE = 224


def test_a_drawn_eye_is_prepared_on_the_working_grid() -> None:
    made = drawn_example(3, 2, SIZE)
    width = working_width(SIZE)
    assert made.values.shape == (3, width, width)
    assert made.values.dtype == np.int8
    assert made.labels.shape == (width, width)
    assert made.labels.dtype == np.uint8


def test_labels_are_those_of_the_grade() -> None:
    assert not drawn_example(1, 0, SIZE).labels.any()
    assert set(np.unique(drawn_example(2, 1, SIZE).labels)) <= {0, 1}
    assert {1, 2} <= set(np.unique(drawn_example(2, 3, SIZE).labels))
    proliferative = [drawn_example(seed, 4, SIZE).labels for seed in range(4)]
    assert any((labels == 5).any() for labels in proliferative)


def test_a_grafts_lesions_show_where_their_labels_lie() -> None:
    eye = draw_eye(5, severity=0, width=600)
    healthy = healthy_host(eye.pixels, SIZE)
    plain, laid = graft_example(healthy, 8, 0), graft_example(healthy, 8, 3)
    change = laid.values[1].astype(int) - plain.values[1]
    assert not plain.labels.any()
    assert np.median(change[laid.labels == 2]) < -5
    assert np.abs(change[laid.labels == 0]).mean() < 0.2 * np.abs(change[laid.labels > 0]).mean()


def test_disc_and_fovea_of_a_photograph_are_found() -> None:
    eye = draw_eye(5, severity=0, width=600)
    healthy = healthy_host(eye.pixels, SIZE)
    disc = np.subtract((eye.disc.x, eye.disc.y), (eye.field.x, eye.field.y)) / eye.field.radius
    assert np.hypot(*(disc - healthy.host.disc)) < 0.05


def test_a_graft_without_lesions_is_the_photograph_prepared() -> None:
    eye = draw_eye(5, severity=0, width=600)
    field = find_field_of_view(eye.pixels)
    values, _ = normalise(eye.pixels, field, SIZE)
    healthy = healthy_host(eye.pixels, SIZE)
    bare = next(seed for seed in range(20) if not graft(healthy.host, seed, 0).harmless.any())
    plain = graft_example(healthy, bare, 0).values
    assert np.abs(values * LEVELS - plain).max() <= 0.51
