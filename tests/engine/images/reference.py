"""The reference folders' own answers, row by row, and what our reading of a file comes to."""

import csv
import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray

from engine.images.catalogue import list_pictures
from engine.images.load import load
from engine.images.plan import DicomPlan, PhotographPlan, Planned
from engine.listing import Listing
from engine.pictures import RepairKind, Volume
from engine.task import Task

RADIOLOGY = Path(__file__).resolve().parents[4] / "shared" / "data" / "radiology"

_MENDED = {RepairKind.TILT, RepairKind.SHEAR}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of an answer table; none where the data are not there."""
    path = RADIOLOGY / name
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Read:
    """All that a path holds, read."""

    listing: Listing
    volumes: tuple[Volume, ...]
    planned: tuple[Planned, ...]

    @property
    def reasons(self) -> str:
        """Why something was refused."""
        return " ".join(each.reason for each in self.listing.refused)

    @property
    def kinds(self) -> set[RepairKind]:
        """All repairs of all volumes."""
        return {repair.kind for volume in self.volumes for repair in volume.facts.repairs}

    @property
    def mended(self) -> bool:
        """Whether values were interpolated."""
        return bool(self.kinds & _MENDED)


def read(path: Path, scratch: Path) -> Read:
    """List and load."""
    catalogue = list_pictures([path], scratch, Task())
    planned = tuple(catalogue.planned[entry.key] for entry in catalogue.listing.entries)
    return Read(catalogue.listing, tuple(load(each, Task()) for each in planned), planned)


def stored_hash(read: Read, row: dict[str, str]) -> str:
    """SHA-256 of the numbers as stored, undone from the values; slices by SOPInstanceUID."""
    pictures: dict[tuple[str, int], NDArray[Any]] = {}
    for volume, planned in zip(read.volumes, read.planned, strict=True):
        if isinstance(planned.plan, PhotographPlan):
            pictures[planned.plan.path, 0] = volume.values[0, 0]
            continue
        assert isinstance(planned.plan, DicomPlan)
        for values, sources in zip(volume.values, planned.plan.sources, strict=True):
            for picture, source in zip(values, sources, strict=True):
                if source is None:
                    continue
                plain = picture if picture.ndim == 3 else _unscaled(picture, source)
                pictures[uid_of(source.path), source.frame] = plain.astype(_type(row))
    whole = hashlib.sha256()
    for key in sorted(pictures):
        whole.update(np.ascontiguousarray(pictures[key]).data)
    return whole.hexdigest()


def _unscaled(picture: NDArray[Any], source: Any) -> NDArray[Any]:
    if picture.dtype.kind == "f" and (source.slope, source.intercept) == (1, 0):
        return picture
    return np.rint((picture.astype(np.float64) - source.intercept) / source.slope)


def uid_of(path: str) -> str:
    """The name that a DICOM picture bears."""
    return _said(path, "SOPInstanceUID")[0]


def place_of(path: str) -> tuple[str, ...]:
    """Of which series it is which picture."""
    return _said(path, "SeriesInstanceUID", "InstanceNumber", "ImagePositionPatient")


def _said(path: str, *tags: str) -> tuple[str, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # identifiers that are none are part of the game
        header = pydicom.dcmread(path, stop_before_pixels=True, force=True, specific_tags=[*tags])
        return tuple(str(header[tag].value) if tag in header else "" for tag in tags)


def _type(row: dict[str, str]) -> str:
    bits = int(row["bits_allocated"])
    if not row["bits_stored"]:
        return "<f4"
    return ("<i" if row["signed"] == "1" else "<u") + str(max(bits // 8, 1))


def numbers(text: str) -> Sequence[float]:
    """From "2x2x2.0706"."""
    return [float(part) for part in text.split("x") if part]
