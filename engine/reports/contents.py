"""What picture files hold, told to scripts and to people."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.listing import RefusedFile, SeriesEntry
from engine.pictures import VolumeFacts
from engine.telling.words import frames_words


@dataclass(frozen=True)
class Surveyed:
    """A series, its number in the list, and all that is known of it."""

    number: int
    entry: SeriesEntry
    path: str
    files: int
    facts: VolumeFacts


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
        lines.append(f"     {_measures(facts)}")
        lines += [f"     {remark}" for remark in remarks(facts)]
    loud = [each for each in refused if not each.quiet]
    if found:
        lines += [f"Not read: {_text(each.path)}: {each.reason}" for each in loud]
    if others := len(refused) - len(loud):
        lines.append(f"Other files, which hold no pictures: {others}.")
    return "\n".join(lines)


def _measures(facts: VolumeFacts) -> str:
    grid = facts.grid
    parts = [" × ".join(str(length) for length in grid.size)]
    if any(grid.spacing):
        sides = " × ".join("?" if length is None else f"{length:.4g}" for length in grid.spacing)
        parts.append(f"{'≈ ' if grid.approximate else ''}{sides} mm")
    parts.append(grid.orientation or "orientation not known")
    if told := frames_words(facts):
        parts.append(told)
    if facts.value_range is not None:
        low, high = (_plain(value) for value in facts.value_range)
        parts.append(f"{low:g} to {high:g} {facts.unit or ''}".strip())
    return ", ".join(parts)


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
