"""CT series for tests, written by pydicom."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SPACING = (0.7, 0.8, 2.5)
"""In mm along x, y and z."""

ORIGIN = (-100.25, -50.5, 30.125)


def values(z: int = 5, y: int = 6, x: int = 7) -> NDArray[np.int16]:
    """HU, no value twice."""
    return (np.arange(z * y * x) - 50).reshape(z, y, x).astype(np.int16)


def write(folder: Path, hounsfield: NDArray[Any], **more: Any) -> list[Path]:
    """One file a slice, the topmost first; ``more`` sets elements by their keywords."""
    folder.mkdir(parents=True, exist_ok=True)
    study, series, space = (generate_uid() for _ in range(3))
    paths = []
    for z, picture in reversed(list(enumerate(hounsfield))):
        dataset = Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
        dataset.SOPInstanceUID = generate_uid()
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
        dataset.FrameOfReferenceUID = space
        dataset.PatientName, dataset.PatientID = "Nobody^Nowhere", "0815"
        dataset.Modality, dataset.SeriesNumber = "CT", 3
        dataset.SeriesDescription = "Thorax 2.5"
        dataset.InstanceNumber = len(paths) + 1
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.ImagePositionPatient = [*ORIGIN[:2], ORIGIN[2] + z * SPACING[2]]
        dataset.PixelSpacing = [SPACING[1], SPACING[0]]
        dataset.SliceThickness = SPACING[2]
        dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
        dataset.Rows, dataset.Columns = picture.shape
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
        dataset.PixelRepresentation = 0
        for keyword, value in more.items():
            setattr(dataset, keyword, value)
        dataset.PixelData = (picture + 1024).astype("<u2").tobytes()
        paths.append(folder / f"{len(paths):03d}.dcm")
        dataset.save_as(paths[-1], enforce_file_format=True)
    return paths
