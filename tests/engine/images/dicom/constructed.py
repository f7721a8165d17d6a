"""Headers as scanners write them, without files."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from msgspec.structs import replace

from engine.images.dicom.header import FrameHeader, Header
from engine.images.dicom.series import plan_series
from engine.images.plan import DicomPlan, Planned
from engine.listing import RefusedFile, SeriesEntry
from engine.pictures import RepairKind

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def slice_at(
    position: tuple[float, float, float] | None,
    number: int = 1,
    orientation: tuple[float, ...] | None = AXIAL,
    **told: Any,
) -> Header:
    """One slice of a CT; ``told`` are more fields of its header or of its frame."""
    own = {name: told.pop(name) for name in FrameHeader.__struct_fields__ if name in told}
    frame = FrameHeader(
        **{
            "orientation": orientation,
            "position": position,
            "pixel_spacing": (0.5, 0.5),
            "slope": 1.0,
            "intercept": -1024.0,
            **own,
        }
    )
    path = told.pop("path", f"/study/{number:04}.dcm")
    header = Header(
        path=path,
        transfer_syntax="1.2.840.10008.1.2.1",
        sop_class="1.2.840.10008.5.1.4.1.1.2",
        sop_instance=f"1.2.3.{path}",
        study_uid="1.2.3",
        series_uid="1.2.3.4",
        frame_of_reference="1.2.3.5",
        modality="CT",
        image_type=("ORIGINAL", "PRIMARY", "AXIAL"),
        patient_id="P1",
        series_number=4,
        series_description="Lung 5 mm",
        instance_number=number,
        rows=32,
        columns=40,
        photometric="MONOCHROME2",
        bits_allocated=16,
        bits_stored=12,
        high_bit=11,
        pixels="PixelData",
        frames=(frame,),
    )
    return replace(header, **told)


def stack_at(depths: Iterable[float], first: int = 1, **told: Any) -> list[Header]:
    """Axial slices at these heights, numbered in this order."""
    return [
        slice_at((-10.0, -20.0, depth), number, **told)
        for number, depth in enumerate(depths, first)
    ]


def only(headers: Iterable[Header]) -> tuple[SeriesEntry, DicomPlan]:
    """The only entry that these headers make, and its plan."""
    ((entry, planned),), refused = plan_series(list(headers))
    assert refused == ()
    assert isinstance(planned.plan, DicomPlan)
    return entry, planned.plan


def planned(headers: Iterable[Header]) -> Planned:
    """How the only entry of these headers is read."""
    ((_, planned),), _ = plan_series(list(headers))
    return planned


def entries(headers: Iterable[Header]) -> list[SeriesEntry]:
    """All entries that these headers make."""
    return [entry for entry, _ in plan_series(list(headers))[0]]


def refused(headers: Iterable[Header]) -> tuple[RefusedFile, ...]:
    """The files of these headers that are refused."""
    return plan_series(list(headers))[1]


def kinds(entry: SeriesEntry) -> list[RepairKind]:
    """What was mended."""
    return [repair.kind for repair in entry.facts.repairs]


def detail(entry: SeriesEntry, kind: RepairKind) -> str:
    """What is said of a mend."""
    return next(repair.detail for repair in entry.facts.repairs if repair.kind is kind)


def numbers(plan: DicomPlan) -> list[list[int | None]]:
    """For each frame and z the number of the slice, by its file's name."""
    return [
        [None if each is None else int(each.path[-8:-4]) for each in row] for row in plan.sources
    ]


def turned(degrees: float, offset: float = 0.0) -> tuple[float, ...]:
    """An axial plane, leaning about x, and turned by ``offset`` degrees within itself."""
    lean, turn = np.radians(degrees), np.radians(offset)
    across = np.array([np.cos(turn), np.sin(turn) * np.cos(lean), np.sin(turn) * np.sin(lean)])
    down = np.array([-np.sin(turn), np.cos(turn) * np.cos(lean), np.cos(turn) * np.sin(lean)])
    return (*across.tolist(), *down.tolist())


def oblique(
    lean: float, turn: float, step: float, count: int, first: tuple[float, float, float]
) -> list[Header]:
    """A stack of ``count`` slices, leaning and turned, ``step`` millimetres apart."""
    orientation = turned(lean, turn)
    normal = np.cross(orientation[:3], orientation[3:])
    places = np.array(first) + np.outer(np.arange(count), step * normal)
    return [
        slice_at(tuple(place), number, orientation) for number, place in enumerate(places.tolist())
    ]
