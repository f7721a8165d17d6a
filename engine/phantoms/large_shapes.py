"""Outlines of large lesions: plaques of exudate, fans and streaks of blood, pools, cotton wool.

Each is a list of polygons (n, 2), in radii of the lesion about its centre, and how dense each is,
0 to 1, thinnest first: they are drawn over one another.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.vessels import ribbon

Points = NDArray[np.float64]
Shapes = list[tuple[Points, float]]

_ANGLE = np.linspace(0, 2 * np.pi, 20, endpoint=False)
_ROUND = np.stack([np.cos(_ANGLE), np.sin(_ANGLE)], axis=1)
_ORDERS = np.arange(2, 6)[:, None]
_WAVES = _ORDERS * _ANGLE


def plaque(generator: Generator) -> Shapes:
    """Lobes run together, with a scalloped edge, thin places, and crumbs round about."""
    g = generator
    count = int(g.integers(28, 64))
    solid = g.random() ** 0.6
    places = g.normal(0, 1, (count, 2)) * (0.48, g.uniform(0.26, 0.46))
    sizes = g.uniform(0.08, 0.20 + 0.16 * solid, count)
    sizes *= 1 - 0.6 * np.minimum(np.hypot(*(places / 0.9).T), 1)
    lobes = [place + _lobe(g, size) for place, size in zip(places, sizes, strict=True)]
    shapes = [(lobe, float(share)) for lobe, share in zip(lobes, _rising(g, count), strict=True)]
    # Looser ones are worm-eaten: thin places, no two of one size.
    for place in places[: int((1 - solid) * 40)] + g.normal(0, 0.12, 2):
        hole = _lobe(g, 0.09 * float(np.exp(g.normal(-0.3, 0.5))))
        shapes.append((place + hole * (1.4, 0.8), float(g.uniform(0.1, 0.5))))
    thick = np.flatnonzero(g.random(count) < 0.3 * solid).tolist()
    shapes += [(places[k] + 0.7 * (lobes[k] - places[k]), 1.0) for k in thick]
    crumbs = int(g.integers(10, 70))
    angle, far = g.uniform(0, 2 * np.pi, crumbs), 0.6 + 0.45 * np.abs(g.normal(0, 1, crumbs))
    # The oedema drains towards the middle, and crumbs lie along its folds.
    angle = np.where(g.random(crumbs) < 0.6, g.choice(angle[:4], crumbs), angle)
    angle += g.normal(0, 0.16, crumbs)
    for turn, away in zip(angle.tolist(), far.tolist(), strict=True):
        run = np.array([np.cos(turn), np.sin(turn)])
        size = 0.035 * float(np.exp(g.normal(0, 0.5)))
        crumb = _lobe(g, size) * (g.uniform(1, 2.2), 1) @ np.array([run, (-run[1], run[0])])
        shapes.append((away * run * (1.05, 0.85) + crumb, float(g.uniform(0.35, 0.9))))
    return shapes


def fan(generator: Generator) -> Shapes:
    """Fine streaks of blood side by side between nerve fibres, narrow on the disc's side (-x)."""
    g = generator
    open_, wide = g.uniform(0.08, 0.5), g.uniform(0.12, 0.34)
    body = np.stack([np.linspace(-0.75, 0.7, 12), np.zeros(12)], axis=1)
    swell = np.sin(np.linspace(0.12, np.pi - 0.05, 12)) ** 0.8
    shapes: Shapes = [(ribbon(body, 0.9 * wide * swell + 0.01), 0.28)]
    along = np.linspace(0, 1, 10)
    bend = g.normal(0, 0.16)
    count = int(g.integers(14, 32))
    shares = np.sort(g.uniform(0.35, 1.0, count))
    for share in shares.tolist():
        beside = float(np.clip(g.normal(0, 0.5), -1, 1))
        start = -1 + 0.95 * g.beta(1.2, 2.2)
        length = g.uniform(0.3, 1.3) * (1 - 0.35 * abs(beside))
        x = start + along * min(length, 1.05 - start)
        y = beside * (wide + open_ * 0.5 * (x + 1)) + bend * x**2
        y += 0.012 * np.sin(5 * along + g.uniform(0, 6))
        half = g.uniform(0.015, 0.045) * np.sin(np.pi * np.clip(along, 0.02, 0.98)) + 0.004
        shapes.append((ribbon(np.stack([x, y], axis=1), half), share))
    return shapes


def streak(generator: Generator) -> Shapes:
    """Blood strung out along a vessel: long, curved, unevenly thick, here and there torn."""
    g = generator
    bend, wide = g.normal(0, 0.16), g.uniform(0.035, 0.085)
    shapes: Shapes = []
    ends = np.sort(g.uniform(-0.5, 0.5, int(g.integers(0, 3))))
    for begin, end in zip([-1.0, *ends + 0.05], [*ends - 0.05, 1.0], strict=True):
        if end - begin < 0.15:
            continue
        x = np.linspace(begin, end, 22)
        inner = np.linspace(-1, 1, 22)
        y = bend * (x**2 - 0.3) + 0.012 * np.sin(9 * x + g.uniform(0, 6))
        knots = 1 + 0.35 * np.sin(g.uniform(4, 9) * inner + g.uniform(0, 6))
        half = wide * knots * np.sqrt(1 - 0.98 * inner**2)
        path = np.stack([x, y], axis=1)
        shapes += [(ribbon(path, half), 0.75), (ribbon(path, 0.55 * half), 1.0)]
        for _ in range(5):
            # Frayed at its edges, between the fibres.
            beside = path + g.normal(0, 1, 2) * (0.12, 0.9 * wide)
            first = int(g.integers(0, 12))
            shapes.append((ribbon(beside[first : first + 9], half[first : first + 9] * 0.25), 0.6))
    return sorted(shapes, key=lambda shape: shape[1])


def boat(generator: Generator) -> Shapes:
    """Blood that has settled before the retina: a level or a little sagging deck, a round keel."""
    g = generator
    across = np.linspace(-1, 1, 30)
    arch = 1 - across**2
    depth, sag = g.uniform(0.22, 0.85), g.uniform(0, 0.22)
    lean = g.normal(0, 0.15)
    keel = depth * arch ** g.uniform(0.5, 0.9) * (1 + lean * across)
    keel *= 1 + 0.04 * np.sin(7 * across + g.uniform(0, 6))
    deck = np.minimum(sag * arch, 0.7 * keel) + 0.01 * np.sin(11 * across + g.uniform(0, 6))
    upper, lower = (np.stack([across, y], axis=1) for y in (deck, keel))
    outline = np.concatenate([upper, lower[::-1]]) - (0, 0.35 * depth)
    middle = outline.mean(0) + np.array([0.0, 0.06 * depth])
    # The serum stands above the cells: the deck is thinner than the keel.
    return [(outline, 0.8), (middle + (outline - middle) * (0.93, 0.86), 1.0)]


def ball(generator: Generator) -> Shapes:
    """A round pool that has not settled, often with a smaller one that it has run into."""
    g = generator
    shapes: Shapes = []
    for k in range(1 + int(g.integers(0, 3))):
        size = g.uniform(0.8, 1.0) if k == 0 else g.uniform(0.25, 0.55)
        turn = g.uniform(0, 2 * np.pi)
        place = (k > 0) * g.uniform(0.5, 1.0) * np.array([np.cos(turn), np.sin(turn)])
        lobe = _lobe(g, size, 0.08) * (1, g.uniform(0.7, 1))
        shapes += [(place + lobe, 0.8), (place + 0.86 * lobe, 1.0)]
    return sorted(shapes, key=lambda shape: shape[1])


def lake(generator: Generator) -> Shapes:
    """Blood that fills the field below: thin and ragged at its shore, dense in its depth."""
    g = generator
    across = np.linspace(-1, 1, 60)
    tilt = g.normal(0, 0.12)
    waves = np.zeros(60)
    for order in range(1, 8):
        waves += g.normal(0, 0.11) / order**0.8 * np.sin(order * 2.6 * across + g.uniform(0, 6))
    shapes: Shapes = []
    for down, share in ((0.0, 0.45), (0.05, 0.65), (0.1, 0.85), (0.17, 1.0)):
        # It is shallow towards its ends.
        shore = down + waves + tilt * across + 0.12 * across**2 + g.normal(0, 0.018, 60)
        upper = np.stack([across * (1 - 0.5 * down), shore], axis=1)
        shapes.append((np.concatenate([upper, [(0.9, 1.6), (-0.9, 1.6)]]), share))
    return shapes


def feather(generator: Generator) -> Shapes:
    """Cotton wool of little contrast: a soft core, thinner outwards, frayed along the fibres."""
    g = generator
    wide = g.uniform(0.45, 0.95)
    shapes: Shapes = []
    fray = np.linspace(-1, 1, 9)
    for size, share in ((1.15, 0.5), (0.95, 0.65), (0.72, 0.82), (0.45, 1.0)):
        for _ in range(5):
            place = g.normal(0, 0.3, 2) * (1.2, 0.8 * wide)
            path = place + np.stack([size * g.uniform(0.4, 0.75) * fray, 0.04 * fray**2], axis=1)
            shapes.append((ribbon(path, 0.13 * size * (1 - fray**2) + 0.01), share))
        for _ in range(2):
            place = g.normal(0, 0.12, 2)
            shapes.append((place + _lobe(g, 0.85 * size) * (1, wide), share))
    return shapes


def _rising(generator: Generator, count: int) -> Points:
    """How dense ``count`` lobes are, thinnest first."""
    return np.sort(generator.uniform(0.45, 0.95, count))


def _lobe(generator: Generator, size: float, ragged: float = 0.2) -> Points:
    """A rounded outline (20, 2) of mean radius ``size``, a little uneven."""
    uneven = generator.normal(0, ragged, 4)[:, None] / _ORDERS
    phases = generator.uniform(0, 2 * np.pi, 4)[:, None]
    radius = size * np.maximum(1 + (uneven * np.cos(_WAVES + phases)).sum(0), 0.4)
    return np.asarray(radius[:, None] * _ROUND)
