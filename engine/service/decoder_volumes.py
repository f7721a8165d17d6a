"""What a decoder's process does for volumes: headers, slices, whole files, resampling."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import arrays
from engine.errors import Refusal
from engine.images.content import content_of
from engine.images.dicom.header import Header
from engine.images.part import Pictures, extent_of
from engine.images.plan import FilePlan, PhotographPlan, Planned
from engine.listing import RefusedFile
from engine.service.array_file import ArrayFile, write_slice
from engine.service.decoder_messages import (
    DrawnSmall,
    DrawSmall,
    Mend,
    NotWritten,
    Place,
    ReadFile,
    ReadSlices,
    ScanHeaders,
    Scanned,
    SlicesWritten,
    Straighten,
    Written,
)
from engine.service.report import report
from engine.task import Task

OUR_FAULT = "Something in it trips this program up, and that is our fault."
TOO_LARGE = "Reading it takes more memory than is allowed."
COPY_AGAIN = "Copy it again from its source."


def rest() -> None:
    """Import what the next series needs, and let go of what the last one left in memory."""
    from engine.images.dicom import pixels, scan  # noqa: F401

    pixels.forget()


def scan(asked: ScanHeaders) -> Scanned:
    """The headers of files; one that trips the reader up hides no other."""
    from engine.images.dicom.scan import scan_chunk

    headers: list[Header] = []
    refused: list[RefusedFile] = []
    reports: list[str] = []
    for path in map(Path, asked.paths):
        try:
            (found,) = scan_chunk([path])
        except MemoryError:
            found = RefusedFile(str(path), f"“{path.name}” cannot be read. {TOO_LARGE}")
        except Exception as error:
            found = RefusedFile(str(path), f"“{path.name}” cannot be read. {OUR_FAULT}")
            reports.append(report(error, [path]))
        if isinstance(found, RefusedFile):
            refused.append(found)
        else:
            headers.append(found)
    return Scanned(tuple(headers), tuple(refused), tuple(reports))


def read_slices(asked: ReadSlices) -> SlicesWritten:
    """Read pictures and write each at its place. Raises ``OSError`` where the disk takes none."""
    written: list[Written] = []
    not_written: list[NotWritten] = []
    reports: list[str] = []
    with Path(asked.array.path).open("r+b", buffering=0) as file:
        for place in asked.places:
            try:
                picture = _picture(place, asked)
            except Refusal as fault:
                not_written.append(_refused(place, fault))
                continue
            except Exception as error:
                # One odd file must not cost the others; what is ours to mend goes to the log.
                path = Path(place.source.path)
                ours = Refusal(f"“{path.name}” cannot be shown.", OUR_FAULT, COPY_AGAIN)
                not_written.append(_refused(place, ours))
                reports.append(report(error, [path]))
                continue
            write_slice(file, asked.array, place.frame, place.z, picture)
            written.append(Written(place.frame, place.z, content_of(picture)))
    return SlicesWritten(tuple(written), tuple(not_written), tuple(reports))


def read_file(asked: ReadFile, task: Task) -> SlicesWritten:
    """Read what is wanted of a volume that is one file. Raises ``Refusal``."""
    from engine.images.load import read_file as read

    return _write_all(asked.array, read(asked.plan, asked.extent, task))


def mend(asked: Mend) -> SlicesWritten:
    """Resample a stack, as its plan says. Raises ``Refusal``."""
    from engine.images.dicom.mends import resampled_slices

    raw = _mapped(asked.raw.path)
    return _write_all(asked.array, _in_order(resampled_slices(raw, asked.planned, Task()), asked))


def straighten(asked: Straighten) -> SlicesWritten:
    """Lay a volume along the patient's axes."""
    from engine.images.straight import straighten as laid

    frames = (
        laid(frame, replace(asked.grid, missing=missing), asked.target, asked.padding)
        for frame, missing in zip(_mapped(asked.raw.path), asked.missing, strict=True)
    )
    slices = (slice_ for frame in frames for slice_ in frame)
    return _write_all(asked.array, _in_order(slices, asked))


def draw_small(asked: DrawSmall) -> DrawnSmall:
    """Draw the middle picture of a series small. Raises ``Refusal``."""
    from engine.images.small import draw_small as draw

    facts = asked.planned.facts
    small = draw(_middle(asked.planned, asked.values), facts)
    arrays.save(Path(asked.output), small)
    return DrawnSmall()


def _middle(planned: Planned, values: str) -> NDArray[Any]:
    """The picture in the middle of the first frame, or the one in the middle of a film.

    Raises ``Refusal``.
    """
    plan = planned.plan
    if isinstance(plan, PhotographPlan):
        from engine.images.photograph import open_picture

        return open_picture(Path(plan.path)).pixels
    if values:
        return _at_middle(_mapped(values))
    frame, z = _middle_of(plan.shape)
    if isinstance(plan, FilePlan):
        from engine.images.load import read_file

        x, y, depth = planned.facts.grid.size
        pictures = read_file(plan, extent_of((x, y, depth), 1, (0, x, 0, y, z, z + 1)), Task())
        return next(picture for at, _, picture in pictures if at == frame)
    from engine.images.dicom.pixels import read_picture

    found = ((abs(at - z), source) for at, source in enumerate(plan.sources[frame]) if source)
    _, nearest = min(found, key=lambda each: each[0])
    return read_picture(nearest, plan.dtype)


def _at_middle(values: NDArray[Any]) -> NDArray[Any]:
    picture: NDArray[Any] = values[_middle_of(values.shape)]
    return picture


def _middle_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """(frame, z)."""
    frames, depth = shape[:2]
    return (frames // 2, 0) if depth == 1 else (0, depth // 2)


def _refused(place: Place, fault: Refusal) -> NotWritten:
    return NotWritten(place.frame, place.z, fault.what, fault.why, fault.advice)


def _picture(place: Place, asked: ReadSlices) -> NDArray[Any]:
    """One picture as it goes into the array. Raises ``Refusal``."""
    name = Path(place.source.path).name
    what = f"“{name}” cannot be shown."
    from engine.images.dicom.pixels import read_picture

    try:
        picture = read_picture(place.source, asked.array.dtype)
    except MemoryError as error:
        advice = "Save it in smaller pieces and open these."
        raise Refusal(what, TOO_LARGE, advice) from error
    except OSError as error:
        why = "The drive or network folder that holds it did not hand it over."
        raise Refusal(what, why, "Check that the drive is connected, then try again.") from error
    if picture.shape != asked.shape:
        raise Refusal(
            what,
            f"Its picture has {_size(picture.shape)} pixels; {_size(asked.shape)} were expected.",
            COPY_AGAIN,
        )
    (x0, x1), (y0, y1) = asked.extent.x, asked.extent.y
    return np.ascontiguousarray(picture[y0:y1, x0:x1])


def _in_order(slices: Iterable[NDArray[Any]], asked: Mend | Straighten) -> Pictures:
    """Slices that come in the array's order, with their places."""
    depth = asked.array.shape[1]
    return ((*divmod(number, depth), picture) for number, picture in enumerate(slices))


def _write_all(array: ArrayFile, slices: Pictures) -> SlicesWritten:
    """Write slices at their places. Raises ``OSError``."""
    written = []
    with Path(array.path).open("r+b", buffering=0) as file:
        for frame, z, picture in slices:
            picture = np.ascontiguousarray(picture)
            write_slice(file, array, frame, z, picture)
            written.append(Written(frame, z, content_of(picture)))
    return SlicesWritten(tuple(written))


def _mapped(file: str) -> NDArray[Any]:
    values: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
    return values


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} × {shape[0]}"
