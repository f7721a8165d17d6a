"""Planes that lie over pictures: put into a file, and read from it."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import ExplicitVRBigEndian

from engine.images.dicom.reading import read_header
from engine.pictures import Overprint

HOOK = np.zeros((4, 5), np.bool_)
HOOK[0, 1] = HOOK[3, 0:4] = True


def add_plane(dataset: Dataset, bits: NDArray[np.bool_], group: int, **told: object) -> None:
    """A plane of ``bits`` (y, x) or (frame, y, x), the first pixel in the lowest bit."""
    octets = np.packbits(bits.reshape(-1), bitorder="little")
    words = np.append(octets, np.zeros(len(octets) % 2, np.uint8)).view("<u2")
    order = ">u2" if dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian else "<u2"
    dataset.add_new((group, 0x0010), "US", bits.shape[-2])
    dataset.add_new((group, 0x0011), "US", bits.shape[-1])
    if "frames" in told:
        dataset.add_new((group, 0x0015), "IS", told["frames"])
        dataset.add_new((group, 0x0051), "US", told["first"])
    dataset.add_new((group, 0x0050), "SS", told.get("origin", [1, 1]))
    dataset.add_new((group, 0x0100), "US", 1)
    dataset.add_new((group, 0x0102), "US", 0)
    dataset.add_new((group, 0x3000), "OW", words.astype(order).tobytes())


def drawn(path: Path, frame: int = 0) -> NDArray[np.bool_]:
    """All that lies over one picture of a file, (y, x)."""
    header = read_header(path)
    over = header.overlays[frame] if header.overlays else b""
    size = header.columns, header.rows
    return Overprint(0, 0, over).bits(size) if over else np.zeros(size[::-1], np.bool_)
