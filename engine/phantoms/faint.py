"""Lesions as faint as those of real photographs.

Measured on IDRiD's masks: the mean green of a lesion over that of the ring round it, 10 to 90 %, is
0.85 to 0.95 (microaneurysms), 0.81 to 0.95 (haemorrhages), 1.05 to 1.24 (hard exudates, larger ones
brighter) and 1.10 to 1.54 (soft exudates); red differs by a quarter to a third of that.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from engine.phantoms.lesions import Lesion, Look, Mark

REAL_LOOKS: dict[Lesion, Look] = {
    Lesion.HARD_EXUDATE: Look(soft=0.0016, paint=(1.10, 0.92, 0.24)),
    Lesion.SOFT_EXUDATE: Look(soft=0.008, paint=(1.02, 0.84, 0.36)),
    Lesion.MICROANEURYSM: Look(soft=0.0012, tint=(0.80, 0.36, 0.45)),
    Lesion.HAEMORRHAGE: Look(soft=0.0026, tint=(0.76, 0.24, 0.34)),
    Lesion.NEW_VESSELS: Look(soft=0.0010, tint=(0.84, 0.45, 0.52)),
    Lesion.MICROVASCULAR: Look(soft=0.0010, tint=(0.84, 0.42, 0.50)),
    Lesion.PRERETINAL_HAEMORRHAGE: Look(soft=0.004, tint=(0.62, 0.15, 0.20)),
}
"""How kinds are laid on the retina so that their red, green and blue stand out as in IDRiD."""

_MEDIAN = {
    Lesion.MICROANEURYSM: 0.235,
    Lesion.HAEMORRHAGE: 0.21,
    Lesion.HARD_EXUDATE: 0.11,
    Lesion.SOFT_EXUDATE: 0.32,
    Lesion.NEW_VESSELS: 0.42,
    Lesion.MICROVASCULAR: 0.4,
    Lesion.PRERETINAL_HAEMORRHAGE: 0.5,
}
# The stronger, the larger: strength goes with this power of the radius over the median one.
_GROWTH = {Lesion.HARD_EXUDATE: (0.0052, 0.8), Lesion.HAEMORRHAGE: (0.0129, 0.25)}
_BETWEEN, _WITHIN = 0.35, 0.3  # sd of ln strength between eyes, and between an eye's lesions
# Decided: what nobody can see is no lesion of the eye's grade, so all are at least this strong.
_LEAST, _LEAST_OF_THREADS, _MOST = 0.13, 0.25, 0.95
_THREADS = (Lesion.NEW_VESSELS, Lesion.MICROVASCULAR)


def as_faint_as_real(marks: Sequence[Mark], generator: Generator) -> list[Mark]:
    """The same lesions, as faint as real ones; to be laid with ``REAL_LOOKS``."""
    of_eye = {
        kind: median * np.exp(generator.normal(0, _BETWEEN)) for kind, median in _MEDIAN.items()
    }
    faint = []
    for mark in marks:
        strength = of_eye[mark.kind] * np.exp(generator.normal(0, _WITHIN))
        if mark.kind in _GROWTH:
            radius, power = _GROWTH[mark.kind]
            strength *= (mark.radius / radius) ** power
        least = _LEAST_OF_THREADS if mark.kind in _THREADS else _LEAST
        faint.append(replace(mark, strength=float(np.clip(strength, least, _MOST))))
    return faint
