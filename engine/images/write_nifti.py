"""A volume is written as NIfTI: to the voxel, and to a ten-thousandth of a millimetre."""

import gzip
import zlib
from io import IOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from engine.folders import write_whole
from engine.images.reading import unpacked
from engine.pictures import FrameAxis, Volume
from engine.space import Affine4

if TYPE_CHECKING:
    from nibabel.nifti1 import Nifti1Image

ENDINGS = (".nii", ".nii.gz")

# Half of what is promised: float32 keeps 24 bits, and far from the origin that is not enough.
_MOST_APART = 5e-5

_LONGEST = 2**15 - 1
_VECTOR = 1007
_COMMENT = 6
_SCANNER = 1
_UNKNOWN = 0
_PLACES = 79
_MARK = b"LesionLens"  # in descrip
_HEADER = 540
_LEVEL = 4  # a third of the time of the usual 6, for files some per cent larger


def write_nifti(volume: Volume, path: Path) -> None:
    """Write ``path``, compressed where its name ends in .gz, whole or not at all.

    The type of the values is kept; colours become RGB24. The sform is in RAS mm; the qform says
    the same where its four numbers can. NIfTI-1, or NIfTI-2 where float32 would move the volume
    by more than 0.00005 mm. Without a known place both codes are 0, and an unknown spacing is 0.
    Repairs stand in ``descrip`` and, in full, in a comment behind the header.

    Raises:
        OSError: It cannot be written there.
    """
    image = _image(volume)

    def write(file: BinaryIO) -> None:
        if not path.name.lower().endswith(".gz"):
            image.to_stream(cast(IOBase, file))
            return
        # No time and no name in the archive: the same volume gives the same file.
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
            image.to_stream(packed)

    write_whole(path, write)


def _image(volume: Volume) -> "Nifti1Image":
    from nibabel.nifti1 import Nifti1Extension, Nifti1Image
    from nibabel.nifti2 import Nifti2Image

    facts = volume.facts
    values = _values(volume)
    affine = None
    if facts.grid.affine is not None:
        affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ facts.grid.affine
    short = max(values.shape) <= _LONGEST and (affine is None or _fits_float32(affine, volume))
    form: Any = Nifti1Image if short else Nifti2Image
    image = form(values, None, dtype=values.dtype)
    header = image.header
    header["scl_slope"], header["scl_inter"] = 1, 0
    header["pixdim"][1:4] = [length or 0 for length in facts.grid.spacing]
    header.set_xyzt_units(
        "mm" if any(facts.grid.spacing) else None, "msec" if facts.frame_ms else None
    )
    if facts.frame_ms:
        header["pixdim"][4] = facts.frame_ms
    if facts.frame_axis is FrameAxis.COMPONENT:
        header["intent_code"] = _VECTOR
    if facts.windows and not facts.colour:
        window = facts.windows[0]
        header["cal_min"] = window.centre - window.width / 2
        header["cal_max"] = window.centre + window.width / 2
    if affine is not None:
        image.set_sform(affine, _SCANNER)
        _set_qform(image, affine, volume)
    else:
        image.set_sform(None, _UNKNOWN)
        image.set_qform(None, _UNKNOWN)
    header["descrip"] = _described(volume).encode("ascii", "replace")[:_PLACES]
    if facts.repairs:
        words = "\n".join(f"{repair.kind}: {repair.detail}" for repair in facts.repairs)
        header.extensions.append(Nifti1Extension(_COMMENT, words.encode()))
    return cast("Nifti1Image", image)


def is_one(path: Path) -> bool:
    """Whether a file was written so; what cannot be read was not."""
    try:
        with unpacked(path) as file:
            return file.read(_HEADER).find(_MARK) >= 0
    except (OSError, EOFError, zlib.error):
        return False


def _values(volume: Volume) -> NDArray[Any]:
    """(x, y, z), with frames (x, y, z, frame); components stand fifth, as the format has it."""
    values = volume.values
    if volume.facts.colour:
        rgb = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
        values = np.ascontiguousarray(values).view(rgb)[..., 0]
    turned: NDArray[Any] = values.transpose(3, 2, 1, 0)
    if len(values) == 1:
        plain: NDArray[Any] = turned[..., 0]
        return plain
    return turned[..., None, :] if volume.facts.frame_axis is FrameAxis.COMPONENT else turned


def _set_qform(image: Any, affine: Affine4, volume: Volume) -> None:
    """Only where three float32 can say the rotation: near half a turn they cannot."""
    image.set_qform(affine, _SCANNER)
    if _apart(image.header.get_qform(), affine, volume) > _MOST_APART:
        image.header["qform_code"] = _UNKNOWN


def _fits_float32(affine: Affine4, volume: Volume) -> bool:
    """Some take the lengths of the steps from the affine, some (ITK) from pixdim."""
    rounded = affine.astype(np.float32).astype(np.float64)
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    by_length = affine.copy()
    by_length[:3, :3] *= lengths.astype(np.float32) / lengths
    return max(_apart(each, affine, volume) for each in (rounded, by_length)) <= _MOST_APART


def _apart(first: Affine4, second: Affine4, volume: Volume) -> float:
    """The largest distance in mm between where two affines put a corner."""
    ends = [(0, length - 1) for length in volume.facts.grid.size]
    corners = np.array([[x, y, z, 1] for x in ends[0] for y in ends[1] for z in ends[2]]).T
    return float(np.linalg.norm((first - second) @ corners, axis=0).max())


def _described(volume: Volume) -> str:
    kinds = [str(repair.kind) for repair in volume.facts.repairs]
    if not kinds:
        return _MARK.decode()
    count = f"{len(kinds)} repair" + ("s" if len(kinds) > 1 else "")
    return f"LesionLens. Read with {count}: {', '.join(kinds)}"
