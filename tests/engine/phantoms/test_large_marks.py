"""Large lesions stand in the eyes that can have them, labelled as the kind that they are."""

from functools import cache

import numpy as np
import pytest

from engine.geometry import Circle
from engine.phantoms.canvas import Frame
from engine.phantoms.faint import REAL_LOOKS
from engine.phantoms.ground import draw_anatomy
from engine.phantoms.lesions import Form, Lesion, Mark, lay_lesions
from engine.phantoms.real_marks import draw_real_marks
from engine.phantoms.severe import draw_signs
from engine.training.drawn import LABELS

POOLS = {Form.BOAT, Form.BALL, Form.LAKE, Form.STREAK}
ANYWHERE = {Form.PLAQUE: 3, Form.FAN: 2, Form.FEATHER: 4}  # and the label that they ask for


@cache
def _eyes(severity: int) -> list[tuple[Mark, ...]]:
    eyes = []
    for seed in range(36):
        g = np.random.default_rng(seed)
        anatomy = draw_anatomy(g, (0.0, 0.0))
        signs = draw_signs(g, severity, beading=False)
        eyes.append(draw_real_marks(g, severity, signs, anatomy, 1 if seed % 2 else -1))
    return eyes


def _forms(severity: int) -> set[Form]:
    return {mark.form for marks in _eyes(severity) for mark in marks}


def _mask(mark: Mark) -> np.ndarray:
    """What one mark covers of a field of 300 pixels."""
    frame = Frame(300, 300, Circle(149.5, 149.5, 150.0))
    retina = np.full((3, 300, 300), 0.4, np.float32)
    return lay_lesions(retina, frame, [mark], REAL_LOOKS)[mark.kind]


@pytest.mark.parametrize("severity", [2, 3, 4])
def test_moderate_and_graver_eyes_have_plaques_flames_and_faint_cotton_wool(severity: int) -> None:
    assert set(ANYWHERE) <= _forms(severity)


@pytest.mark.parametrize("severity", [0, 1, 2, 3])
def test_pools_and_streaks_are_of_proliferative_eyes_alone(severity: int) -> None:
    assert not POOLS & _forms(severity)
    assert _forms(4) >= POOLS


def test_mild_and_healthy_eyes_have_nothing_large() -> None:
    assert not (set(ANYWHERE) | POOLS) & (_forms(0) | _forms(1))


def test_each_is_labelled_as_its_kind() -> None:
    for marks in _eyes(4):
        for mark in marks:
            if mark.form in ANYWHERE:
                assert LABELS[mark.kind] == ANYWHERE[mark.form]
            elif mark.form in POOLS:
                assert LABELS[mark.kind] == 2


@pytest.mark.parametrize("form", [*ANYWHERE, *sorted(POOLS)])
def test_what_is_drawn_is_masked_where_it_was_asked_for(form: Form) -> None:
    found = [mark for marks in _eyes(4) for mark in marks if mark.form is form][:6]
    for mark in found:
        rows, columns = np.nonzero(_mask(Mark(**{**vars(mark), "x": 0.0, "y": 0.0})))
        assert len(rows) > 8
        if form is not Form.LAKE:
            far = np.hypot(rows - 149.5, columns - 149.5) / 150
            assert far.max() < 2.8 * mark.radius + 0.03
            assert np.median(far) < 1.1 * mark.radius + 0.01


def test_plaques_are_as_wide_as_real_ones() -> None:
    # IDRiD: 10 to 90 % of the radii above 0.035 are 0.036 to 0.062.
    radii = []
    for marks in _eyes(3):
        for mark in marks:
            if mark.form is Form.PLAQUE:
                area = _mask(Mark(**{**vars(mark), "x": 0.0, "y": 0.0})).sum()
                radii.append(np.sqrt(area / np.pi) / 150)
    assert 0.034 < np.median(radii) < 0.062
    assert max(radii) > 0.06


def test_a_boat_is_level_above_and_round_below() -> None:
    for seed in range(6):
        mark = Mark(Lesion.PRERETINAL_HAEMORRHAGE, 0, 0, 0.4, Form.BOAT, seed=seed)
        mask = _mask(mark)
        inside = np.flatnonzero(mask.any(0))
        middle = inside[len(inside) // 5 : -len(inside) // 5]
        deck = mask[:, middle].argmax(0)
        keel = len(mask) - mask[::-1][:, middle].argmax(0)
        assert np.ptp(deck) < 0.25 * len(middle)
        assert keel[len(middle) // 2] > keel[[0, -1]].max()


def test_no_two_are_alike() -> None:
    for form in (*ANYWHERE, *POOLS):
        kind = next(m.kind for marks in _eyes(4) for m in marks if m.form is form)
        drawn = {_mask(Mark(kind, 0, 0, 0.3, form, seed=seed)).tobytes() for seed in range(6)}
        assert len(drawn) == 6
