"""A CT series of drawn pictures, in the transfer syntaxes that archives use."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.task import Task

SYNTAXES = {
    "uncompressed": "1.2.840.10008.1.2.1",
    "rle": "1.2.840.10008.1.2.5",
    "jpeg_ls": "1.2.840.10008.1.2.4.80",
    "jpeg_2000": "1.2.840.10008.1.2.4.90",
}

_CT = "1.2.840.10008.5.1.4.1.1.2"
_ROOT = "1.2.826.0.1.3680043.10.999.7"
_KINDS = 25
"""So many pictures differ; compressing each of hundreds would take longer than measuring."""


def make(folder: Path, name: str, slices: int, side: int, task: Task) -> None:
    """Write a series of ``slices`` pictures of ``side`` x ``side`` pixels into a new folder.

    ``name`` is one of ``SYNTAXES``. Pictures have 12 bits in 16, and a scanner's noise. The files'
    names are in another order than the slices.

    Raises:
        Cancelled: the task was cancelled.
    """
    folder.mkdir(parents=True)
    datasets = [
        _dataset(_picture(kind, side), SYNTAXES[name])
        for kind in task.over(range(_KINDS), f"Packing pictures: {name}", _KINDS)
    ]
    for z in range(slices):
        dataset = datasets[z % _KINDS]
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{_ROOT}.4.{z}"
        dataset.ImagePositionPatient = ["-180.0", "-180.0", f"{-300 + 1.25 * z}"]
        dataset.InstanceNumber = z + 1
        dataset.save_as(folder / f"IM{z * 7919 % 10007:05}.dcm", enforce_file_format=True)


def _picture(kind: int, side: int) -> NDArray[np.uint16]:
    """A trunk with two lungs and a texture, as stored numbers."""
    generator = np.random.default_rng(kind)
    y, x = np.mgrid[:side, :side] / side - 0.5
    trunk = (x / 0.45) ** 2 + (y / 0.33) ** 2 < 1
    lungs = ((np.abs(x) - 0.2) / 0.14) ** 2 + (y / 0.22) ** 2 < 1
    tissue = 1064 + 40 * np.sin(40 * x + kind) * np.cos(30 * y)
    air = np.where(trunk, tissue, 24)
    drawn = np.where(lungs, 200 + 60 * np.sin(90 * x * y + kind), air)
    noise = generator.normal(0, 12, (side, side)) * (trunk | lungs)
    picture: NDArray[np.uint16] = np.clip(drawn + noise, 0, 4095).astype(np.uint16)
    return picture


def _dataset(picture: NDArray[np.uint16], syntax: str) -> Any:
    from pydicom import Dataset
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID, ExplicitVRLittleEndian

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = UID(_CT)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID(f"{_ROOT}.4")
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.Modality = "CT"
    dataset.PatientName, dataset.PatientID = "Phantom^Chest", "P1"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"{_ROOT}.1", f"{_ROOT}.2"
    dataset.FrameOfReferenceUID = f"{_ROOT}.3"
    dataset.SeriesNumber, dataset.SeriesDescription = 1, "Chest"
    dataset.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    dataset.PixelSpacing, dataset.SliceThickness = ["0.703125", "0.703125"], "1.25"
    dataset.Rows, dataset.Columns = picture.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = "1", "-1024", "HU"
    dataset.WindowCenter, dataset.WindowWidth = "40", "400"
    dataset.add_new("PixelData", "OW", picture.tobytes())
    if syntax != ExplicitVRLittleEndian:
        dataset.compress(UID(syntax), generate_instance_uid=False)
    return dataset
