"""What picture files hold, told to scripts and to people."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.listing import RefusedFile, SeriesEntry
from engine.pictures import Grid, VolumeFacts
from engine.telling.words import frames_words

if TYPE_CHECKING:
    from engine.images.photograph_facts import Stored


@dataclass(frozen=True)
class Surveyed:
    """A series, its number in the list, and all that is known of it.

    ``stored`` is how it is stored, of a photograph.
    """

    number: int
    entry: SeriesEntry
    path: str
    files: int
    facts: VolumeFacts
    stored: "Stored | None" = None


def series_json(found: Surveyed) -> dict[str, Any]:
    """For scripts; nothing of the patient."""
    facts, grid = found.facts, found.facts.grid
    return {
        "number": found.number,
        "key": _text(found.entry.key),
        "kind": found.entry.kind,
        "title": _text(found.entry.title),
        "description": found.entry.origin.series_description,
        "path": _text(found.path),
        "files": found.files,
        "modality": facts.modality,
        "size": list(grid.size),
        "spacing": [None if length is None else round(length, 6) for length in grid.spacing],
        "spacing_is_approximate": grid.approximate,
        "orientation": grid.orientation,
        "affine_lps": None if grid.rows is None else [list(row) for row in grid.rows],
        "missing_slices": list(grid.missing),
        "unit": facts.unit,
        "value_range": [_plain(value) for value in facts.value_range or ()] or None,
        "colour": facts.colour,
        "frames": len(facts.frames),
        "frame_axis": facts.frame_axis or None,
        "frame_names": list(facts.frames) if len(facts.frames) > 1 else [],
        "frame_ms": facts.frame_ms,
        "transfer_syntax": facts.transfer_syntax,
        "content_hash": facts.content_hash or None,
        "repairs": [{"kind": each.kind, "detail": each.detail} for each in facts.repairs],
        "warnings": list(facts.warnings),
    }


def refused_json(refused: RefusedFile) -> dict[str, Any]:
    """For scripts."""
    return {
        "path": _text(refused.path),
        "reason": refused.reason,
        "quiet": refused.quiet,
    }


def words(found: Sequence[Surveyed], refused: Sequence[RefusedFile]) -> str:
    """For people."""
    lines = []
    for each in found:
        facts = each.facts
        title = _text(each.entry.title)
        lines.append(f"{each.number:>3}  {f'{facts.modality} ' if facts.modality else ''}{title}")
        told = [_measures(facts)] if each.stored is None else _photograph(facts, each.stored)
        lines += [f"     {line}" for line in told]
        lines += [f"     {remark}" for remark in remarks(facts)]
    loud = [each for each in refused if not each.quiet]
    if found:
        lines += [f"Not read: {_text(each.path)}: {each.reason}" for each in loud]
    if others := len(refused) - len(loud):
        lines.append(f"Other files, which hold no pictures: {others}.")
    return "\n".join(lines)


_TURNS = {
    2: "Mirrored left to right",
    3: "Turned by half",
    4: "Mirrored top to bottom",
    5: "Mirrored and turned by a quarter",
    6: "Turned clockwise by a quarter",
    7: "Mirrored and turned by a quarter",
    8: "Turned anticlockwise by a quarter",
}
"""What lays a photograph upright, by its EXIF orientation."""


def _photograph(facts: VolumeFacts, stored: "Stored") -> Iterator[str]:
    """What a photograph's reader asks, a line each."""
    x, y, _ = facts.grid.size
    bits = f"{stored.bits} bit{'s' * (stored.bits > 1)}"
    depth = f"grey of {bits}" if stored.grey else f"{bits} a colour"
    parts = [stored.format, f"{x} × {y} pixels", depth]
    if any(facts.grid.spacing[:2]):
        parts.append(f"{_sides(facts.grid, 2)} a pixel")
    yield ", ".join(parts)
    if stored.camera:
        yield f"Camera: {stored.camera}"
    number = stored.orientation
    if number in _TURNS:
        yield f"{_TURNS[number]}, as its EXIF orientation ({number}) says."
    elif stored.format != "DICOM":
        said = {None: "it has no EXIF orientation", 1: "EXIF orientation 1"}
        yield f"As stored: {said.get(number, f'EXIF orientation {number} means nothing')}."


def _measures(facts: VolumeFacts) -> str:
    grid = facts.grid
    parts = [" × ".join(str(length) for length in grid.size)]
    if any(grid.spacing):
        parts.append(_sides(grid, 3))
    parts.append(grid.orientation or "orientation not known")
    if told := frames_words(facts):
        parts.append(told)
    if facts.value_range is not None:
        low, high = (_plain(value) for value in facts.value_range)
        parts.append(f"{low:g} to {high:g} {facts.unit or ''}".strip())
    return ", ".join(parts)


def _sides(grid: Grid, count: int) -> str:
    """How long a voxel's first ``count`` sides are."""
    lengths = ("?" if length is None else f"{length:.4g}" for length in grid.spacing[:count])
    return f"{'≈ ' if grid.approximate else ''}{' × '.join(lengths)} mm"


def remarks(facts: VolumeFacts) -> list[str]:
    """What was mended, and what else a reader must know: a line each."""
    repairs = [f"Repair, {each.kind}: {each.detail}" for each in facts.repairs]
    return [*repairs, *(f"Note: {each}" for each in facts.warnings)]


def _plain(value: float) -> float | int:
    """A whole number without its decimal point."""
    return int(value) if value.is_integer() else value


def _text(name: str) -> str:
    """With a sign in place of each byte that is no text: some systems allow such names."""
    return os.fsencode(name).decode("utf-8", "replace")
