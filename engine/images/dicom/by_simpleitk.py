"""A codestream decoded by SimpleITK, which takes only whole DICOM files from a disk.

So the codestream is wrapped as a secondary capture without any rescaling, in a folder of its own.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.codestream import Codestream, Coding, Unreadable
from engine.images.overheard import overheard, tells_of_damage

_SYNTAXES = {
    Coding.JPEG: "1.2.840.10008.1.2.4.51",
    Coding.JPEG_LOSSLESS: "1.2.840.10008.1.2.4.57",
    Coding.JPEG_LS: "1.2.840.10008.1.2.4.81",
    Coding.JPEG_2000: "1.2.840.10008.1.2.4.91",
}
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def decode(content: bytes, stream: Codestream) -> NDArray[np.unsignedinteger[Any]]:
    """The stored numbers, (y, x) or (y, x, 3).

    Raises:
        Unreadable: the data make no sense.
        RuntimeError: SimpleITK cannot read them.
    """
    import SimpleITK as sitk

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.dcm"
        _wrap(path, content, stream)
        with overheard() as said:  # it tries one depth after the other, aloud
            picture: NDArray[Any] = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))[0]
            if tells_of_damage(said()):
                raise Unreadable
    return picture.view(f"u{picture.dtype.itemsize}")


def _wrap(path: Path, content: bytes, stream: Codestream) -> None:
    from pydicom import Dataset
    from pydicom.dataset import FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(_SYNTAXES[stream.coding])
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = UID(_SECONDARY_CAPTURE)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID("1.2.3")
    dataset.Rows, dataset.Columns = stream.rows, stream.columns
    dataset.SamplesPerPixel = stream.samples
    dataset.PhotometricInterpretation = "MONOCHROME2" if stream.samples == 1 else "RGB"
    if stream.samples > 1:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = 8 if stream.precision <= 8 else 16
    dataset.BitsStored = max(stream.precision, 8)
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = 0
    dataset.add_new("PixelData", "OB", encapsulate([content]))
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(path, enforce_file_format=True)
