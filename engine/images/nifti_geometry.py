"""Where the voxels of a NIfTI or Analyze file lie: sform or qform, units, RAS turned to LPS."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.nifti_header import NiftiHeader
from engine.images.placing import Placement, Spacing, is_volume, place, unplaced
from engine.pictures import Repair, RepairKind
from engine.space import Affine4, spacing_of

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])

TOLERANCE = 0.25
"""Decided: sform and qform agree when no corner differs by more than so much of a voxel."""

_HALF_A_TURN = 1e-7

_MILLIMETRE = 2
_TO_MM = {1: (1000.0, "metres"), 3: (0.001, "micrometres")}

_UNIT_UNKNOWN = "The file does not say in which unit its lengths are; they are taken as mm."

_CODES = {
    1: "scanner",
    2: "aligned to another image",
    3: "Talairach space",
    4: "MNI space",
    5: "a template's space",
}


def placement_of(header: NiftiHeader) -> Placement:
    """Where a file's voxels lie, with the repairs and warnings that this took.

    sform where its code is over 0, else qform, else nothing but the spacing is known.
    """
    fields = header.fields
    x, y, z = header.shape[:3]
    size = (x, y, z)
    scale, repairs, warnings = _unit(header)
    spacing = _spacing(fields, scale)
    sform = None if header.is_analyze else _sform(fields, scale)
    qform = None if header.is_analyze else _qform(fields, scale)
    used = sform if sform is not None else qform
    if used is None:
        return unplaced(size, spacing, repairs, warnings)
    if sform is not None and qform is not None:
        repairs += _disagreement(header, sform, qform)
    if sform is None and int(fields["sform_code"]) > 0:
        detail = "The sform in the header describes no volume; the qform is used in its place."
        repairs += (Repair(RepairKind.ORIENTATION, detail),)
    if sform is not None:
        repairs += _other_spacing(spacing, sform)
    return place(RAS_TO_LPS @ used, size, repairs, warnings)


def time_step_ms(fields: Any) -> float | None:
    """The time between two frames, None where the header gives none."""
    per_unit = {8: 1000.0, 16: 1.0, 24: 0.001}.get(int(fields["xyzt_units"]) & 0x38)
    step = float(fields["pixdim"][4])
    return step * per_unit if per_unit and math.isfinite(step) and step > 0 else None


def _unit(header: NiftiHeader) -> tuple[float, tuple[Repair, ...], tuple[str, ...]]:
    """The factor to millimetres."""
    if header.is_analyze:
        return 1.0, (), ()
    code = int(header.fields["xyzt_units"]) & 0x07
    if code in _TO_MM:
        factor, name = _TO_MM[code]
        detail = f"Lengths in the header are in {name}; they were converted to millimetres."
        return factor, (Repair(RepairKind.UNITS, detail),), ()
    return 1.0, (), () if code == _MILLIMETRE else (_UNIT_UNKNOWN,)


def _spacing(fields: Any, scale: float) -> Spacing:
    """What pixdim says, in mm; None along an axis where it says nothing that can be."""
    # The shortest decimal that is the float32 of the file: 0.7 and not 0.699999988.
    found = [float(str(length)) * scale for length in fields["pixdim"][1:4]]
    x, y, z = (abs(length) if math.isfinite(length) and length else None for length in found)
    return x, y, z


def _sform(fields: Any, scale: float) -> Affine4 | None:
    if int(fields["sform_code"]) <= 0:
        return None
    affine = np.eye(4)
    with np.errstate(invalid="ignore"):  # a damaged file's rows may hold what is no number
        affine[:3] = [np.asarray(fields[f"srow_{axis}"], np.float64) * scale for axis in "xyz"]
    return affine if is_volume(affine) else None


def _qform(fields: Any, scale: float) -> Affine4 | None:
    from nibabel.quaternions import quat2mat

    if int(fields["qform_code"]) <= 0:
        return None
    b, c, d = (float(fields[f"quatern_{letter}"]) for letter in "bcd")
    rest = 1 - b * b - c * c - d * d
    if not math.isfinite(rest) or rest < -1e-5:
        return None
    # As the reference reader does: what float32 leaves of half a turn is taken as half a turn.
    a = math.sqrt(rest) if rest >= _HALF_A_TURN else 0.0
    pixdim = np.asarray(fields["pixdim"], np.float64)
    handed = -1.0 if pixdim[0] < 0 else 1.0
    rotation: NDArray[np.float64] = quat2mat((a, b, c, d))  # type: ignore[no-untyped-call]
    affine = np.eye(4)
    affine[:3, :3] = rotation * np.abs(pixdim[1:4]) * (1, 1, handed) * scale
    affine[:3, 3] = [float(fields[f"qoffset_{axis}"]) * scale for axis in "xyz"]
    return affine if is_volume(affine) else None


def _disagreement(header: NiftiHeader, sform: Affine4, qform: Affine4) -> tuple[Repair, ...]:
    apart = _apart(sform, qform, header.shape)
    if apart <= TOLERANCE * min(spacing_of(sform)):
        return ()
    detail = (
        f"The header places the picture twice, up to {apart:.1f} mm apart: by its sform "
        f"({_code(header, 'sform')}) and by its qform ({_code(header, 'qform')}). "
        "The sform is used."
    )
    return (Repair(RepairKind.ORIENTATION, detail),)


def _code(header: NiftiHeader, form: str) -> str:
    code = int(header.fields[f"{form}_code"])
    return _CODES.get(code, f"code {code}")


def _apart(first: Affine4, second: Affine4, shape: tuple[int, ...]) -> float:
    """The largest distance in mm between where two affines put a corner."""
    ends = [(0, length - 1) for length in shape[:3]]
    corners = np.array([[x, y, z, 1] for x in ends[0] for y in ends[1] for z in ends[2]])
    return float(np.linalg.norm((first - second) @ corners.T, axis=0).max())


def _other_spacing(spacing: Spacing, sform: Affine4) -> tuple[Repair, ...]:
    """A repair where pixdim and the lengths in the sform differ by more than a hundredth."""
    used = spacing_of(sform)
    pairs = tuple(zip(spacing, used, strict=True))
    if all(said is None or abs(said / length - 1) <= 0.01 for said, length in pairs):
        return ()
    one = " × ".join("unknown" if said is None else f"{said:g}" for said in spacing)
    other = " × ".join(f"{length:.4g}" for length in used)
    detail = (
        f"The header gives two voxel sizes: {one} mm (pixdim) and {other} mm (sform). "
        "That of the sform is used."
    )
    return (Repair(RepairKind.SPACING, detail),)
