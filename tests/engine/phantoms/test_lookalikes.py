"""What looks like a lesion and is none changes the picture, and nobody calls it a lesion."""

from functools import cache

import numpy as np
import pytest

from engine.geometry import Circle
from engine.phantoms import lookalikes
from engine.phantoms.canvas import Frame
from engine.phantoms.grafts import graft, host
from engine.phantoms.lookalikes import (
    Landmarks,
    confluent_drusen,
    foveal_reflex,
    glints,
    knots,
    laser_scars,
    lay_lookalikes,
    sheen,
)
from engine.training.drawn import NONE, Healthy, graft_example

FRAME = Frame(300, 300, Circle(149.5, 149.5, 150.0))
DISC, FOVEA = (0.45, -0.05), (-0.1, 0.02)
BRIGHT = (foveal_reflex, sheen, glints, confluent_drusen)
KINDS = (*BRIGHT, laser_scars, knots)


def _flat() -> np.ndarray:
    """A retina with one vessel, for what lies along vessels."""
    retina = np.full((3, 300, 300), 0.4, np.float32)
    retina[:, 80:84] *= 0.6
    return retina


@cache
def _change(kind: int, seed: int) -> np.ndarray:
    """By how much green is more, (300, 300)."""
    retina = _flat()
    eye = Landmarks(np.array(DISC), np.array(FOVEA))
    KINDS[kind](retina, np.random.default_rng(seed), FRAME, eye)
    assert np.isfinite(retina).all()
    return np.asarray(retina[1] / _flat()[1] - 1)


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_each_shows_and_no_two_are_alike(kind: int) -> None:
    changes = [_change(kind, seed) for seed in range(6)]
    assert min(np.abs(change).max() for change in changes) > 0.03
    assert len({change.tobytes() for change in changes}) == 6


def test_reflexes_and_drusen_brighten_and_thin_vessels_darken() -> None:
    for seed in range(6):
        for kind in range(len(BRIGHT)):
            assert _change(kind, seed).min() > -1e-5
        assert _change(KINDS.index(knots), seed).max() < 1e-5


def test_a_foveal_reflex_lies_round_the_fovea() -> None:
    for seed in range(6):
        rows, columns = np.nonzero(_change(0, seed) > 0.02)
        x, y = (columns - 149.5) / 150 - FOVEA[0], (rows - 149.5) / 150 - FOVEA[1]
        assert np.hypot(x, y).max() < 0.2


def test_laser_spares_the_macula_and_the_disc() -> None:
    y, x = (np.mgrid[:300, :300] - 149.5) / 150
    near = (np.hypot(x - FOVEA[0], y - FOVEA[1]) < 0.33) | (
        np.hypot(x - DISC[0], y - DISC[1]) < 0.2
    )
    for seed in range(6):
        change = np.abs(_change(KINDS.index(laser_scars), seed))
        assert change[near].max() < 0.02 < change.max()


def test_thin_vessels_are_darker_where_they_lie_over_one_another() -> None:
    # One alone takes at most 0.34 of the green.
    darkest = [-_change(KINDS.index(knots), seed).min() for seed in range(20)]
    assert max(darkest) > 0.37


def test_some_eyes_have_them_and_others_none() -> None:
    shown = []
    for seed in range(40):
        retina = _flat()
        lay_lookalikes(retina, np.random.default_rng(seed), FRAME, DISC, FOVEA)
        shown.append(not np.array_equal(retina, _flat()))
    assert 0.3 < np.mean(shown) < 0.85


def test_a_healthy_photograph_with_all_of_them_is_labelled_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    often = dict.fromkeys(lookalikes._OFTEN, 1.0)
    monkeypatch.setattr(lookalikes, "_OFTEN", often)
    pixels = 255 * _flat().transpose(1, 2, 0)
    y, x = (np.mgrid[:300, :300] - 149.5) / 150
    eye = host(pixels.astype(np.uint8), FRAME.field, None, None)
    assert graft(eye, 1, 0).harmless.any()
    example = graft_example(Healthy(eye, np.hypot(x, y) < 1), 1, 0)
    assert (example.labels == NONE).all()
