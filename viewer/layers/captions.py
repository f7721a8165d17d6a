"""The words in the corners of a photograph's view (LOOK 6)."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from engine.answers import Criterion
from engine.pictures import Laterality
from engine.telling.words import EYES, criterion_sign
from viewer.layers.over_text import LINE, cut_in_its_middle, draw_line, width_of, wrapped
from viewer.theme import tokens

_KINDS = {
    Criterion.PI: "hue-constrained",
    Criterion.OMEGA: "sensitivity",
    Criterion.RELEVANCE: "relevance",
    Criterion.PI_PHOTOGRAPH: "hue-constrained",
}
_ASCENT = 11.0
_APART = 16.0


@dataclass(frozen=True)
class Captions:
    """What the corners tell: ``pack`` is name and version, ``criterion`` the heatmap's.

    ``of`` is the stage that the heatmap explains ("stage 2, moderate"), empty where that is
    Referable. ``resolution`` is photograph pixels per pixel of the heatmap. ``eye_from`` is whose
    word the laterality is, ``doubt`` the sentence that another word differs, ``eye_sought`` whether
    it is still looked for, ``linked`` whether another view follows this one.
    """

    name: str = ""
    laterality: Laterality | None = None
    pack: str = ""
    criterion: Criterion | None = None
    resolution: float | None = None
    eye_from: str = ""
    doubt: str = ""
    eye_sought: bool = False
    linked: bool = False
    of: str = ""


@dataclass(frozen=True)
class Corners:
    """The lines of three corners, from the top; the fourth holds the legend.

    ``lowered`` and ``raised`` are by how much those at the upper right and the lower left give way.
    """

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    lowered: float = 0.0
    raised: float = 0.0

    def kept_apart(self, size: QSizeF, legend: QRectF | None) -> "Corners":
        """So that in a small view of ``size`` no line is cut, or runs into another or the legend.

        A sentence goes on in the next line; what is one word, as a file's name, is cut short in
        its middle. Where they are too many, what the legend and the panel tell as well is left out.
        """
        whole = size.width() - 2 * tokens.CORNER
        told = Corners(
            _broken(self.top_left, whole),
            _broken(self.top_right, whole),
            _broken(self.bottom_left, whole),
        )
        fewer = replace(told, top_right=())
        for kept in (told, fewer):
            if kept._height(whole, legend) <= size.height() - 2 * tokens.CORNER:
                return kept._apart(whole, legend)
        return replace(fewer, bottom_left=())._apart(whole, legend)

    def leaves_room(self, size: QSizeF, legend: QRectF) -> bool:
        """Whether the legend has room in a view of ``size`` beneath the words that never go."""
        whole = size.width() - 2 * tokens.CORNER
        least = Corners(_broken(self.top_left, whole))
        return least._height(whole, legend) <= size.height() - 2 * tokens.CORNER

    def _apart(self, whole: float, legend: QRectF | None) -> "Corners":
        """Below each other where they have no room beside each other."""
        lowered = raised = 0.0
        if _wide(self.top_left) + _wide(self.top_right) + _APART > whole:
            lowered = LINE * len(self.top_left)
        if legend is not None and _wide(self.bottom_left) + legend.width() + _APART > whole:
            raised = legend.height()
        return replace(self, lowered=lowered, raised=raised)

    def _height(self, whole: float, legend: QRectF | None) -> float:
        """Of all that stands below each other, logical pixels."""
        apart = self._apart(whole, legend)
        upper = max(LINE * len(self.top_left), apart.lowered + LINE * len(self.top_right))
        lower = apart.raised + LINE * len(self.bottom_left)
        return upper + max(lower, 0.0 if legend is None else legend.height())


def _broken(lines: tuple[str, ...], most: float) -> tuple[str, ...]:
    """The lines, none wider than ``most``."""
    return tuple(
        cut_in_its_middle(part, most)
        for line in lines
        for part in ([line] if width_of(line) <= most else wrapped(line, most))
    )


def _wide(lines: tuple[str, ...]) -> float:
    return max(map(width_of, lines), default=0.0)


def eye_words(laterality: Laterality | None, *, sought: bool = False) -> str:
    """Which eye this is, that it is not known, or that it is still looked for."""
    if laterality is not None:
        return EYES[laterality]
    return "Right or left eye: looking for the disc" if sought else "Right or left eye not known"


NARROW = 560
"""Below this width in logical pixels the corners tell less, so that none runs into another."""
_NAME_MOST = 36


def corners(
    captions: Captions,
    *,
    zoom: float,
    heatmap: bool,
    hidden: bool,
    red_free: bool,
    texts: bool,
    narrow: bool = False,
) -> Corners:
    """The lines to draw; without ``texts`` only which eye it is, which never goes."""
    eye = eye_words(captions.laterality, sought=captions.eye_sought)
    if not texts:
        return Corners(top_left=(eye,))
    linked = "   linked" if captions.linked else ""
    magnified = f"Zoom {100 * zoom:.0f}\N{NARROW NO-BREAK SPACE}%{linked}"
    if narrow:
        told: tuple[str, ...] = ()
        if heatmap and captions.criterion is not None:
            sign = criterion_sign(captions.criterion)
            of = f"{captions.of}, " if captions.of else ""
            told = (f"Heatmap: {of}{sign}", "Heatmap hidden" if hidden else "Hold S to hide")
        top = (_shortened(captions.name), eye, captions.eye_from, captions.doubt)
        below = ("Red-free", magnified) if red_free else (magnified,)
        return Corners(tuple(line for line in top if line), told, below)
    if captions.eye_from:
        eye = f"{eye}   {captions.eye_from}"
    right = [captions.pack] if captions.pack else []
    if heatmap and captions.criterion is not None:
        of = f"{captions.of}, " if captions.of else ""
        right.append(f"Heatmap: {of}{_kind_words(captions.criterion)}")
        right.append("Heatmap hidden" if hidden else "Hold S to hide")
    grain: tuple[str, ...] = ()
    if heatmap and captions.resolution is not None:
        grain = (
            "Inside the dashed circle was assessed, the rim was not",
            f"Heatmap's own pixel: {_width(captions.resolution)} photograph pixels wide",
        )
    left = [captions.name, eye, captions.doubt, *(["Red-free"] if red_free else [])]
    return Corners(
        top_left=tuple(line for line in left if line),
        top_right=tuple(right),
        bottom_left=(*grain, magnified),
    )


def _width(pixels: float) -> str:
    """Fine where it is small: "1.4", "7"."""
    return f"{pixels:.1f}" if pixels < 3 else f"{pixels:.0f}"


def _kind_words(criterion: Criterion) -> str:
    sign = criterion_sign(criterion)
    return f"{_KINDS[criterion]} ({sign})" if criterion in _KINDS else sign


def _shortened(name: str) -> str:
    if len(name) <= _NAME_MOST:
        return name
    half = _NAME_MOST // 2
    return f"{name[: half - 1]}…{name[-half:]}"


def draw_corners(painter: QPainter, size: QSizeF, lines: Corners) -> None:
    """Draw the lines 10 px from the corners of a view of ``size``, logical pixels."""
    edge = float(tokens.CORNER)
    for number, line in enumerate(lines.top_left):
        draw_line(painter, (edge, edge + _ASCENT + number * LINE), line)
    for number, line in enumerate(lines.top_right):
        at = (size.width() - edge, edge + lines.lowered + _ASCENT + number * LINE)
        draw_line(painter, at, line, to_left=True)
    for number, line in enumerate(reversed(lines.bottom_left)):
        base = size.height() - edge - lines.raised - 3 - number * LINE
        draw_line(painter, (edge, base), line)


def corner_boxes(size: QSizeF, lines: Corners) -> list[QRectF]:
    """Where the lines stand in a view of ``size``, for what is to keep off them."""
    edge = float(tokens.CORNER)
    found = []
    for told, at_right, at_bottom in (
        (lines.top_left, False, False),
        (lines.top_right, True, False),
        (lines.bottom_left, False, True),
    ):
        wide, high = _wide(told), LINE * len(told)
        left = size.width() - edge - wide if at_right else edge
        top = edge + lines.lowered * at_right
        if at_bottom:
            top = size.height() - edge - lines.raised - high
        found.append(QRectF(left, top, wide, high))
    return [box for box in found if not box.isEmpty()]
