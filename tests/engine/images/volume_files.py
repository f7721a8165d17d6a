"""Bytes of volume files for tests, their headers set field by field, and ways to lie."""

from itertools import permutations, product
from typing import Any

import numpy as np
from nibabel.nifti1 import Nifti1Header, Nifti1PairHeader
from nibabel.nifti2 import Nifti2Header
from nibabel.spatialimages import SpatialHeader
from numpy.typing import NDArray

PLAIN = np.array(
    [[-0.7, 0, 0, 90.5], [0, 0.8, 0, -126.25], [0, 0, 3, -72], [0, 0, 0, 1]], np.float64
)
"""RAS, left-handed, as most scanners' files are."""
SHEARED = PLAIN.copy()
SHEARED[1, 2] = 2
RGB = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])


def ramp(x: int = 7, y: int = 6, z: int = 5, dtype: str = "int16") -> NDArray[Any]:
    """(x, y, z), no value twice."""
    return np.arange(x * y * z).reshape(x, y, z, order="F").astype(dtype)


def noise(shape: tuple[int, ...], dtype: Any = "int16") -> Any:
    """Numbers of which each byte lies in 0 to 119."""
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    content = np.random.default_rng(3).integers(0, 120, count).astype(np.uint8)
    return content.view(dtype).reshape(shape)


def header(
    values: NDArray[Any],
    *,
    form: type[SpatialHeader] = Nifti1Header,
    sform: NDArray[np.float64] | None = PLAIN,
    sform_code: int = 1,
    qform: NDArray[np.float64] | None = None,
    qform_code: int = 1,
    big: bool = False,
    **fields: Any,
) -> Any:
    """A header whose fields are as said, sensible or not."""
    made = form(endianness=">" if big else "<")
    made.set_data_dtype(values.dtype.newbyteorder("="))
    made.set_data_shape(values.shape)
    made["pixdim"][1:4] = 1
    made["xyzt_units"] = 2
    if sform is not None:
        made.set_sform(sform, sform_code)
        made["pixdim"][1:4] = np.linalg.norm(sform[:3, :3], axis=0)
    if qform is not None:
        made.set_qform(qform, qform_code)
    made["vox_offset"] = 0 if form is Nifti1PairHeader else len(made.binaryblock) + 4
    for name, value in fields.items():
        made[name] = value
    return made


def nifti(values: NDArray[Any], **options: Any) -> bytes:
    """A whole single file; options as for ``header``."""
    made = header(values, **options)
    return bytes(made.binaryblock) + b"\0" * 4 + stored(values, options.get("big", False))


def nifti2(values: NDArray[Any], **options: Any) -> bytes:
    return nifti(values, form=Nifti2Header, **options)


def pair(values: NDArray[Any], **options: Any) -> tuple[bytes, bytes]:
    """Header and data."""
    made = header(values, form=Nifti1PairHeader, **options)
    return bytes(made.binaryblock), stored(values, options.get("big", False))


def stored(values: NDArray[Any], big: bool = False) -> bytes:
    """The numbers in the file's order: the first index fastest."""
    order = ">" if big else "<"
    return values.astype(values.dtype.newbyteorder(order)).tobytes(order="F")


ORDERS = [
    np.eye(3)[:, list(order)] * signs
    for order in permutations(range(3))
    for signs in product((1, -1), repeat=3)
]
"""All 48 ways in which x, y and z can run along the patient's axes."""


def small_turn(angles: tuple[float, float, float]) -> NDArray[np.float64]:
    """About x, y and z, in radians."""
    turn = np.eye(3)
    for axis, angle in enumerate(angles):
        one, other = [a for a in range(3) if a != axis]
        each = np.eye(3)
        each[[one, one, other, other], [one, other, one, other]] = [
            np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle),
        ]  # fmt: skip
        turn = turn @ each
    return turn
