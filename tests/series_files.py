"""Small DICOM series, written by pydicom, whose every voxel is known."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

Volume = NDArray[Any]

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SPACING = (0.7, 0.7)
STEP = 2.5


def values(slices: int = 7, rows: int = 12, columns: int = 16, seed: int = 1) -> Volume:
    """Hounsfield units (z, y, x), no two slices alike."""
    found = np.random.default_rng(seed).integers(-1000, 2000, (slices, rows, columns))
    return found.astype(np.int16)


def write_series(
    folder: Path,
    volume: Volume,
    *,
    name: Callable[[int], str] = lambda z: f"IM{(z * 7919) % 1009:04}.dcm",
    orientation: Sequence[float] = AXIAL,
    onward: Sequence[float] = (0.0, 0.0, STEP),
    left_out: Sequence[int] = (),
    uid: str = "1.2.826.0.1.3680043.8.498.1",
    **more: Any,
) -> list[Path]:
    """Write a CT of Hounsfield units (z, y, x), a file a slice; the paths are in the order of z."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(
            folder / name(z),
            picture,
            ImagePositionPatient=[-10 + z * onward[0], -20 + z * onward[1], 30 + z * onward[2]],
            ImageOrientationPatient=list(orientation),
            InstanceNumber=z + 1,
            SOPInstanceUID=f"{uid}.{z + 1}",
            StudyInstanceUID=f"{uid}.91",
            SeriesInstanceUID=f"{uid}.92",
            FrameOfReferenceUID=f"{uid}.93",
            **more,
        )
        for z, picture in enumerate(volume)
        if z not in left_out
    ]


def _write(path: Path, picture: Volume, **more: Any) -> Path:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
    dataset.Modality = "CT"
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "4711"
    dataset.SeriesDescription, dataset.SeriesNumber = "Thorax", 3
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.Rows, dataset.Columns = picture.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.PixelSpacing, dataset.SliceThickness = list(SPACING), STEP
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1024, "HU"
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.add_new("PixelData", "OW", (picture + 1024).astype("<u2").tobytes())
    dataset.save_as(path, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return path
