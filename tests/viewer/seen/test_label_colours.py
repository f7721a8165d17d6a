"""The colours of labels are told apart by every sight, on every grey."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from viewer.seen.label_colours import LABEL_COLOURS, label_table

# Machado, Oliveira and Fernandes, 2009: full dichromacy, on linear red, green and blue.
SIGHTS = {
    "ordinary": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1, 1.089])


def lab(colour: NDArray[np.float64], sight: str) -> NDArray[np.float64]:
    """CIELAB of an sRGB colour from 0 to 1."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    x, y, z = TO_XYZ @ np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1) / WHITE
    x, y, z = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def laid(grey: float, opacity: float = 0.72) -> list[NDArray[np.float64]]:
    """The colours over a grey, at the usual opacity."""
    rows = label_table()[1 : 1 + len(LABEL_COLOURS)] / 255
    alpha = rows[:, 3:] * opacity
    return list(grey * (1 - alpha) + rows[:, :3] * alpha)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("grey", [0.0, 0.35, 0.7, 1.0])
@pytest.mark.parametrize(("count", "least"), [(1, 25), (2, 15), (4, 8.5), (7, 6)])
def test_labels_are_told_from_each_other_and_from_the_grey_they_lie_on(
    sight: str, grey: float, count: int, least: float
) -> None:
    seen = [lab(colour, sight) for colour in [np.full(3, grey), *laid(grey)[:count]]]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) >= least
