"""A listed series is read into a Volume, in this process."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.content import PictureContent, blank_content, content_of, with_content
from engine.images.dicom.mends import resample
from engine.images.dicom.pixels import read_picture
from engine.images.formats import FORMATS
from engine.images.laid import is_nothing
from engine.images.part import Extent, Pictures, extent_of
from engine.images.photograph import open_picture
from engine.images.plan import DicomPlan, FilePlan, PhotographPlan, Planned, Source
from engine.images.reading import COPY_AGAIN
from engine.images.recognise import Kind
from engine.images.unread import Unread, with_unread
from engine.listing import RefusedFile
from engine.pictures import Volume, VolumeFacts
from engine.task import Task


@dataclass(frozen=True)
class _Loaded:
    """Values, the facts that reading has told, where (frame, z) nothing is, and why."""

    values: NDArray[Any]
    facts: VolumeFacts
    blank: frozenset[tuple[int, int]] = frozenset()
    unread: tuple[Unread, ...] = ()


def load(planned: Planned, task: Task) -> Volume:
    """Read a series whole: its values, their range and their hash.

    A picture of a stack that cannot be read is left blank, and a repair says so.

    Raises:
        Refusal: Nothing of it can be read, or memory does not suffice.
    """
    loaded = _loaded(planned, task)
    return Volume(loaded.values, _measured(loaded))


def survey(planned: Planned, task: Task) -> tuple[VolumeFacts, tuple[RefusedFile, ...]]:
    """The facts as ``load`` tells them, and the files that could not be read.

    Neither a stack nor a file is ever held whole.

    Raises:
        Refusal: As ``load``.
    """
    plan = planned.plan
    if isinstance(plan, PhotographPlan):
        return _measured(_loaded(planned, task)), ()
    if isinstance(plan, FilePlan):
        pictures = read_file(plan, _all_of(plan), task)
        with _within_memory():
            told = {(frame, z): content_of(picture) for frame, z, picture in pictures}
        in_order = (told[where] for where in sorted(told))
        return with_content(planned.facts, plan.dtype, plan.shape, in_order), ()
    if plan.resampling is not None:
        loaded = _loaded(planned, task)
        return _measured(loaded), _refused(plan, loaded.unread)
    unread: list[Unread] = []
    contents: list[PictureContent | None] = []
    for frame, z, picture in _pictures(plan, task):
        if isinstance(picture, Refusal):
            unread.append(Unread(frame, z, picture))
            picture = None
        contents.append(None if picture is None else content_of(picture))
    facts = with_unread(planned.facts, unread)
    whole = _with_blanks(contents, plan)
    return with_content(facts, plan.dtype, plan.shape, whole), _refused(plan, unread)


def _with_blanks(
    contents: Sequence[PictureContent | None], plan: DicomPlan
) -> list[PictureContent]:
    """A blank picture where there is none; made only then, for a header may promise any size."""
    told = [each for each in contents if each is not None]
    if len(told) == len(contents):
        return told
    blank = blank_content(np.full(plan.shape[2:], plan.blank, plan.dtype))
    return [blank if each is None else each for each in contents]


def _measured(loaded: _Loaded) -> VolumeFacts:
    """The facts with range and hash."""
    values = loaded.values
    pictures = (
        blank_content(picture) if (frame, z) in loaded.blank else content_of(picture)
        for frame, slices in enumerate(values)
        for z, picture in enumerate(slices)
    )
    return with_content(loaded.facts, values.dtype.name, values.shape, pictures)


def _refused(plan: DicomPlan, unread: Iterable[Unread]) -> tuple[RefusedFile, ...]:
    """Each file once, with the reason of its first picture that could not be read."""
    reasons: dict[str, str] = {}
    for each in unread:
        if source := plan.sources[each.frame][each.z]:
            reasons.setdefault(source.path, each.refusal.reason)
    return tuple(RefusedFile(path, reason) for path, reason in reasons.items())


def read_file(plan: FilePlan, extent: Extent, task: Task) -> Pictures:
    """What ``extent`` holds of a volume that is one file: frame, index of the slice, values.

    The pictures, (y, x) or (y, x, 3), are of the plan's type and come in the file's order.

    Raises:
        Refusal: The file is cut, damaged, or not what was planned.
    """
    kind = Kind(plan.format)
    volume = FORMATS[kind].volume(Path(plan.path), kind)
    if volume.plan(Path(plan.path), kind) != plan:
        raise Refusal(
            f"“{Path(plan.path).name}” was not read.",
            "It was changed after it had been listed.",
            "Open it again.",
        )
    return volume.pictures(extent, task)


def _whole_file(plan: FilePlan, task: Task) -> NDArray[Any]:
    values = np.empty(plan.shape, plan.dtype)
    for frame, z, picture in read_file(plan, _all_of(plan), task):
        values[frame, z] = picture
    return values


def _all_of(plan: FilePlan) -> Extent:
    _, z, y, x = plan.shape[:4]
    return extent_of((x, y, z))


def _loaded(planned: Planned, task: Task) -> _Loaded:
    with _within_memory():
        return _read(planned, task)


@contextmanager
def _within_memory() -> Iterator[None]:
    try:
        yield
    except MemoryError as fault:
        raise Refusal(
            "The picture is too large for the memory that is free.",
            "The whole volume must fit into memory to be read.",
            "Close other programs, or read it on a larger computer.",
        ) from fault


def _read(planned: Planned, task: Task) -> _Loaded:
    plan = planned.plan
    if isinstance(plan, FilePlan):
        return _Loaded(_whole_file(plan, task), planned.facts)
    if isinstance(plan, PhotographPlan):
        photograph = open_picture(Path(plan.path))
        warnings = dict.fromkeys((*planned.facts.warnings, *photograph.warnings))
        facts = replace(planned.facts, warnings=tuple(warnings))
        return _Loaded(photograph.pixels[None, None], facts)
    values, unread = _stack(plan, task)
    if plan.resampling is not None:
        return _mended(values, planned, plan, unread, task)
    blank = {(each.frame, each.z) for each in unread} | _empty(plan)
    return _Loaded(values, with_unread(planned.facts, unread), frozenset(blank), tuple(unread))


def _stack(plan: DicomPlan, task: Task) -> tuple[NDArray[Any], list[Unread]]:
    """All pictures of a stack, blank where there is none, and which could not be read."""
    values = np.full(plan.shape, plan.blank, plan.dtype)
    unread: list[Unread] = []
    for frame, z, picture in _pictures(plan, task):
        if isinstance(picture, Refusal):
            unread.append(Unread(frame, z, picture))
        elif picture is not None:
            values[frame, z] = picture
    return values, unread


def _mended(
    values: NDArray[Any], planned: Planned, plan: DicomPlan, unread: list[Unread], task: Task
) -> _Loaded:
    """Laid on the grid of the facts; blank where a picture that could not be read takes part."""
    gone = {(each.frame, each.z) for each in unread}
    sources = tuple(
        tuple(None if (frame, z) in gone else source for z, source in enumerate(row))
        for frame, row in enumerate(plan.sources)
    )
    if unread and not any(any(row) for row in sources):
        raise unread[0].refusal
    present = msgspec.structs.replace(plan, sources=sources)
    laid = resample(values, msgspec.structs.replace(planned, plan=present), task)
    blank = {
        (frame, z)
        for frame, slices in enumerate(laid)
        for z, picture in enumerate(slices)
        if z in planned.facts.grid.missing or (unread and is_nothing(picture))
    }
    lost = [(frame, z) for frame, z in sorted(blank) if z not in planned.facts.grid.missing]
    facts = with_unread(planned.facts, [Unread(*each, unread[0].refusal) for each in lost])
    return _Loaded(laid, facts, frozenset(blank), tuple(unread))


def _empty(plan: DicomPlan) -> set[tuple[int, int]]:
    """Where no picture was found."""
    return {
        (frame, z)
        for frame, row in enumerate(plan.sources)
        for z, source in enumerate(row)
        if source is None
    }


def _pictures(
    plan: DicomPlan, task: Task
) -> Iterator[tuple[int, int, NDArray[Any] | Refusal | None]]:
    """Every place (frame, z) of a stack, with its picture, why it cannot be read, or None."""
    frames, depth = plan.shape[:2]
    places = [(frame, z) for frame in range(frames) for z in range(depth)]
    for frame, z in task.over(places, "Reading slices", len(places)):
        source = plan.sources[frame][z]
        try:
            yield frame, z, None if source is None else _picture(source, plan)
        except Refusal as refusal:
            yield frame, z, refusal


def _picture(source: Source, plan: DicomPlan) -> NDArray[Any]:
    """One picture of a stack, of the plan's type and size."""
    picture = read_picture(source, plan.dtype)
    if picture.shape != plan.shape[2:]:
        height, width = picture.shape[:2]
        raise Refusal(
            f"“{Path(source.path).name}” cannot be shown.",
            f"Its picture has {width} × {height} pixels; its header says {plan.shape[3]} × "
            f"{plan.shape[2]}.",
            COPY_AGAIN,
        )
    return picture
