"""A drawn volume on disk: NIfTI or a folder of DICOM slices, and what is true of it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import Refusal
from engine.folders import write_whole
from engine.phantoms.volume import BACKGROUND, PhantomVolume, draw_volume
from engine.space import to_voxel

if TYPE_CHECKING:
    from pydicom import Dataset

NIFTI = (".nii", ".nii.gz")
_INTERCEPT = -1024


def write(out: Path, seed: int) -> tuple[Path, ...]:
    """Draw the volume of ``seed`` and write it to ``out``; the written paths, its truth last.

    ``out`` is a .nii or .nii.gz file, or a folder, which is made, for a DICOM series. Beside it
    lies NAME_truth.json. Raises Refusal for another ending, if the folder around it is not there,
    or if ``out`` is a folder that holds something.
    """
    stem = _checked(out)
    drawn = draw_volume(seed)
    if out.name.endswith(NIFTI):
        from engine.images.write_nifti import write_nifti

        write_nifti(drawn.volume, out)
        written = [out]
    else:
        written = _write_series(drawn, seed, out)
    path = out.with_name(f"{stem}_truth.json")
    text = json.dumps(truth(drawn, seed), indent=2) + "\n"
    write_whole(path, lambda file: file.write(text.encode()))
    return (*written, path)


def truth(drawn: PhantomVolume, seed: int) -> dict[str, object]:
    """What is true of a drawn volume, ready for JSON; places in LPS mm and in voxels (x, y, z)."""
    grid = drawn.volume.facts.grid
    affine = grid.affine
    assert affine is not None

    def voxel(place: tuple[float, float, float]) -> list[float]:
        at: list[float] = np.round(to_voxel(affine, np.array([place]))[0], 4).tolist()
        return at

    return {
        "seed": seed,
        "size": grid.size,
        "spacing": grid.spacing,
        "orientation": grid.orientation,
        "affine": grid.rows,
        "unit": "HU",
        "background": BACKGROUND,
        "balls": [{**asdict(ball), "centre_voxel": voxel(ball.centre)} for ball in drawn.balls],
        "rods": [
            {
                **asdict(rod),
                "length": rod.length,
                "start_voxel": voxel(rod.start),
                "end_voxel": voxel(rod.end),
            }
            for rod in drawn.rods
        ],
    }


def _checked(out: Path) -> str:
    """The name without its ending. Raises Refusal where nothing can be written."""
    stem = out.name.removesuffix(".gz").removesuffix(".nii")
    if not out.name.endswith(NIFTI) and out.suffix:
        raise Refusal(
            f"{out.name} cannot be written.",
            f"A drawn volume is a .nii or .nii.gz file or a folder, and this name ends in "
            f"{out.suffix}.",
            "Choose a name that ends in .nii.gz, or one without an ending.",
        )
    if not out.parent.is_dir():
        raise Refusal(
            f"{out.name} cannot be written.",
            f"The folder {out.parent.name} is not there.",
            "Make the folder first, or choose another one.",
        )
    if out.is_dir() and any(out.iterdir()):
        raise Refusal(
            f"{out.name} cannot be written.",
            "There is a folder of that name, and it is not empty.",
            "Choose another name.",
        )
    return stem


# ---- a DICOM series


def _write_series(drawn: PhantomVolume, seed: int, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    written = []
    for number, dataset in enumerate(_slices(drawn, seed), start=1):
        path = folder / f"{number:04}.dcm"
        write_whole(path, lambda file, dataset=dataset: dataset.save_as(file))  # type: ignore[misc]
        written.append(path)
    return written


def _slices(drawn: PhantomVolume, seed: int) -> "Iterator[Dataset]":
    """One CT image a slice, explicit little endian, with stored values from 0 up."""
    from pydicom import FileDataset
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, generate_uid

    affine = drawn.volume.facts.grid.affine
    assert affine is not None
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    directions = affine[:3, :3] / spacing

    def uid(what: str) -> UID:
        # From the seed, so that the same volume is the same series.
        return generate_uid(entropy_srcs=[f"drawn volume {seed}", what])

    for z, values in enumerate(drawn.volume.frame()):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = uid(f"slice {z}")
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
        dataset.SOPClassUID = CTImageStorage
        dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
        dataset.StudyInstanceUID = uid("study")
        dataset.SeriesInstanceUID = uid("series")
        dataset.FrameOfReferenceUID = uid("frame of reference")
        dataset.Modality = "CT"
        dataset.PatientName = "Phantom^Volume"
        dataset.PatientID = f"PHANTOM-{seed}"
        dataset.StudyDescription = "Drawn volume"
        dataset.SeriesDescription = f"Rods and balls, seed {seed}"
        dataset.SeriesNumber = 1
        dataset.InstanceNumber = z + 1
        dataset.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
        dataset.ImageOrientationPatient = _decimals(*directions[:, 0], *directions[:, 1])
        dataset.ImagePositionPatient = _decimals(*(affine[:3, 3] + z * affine[:3, 2]))
        dataset.PixelSpacing = _decimals(spacing[1], spacing[0])
        dataset.SliceThickness = _decimals(spacing[2])[0]
        dataset.Rows, dataset.Columns = values.shape
        dataset.SamplesPerPixel = 1
        dataset.PhotometricInterpretation = "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
        dataset.PixelRepresentation = 0
        dataset.RescaleIntercept, dataset.RescaleSlope = str(_INTERCEPT), "1"
        dataset.RescaleType = "HU"
        dataset.PixelData = (values.astype(np.int32) - _INTERCEPT).astype("<u2").tobytes()
        yield dataset


def _decimals(*values: float) -> list[str]:
    """Numbers as DICOM's decimal strings: as exact as 16 letters allow."""
    from pydicom.valuerep import format_number_as_ds

    return [format_number_as_ds(float(value)) for value in values]
