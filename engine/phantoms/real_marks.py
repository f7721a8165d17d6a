"""The lesions of a severity as training meets them: faint, and exudates in confluent clusters."""

import numpy as np
from numpy.random import Generator

from engine.phantoms.faint import as_faint_as_real
from engine.phantoms.ground import Anatomy
from engine.phantoms.large_marks import with_large
from engine.phantoms.lesions import Form, Lesion, Mark
from engine.phantoms.severe import Quadrant, Signs
from engine.phantoms.severity import draw_marks

# IDRiD's eyes with hard exudates have 5 to 445 of them, 70 in the median.
_EXUDATES = (130.0, 0.9)  # median, and sd of ln: half run together or go under
_FEWEST, _MOST = 5, 400
_WITHIN = (0.7, 0.9)  # field radii down and in all, where every camera shows them


def draw_real_marks(
    generator: Generator, severity: int, signs: Signs, anatomy: Anatomy, sign: int
) -> tuple[Mark, ...]:
    """Draw the lesions of ``severity`` 0 to 4, to be laid with ``REAL_LOOKS``.

    ``signs`` are those that make the eye severe; ``sign`` -1 is a left eye.
    """
    places, clusters, strengths, abnormal, large = generator.spawn(5)
    # A severe eye that does not bleed in four quadrants has what a moderate one has besides.
    moderate = severity == 3 and not signs.bleeding
    marks = draw_marks(places, 2 if moderate else severity, anatomy, sign)
    centres = [mark for mark in marks if mark.kind is Lesion.HARD_EXUDATE]
    if centres:
        marks = [mark for mark in marks if mark.kind is not Lesion.HARD_EXUDATE]
        marks += _clusters(clusters, centres)
    marks += [_microvascular(abnormal, quadrant, sign) for quadrant in signs.abnormal]
    return tuple(with_large(large, severity, as_faint_as_real(marks, strengths), anatomy, sign))


def _microvascular(generator: Generator, quadrant: Quadrant, sign: int) -> Mark:
    g = generator
    far, angle = g.uniform(0.25, 0.68), g.uniform(0.2, np.pi / 2 - 0.2)
    return Mark(
        Lesion.MICROVASCULAR,
        x=float(sign * quadrant[0] * far * np.cos(angle)),
        y=float(quadrant[1] * far * np.sin(angle)),
        radius=g.uniform(0.05, 0.11),
        seed=int(g.integers(1 << 31)),
    )


def _clusters(generator: Generator, centres: list[Mark]) -> list[Mark]:
    """Hard exudates that touch and run together, heaped round some of ``centres``."""
    g = generator
    median, spread = _EXUDATES
    total = int(np.clip(median * np.exp(g.normal(0, spread)), _FEWEST, _MOST))
    heaps = min(int(g.geometric(0.25)), 12, len(centres))
    chosen = g.choice(len(centres), heaps, replace=False)
    counts = 1 + g.multinomial(max(total - heaps, 0), g.dirichlet(np.full(heaps, 0.6)))
    marks = []
    for row, count in zip(chosen.tolist(), counts.tolist(), strict=True):
        centre = centres[row]
        size = 0.0036 * float(np.exp(g.normal(0, 0.3)))
        loose = g.uniform(2.0, 9.0)
        radius = np.clip(size * np.exp(g.normal(0, 0.62, count)), 0.0022, 0.02)
        angle, jump = g.uniform(0, 2 * np.pi, count), g.random(count)
        step = np.where(jump < 0.12, g.uniform(0.01, 0.06, count), radius * loose * (0.5 + jump))
        parent = (np.arange(count) * g.random(count) ** 0.6).astype(int)
        places = np.empty((count, 2))
        for k in range(count):
            # Each lies beside an earlier one, mostly a late one: heaps with arms.
            before = places[parent[k]] if k else np.array([centre.x, centre.y])
            away = step[k] if k else 0.0
            places[k] = before + away * np.array([np.cos(angle[k]), np.sin(angle[k])])
        seen = (np.abs(places[:, 1]) < _WITHIN[0]) & (np.hypot(*places.T) < _WITHIN[1])
        seen[0] = True
        seeds = g.integers(1 << 31, size=count)
        marks += [
            Mark(
                Lesion.HARD_EXUDATE,
                x=float(places[k, 0]),
                y=float(places[k, 1]),
                radius=float(radius[k]),
                form=Form.BLOT,
                angle=float(angle[k]),
                seed=int(seeds[k]),
            )
            for k in np.flatnonzero(seen).tolist()
        ]
    return marks
