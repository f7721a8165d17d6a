"""A part of a series becomes an entry of the list, with the plan of how it is read."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import prod
from pathlib import PurePath

import numpy as np

from engine.images.dicom import repair_words
from engine.images.dicom.facts import (
    blank_of,
    dtype_of,
    origin_of,
    padding_of,
    title_of,
    unit_of,
    units_differ,
    windows_of,
)
from engine.images.dicom.header import Header
from engine.images.dicom.loose import loose_grid
from engine.images.dicom.parts import Part
from engine.images.dicom.picture import Picture, pictures_of
from engine.images.dicom.split import Copies, Kind, kind_of
from engine.images.dicom.stack import TILTED
from engine.images.dicom.ultrasound import trusted
from engine.images.dicom.values import notes_on
from engine.images.laid import laid_dtype
from engine.images.plan import DicomPlan, PhotographPlan, Planned, Resampling
from engine.listing import SeriesEntry, SeriesKind
from engine.pictures import FrameAxis, Overprint, Repair, RepairKind, ScaledPart, VolumeFacts

Entry = tuple[SeriesEntry, Planned]

_SIDES = {"R": "right", "L": "left"}


def entries_of(parts: Sequence[Part], copies: Copies) -> Iterator[Entry]:
    """Entries of one series."""
    titles = titles_of([(_first(part).header, part.suffixes) for part in parts])
    for part, title in zip(parts, titles, strict=True):
        yield _entry(part, title, copies)


def photographs_of(headers: Sequence[Header], copies: Copies) -> Iterator[Entry]:
    """Entries of the photographs of one series, each file its own."""
    titles = titles_of([(header, (_SIDES.get(header.laterality, ""),)) for header in headers])
    for header, title in zip(headers, titles, strict=True):
        kind = kind_of(pictures_of(header)[0], frozenset())
        facts = VolumeFacts(
            grid=loose_grid(kind),
            modality=header.modality or None,
            colour=True,
            transfer_syntax=header.transfer_syntax,
            repairs=tuple(_copies_said([header.path], copies)),
            warnings=(*notes_on(header), *_squeezed(kind), *_drawn_over(header)),
        )
        key = _key(header, title)
        size = prod((*kind.size, 3))
        entry = SeriesEntry(
            key, SeriesKind.PHOTOGRAPH, title, header.path, 1, size, facts, origin_of(header)
        )
        yield entry, Planned(key, PhotographPlan(header.path), facts)


def _squeezed(kind: Kind) -> tuple[str, ...]:
    """A photograph is shown pixel by pixel."""
    return () if kind.aspect == 1 else (repair_words.SQUEEZED,)


def _drawn_over(header: Header) -> tuple[str, ...]:
    """Over a photograph lies what the model and the reader say."""
    drawn = sum(map(bool, header.overlays))
    return (repair_words.overlays(drawn, header.frame_count, shown=False),) if drawn else ()


def titles_of(named: Sequence[tuple[Header, Sequence[str]]]) -> list[str]:
    """A title to each of a series' parts, none twice."""
    titles = [title_of(header, suffixes) for header, suffixes in named]
    shared = Counter(titles)
    seen: Counter[str] = Counter()
    for at, title in enumerate(titles):
        seen[title] += 1
        if shared[title] > 1:
            titles[at] = f"{title} ({seen[title]})"
    return titles


def _first(part: Part) -> Picture:
    return next(each for each in part.stack.pictures[0] if each)


def _entry(part: Part, title: str, copies: Copies) -> Entry:
    stack, kind = part.stack, part.kind
    pictures = [each for frame in stack.pictures for each in frame if each]
    header = _first(part).header
    dtype = dtype_of(pictures)
    colour = (3,) if kind.colour else ()
    width, height = kind.size
    frames = len(stack.pictures)
    facts = _facts(part, pictures, dtype, copies)
    padding, laid = facts.padding, stack.affines is not None
    if laid:
        facts = replace(facts, padding=None, interpolated=True, overprints=())
    plan = DicomPlan(
        sources=tuple(
            tuple(None if each is None else each.source for each in row) for row in stack.pictures
        ),
        dtype=dtype,
        shape=(frames, len(stack.pictures[0]), height, width, *colour),
        blank=blank_of(dtype, facts.unit, padding),
        resampling=None if stack.affines is None else Resampling(stack.affines, padding),
    )
    key = _key(header, title)
    kept = laid_dtype(dtype, kind.colour) if laid else dtype
    entry = SeriesEntry(
        key=key,
        kind=SeriesKind.VOLUME,
        title=title,
        path=header.path,
        pictures=len(pictures),
        bytes_needed=frames * prod((*facts.grid.size, *colour)) * np.dtype(kept).itemsize,
        facts=facts,
        origin=origin_of(header),
    )
    return entry, Planned(key, plan, facts)


def _facts(part: Part, pictures: Sequence[Picture], dtype: str, copies: Copies) -> VolumeFacts:
    stack, kind = part.stack, part.kind
    header = _first(part).header
    syntaxes = Counter(each.header.transfer_syntax for each in pictures)
    grey = not kind.colour
    return VolumeFacts(
        grid=replace(stack.grid, aspect=kind.aspect, parts=_parts(part, pictures)),
        modality=header.modality or None,
        unit=unit_of(pictures) if grey else None,
        frames=stack.names,
        frame_axis=stack.axis,
        frame_ms=header.frame_ms if stack.axis is FrameAxis.TIME else None,
        colour=kind.colour,
        windows=windows_of([each for each in stack.pictures[0] if each]) if grey else (),
        inverted=kind.inverted,
        padding=padding_of(pictures, dtype) if grey else None,
        frame_of_reference=kind.space,
        transfer_syntax=max(syntaxes, key=lambda each: (syntaxes[each], each or "")),
        overprints=tuple(_overprints(part)),
        repairs=(*stack.repairs, *_more_repairs(part, pictures, copies)),
        warnings=(*stack.warnings, *_warnings(part, pictures, syntaxes)),
    )


def _overprints(part: Part) -> Iterator[Overprint]:
    for frame, row in enumerate(part.stack.pictures):
        for z, each in enumerate(row):
            if each is not None and each.tile is None and (drawn := _overlay_of(each)):
                yield Overprint(frame, z, drawn)


def _overlay_of(picture: Picture) -> bytes:
    overlays = picture.header.overlays
    return overlays[picture.number] if overlays else b""


def _parts(part: Part, pictures: Sequence[Picture]) -> tuple[ScaledPart, ...]:
    """Where a picture has no scale of its own, its parts may have one, the same in all pictures."""
    told = {each.header.regions for each in pictures}
    if part.kind.pitch is not None or len(told) > 1:
        return ()
    parts = trusted(told.pop(), part.kind.size, part.kind.aspect)
    return parts if any(each.pitch for each in parts) else ()


def _more_repairs(part: Part, pictures: Sequence[Picture], copies: Copies) -> Iterator[Repair]:
    files = {each.header.path: each.header for each in pictures}
    if any(each.tile is not None for each in pictures):
        yield repair_words.mosaic(max(header.tiles for header in files.values()), len(files))
    yield from _copies_said(files, copies)
    if part.kind.approximate:
        yield repair_words.detector_spacing()


def _copies_said(paths: Iterable[str], copies: Copies) -> Iterator[Repair]:
    if more := sum(len(copies.get(path, ())) for path in paths):
        yield repair_words.duplicates(more)


def _warnings(
    part: Part, pictures: Sequence[Picture], syntaxes: Counter[str | None]
) -> Iterator[str]:
    if part.kind.pitch is None and any(each.placed or each.own.pixel_spacing for each in pictures):
        yield repair_words.NO_SPACING
    if part.stack.grid.spacing[0] is None and any(
        region.pitch for each in pictures for region in each.header.regions
    ):
        usable = bool(_parts(part, pictures))
        yield repair_words.SCALE_IN_REGIONS if usable else repair_words.REGIONS_UNTRUSTED
    if part.kind.aspect != 1:
        yield repair_words.not_square(part.kind.aspect)
    tilt = max(abs(each.header.gantry_tilt or 0.0) for each in pictures)
    if tilt > TILTED and part.stack.grid.size[2] > 1 and not _is_tilted(part):
        yield repair_words.tilt_not_seen(tilt)
    yield from dict.fromkeys(note for each in pictures for note in notes_on(each.header))
    if drawn := sum(bool(_overlay_of(each)) for each in pictures):
        shown = part.stack.affines is None and all(each.tile is None for each in pictures)
        yield repair_words.overlays(drawn, len(pictures), shown=shown)
    if any(each.own.slope == 0 for each in pictures):
        yield repair_words.SLOPE_OF_NOTHING
    if units_differ(pictures):
        yield repair_words.UNITS_DIFFER
    if len(syntaxes) > 1:
        yield repair_words.several_syntaxes(len(syntaxes))
    spaces = {each.header.frame_of_reference for each in pictures} - {""}
    if len(spaces) > 1:
        yield repair_words.SPACES_UNTRUSTED


def _is_tilted(part: Part) -> bool:
    return any(repair.kind is RepairKind.TILT for repair in part.stack.repairs)


def _key(header: Header, title: str) -> str:
    """The same whenever the same series is listed: of its UIDs, and of what tells parts apart.

    Not of the whole path: an archive is unpacked to another folder each time.
    """
    names = (
        header.patient_id,
        header.patient_name,
        header.study_uid,
        header.series_uid or "/".join(PurePath(header.path).parts[-2:]),
        header.modality,
        title,
    )
    return hashlib.sha256("\0".join(names).encode()).hexdigest()[:16]
