"""Real series: sizes, spacing and frames as their READMEs say, places as pydicom reads them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk

from engine.images.dicom.scan import scan
from engine.images.dicom.series import plan_series
from engine.images.plan import DicomPlan, decode, encode
from engine.listing import SeriesEntry
from engine.pictures import RepairKind
from engine.space import to_patient
from engine.task import Task

Shared = Callable[[str], Path]

ODD = "data/radiology/dicom_odd"
MR = "data/radiology/mr_t2"
CHEST = "data/radiology/chest_ct/Lung_Dx-A0001_lung_5mm"
PANCREAS = "data/radiology/pancreas/CPTAC-PDA_C3L-00189_ct_5mm"


def _planned(folder: Path) -> list[tuple[SeriesEntry, DicomPlan]]:
    headers, _ = scan(sorted(path for path in folder.rglob("*") if path.is_file()), Task())
    found, refused = plan_series(headers)
    assert refused == ()
    plans = []
    for entry, planned in found:
        assert isinstance(planned.plan, DicomPlan)
        plans.append((entry, planned.plan))
    return plans


# Folder, and of each entry: size, spacing, orientation, frames, mends.
ANSWERS = [
    (CHEST, [((512, 512, 64), (0.841797, 0.841797, 5), "LPS", 1, [])]),
    (PANCREAS, [((512, 512, 35), (0.859375, 0.859375, 5), "LPS", 1, [])]),
    (f"{MR}/prostatex0000_t2_tse_tra", [((384, 384, 19), (0.5, 0.5, 3), "LPS", 1, [])]),
    (f"{MR}/prostatex0000_t2_tse_cor_jpegls", [((320, 320, 15), (0.6, 0.6, 3), "LIP", 1, [])]),
    (
        f"{MR}/prostatex0000_dwi_3_images_per_position",
        [((84, 128, 19), (2, 2, 3), "LPS", 3, ["several images per position"])],
    ),
    (
        f"{MR}/tcga-bc-4073_abdomen_haste_coronal",
        [((256, 256, 30), (1.5625, 1.5625, 8.75), "LIP", 1, [])],
    ),
    (
        f"{ODD}/series/ct_gantry_tilt",
        [((512, 521, 4), (0.417969, 0.417969, 4.851), "LPS", 1, ["tilt"])],
    ),
    (
        f"{ODD}/series/ct_tilt_missing_slice",
        [((512, 514, 5), (0.511719, 0.511719, 0.7497), "LPS", 1, ["tilt", "missing slices"])],
    ),
    (
        f"{ODD}/series/mr_mixed_orientation",
        [
            ((288, 288, 2), (0.32, 0.32, 3.3), "PIR", 1, ["several planes"]),
            ((288, 288, 2), (0.555556, 0.555556, 4.4), "LPS", 1, ["several planes"]),
        ],
    ),
    (
        f"{ODD}/series/mr_localizer_3_planes",
        [
            ((256, 256, 3), (1.5625, 1.5625, 10.5), "PIR", 1, ["several planes"]),
            ((256, 256, 5), (1.5625, 1.5625, 10.5), "LIP", 1, ["several planes"]),
            ((256, 256, 5), (1.5625, 1.5625, 10.5), "LPS", 1, ["several planes"]),
        ],
    ),
    (
        f"{ODD}/series/mr_dwi_2_volumes_ge",
        [((128, 128, 4), (2, 2, 2), "LPS", 2, ["several images per position"])],
    ),
    (
        f"{ODD}/series/mr_nonsquare_slope_per_slice",
        [((64, 28, 4), (6.39996, 4, 0.5), "LPS", 1, [])],
    ),
    (f"{ODD}/series/mr_rgb_overlay_series", [((52, 77, 4), (3, 3, 3), "LPS", 1, [])]),
    (f"{ODD}/series/mr_two_slices_only", [((256, 256, 2), (1, 1, 1), "PIR", 1, [])]),
    (f"{ODD}/series/mr_oblique_hitachi", [((64, 64, 4), (2.34375, 2.34375, 4), "PIR", 1, [])]),
    (f"{ODD}/seg/dcmqi_24x38x3/image", [((24, 38, 3), (0.7, 0.7, 2.5), "LPS", 1, [])]),
    (f"{ODD}/seg/dcmqi_24x38x3/multiframe", [((24, 38, 3), (0.7, 0.7, 2.5), "LPS", 1, [])]),
    (f"{ODD}/seg/dcmqi_24x38x3/seg", [((24, 38, 3), (0.7, 0.7, 2.5), "LPS", 1, [])]),
]


@pytest.mark.parametrize(("folder", "answers"), ANSWERS, ids=[each[0] for each in ANSWERS])
def test_a_series_has_the_size_and_spacing_that_its_readme_says(
    shared: Shared, folder: str, answers: list[tuple[object, ...]]
) -> None:
    found = [entry for entry, _ in _planned(shared(folder))]
    assert len(found) == len(answers)
    for entry, (size, spacing, orientation, frames, mends) in zip(found, answers, strict=True):
        grid = entry.facts.grid
        assert grid.size == size
        assert grid.spacing == pytest.approx(spacing, abs=6e-4)
        assert grid.orientation == orientation
        assert len(entry.facts.frames) == frames
        assert [repair.kind.value for repair in entry.facts.repairs] == mends


@pytest.mark.parametrize("folder", [each[0] for each in ANSWERS])
def test_every_slice_lies_where_its_own_header_says(shared: Shared, folder: str) -> None:
    for entry, plan in _planned(shared(folder)):
        affine = entry.facts.grid.affine
        assert affine is not None
        for z, source in enumerate(plan.sources[0]):
            dataset = source and pydicom.dcmread(source.path, stop_before_pixels=True)
            if not dataset or "ImagePositionPatient" not in dataset:
                continue
            if plan.resampling is None:
                place = to_patient(affine, np.array([[0.0, 0.0, z]]))[0]
            else:
                place = np.array(plan.resampling.affines[z])[:3, 3]
            assert np.abs(place - np.array(dataset.ImagePositionPatient, float)).max() < 1e-4


@pytest.mark.parametrize(
    "folder",
    [
        CHEST,
        PANCREAS,
        f"{MR}/prostatex0000_t2_tse_tra",
        f"{MR}/tcga-bc-4073_abdomen_haste_coronal",
        f"{ODD}/series/mr_nonsquare_slope_per_slice",
        f"{ODD}/series/mr_oblique_hitachi",
    ],
)
def test_a_grid_is_that_of_simpleitk_where_it_can_be_trusted(shared: Shared, folder: str) -> None:
    ((entry, plan),) = _planned(shared(folder))
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames([source.path for source in plan.sources[0] if source])
    image = reader.Execute()
    affine = entry.facts.grid.affine
    assert affine is not None
    for corner in ((0, 0, 0), tuple(n - 1 for n in image.GetSize())):
        expected = image.TransformIndexToPhysicalPoint(corner)
        found = to_patient(affine, np.array([corner], float))[0]
        assert np.abs(found - expected).max() < 1e-4


def test_a_mosaic_lies_where_the_scanners_own_protocol_puts_its_slices(shared: Shared) -> None:
    # From the files' own sSliceArray.asSlice[0] and [1].sPosition: the middle of their slices.
    truth = {
        "multiframe/siemens_mosaic.dcm": (
            (-1.513475754, -20.56062043, -59.85445753),
            (-1.512117792, -19.98350131, -56.82901018),
        ),
        "bits/12bit_signed_garbage_high_bits.dcm": (
            (-4.840708575, -15.99276195, -16.2012748),
            (-4.835123524, -16.28834706, -13.01496068),
        ),
    }
    for name, places in truth.items():
        headers, _ = scan([shared(f"{ODD}/{name}")], Task())
        ((entry, _),), _ = plan_series(headers)
        x, y, _ = entry.facts.grid.size
        affine = entry.facts.grid.affine
        assert affine is not None
        # Siemens counts the middle of 80 pixels at pixel 40.
        middles = np.array([[x / 2, y / 2, 0], [x / 2, y / 2, 1]])
        assert np.abs(to_patient(affine, middles) - places).max() < 2e-3
        assert [repair.kind for repair in entry.facts.repairs] == [RepairKind.MOSAIC]


@pytest.mark.parametrize("folder", [f"{ODD}/series", f"{ODD}/dicomdir", f"{ODD}/multiframe", MR])
def test_plans_travel_as_text(shared: Shared, folder: str) -> None:
    paths = sorted(path for path in shared(folder).rglob("*") if path.is_file())
    found, _ = plan_series(scan(paths, Task())[0])
    assert found
    for _, planned in found:
        assert decode(encode(planned)) == planned


def test_diffusion_without_b_values_in_its_place_is_named_by_them(shared: Shared) -> None:
    ((entry, plan),) = _planned(shared(f"{MR}/prostatex0000_dwi_3_images_per_position"))
    assert entry.facts.frames == ("b 50", "b 400", "b 800")
    for name, row in zip(("b50", "b400", "b800"), plan.sources, strict=True):
        for source in row:
            assert source is not None
            dataset = pydicom.dcmread(source.path, stop_before_pixels=True)
            assert name + "t" in dataset.SequenceName


def test_frames_without_geometry_have_no_place(shared: Shared) -> None:
    headers, _ = scan([shared(f"{ODD}/multiframe/emri_small.dcm")], Task())
    ((entry, _),), _ = plan_series(headers)
    assert entry.facts.grid.size == (64, 64, 1)
    assert entry.facts.grid.rows is None
    assert len(entry.facts.frames) == 10
    assert entry.facts.warnings


def test_doses_are_placed_by_their_offsets(shared: Shared) -> None:
    headers, _ = scan([shared(f"{ODD}/bits/rtdose_32bit.dcm")], Task())
    ((entry, _),), _ = plan_series(headers)
    assert entry.facts.grid.size == (10, 10, 15)
    assert entry.facts.grid.spacing == pytest.approx((10, 10, 5))


def test_the_folders_of_a_disc_give_every_series(shared: Shared) -> None:
    found = _planned(shared(f"{ODD}/dicomdir"))
    pictures = sum(entry.pictures for entry, _ in found)
    assert pictures == 31
    (projections,) = [e for e, _ in found if e.title.startswith("700 ANGIO")]
    assert [repair.kind for repair in projections.facts.repairs] == [RepairKind.SEVERAL_PLANES]
    assert len(projections.facts.frames) == 7
