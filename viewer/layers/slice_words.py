"""The words in the corners of a slice's view (LOOK 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from engine.listing import Origin
from engine.pictures import FrameAxis, GreyWindow
from engine.words import THIN, date_words, name_words
from viewer.layers.over_text import LINE, draw_line, width_of
from viewer.panes.cut import Cut, Held, reached
from viewer.panes.hanging import Axis
from viewer.panes.presets import digit_of
from viewer.panes.slice_state import SliceState
from viewer.theme import tokens, type

_MINUS = "\N{MINUS SIGN}"
_ASCENT = 11.0
_ABOVE = 3.0
_RAIL = 8.0
_LETTERS = 24.0
_APART = 16.0
_OBLIQUE_FROM = 0.5
"""Degrees: less reads as none."""
_SEXES = {"M": "M", "F": "F", "O": "other sex"}
_AGES = {"Y": "y", "M": "months", "W": "weeks", "D": "days"}


@dataclass(frozen=True)
class SliceWords:
    """The lines of the four corners, each from the top."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()


class Typed(Enum):
    """A value that can be typed where it is told."""

    WINDOW = auto()
    ZOOM = auto()


@dataclass(frozen=True)
class TypedBoxes:
    """Where a click lets one type a value, logical pixels; None where nothing is told."""

    window: QRectF | None = None
    zoom: QRectF | None = None

    def at(self, at: QPointF) -> Typed | None:
        """What can be typed at a position."""
        for kind, box in ((Typed.WINDOW, self.window), (Typed.ZOOM, self.zoom)):
            if box is not None and box.contains(at):
                return kind
        return None


def corner_words(state: SliceState, *, chief: bool, pointed: Sequence[str]) -> SliceWords:
    """What the corners tell.

    ``chief`` is the view that tells all; those beside it tell what differs. ``pointed`` are the
    lines about the place that is pointed at.
    """
    if not state.texts:
        return SliceWords()
    window, zoom = window_words(state), f"Zoom {100 * state.plane.zoom:.0f}{THIN}%"
    if not chief:
        return SliceWords((slice_words(state),), (), (window, zoom), tuple(pointed))
    origin = state.volume.origin
    third = "   ".join(part for part in (date_words(origin.study_date), state.link) if part)
    left = (patient_line(origin, state.names), series_line(state), third)
    right: tuple[str, ...] = ()
    if state.overlay is not None and state.overlay.name:
        hidden = state.shown_overlay is None
        right = (state.overlay.name, "Hidden" if hidden else "Hold S to hide")
    place = "   ".join(part for part in (slice_words(state), *place_words(state)) if part)
    return SliceWords(
        tuple(line for line in left if line), right, (place, window, zoom), tuple(pointed)
    )


def patient_line(origin: Origin, names: bool) -> str:
    """Who this is, as the header says: name, number, sex and age."""
    # Where a study was made nameless, the number often stands in the place of the name, too.
    who = list(dict.fromkeys((name_words(origin.patient_name), origin.patient_id)))
    if not names and any(who):
        who = ["Name hidden"]
    sex = _SEXES.get(origin.patient_sex, "")
    return "  ".join(part for part in (*who, sex, _age(origin.patient_age)) if part)


def series_line(state: SliceState) -> str:
    """What this is: modality and body part, the series' number and description."""
    origin = state.volume.origin
    kind = " ".join(part for part in (state.facts.modality, origin.body_part.lower()) if part)
    number = "" if origin.series_number is None else f"series {origin.series_number}"
    return "  ".join(part for part in (kind, number, origin.series_description) if part)


def slice_words(state: SliceState) -> str:
    """Which slice this is among how many, and which frame."""
    plane, facts = state.plane, state.facts
    words = []
    if plane.count > 1 or len(facts.frames) < 2:
        words.append(f"{plane.name or 'Slice'} {plane.number} / {plane.count}")
    if len(facts.frames) > 1:
        named = facts.frames[plane.frame]
        axis = facts.frame_axis
        if axis in (FrameAxis.NONE, FrameAxis.TIME, FrameAxis.IMAGE) or not named:
            kind = "Frame" if axis in (FrameAxis.NONE, FrameAxis.TIME) else axis.capitalize()
            words.append(f"{kind} {plane.frame + 1} / {len(facts.frames)}")
        else:
            words.append(named)
    return "   ".join(words)


def place_words(state: SliceState) -> tuple[str, ...]:
    """Where the slice lies along its normal and how thick it is."""
    plane, slab = state.plane, state.shown.slab
    words = [] if plane.position is None else [f"at {_figure(plane.position, 1)} mm"]
    if plane.obliquity >= _OBLIQUE_FROM:
        words.append(f"oblique {plane.obliquity:.0f}°")
    thickness = state.volume.origin.slice_thickness
    if slab is not None:
        unit = "slices" if slab.in_slices or plane.grid.spacing[plane.axis] is None else "mm"
        words.append(f"{slab.projection} of {slab.thickness:g} {unit}")
        gaps = (
            len(set(reached(plane, slab)) & set(plane.grid.missing)) if plane.axis is Axis.Z else 0
        )
        if gaps:
            words.append(f"{gaps} of its slices missing")
    elif thickness and plane.axis is Axis.Z:
        words.append(f"{thickness:g} mm thick")
    return tuple(words)


def window_words(state: SliceState) -> str:
    """The window in force: width, level, and the preset with its digit."""
    window = state.shown.window
    digit = digit_of(state.facts, window)
    preset = f"[{digit}] {window.name}" if digit else window.name
    width, level = (_window_figure(side, window) for side in (window.width, window.centre))
    inverted = "inverted" if state.shown.inverted else ""
    return "   ".join(part for part in (f"W {width}  L {level}", preset, inverted) if part)


def blank_words(shown: Cut) -> str:
    """Why some or all of a slice is not there; empty where all is."""
    if shown.whole is Held.MISSING:
        return "No slice was found here"
    if shown.whole is Held.UNREAD:
        return "This slice is still being read"
    if (shown.held == Held.MISSING).any():
        return "Hatched: no slices were found there"
    return "Grey: still being read" if (shown.held == Held.UNREAD).any() else ""


def draw_corner_words(painter: QPainter, size: QSizeF, words: SliceWords) -> TypedBoxes:
    """Draw the lines 10 px from the corners of a view of ``size``; where one may type.

    In a narrow view the lines at the left go first: what would run into them is cut short, or left
    out where it is a figure.
    """
    edge = float(tokens.CORNER)
    right = size.width() - edge - _RAIL
    half = size.width() / 2 - edge - _LETTERS
    for number, line in enumerate(words.top_left):
        # Beside the upper edge's letter there is half of the width.
        most = half if number == 0 else right - edge
        draw_line(painter, (edge, edge + _ASCENT + number * LINE), _cut_short(line, most))
    for number, line in enumerate(words.top_right):
        base = edge + _ASCENT + number * LINE
        draw_line(painter, (right, base), _cut_short(line, half), to_left=True)
    last = size.height() - edge - _ABOVE
    boxes: list[QRectF] = []
    for number, line in enumerate(reversed(words.bottom_left)):
        shown = _cut_short(line, right - edge)
        draw_line(painter, (edge, last - number * LINE), shown)
        top = last - number * LINE - _ASCENT
        boxes.append(QRectF(edge, top, width_of(shown, tokens.OVERLAY), LINE))
    for number, line in enumerate(reversed(words.bottom_right)):
        taken = boxes[number].right() + _APART if number < len(boxes) else edge
        if right - width_of(line, tokens.OVERLAY) >= taken:
            draw_line(painter, (right, last - number * LINE), line, to_left=True)
    return TypedBoxes(boxes[1], boxes[0]) if len(boxes) > 1 else TypedBoxes()


def _cut_short(line: str, most: float) -> str:
    if width_of(line, tokens.OVERLAY) <= most:
        return line
    metrics = QFontMetricsF(type.font(tokens.OVERLAY))
    return metrics.elidedText(line, Qt.TextElideMode.ElideRight, most)


def described(state: SliceState) -> str:
    """The view in words, for those who do not see it."""
    edges = state.plane.letters
    sides = "orientation not known" if edges is None else f"{edges.left} at the left edge"
    parts = (slice_words(state), sides, window_words(state), f"zoom {100 * state.plane.zoom:.0f} %")
    return ", ".join(parts)


def _window_figure(value: float, window: GreyWindow) -> str:
    if (window.width >= 10 and abs(value) >= 10) or value == int(value):
        return _figure(value, 0)
    return f"{value:.3g}".replace("-", _MINUS)


def _figure(value: float, decimals: int) -> str:
    words = f"{value:.{decimals}f}"
    return words.lstrip("-") if float(words) == 0 else words.replace("-", _MINUS)


def _age(age: str) -> str:
    """DICOM's "067Y" as "67 y"; anything else as it is."""
    if len(age) == 4 and age[:3].isdecimal() and age[3] in _AGES:
        return f"{int(age[:3])} {_AGES[age[3]]}"
    return age
