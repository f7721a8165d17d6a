"""Where a fundus camera's round field lies in a photograph (METHODS Q1.1, step 1)."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.geometry import Circle
from engine.preparation.ellipse import Ellipse, fit_ellipse

Points = NDArray[np.float64]

THRESHOLD = 0.2  # of the middle row's mean: at 0.1 the glow outside bright fields counts as field
SMALLEST = 0.3  # of the picture's shorter side
COARSE = 512  # about the longer side of the copy on which the field is first looked for
LARGE = 4  # pixels that are one of the coarse copy: beyond it fewer tell as much
LINES = 400  # rows, and columns, whose ends are measured at full resolution
BORDER = 0.01  # of the picture: ends so near its border are cuts, not edges
FEWEST = 30  # edge points that a circle needs
RESIDUAL = 0.02  # of the width: robust standard deviation above which a fit is no circle
SUPPORT = 0.4  # share of the edge points that must lie on the circle
TIGHT = 0.01  # of the radius: of 457 fields' edges all but two lie nine tenths within it
ROUND = 0.9  # share of the edge points within it, from which on nobody asks for an ellipse
STRETCHED = 1.04  # one axis over the other: of those fields it is 1.008 at most
ELLIPSE = 0.85  # share of the edge points that must lie within it of an ellipse
BETTER = 0.05  # and how much more than of the circle: the edge of a cover lies on neither
ARCS = 1.15  # times as far from the edges as two arcs: a hidden crescent from there on
OPPOSITE = 0.2  # share of them that must lie left, and right, of its middle: one arc tells no shape
DARKEST = 6.0  # mean R+G+B of the middle row, of 765: below it nothing was photographed


class Method(StrEnum):
    """How a field of view was found."""

    CIRCLE = "circle"
    ELLIPSE = "ellipse"
    MIDDLE_ROW = "middle_row"


@dataclass(frozen=True)
class FieldOfView:
    """The camera's round field: centre and width (diameter) in photograph pixels.

    Of a field that was stretched to an ellipse the width is the shorter axis: what is looked at
    within it is all eye. ``stretch`` is its axis across over that down, 1 of any other field.
    """

    x: float
    y: float
    width: float
    method: Method
    stretch: float = 1.0

    @property
    def circle(self) -> Circle:
        """The field's edge; of one that was stretched the largest circle about its centre."""
        return Circle(self.x, self.y, self.width / 2)


def find_field_of_view(pixels: NDArray[np.uint8]) -> FieldOfView:
    """Find the field in a photograph, uint8 (y, x, 3).

    A circle is fitted to the ends of rows and columns of what is brighter than the surround;
    where no circle shows, the middle row's width about the picture's centre is taken (METHODS
    Q1.1; min-pooling's rule). Decided: columns count as well as rows, and the first circle is
    found by sampling triples, so that straight cuts, notches and labels cannot pull it. Where many
    edges lie off the circle and most on an ellipse, the photograph was stretched.

    Raises:
        Refusal: if there is no bright field, or it is narrower than 0.3 of the shorter side.
    """
    height, width = pixels.shape[:2]
    surround = _Surround.of(pixels)
    coarse = surround.brightness(_reduced(pixels))
    middle_row = coarse[coarse.shape[0] // 2]
    bright = _largest_piece(coarse > THRESHOLD * float(middle_row.mean()))
    level = _middle_mean(coarse, bright)
    if level < DARKEST:
        black = (
            f"The middle of the picture is black: its mean brightness is {level / 3:.0f} of 255."
        )
        raise Refusal(
            "No field of view was found.",
            "The middle of the picture is as white as its corners." if surround.white else black,
            "Open a photograph of the back of the eye.",
        )
    bright = _largest_piece(coarse > THRESHOLD * level)
    edges = _edges(pixels, bright, surround, THRESHOLD * level)
    circle = _fit(edges, width, height)
    ellipse = _stretched(edges, circle)
    if ellipse is not None:
        shorter, stretch = min(ellipse.across, ellipse.down), ellipse.across / ellipse.down
        field = FieldOfView(ellipse.x, ellipse.y, 2 * shorter, Method.ELLIPSE, stretch)
    elif circle is not None:
        field = FieldOfView(circle.x, circle.y, 2 * circle.radius, Method.CIRCLE)
    else:
        row = surround.brightness(pixels[height // 2][None])[0]
        wide = float(np.count_nonzero(row > 0.1 * row.mean()))
        field = FieldOfView((width - 1) / 2, (height - 1) / 2, wide, Method.MIDDLE_ROW)
    smallest = SMALLEST * min(height, width)
    if field.width < smallest:
        raise Refusal(
            "The field of view is too small.",
            f"It is {field.width:.0f} pixels wide, and at least {smallest:.0f} are needed in a "
            f"picture of {width} × {height}.",
            "Open a photograph in which the back of the eye fills most of the picture.",
        )
    return field


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture by area means of whole steps, at which alone OpenCV is quick.

    Less than a step of its right and lower border is left out, and every second row of a large
    one: reading takes longest, and the field's edge is measured at full resolution (of 107
    photographs no field changed by more than 0.06 pixels of 4288).
    """
    step = max(1, round(max(pixels.shape[:2]) / COARSE))
    height, width = (max(1, length // step) for length in pixels.shape[:2])
    skip = 2 if step >= LARGE and step % 2 == 0 else 1
    whole = pixels[: height * step : skip, : width * step]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True)
class _Surround:
    """What lies round the field: its level of R+G+B, and whether it is white paper."""

    level: float
    white: bool

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> "_Surround":
        """Measure the four corners. Decided: a surround is white if all of them are."""
        side = max(1, round(0.03 * min(pixels.shape[:2])))
        ends = (slice(None, side), slice(-side, None))
        corners = np.array(
            [np.median(pixels[y, x].reshape(-1, 3), axis=0) for y in ends for x in ends]
        )
        if corners.min() > 200:
            return cls(float(np.median((255 - corners).sum(axis=1))), white=True)
        sums = corners.sum(axis=1)
        middle = pixels[pixels.shape[0] // 2].sum(axis=1, dtype=np.int64).mean()
        level = float(sums.min())
        # A bright corner is field, not surround: the field fills the picture.
        return cls(level if level < 0.5 * middle else 0.0, white=False)

    def brightness(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """R+G+B above the surround, 0–765, of pixels (..., 3)."""
        values = pixels.astype(np.float32) @ np.ones(3, np.float32)
        above = (765 - values if self.white else values) - np.float32(self.level)
        result: NDArray[np.float32] = np.maximum(above, 0)
        return result


def _largest_piece(bright: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest connected piece, thin writing taken off."""
    opened = cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        opened, 8, cv2.CV_32S, cv2.CCL_BBDT
    )
    if len(stats) < 2:
        return bright
    piece: NDArray[np.bool_] = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return piece


def _middle_mean(coarse: NDArray[np.float32], bright: NDArray[np.bool_]) -> float:
    """Mean of the row through the middle of the bright piece, over the picture's whole width."""
    rows = np.flatnonzero(bright.any(axis=1))
    if not rows.size:
        return 0.0
    return float(coarse[(rows[0] + rows[-1]) // 2].mean())


def _edges(
    pixels: NDArray[np.uint8], bright: NDArray[np.bool_], surround: _Surround, threshold: float
) -> Points:
    """Ends of rows and columns of the bright piece, (n, 2) in x and y, but cuts at the border."""
    upright = _ends(pixels, bright, surround, threshold)
    lying = _ends(pixels.transpose(1, 0, 2), bright.T, surround, threshold)[:, ::-1]
    return np.concatenate([upright, lying])


def _ends(
    pixels: NDArray[np.uint8], bright: NDArray[np.bool_], surround: _Surround, threshold: float
) -> Points:
    """First and last place above the threshold in rows, to a part of a pixel, (n, 2) in x and y.

    Each is looked for at full resolution near where the coarse copy has it.
    """
    height, width = pixels.shape[:2]
    down, across = height / bright.shape[0], width / bright.shape[1]
    rows = np.unique(np.linspace(0, height - 1, min(height, LINES)).astype(np.intp))
    coarse_rows = np.minimum((rows / down).astype(np.intp), bright.shape[0] - 1)
    shown = bright[coarse_rows]
    rows, shown = rows[shown.any(axis=1)], shown[shown.any(axis=1)]
    reach = int(np.ceil(3 * across)) + 3
    found = []
    for side in (-1, 1):
        cell = shown.argmax(axis=1) if side < 0 else shown[:, ::-1].argmax(axis=1)
        near = ((cell + 0.5) * across).astype(np.intp)
        if side > 0:
            near = width - 1 - near
        # From outside to inside, whichever side it is.
        places = near[:, None] - side * np.arange(-reach, reach + 4)
        inside = (places >= 0) & (places < width)
        values = surround.brightness(pixels[rows[:, None], np.clip(places, 0, width - 1)])
        above = (values > threshold) & inside
        first = above[:, : 2 * reach].argmax(axis=1)
        line = np.arange(len(rows))
        behind = np.stack([values[line, first + k] for k in (1, 2, 3)]).mean(axis=0)
        # The share of the first pixel that the field covers tells where in it the edge runs.
        covered = np.minimum(values[line, first] / np.maximum(behind, 1e-6), 1)
        edge = places[line, first] + side * (covered - 0.5)
        keep = above[:, : 2 * reach].any(axis=1)
        keep &= (edge > BORDER * width) & (edge < (1 - BORDER) * width - 1)
        found.append(np.stack([edge, rows.astype(np.float64)], axis=1)[keep])
    return np.concatenate(found)


def _fit(edges: Points, width: int, height: int) -> Circle | None:
    """The circle on which most edge points lie, or None where they lie on none."""
    if len(edges) < FEWEST:
        return None
    start = _consensus(edges, max(width, height))
    if start is None:
        return None
    kept = edges[np.abs(_residuals(edges, start)) < RESIDUAL * start.radius]
    circle = start
    for _ in range(3):
        if len(kept) < FEWEST:
            return None
        circle = _least_squares(kept)
        residuals = _residuals(edges, circle)
        near = np.abs(residuals) < RESIDUAL * circle.radius
        if not near.any():
            return None
        spread = 1.4826 * float(np.median(np.abs(residuals[near])))
        kept = edges[np.abs(residuals) < max(2.5 * spread, 0.5)]
    residuals = _residuals(edges, circle)
    on_it = np.abs(residuals) < RESIDUAL * circle.radius
    if np.count_nonzero(on_it) < max(FEWEST, SUPPORT * len(edges)):
        return None
    if 1.4826 * float(np.median(np.abs(residuals[on_it]))) > RESIDUAL * 2 * circle.radius:
        return None
    if not (-0.5 <= circle.x <= width and -0.5 <= circle.y <= height):
        return None
    return circle


def _stretched(edges: Points, circle: Circle | None) -> Ellipse | None:
    """The ellipse on which most edge points lie, and many more than on the circle.

    Decided: what is stretched by less than ``STRETCHED`` passes for round. A camera whose pixels
    are not quite square has no other export.
    """
    on_circle = 0.0
    if circle is not None:
        on_circle = float((np.abs(_residuals(edges, circle)) < TIGHT * circle.radius).mean())
        if on_circle >= ROUND:
            return None
    ellipse = fit_ellipse(edges)
    if ellipse is None:
        return None
    apart = max(ellipse.across / ellipse.down, ellipse.down / ellipse.across)
    on_it = np.abs(ellipse.residuals(edges)) < TIGHT * ellipse.mean_radius
    if apart <= STRETCHED or on_it.mean() <= max(ELLIPSE, on_circle + BETTER):
        return None
    right = float((edges[on_it, 0] > ellipse.x).mean())
    if min(right, 1 - right) <= OPPOSITE or _of_two_arcs(edges, ellipse):
        return None
    return ellipse


def _of_two_arcs(edges: Points, ellipse: Ellipse) -> bool:
    """Whether two circles' arcs, on either side of the longer axis, follow the edges more closely.

    So it is where a shadow hides a crescent of a round field: of 22 photographs, hidden and
    stretched in many ways each, the ellipse was at least 1.25 times as far from the edges as the
    arcs, or at most 0.8 times. Of fields cut above and below that are 5 % too high little is left
    to tell by: of 168 photographs it was up to 1.07 times, and 1.6 times in two.
    """
    axis = int(ellipse.across > ellipse.down)
    first = edges[:, axis] < (ellipse.x, ellipse.y)[axis]
    if min(np.count_nonzero(first), np.count_nonzero(~first)) < FEWEST:
        return True
    off = np.concatenate([_off_own_arc(edges[first]), _off_own_arc(edges[~first])])
    off_ellipse = np.abs(ellipse.residuals(edges))
    return bool(np.median(off_ellipse) >= ARCS * np.median(off))


def _off_own_arc(edges: Points) -> NDArray[np.float64]:
    """How far each point lies from the circle that most of them lie on."""
    off = np.zeros(len(edges))
    for _ in range(4):
        arc = _least_squares(edges[off <= 2.5 * 1.4826 * np.median(off)])
        off = np.abs(_residuals(edges, arc))
    return off


def _consensus(edges: Points, longest: int) -> Circle | None:
    """The circle through three of the points that most of the others lie on."""
    generator = np.random.default_rng(0)  # the same photograph gives the same field, always
    thinned = edges[:: max(1, len(edges) // 400)]
    triples = thinned[generator.integers(0, len(thinned), (300, 3))]
    ahead = np.concatenate([triples, np.ones((len(triples), 3, 1))], axis=2)
    squares = -(triples**2).sum(axis=2)
    proper = np.abs(np.linalg.det(ahead)) > 1e-3 * longest**2
    if not proper.any():
        return None
    a, b, c = np.linalg.solve(ahead[proper], squares[proper][..., None])[..., 0].T
    x, y = -a / 2, -b / 2
    radius = np.sqrt(np.maximum(x**2 + y**2 - c, 0))
    possible = (radius > 0.05 * longest) & (radius < 1.5 * longest)
    distances = np.hypot(thinned[:, 0, None] - x, thinned[:, 1, None] - y)
    votes = (np.abs(distances - radius) < 0.005 * radius).sum(axis=0) * possible
    best = int(votes.argmax())
    if votes[best] == 0:
        return None
    return Circle(float(x[best]), float(y[best]), float(radius[best]))


def _least_squares(points: Points) -> Circle:
    """The circle x² + y² + a x + b y + c = 0 nearest to the points (linear least squares)."""
    middle = points.mean(axis=0)
    near = points - middle
    columns = np.column_stack([near, np.ones(len(near))])
    (a, b, c), *_ = np.linalg.lstsq(columns, -(near**2).sum(axis=1), rcond=None)
    radius = float(np.sqrt(max(a * a / 4 + b * b / 4 - c, 0.0)))
    return Circle(float(middle[0] - a / 2), float(middle[1] - b / 2), radius)


def _residuals(points: Points, circle: Circle) -> NDArray[np.float64]:
    """How far outside the circle each point lies."""
    return np.hypot(points[:, 0] - circle.x, points[:, 1] - circle.y) - circle.radius
