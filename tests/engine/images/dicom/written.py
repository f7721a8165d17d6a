"""DICOM files written for tests by pydicom, packed by encoders other than the code under test."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, get_frame
from pydicom.uid import (
    HTJ2K,
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

from engine.images.dicom.pixels import read_picture
from engine.images.plan import Source

UNCOMPRESSED = {
    "implicit": ImplicitVRLittleEndian,
    "explicit": ExplicitVRLittleEndian,
    "big endian": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}
LOSSLESS = {
    "RLE": RLELossless,
    "JPEG-LS": JPEGLSLossless,
    "JPEG 2000": JPEG2000Lossless,
}
SYNTAXES = UNCOMPRESSED | LOSSLESS

Pixels = NDArray[Any]

DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
WRAPPED = UID("1.2.840.10008.1.2.1.98")


def smooth(*shape: int, top: int = 4095, dtype: str = "uint16") -> Pixels:
    """Numbers from 0 to ``top`` without any symmetry."""
    grids = np.meshgrid(*(np.arange(each) for each in shape), indexing="ij")
    found = sum((3 + 4 * i) * grid * grid + 5 * grid for i, grid in enumerate(grids))
    return (found % (top + 1)).astype(dtype)


def dataset_of(pixels: Pixels, syntax: str = ExplicitVRLittleEndian, **more: Any) -> Dataset:
    """A CT of pixels (y, x), (frame, y, x), or of colours with ``SamplesPerPixel=3``.

    The bits stored are all; anything may be said otherwise in ``more``, by keyword.
    """
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
    dataset.SeriesInstanceUID = generate_uid()
    dataset.StudyInstanceUID = generate_uid()
    dataset.Modality = "CT"
    dataset.PatientName, dataset.PatientID = "Nobody^Nowhere", "0815"
    samples = more.pop("SamplesPerPixel", 1)
    shape = pixels.shape[:-1] if samples > 1 else pixels.shape
    if len(shape) == 3:
        dataset.NumberOfFrames = shape[0]
    dataset.Rows, dataset.Columns = shape[-2:]
    dataset.SamplesPerPixel = samples
    dataset.PhotometricInterpretation = "MONOCHROME2" if samples == 1 else "RGB"
    if samples > 1:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = pixels.dtype.itemsize * 8
    dataset.BitsStored = more.pop("BitsStored", dataset.BitsAllocated)
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    return dataset


def save(path: Path, dataset: Dataset, content: bytes | None = None, vr: str = "OW") -> Path:
    """Write it, with ``content`` as its pixel data."""
    syntax = dataset.file_meta.TransferSyntaxUID
    if content is not None:
        dataset.add_new("PixelData", vr, content)
    if syntax.is_encapsulated and "PixelData" in dataset:
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    implicit = syntax == ImplicitVRLittleEndian
    dataset.save_as(
        path, implicit_vr=implicit, little_endian=order == "<", enforce_file_format=True
    )
    return path


def write(path: Path, pixels: Pixels, syntax: str = ExplicitVRLittleEndian, **more: Any) -> Path:
    """A file of these pixels in a transfer syntax: uncompressed, RLE, JPEG-LS or JPEG 2000."""
    dataset = dataset_of(pixels, syntax, **more)
    uid = dataset.file_meta.TransferSyntaxUID
    order = ">" if uid == ExplicitVRBigEndian else "<"
    content = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder(order)).tobytes()
    if uid in UNCOMPRESSED.values():
        vr = "OB" if pixels.dtype.itemsize == 1 else "OW"
        return save(path, dataset, content + b"\0" * (len(content) % 2), vr)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.add_new("PixelData", "OW", content)
    dataset.compress(uid, generate_instance_uid=False)
    return save(path, dataset)


def write_jpeg_lossless(path: Path, pixels: Pixels) -> Path:
    """A JPEG lossless file, packed by SimpleITK."""
    import SimpleITK as sitk

    writer = sitk.ImageFileWriter()
    writer.SetImageIO("GDCMImageIO")
    writer.UseCompressionOn()
    writer.SetCompressor("JPEG")
    writer.SetFileName(str(path))
    writer.Execute(sitk.GetImageFromArray(pixels[None]))
    return path


def wrap(
    path: Path, dataset: Dataset, frames: list[bytes], *, table: str = "basic", pieces: int = 1
) -> Path:
    """Compressed frames as pixel data, with a table of their offsets or without one.

    ``table`` is "basic", "extended" or "none"; each frame is cut into so many pieces.
    """
    if table == "extended":
        content, offsets, lengths = encapsulate_extended(frames)
        dataset.add_new("ExtendedOffsetTable", "OV", offsets)
        dataset.add_new("ExtendedOffsetTableLengths", "OV", lengths)
        return save(path, dataset, content)
    content = encapsulate(frames, fragments_per_frame=pieces, has_bot=table == "basic")
    return save(path, dataset, content)


def jpeg(pixels: Pixels, quality: int = 100) -> bytes:
    """A JPEG with a JFIF marker, its colours turned into luma and chroma."""
    turned = pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[..., ::-1])
    done, found = cv2.imencode(
        ".jpg",
        turned,
        [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111],
    )
    assert done
    return found.tobytes()


def renamed(path: Path, pixels: NDArray[Any], frames: list[bytes], syntax: str) -> Path:
    """A file of compressed frames, in a transfer syntax that pydicom does not write."""
    content = wrap(path, dataset_of(pixels, HTJ2K), frames).read_bytes()
    told = HTJ2K.encode() + b"\0"
    path.write_bytes(content.replace(told, syntax.encode().ljust(len(told), b"\0")))
    return path


def packed(frames: NDArray[Any], syntax: str) -> list[bytes]:
    """Each frame compressed by itself."""
    found = []
    for frame in frames:
        dataset = dataset_of(frame, ExplicitVRLittleEndian)
        dataset.add_new("PixelData", "OW", frame.tobytes())
        dataset.compress(syntax)
        found.append(get_frame(dataset.PixelData, 0, number_of_frames=1))
    return found


def blocks() -> NDArray[np.uint8]:
    """Colours that are alike within each block of 8 x 8, so that JPEG loses little."""
    return np.kron(smooth(4, 5, 3, top=255, dtype="uint8"), np.ones((8, 8, 1), "uint8"))


def jpeg_file(path: Path, content: bytes, photometric: str) -> Path:
    dataset = dataset_of(blocks(), JPEGBaseline8Bit, SamplesPerPixel=3)
    dataset.PhotometricInterpretation = photometric
    return wrap(path, dataset, [content])


def read(path: Path, frame: int = 0, dtype: str = "int32", **more: Any) -> NDArray[Any]:
    return read_picture(Source(str(path), frame, **more), dtype)
