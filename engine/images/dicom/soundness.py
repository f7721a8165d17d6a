"""What must be right in a file before its header is of use, or else is said in words."""

from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom import tags
from engine.images.dicom.elements import Elements, Parsed, integer, text
from engine.images.dicom.encodings import holds_plain_numbers
from engine.images.dicom.syntaxes import why_unreadable
from engine.images.reading import damaged, name_of, too_short

_WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
_EXPORT_AGAIN = "Ask for it to be exported again from where it came."
_NEEDED = {
    tags.ROWS: "rows",
    tags.COLUMNS: "columns",
    tags.BITS_ALLOCATED: "bits for each pixel",
}
_HALF_THE_COLOUR = ("YBR_FULL_422", "YBR_PARTIAL_422")


def check(path: Path, parsed: Parsed) -> int:
    """Return the number of frames of a file with a picture.

    Raises:
        Refusal: its size, its number of frames or the way it is written is not told or cannot be
            read here, or not all of its picture is there.
    """
    elements, syntax = parsed.elements, parsed.transfer_syntax
    if (unreadable := why_unreadable(syntax)) is not None:
        raise _cannot_be_shown(path, unreadable, _EXPORT_AGAIN)
    for tag, name in _NEEDED.items():
        if (integer(elements, tag) or 0) < 1:
            unsaid = "" if syntax else ", nor how it is written (there is no transfer syntax)"
            raise damaged(path, f"Its header does not say how many {name} its picture has{unsaid}.")
    count = _frame_count(path, elements)
    if count > 1 and text(elements, tags.SOP_CLASS_UID) == _WHOLE_SLIDE:
        why = f"It is a microscope slide in {count:,} tiles; these are not put together here."
        advice = "Export the slide as one picture of lower resolution."
        raise _cannot_be_shown(path, why, advice)
    _check_picture(path, parsed, count)
    return count


def _cannot_be_shown(path: Path, why: str, advice: str) -> Refusal:
    return Refusal(f"“{name_of(path)}” cannot be shown.", why, advice)


def _frame_count(path: Path, elements: Elements) -> int:
    told = text(elements, tags.NUMBER_OF_FRAMES)
    count = integer(elements, tags.NUMBER_OF_FRAMES)
    if told and (count is None or count < 0):
        shown = f"“{told}”" if told.isprintable() else "an unreadable number of"
        why = f"Its header says that it holds {shown} pictures; a whole number belongs there."
        raise _cannot_be_shown(path, why, _EXPORT_AGAIN)
    return count or 1


def _check_picture(path: Path, parsed: Parsed, count: int) -> None:
    """Whether all of the picture is there, so far as that is told without decoding it."""
    if parsed.length < 0:
        _check_pieces(path, parsed, count)
    elif holds_plain_numbers(parsed.transfer_syntax):
        needed = -(-_bits(parsed.elements) * count // 8)
        found = parsed.length if parsed.size < 0 else min(parsed.length, parsed.size - parsed.start)
        if found < needed:
            raise too_short(path, needed, max(found, 0))
    elif parsed.start + parsed.length > parsed.size:
        raise too_short(path, parsed.length, parsed.size - parsed.start)


def _check_pieces(path: Path, parsed: Parsed, count: int) -> None:
    """Every picture is compressed by itself, into one piece or several."""
    if parsed.pieces is None:
        raise damaged(path, "It ends early: its compressed picture has no end.")
    if holds_plain_numbers(parsed.transfer_syntax):
        raise damaged(path, "Its picture is compressed, and it does not say by which method.")
    if parsed.pieces < count:
        why = f"Its header promises {count:,} compressed pictures; it holds {parsed.pieces:,}."
        raise damaged(path, why)


def _bits(elements: Elements) -> int:
    """How many bits one picture takes that is not compressed."""
    pixels = (integer(elements, tags.ROWS) or 0) * (integer(elements, tags.COLUMNS) or 0)
    samples = integer(elements, tags.SAMPLES_PER_PIXEL) or 1
    if samples == 3 and text(elements, tags.PHOTOMETRIC_INTERPRETATION) in _HALF_THE_COLOUR:
        samples = 2
    return pixels * samples * (integer(elements, tags.BITS_ALLOCATED) or 0)
