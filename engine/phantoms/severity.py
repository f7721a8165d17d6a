"""Which lesions an eye of a given severity has: the rules, and marks drawn by them.

The International Clinical Diabetic Retinopathy scale (Wilkinson et al., Ophthalmology 2003), as far
as one photograph shows it:

0. No retinopathy: no lesion at all.
1. Mild: microaneurysms only, at least one.
2. Moderate: microaneurysms and at least one haemorrhage or exudate, but less than grade 3.
3. Severe: more than 20 haemorrhages in each of four quadrants, and nothing of grade 4.
4. Proliferative: new vessels, or a preretinal haemorrhage, on top of grade 2 or 3.

Decided: the quadrants are those of the photograph's field, since one photograph shows no more; a
grade 2 has at most 20 haemorrhages in all; venous beading and microvascular abnormalities, which
also make a grade 3, are drawn in eyes of training alone (``engine.phantoms.severe``).
"""

import math

import numpy as np
from numpy.random import Generator

from engine.phantoms.ground import Anatomy
from engine.phantoms.lesions import Form, Lesion, Mark

GRADES = range(5)
MANY = 20
"""More haemorrhages than this in each quadrant are severe (ICDR)."""

# Lesions lie where every camera shows them: fields are cut at 0.73 of their radius at most.
_TOP = 0.7
_EDGE = 0.88


def draw_marks(generator: Generator, severity: int, anatomy: Anatomy, sign: int) -> list[Mark]:
    """Draw the lesions of an eye of ``severity`` 0 to 4; ``sign`` -1 is a left eye."""
    if severity == 0:
        return []
    patch = _Painter(generator, anatomy, sign)
    g = generator
    if severity == 1:
        patch.microaneurysms(1 + int(g.geometric(0.22)))
        return patch.marks
    patch.microaneurysms(int(g.integers(4, 40)))
    # What lies on top of proliferative retinopathy is a moderate or a severe one.
    if severity == 3 or (severity == 4 and g.random() < 0.4):
        for right in (-1, 1):
            for down in (-1, 1):
                patch.haemorrhages(MANY + 1 + int(g.geometric(0.2)), (right, down))
    else:
        least = 0 if severity == 2 and g.random() < 0.2 else 1
        patch.haemorrhages(min(MANY, least * int(1 + g.geometric(0.12))))
    groups = int(g.geometric(0.3)) - 1
    if severity == 2 and not groups and not any(m.kind is Lesion.HAEMORRHAGE for m in patch.marks):
        groups = 1
    patch.hard_exudates(groups)
    patch.soft_exudates(int(g.integers(1, 5)) if g.random() < 0.35 else 0)
    if severity == 4:
        what = g.random()
        if what < 0.75:
            patch.new_vessels(int(g.integers(1, 4)))
        if what > 0.55:
            patch.preretinal_haemorrhage()
    return patch.marks


class _Painter:
    """Draws marks of one eye; places are drawn as in a right eye and mirrored for a left one."""

    def __init__(self, generator: Generator, anatomy: Anatomy, sign: int) -> None:
        self.marks: list[Mark] = []
        self._generator = generator
        self._anatomy = anatomy
        self._sign = sign
        # Blood and lipid stand out differently from eye to eye.
        self._dark = generator.uniform(0.35, 0.95)
        self._bright = generator.uniform(0.45, 1.0)

    def microaneurysms(self, count: int) -> None:
        for _ in range(count):
            x, y = self._place(0.45)
            # IDRiD's median is 17 pixels across in a field of 3400: a radius of 0.005.
            radius = 0.0052 * float(np.exp(self._generator.normal(0, 0.3)))
            strength = self._dark * self._generator.uniform(0.7, 1)
            self._add(Lesion.MICROANEURYSM, x, y, radius, Form.DOT, strength)

    def haemorrhages(self, count: int, quadrant: tuple[int, int] | None = None) -> None:
        g = self._generator
        for _ in range(count):
            x, y = self._place(0.6)
            if quadrant is not None:
                # 0.03 from the axes, so that no haemorrhage lies in two quadrants.
                x = quadrant[0] * max(abs(x), 0.03 + 0.2 * g.random())
                y = quadrant[1] * max(abs(y), 0.03 + 0.2 * g.random())
            form = (Form.DOT, Form.BLOT, Form.FLAME)[g.choice(3, p=[0.5, 0.35, 0.15])]
            median = {Form.DOT: 0.008, Form.BLOT: 0.0135, Form.FLAME: 0.023}[form]
            radius = min(median * float(np.exp(g.normal(0, 0.35))), 0.07)
            self._add(Lesion.HAEMORRHAGE, x, y, radius, form, self._dark * g.uniform(0.7, 1))

    def hard_exudates(self, groups: int) -> None:
        g = self._generator
        for _ in range(groups):
            x, y = self._place(0.3)
            ring = g.random() < 0.3
            count = int(g.integers(14, 50)) if ring else int(g.geometric(0.04))
            width = g.uniform(0.05, 0.13) if ring else g.uniform(0.015, 0.07)
            for k in range(count):
                if ring:
                    angle = g.uniform(0, 2 * np.pi)
                    far = width * g.normal(1, 0.09)
                    dx, dy = far * np.cos(angle), far * np.sin(angle)
                else:
                    dx, dy = g.normal(0, width, 2) if k else (0.0, 0.0)
                if np.hypot(x + dx, y + dy) > _EDGE + 0.05:
                    continue
                radius = min(0.0052 * float(np.exp(g.normal(0, 0.55))), 0.022)
                strength = self._bright * g.uniform(0.6, 1)
                self._add(Lesion.HARD_EXUDATE, x + dx, y + dy, radius, Form.BLOT, strength)

    def soft_exudates(self, count: int) -> None:
        g = self._generator
        for _ in range(count):
            x, y = self._place(0.5)
            radius = 0.032 * float(np.exp(g.normal(0, 0.3)))
            self._add(Lesion.SOFT_EXUDATE, x, y, radius, Form.BLOT, g.uniform(0.55, 0.95))

    def new_vessels(self, count: int) -> None:
        g = self._generator
        at_disc = g.random() < 0.5
        for k in range(count):
            if k == 0 and at_disc:
                x, y = np.array(self._anatomy.disc) + g.normal(0, 0.06, 2)
            else:
                x, y = self._place(0.7)
            self._add(Lesion.NEW_VESSELS, x, y, g.uniform(0.09, 0.2), Form.DOT, g.uniform(0.6, 1))

    def preretinal_haemorrhage(self) -> None:
        x, y = self._place(0.5)
        radius = self._generator.uniform(0.08, 0.24)
        self._add(Lesion.PRERETINAL_HAEMORRHAGE, x, y, radius, Form.BLOT, 0.95)

    def _place(self, spread: float) -> tuple[float, float]:
        """A place round the macula, ``spread`` wide, in the field and clear of the disc."""
        g = self._generator
        (disc_x, disc_y), (fovea_x, fovea_y) = self._anatomy.disc, self._anatomy.fovea
        while True:
            x, y = g.normal(fovea_x, spread), g.normal(fovea_y, spread)
            clear = math.hypot(x - disc_x, y - disc_y) > 0.2
            if abs(y) < _TOP and math.hypot(x, y) < _EDGE and clear:
                return x, y

    def _add(
        self, kind: Lesion, x: float, y: float, radius: float, form: Form, strength: float
    ) -> None:
        fibre = fibre_angle(x, y, self._anatomy)
        mark = Mark(
            kind,
            x=self._sign * float(x),
            y=float(y),
            radius=float(radius),
            form=form,
            angle=fibre if self._sign > 0 else float(np.pi) - fibre,
            strength=float(strength),
            seed=int(self._generator.integers(1 << 31)),
        )
        self.marks.append(mark)


def fibre_angle(x: float, y: float, anatomy: Anatomy) -> float:
    """The run of the nerve fibres: away from the disc, and round the fovea where they pass it."""
    away = math.atan2(y - anatomy.disc[1], x - anatomy.disc[0])
    round_fovea = math.atan2(y - anatomy.fovea[1], x - anatomy.fovea[0]) + math.pi / 2
    # A fibre has no direction, only a run: turn by less than a right angle.
    turn = math.remainder(round_fovea - away, math.pi)
    share = 0.8 * min(max(anatomy.disc[0] - x, 0.0), 0.6) / 0.6
    return away + share * turn
