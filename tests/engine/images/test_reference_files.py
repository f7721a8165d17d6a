"""Every NIfTI, NRRD, MetaImage and Analyze file of the reference folders, against the answers."""

import hashlib
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import reference
from numpy.typing import NDArray
from reference import RADIOLOGY

from engine.errors import Refusal
from engine.pictures import FrameAxis, Grid, RepairKind, Volume
from engine.space import to_voxel

ROWS = reference.rows("nifti/expected.csv")

FAULTS = {
    "truncated.nii.gz": "ends early",
    "truncated_raw.nii": "67,650 bytes",
    "bad_magic.nii": "“n+1”",
}
UNPLACED = ("orientation unknown", "slice spacing unknown (0)")
NOT_SAID = ("minimal_no_codes_bigendian.nii.gz",)
SHEARED = ("ct_gantry_tilt_sheared.nii.gz", "sheared_sform.nii.gz")
BY_CONTENT = ("gzip_named.nii", "plain_named.nii.gz")

REPAIRS = {
    "ct_gantry_tilt_sheared.nii.gz": {RepairKind.SHEAR, RepairKind.ORIENTATION},
    "sheared_sform.nii.gz": {RepairKind.SHEAR},
    "sform_qform_disagree.nii.gz": {RepairKind.ORIENTATION},
    "units_micron.nii.gz": {RepairKind.UNITS},
    "complex64.nii.gz": {RepairKind.VALUES},
}
"""All others are read as they are."""

FRAMES = {"vector_5d.nii.gz": FrameAxis.COMPONENT}


@pytest.fixture
def nifti(shared: object) -> Path:
    assert callable(shared)
    found = shared("data/radiology/nifti")
    assert isinstance(found, Path)
    return found


def only(path: Path, scratch: Path) -> Volume:
    found = reference.read(path, scratch)
    assert not found.listing.refused
    (volume,) = found.volumes
    return volume


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_file_is_as_expected(row: dict[str, str], tmp_path: Path) -> None:
    path = RADIOLOGY / "nifti" / row["file"]
    if path.name in FAULTS:
        try:
            reasons = reference.read(path, tmp_path).reasons
        except Refusal as refusal:
            reasons = refusal.reason
        assert FAULTS[path.name] in reasons
        return
    volume = only(path, tmp_path)
    facts = volume.facts
    assert {repair.kind for repair in facts.repairs} == REPAIRS.get(path.name, set())
    if path.name in BY_CONTENT:
        same = only(path.with_name("anatomical_bigendian.nii"), tmp_path)
        assert np.array_equal(volume.values, same.values)
        assert facts.grid == same.facts.grid
        return
    sizes = [int(length) for length in row["size"].split("x")] + [1, 1]
    assert len(facts.frames) == np.prod(sizes[3:])
    if len(facts.frames) > 1:
        assert facts.frame_axis is FRAMES.get(path.name, FrameAxis.TIME)
    if path.name not in SHEARED:
        assert facts.grid.size == tuple(sizes[:3])
        check_place(facts.grid, row)
        check_values(volume, row)
    else:
        assert facts.grid.orientation == row["axes_stored"]


def check_place(grid: Grid, row: dict[str, str]) -> None:
    said = reference.numbers(row["spacing_mm"])
    if row["fault"] == "slice spacing unknown (0)":
        assert grid.spacing == (said[0], said[1], None)
    else:
        found = [length for length in grid.spacing if length is not None]
        assert found[: len(said)] == pytest.approx(said, rel=1e-4)
    unknown = row["file"] in NOT_SAID or row["fault"] in UNPLACED or "analyze" in row["file"]
    if unknown:
        assert grid.orientation is None
        return
    assert grid.orientation == row["axes_stored"]
    ras = np.array([[float(n) for n in row[f"affine_row{i}"].split()] for i in (1, 2, 3)])
    assert grid.affine is not None
    assert grid.affine[:3] == pytest.approx(ras * [[-1], [-1], [1]], rel=1e-4, abs=1e-4)


def check_values(volume: Volume, row: dict[str, str]) -> None:
    if not row["value_min"]:
        return
    assert volume.facts.value_range == pytest.approx(
        (float(row["value_min"]), float(row["value_max"])), rel=1e-6
    )
    finite = volume.values[np.isfinite(volume.values)]
    assert finite.mean(dtype=np.float64) == pytest.approx(
        float(row["finite_mean"]), abs=1e-5, rel=1e-6
    )
    if row["value_sha256"]:
        assert hashlib.sha256(volume.values.tobytes()).hexdigest() == row["value_sha256"]


def test_complex_numbers_are_their_magnitude(nifti: Path, tmp_path: Path) -> None:
    stored = np.asarray(nib.load(nifti / "complex64.nii.gz").dataobj)
    assert np.allclose(only(nifti / "complex64.nii.gz", tmp_path).frame(), np.abs(stored).T)


def test_colours_are_those_of_the_file(nifti: Path, tmp_path: Path) -> None:
    stored = np.asarray(nib.load(nifti / "ct_perfusion_rgb24.nii.gz").dataobj)
    colours = np.stack([stored[letter] for letter in "RGB"], axis=-1).transpose(2, 1, 0, 3)
    assert np.array_equal(only(nifti / "ct_perfusion_rgb24.nii.gz", tmp_path).frame(), colours)


def test_a_sheared_picture_shows_each_voxel_at_its_place(nifti: Path, tmp_path: Path) -> None:
    """Smooth places, sampled where the file says that they lie."""
    for name in SHEARED:
        stored = nib.load(nifti / name)
        values = np.asarray(stored.dataobj, np.float64)
        volume = only(nifti / name, tmp_path)
        assert volume.facts.grid.affine is not None
        rng = np.random.default_rng(0)
        voxels = (rng.uniform(0.2, 0.8, (2000, 3)) * values.shape).round()
        ras = voxels @ stored.affine[:3, :3].T + stored.affine[:3, 3]
        ours = to_voxel(volume.facts.grid.affine, ras * (-1, -1, 1)).round().astype(int)
        seen = volume.frame()[ours[:, 2], ours[:, 1], ours[:, 0]]
        x, y, z = voxels.astype(int).T
        assert np.corrcoef(seen, values[x, y, z])[0, 1] > 0.97


def test_nifti_and_nrrd_of_one_picture_agree(nifti: Path, tmp_path: Path) -> None:
    one, other = only(nifti / "FLAIR.nii.gz", tmp_path), only(nifti / "FLAIR.nrrd", tmp_path)
    assert np.array_equal(one.values, other.values)
    assert farthest(one, other) < 1e-4


def test_the_order_of_storage_changes_no_place(nifti: Path, tmp_path: Path) -> None:
    turned = only(nifti / "stored_SLP.nii.gz", tmp_path)
    plain = only(nifti / "anatomical_bigendian.nii", tmp_path)
    assert turned.facts.grid.affine is not None
    assert plain.facts.grid.affine is not None
    voxels = np.indices(turned.facts.grid.size).reshape(3, -1).T
    way = np.linalg.inv(plain.facts.grid.affine) @ turned.facts.grid.affine
    x, y, z = np.rint(voxels @ way[:3, :3].T + way[:3, 3]).astype(int).T
    i, j, k = voxels.T
    assert np.array_equal(turned.frame()[k, j, i], plain.frame()[z, y, x])


def test_nifti_and_dicom_of_one_acquisition_agree(nifti: Path, tmp_path: Path) -> None:
    crop = only(nifti / "prostatex_t2_tra_crop.nii.gz", tmp_path)
    whole = only(nifti.parent / "mr_t2" / "prostatex0000_t2_tse_tra", tmp_path)
    assert same_at_equal_places(crop.frame(), crop.facts.grid, whole.frame(), whole.facts.grid)


def test_each_b_value_agrees_with_its_dicom_frame(nifti: Path, tmp_path: Path) -> None:
    files = only(nifti / "prostatex_dwi_3b.nii.gz", tmp_path)
    scans = only(nifti.parent / "mr_t2" / "prostatex0000_dwi_3_images_per_position", tmp_path)
    for frame in range(3):
        one, other = files.frame(frame), scans.frame(frame)
        assert same_at_equal_places(one, files.facts.grid, other, scans.facts.grid)


def test_the_pancreas_labels_lie_on_their_pictures(nifti: Path, tmp_path: Path) -> None:
    for name, count in (("ct_trunk", 644), ("mr_abdomen", 1176)):
        picture = only(nifti.parent / "pancreas" / f"totalseg_{name}.nii.gz", tmp_path)
        labels = only(nifti.parent / "pancreas" / f"totalseg_{name}_labels.nii.gz", tmp_path)
        assert (labels.values == 7).sum() == count
        assert np.prod([length or 0 for length in labels.facts.grid.spacing]) == pytest.approx(27)
        assert picture.facts.grid.size == labels.facts.grid.size
        assert farthest(picture, labels) < 1e-4


def farthest(one: Volume, other: Volume) -> float:
    """The largest distance in mm between where both put a corner."""
    assert one.facts.grid.affine is not None
    assert other.facts.grid.affine is not None
    ends = [(0, length - 1) for length in one.facts.grid.size]
    corners = np.array([[x, y, z, 1] for x in ends[0] for y in ends[1] for z in ends[2]]).T
    apart = (one.facts.grid.affine - other.facts.grid.affine) @ corners
    return float(np.linalg.norm(apart, axis=0).max())


def same_at_equal_places(
    values: NDArray[np.generic], grid: Grid, others: NDArray[np.generic], other: Grid
) -> bool:
    """Whether each voxel of one lies on one of the other, within 1e-4 mm, and has its value."""
    assert grid.affine is not None
    assert other.affine is not None
    voxels = np.indices(grid.size).reshape(3, -1).T
    way = np.linalg.inv(other.affine) @ grid.affine
    there = voxels @ way[:3, :3].T + way[:3, 3]
    nearest = np.rint(there).astype(int)
    off = (there - nearest) @ other.affine[:3, :3].T
    (i, j, k), (x, y, z) = voxels.T, nearest.T
    assert np.linalg.norm(off, axis=1).max() < 1e-4
    return np.array_equal(values[k, j, i], others[z, y, x])
