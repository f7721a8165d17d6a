"""The words in the corners of a slice's view (LOOK 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.listing import Origin, without_names
from engine.pictures import FrameAxis, GreyWindow, RepairKind, VolumeFacts
from engine.telling.words import THIN, date_words, name_words
from viewer.seen.cut import Cut, Held, reached
from viewer.seen.hanging import Axis
from viewer.seen.presets import digit_of
from viewer.seen.slice_state import ShownVolume, SliceState

_MINUS = "\N{MINUS SIGN}"
_OBLIQUE_FROM = 0.5
"""Degrees: less reads as none."""
_BETWEEN = {RepairKind.STRAIGHTENED, RepairKind.UNEVEN_GAPS}
"""What lays slices between the acquired ones; a tilt alone moves them sideways."""
_SEXES = {"M": "M", "F": "F", "O": "other sex"}
_AGES = {"Y": "y", "M": "months", "W": "weeks", "D": "days"}


@dataclass(frozen=True)
class SliceWords:
    """The lines of the four corners, each from the top."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()


def corner_words(state: SliceState, *, chief: bool, pointed: Sequence[str]) -> SliceWords:
    """What the corners tell.

    ``chief`` is the view that tells all; those beside it tell what differs. ``pointed`` are the
    lines about the place that is pointed at.
    """
    if not state.texts:
        return SliceWords()
    window, zoom = window_words(state), f"Zoom {100 * state.plane.zoom:.0f}{THIN}%"
    if not chief:
        told = tuple(line for line in (slice_words(state), slab_words(state)) if line)
        return SliceWords(told, (), (window, zoom), tuple(pointed))
    origin = state.volume.origin
    third = "   ".join(part for part in (date_words(origin.study_date), state.link) if part)
    left = (patient_line(origin, state.names), series_line(state), third)
    right: tuple[str, ...] = ()
    if state.overlay is not None and state.overlay.name:
        hidden = state.shown_overlay is None
        name = state.overlay.name if state.names else without_names(state.overlay.name, origin)
        # On paper no key is held.
        hint = "" if state.printed else "Hold S to hide"
        right = tuple(filter(None, (name, "Hidden" if hidden else hint)))
    place = "   ".join(part for part in (slice_words(state), *place_words(state)) if part)
    below = tuple(line for line in (place, window, zoom) if line)
    return SliceWords(tuple(line for line in left if line), right, below, tuple(pointed))


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
    told = origin.series_description
    if not state.names:
        kind, told = (without_names(words, origin) for words in (kind, told))
    return "  ".join(part for part in (kind, number, told) if part)


def slice_words(state: SliceState) -> str:
    """Which slice this is among how many, and which frame."""
    plane = state.plane
    words = f"{plane.name or 'Slice'} {plane.number} / {plane.count}" if plane.count > 1 else ""
    return "   ".join(part for part in (words, frame_words(state.facts, plane.frame)) if part)


def frame_words(facts: VolumeFacts, frame: int) -> str:
    """Which frame: its name, or its number among how many; empty where there is one alone."""
    if len(facts.frames) < 2:
        return ""
    named = facts.frames[frame]
    if facts.frame_axis in (FrameAxis.NONE, FrameAxis.TIME, FrameAxis.IMAGE) or not named:
        return f"{frame_kind(facts.frame_axis)} {frame + 1} / {len(facts.frames)}"
    return named


def frame_kind(axis: FrameAxis) -> str:
    """What a frame is called: those of time are frames, as in a film."""
    return "Frame" if axis in (FrameAxis.NONE, FrameAxis.TIME) else axis.capitalize()


def place_words(state: SliceState) -> tuple[str, ...]:
    """How thick the slice or the slab is, and where its middle lies along its normal."""
    plane, slab = state.plane, state.shown.slab
    words = []
    # First, so that it stays where a narrow view cuts the line short.
    if slab is not None:
        words.append(slab_words(state))
    elif plane.axis is Axis.Z and not plane.is_missing and (acquired := _acquired(state.volume)):
        words.append(f"{_length(acquired)} thick")
    reach, oblique = reached(plane, slab), plane.obliquity >= _OBLIQUE_FROM
    position = plane.position_at((reach.start + reach.stop - 1) / 2)
    if position is not None:
        # Decided: along the normal, so that from slice to slice it differs by their distance;
        # it is then no coordinate of the patient's, and none that a header or a viewer tells.
        along = " along the normal" if oblique else ""
        words.append(f"at {_figure(position, 1)} mm{along}")
    if oblique:
        words.append(f"oblique {plane.obliquity:.0f}°")
    return tuple(words)


def slab_words(state: SliceState) -> str:
    """What a slab shows of how many slices, and how much they cover; empty of a plain slice."""
    plane, slab = state.plane, state.shown.slab
    if slab is None:
        return ""
    reach, spacing = reached(plane, slab), plane.grid.spacing[plane.axis]
    count = "1 slice" if len(reach) == 1 else f"{len(reach)} slices"
    cover = "" if spacing is None else f", {_length(len(reach) * spacing)}"
    words = f"{slab.projection} of {count}{cover}"
    gaps = len(set(reach) & set(plane.grid.missing)) if plane.axis is Axis.Z else 0
    return f"{words}   {gaps} of its slices missing" if gaps else words


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
        return "There is no picture here"
    if shown.whole is Held.UNREAD:
        return "This slice is still being read"
    if (shown.held == Held.MISSING).any():
        return "Hatched: there is no picture there"
    return "Grey: still being read" if (shown.held == Held.UNREAD).any() else ""


def described(state: SliceState) -> str:
    """The view in words, for those who do not see it."""
    edges = state.plane.letters
    sides = "orientation not known" if edges is None else f"{edges.left} at the left edge"
    zoom = f"zoom {100 * state.plane.zoom:.0f} %"
    parts = (slice_words(state), slab_words(state), sides, window_words(state), zoom)
    return ", ".join(part for part in parts if part)


def _acquired(volume: ShownVolume) -> float | None:
    """How thick a slice is as it was acquired, mm; None where that is not told of what is shown."""
    facts = volume.facts
    laid = facts.interpolated and any(each.kind in _BETWEEN for each in facts.repairs)
    return None if laid else volume.origin.slice_thickness


def _window_figure(value: float, window: GreyWindow) -> str:
    if (window.width >= 10 and abs(value) >= 10) or value == int(value):
        return _figure(value, 0)
    return f"{value:.3g}".replace("-", _MINUS)


def _length(millimetres: float) -> str:
    return f"{f'{millimetres:.2f}'.rstrip('0').rstrip('.')} mm"


def _figure(value: float, decimals: int) -> str:
    words = f"{value:.{decimals}f}"
    return words.lstrip("-") if float(words) == 0 else words.replace("-", _MINUS)


def _age(age: str) -> str:
    """DICOM's "067Y" as "67 y"; anything else as it is."""
    if len(age) == 4 and age[:3].isdecimal() and age[3] in _AGES:
        return f"{int(age[:3])} {_AGES[age[3]]}"
    return age
