"""Which large lesions an eye of training has: plaques, pools and flames, and faint cotton wool.

Measured on IDRiD's masks (51 photographs): exudates wider than 0.035 field radii in 17 eyes, one to
seven each, radius 0.036 to 0.062 and up to 0.21 (10 to 90 %, and the largest), green 1.25 to 2.0 of
the ring's; haemorrhages of more than 0.03 in 36 eyes and long ones among them in 19, radius up to
0.07, green 0.75 to 0.92; those above 0.07 in 4 eyes, up to 0.37, green 0.59 to 0.86; soft exudates
in 24 eyes, radius up to 0.07, half of them with less green than 1.17 of the ring's.
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from engine.phantoms.ground import Anatomy
from engine.phantoms.lesions import Form, Lesion, Mark
from engine.phantoms.severity import fibre_angle

# Of eyes with exudates, of eyes that bleed, and of eyes of grade 2 and above.
_PLAQUES, _FLAMES, _FEATHERS = 0.4, 0.45, 0.35
_SEEN = 0.75  # field radii
_POOLS = (Form.BLOT, Form.BOAT, Form.BALL, Form.LAKE)


def with_large(
    generator: Generator, severity: int, marks: list[Mark], anatomy: Anatomy, sign: int
) -> list[Mark]:
    """``marks`` of an eye of ``severity`` with large lesions among them, all as faint as real ones.

    Neither the kinds that make a grade nor the haemorrhages' number change: flames take the place
    of smaller haemorrhages, pools that of the blood before the retina which is there, and plaques
    come where there are exudates.
    """
    if severity < 2:
        return marks
    plaques, flames, pools, feathers = generator.spawn(4)
    kinds = {mark.kind for mark in marks}
    marks = list(marks)
    if Lesion.HAEMORRHAGE in kinds and flames.random() < _FLAMES:
        marks = _with_flames(flames, marks, anatomy, sign)
    if Lesion.PRERETINAL_HAEMORRHAGE in kinds:
        marks = _with_pools(pools, marks, anatomy, sign)
    if Lesion.HARD_EXUDATE in kinds and plaques.random() < _PLAQUES:
        marks += _plaques(plaques, anatomy, sign)
    if feathers.random() < _FEATHERS:
        marks += _feathers(feathers, anatomy, sign)
    return marks


def _plaques(g: Generator, anatomy: Anatomy, sign: int) -> list[Mark]:
    x, y = anatomy.fovea
    marks = []
    dense = g.uniform(0.5, 1.0)
    for _ in range(min(int(g.geometric(0.45)), 6)):
        dx, dy = g.normal(0, 0.2, 2)
        if np.hypot(x + dx, y + dy) > _SEEN:
            dx = dy = 0.0
        marks.append(
            Mark(
                Lesion.HARD_EXUDATE,
                x=float(sign * (x + dx)),
                y=float(y + dy),
                radius=float(np.clip(0.05 * np.exp(g.normal(0, 0.35)), 0.032, 0.2)),
                form=Form.PLAQUE,
                angle=g.uniform(0, np.pi),
                strength=float(np.clip(dense * g.uniform(0.8, 1.1), 0.4, 0.97)),
                seed=int(g.integers(1 << 31)),
            )
        )
    return marks


def _with_flames(g: Generator, marks: list[Mark], anatomy: Anatomy, sign: int) -> list[Mark]:
    """The haemorrhages nearest the disc, and chance among them, are the flames."""
    disc_x, disc_y = sign * anatomy.disc[0], anatomy.disc[1]
    blood = [k for k, mark in enumerate(marks) if mark.kind is Lesion.HAEMORRHAGE]
    far = [np.hypot(marks[k].x - disc_x, marks[k].y - disc_y) * g.uniform(0.4, 1) for k in blood]
    dense = g.uniform(0.2, 0.5)
    for row in np.argsort(far)[: int(g.geometric(0.35))].tolist():
        mark = marks[blood[row]]
        marks[blood[row]] = replace(
            mark,
            form=Form.FAN,
            radius=float(np.clip(0.075 * np.exp(g.normal(0, 0.35)), 0.045, 0.18)),
            strength=float(np.clip(dense * np.exp(g.normal(0, 0.2)), 0.17, 0.6)),
        )
    return marks


def _with_pools(g: Generator, marks: list[Mark], anatomy: Anatomy, sign: int) -> list[Mark]:
    """Every shape of the blood before the retina, more of it, and streaks of it."""
    found = [mark for mark in marks if mark.kind is Lesion.PRERETINAL_HAEMORRHAGE]
    others = [mark for mark in marks if mark.kind is not Lesion.PRERETINAL_HAEMORRHAGE]
    found += [
        _elsewhere(g, found[0], 0.05, 0.2) for _ in range(int(g.choice(3, p=(0.6, 0.3, 0.1))))
    ]
    pools = []
    for mark in found:
        form = _POOLS[g.choice(4, p=(0.1, 0.45, 0.25, 0.2))]
        if form is Form.LAKE:
            mark = replace(
                mark,
                x=g.normal(0, 0.25),
                y=g.uniform(0.25, 0.52),
                radius=g.uniform(0.4, 0.9),
                strength=min(mark.strength, g.uniform(0.3, 0.8)),
            )
        elif form is Form.BALL:
            mark = replace(mark, strength=0.7 * mark.strength)
        # What has settled is level, but for the head's tilt.
        pools.append(replace(mark, form=form, angle=g.normal(0, 0.06)))
    for _ in range(int(g.integers(0, 6)) if g.random() < 0.6 else 0):
        thin = _elsewhere(g, found[0], 0.05, 0.2)
        angle = fibre_angle(sign * thin.x, thin.y, anatomy)
        pools.append(
            replace(
                thin,
                form=Form.STREAK,
                angle=angle if sign > 0 else float(np.pi) - angle,
                strength=float(np.clip(thin.strength * g.uniform(0.5, 1), 0.2, 0.9)),
            )
        )
    return others + pools


def _elsewhere(g: Generator, mark: Mark, least: float, most: float) -> Mark:
    far, angle = g.uniform(0.2, 0.72), g.uniform(0, 2 * np.pi)
    return replace(
        mark,
        x=float(far * np.cos(angle)),
        y=float(far * np.sin(angle)),
        radius=g.uniform(least, most),
        strength=float(np.clip(mark.strength * np.exp(g.normal(0, 0.2)), 0.2, 0.95)),
        seed=int(g.integers(1 << 31)),
    )


def _feathers(g: Generator, anatomy: Anatomy, sign: int) -> list[Mark]:
    """A third to one disc diameter wide, round the disc and the arcades and out to the rim."""
    marks = []
    dense = g.uniform(0.3, 0.55)
    for _ in range(min(int(g.geometric(0.3)), 10)):
        far, around = g.uniform(0.25, 0.95), g.uniform(0, 2 * np.pi)
        x, y = float(far * np.cos(around)), float(far * np.sin(around))
        if np.hypot(x - anatomy.disc[0], y - anatomy.disc[1]) < 0.2:
            continue
        angle = fibre_angle(x, y, anatomy)
        marks.append(
            Mark(
                Lesion.SOFT_EXUDATE,
                x=sign * x,
                y=y,
                radius=float(np.clip(0.038 * np.exp(g.normal(0, 0.3)), 0.022, 0.08)),
                form=Form.FEATHER,
                angle=angle if sign > 0 else float(np.pi) - angle,
                strength=float(np.clip(dense * np.exp(g.normal(0, 0.15)), 0.28, 0.65)),
                seed=int(g.integers(1 << 31)),
            )
        )
    return marks
