"""Where the frames of a file lie, and what tells them apart."""

from pathlib import Path
from typing import Any

import pytest
from dicom_files import dataset, item, save
from pydicom import Dataset

from engine.images.dicom.header import Header
from engine.images.dicom.reading import read_header
from engine.pictures import GreyWindow

AXIAL = ["1", "0", "0", "0", "1", "0"]
CORONAL = ["1", "0", "0", "0", "0", "-1"]


def read(tmp_path: Path, **keywords: Any) -> Header:
    count = keywords.get("NumberOfFrames", 1)
    keywords.setdefault("PixelData", bytes(16 * count))
    return read_header(save(tmp_path / "a.dcm", dataset(**keywords)))


def group(**sequences: Any) -> Dataset:
    """What a functional group says; each sequence by its keyword without "Sequence"."""
    return item(**{f"{name}Sequence": item(**told) for name, told in sequences.items()})[0]


def place(z: float) -> dict[str, Any]:
    return {"ImagePositionPatient": ["0", "0", str(z)]}


def enhanced(shared: Dataset, *per_frame: Dataset, **more: Any) -> dict[str, Any]:
    return {
        "NumberOfFrames": len(per_frame),
        "SharedFunctionalGroupsSequence": [shared],
        "PerFrameFunctionalGroupsSequence": list(per_frame),
        **more,
    }


def test_each_frame_has_what_it_says_itself_and_what_all_share(tmp_path: Path) -> None:
    header = read(
        tmp_path,
        **enhanced(
            group(
                PlaneOrientation={"ImageOrientationPatient": AXIAL},
                PixelMeasures={
                    "PixelSpacing": ["0.5", "0.25"],
                    "SliceThickness": "3",
                    "SpacingBetweenSlices": "4",
                },
                PixelValueTransformation={
                    "RescaleSlope": "2",
                    "RescaleIntercept": "-5",
                    "RescaleType": "HU",
                },
                FrameVOILUT={"WindowCenter": "40", "WindowWidth": "400"},
            ),
            group(PlanePosition=place(1)),
            group(
                PlanePosition=place(2),
                PixelValueTransformation={"RescaleSlope": "3", "RescaleIntercept": "0"},
            ),
        ),
    )

    first, second = header.frames
    assert (first.position, second.position) == ((0, 0, 1), (0, 0, 2))
    assert first.orientation == second.orientation == (1, 0, 0, 0, 1, 0)
    assert first.pixel_spacing == second.pixel_spacing == (0.5, 0.25)
    assert first.slice_thickness == 3
    assert (first.slope, first.intercept) == (2, -5)
    assert (second.slope, second.intercept) == (3, 0)
    assert first.windows == (GreyWindow(40, 400),)
    assert (header.spacing_between, header.rescale_type) == (4, "HU")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"MRDiffusion": {"DiffusionBValue": 400.0}}, ("b-value", 400)),
        ({"MRDiffusion": {"DiffusionDirectionality": "NONE"}}, ("b-value", 0)),
        ({"MREcho": {"EffectiveEchoTime": 12.5}}, ("echo", 12.5)),
        ({"FrameContent": {"TemporalPositionIndex": 3}}, ("time", 3)),
        ({"TemporalPosition": {"TemporalPositionTimeOffset": 1.5}}, ("time", 1.5)),
        (
            {"CardiacSynchronization": {"NominalCardiacTriggerDelayTime": 80.0}},
            ("phase", 80),
        ),
        ({"CardiacSynchronization": {"NominalPercentageOfCardiacPhase": 75.0}}, ("phase", 75)),
        (
            {"RespiratorySynchronization": {"NominalPercentageOfRespiratoryPhase": 50.0}},
            ("phase", 50),
        ),
        ({"MRImageFrameType": {"ComplexImageComponent": "PHASE"}}, ("component", 1)),
        ({"SegmentIdentification": {"ReferencedSegmentNumber": 4}}, ("image", 4)),
    ],
)
def test_what_tells_a_frame_apart_is_read(
    tmp_path: Path, told: dict[str, Any], expected: tuple[str, float]
) -> None:
    header = read(tmp_path, **enhanced(group(), group(PlanePosition=place(1), **told)))

    assert header.first.splits == (expected,)


def index(*values: int) -> dict[str, Any]:
    return {"DimensionIndexValues": list(values)}


def dimensions(*pointers: int) -> list[Dataset]:
    return [item(DimensionIndexPointer=pointer)[0] for pointer in pointers]


def test_frames_of_one_place_that_say_nothing_else_are_told_by_their_indices(
    tmp_path: Path,
) -> None:
    stack, flip = 0x00209057, 0x00181314
    frames = [
        group(PlanePosition=place(z), FrameContent=index(number, angle))
        for z, number in ((1, 1), (2, 2))
        for angle in (5, 9)
    ]

    header = read(
        tmp_path, **enhanced(group(), *frames, DimensionIndexSequence=dimensions(stack, flip))
    )

    assert [frame.splits for frame in header.frames] == [
        (("image", 1),),
        (("image", 2),),
    ] * 2


def test_indices_stand_for_segments_that_do_not_tell_frames_apart(tmp_path: Path) -> None:
    segment, flip = 0x0062000B, 0x00181314
    frames = [
        group(
            PlanePosition=place(1),
            SegmentIdentification={"ReferencedSegmentNumber": 4},
            FrameContent=index(1, angle),
        )
        for angle in (5, 9)
    ]

    header = read(
        tmp_path, **enhanced(group(), *frames, DimensionIndexSequence=dimensions(segment, flip))
    )

    assert [frame.splits for frame in header.frames] == [(("image", 1),), (("image", 2),)]


def test_indices_are_not_asked_for_where_frames_tell_themselves_apart(tmp_path: Path) -> None:
    echo, stack = 0x00189082, 0x00209057
    frames = [
        group(PlanePosition=place(1), MREcho={"EffectiveEchoTime": time}, FrameContent=index(1, at))
        for at, time in ((1, 10.0), (2, 20.0))
    ]

    header = read(
        tmp_path, **enhanced(group(), *frames, DimensionIndexSequence=dimensions(stack, echo))
    )

    assert [frame.splits for frame in header.frames] == [(("echo", 10),), (("echo", 20),)]


def test_frames_without_groups_of_their_own_have_no_place(tmp_path: Path) -> None:
    header = read(
        tmp_path, **enhanced(group(), group(PlanePosition=place(1))) | {"NumberOfFrames": 3}
    )

    assert [frame.position for frame in header.frames] == [(0, 0, 1), None, None]


def test_what_groups_do_not_say_is_what_the_file_says_of_all_frames(tmp_path: Path) -> None:
    header = read(
        tmp_path,
        **enhanced(group(), group(PlanePosition=place(1)), group()),
        ImagePositionPatient=["7", "7", "7"],
        ImageOrientationPatient=AXIAL,
        PixelSpacing=["1", "2"],
        RescaleSlope="3",
    )

    first, second = header.frames
    assert first.orientation == second.orientation == (1, 0, 0, 0, 1, 0)
    assert (second.pixel_spacing, second.slope) == ((1, 2), 3)
    # One place does not hold for several frames.
    assert second.position is None


def test_a_file_of_frames_that_tells_nothing_of_each_has_one_entry_for_all(tmp_path: Path) -> None:
    header = read(tmp_path, NumberOfFrames=5, FrameTime="40")

    assert (header.frame_count, len(header.frames)) == (5, 1)


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"FrameTime": "40", "RecommendedDisplayFrameRate": 10}, 40),
        ({"FrameTimeVector": ["0", "30", "50"], "CineRate": 5}, 40),
        ({"CineRate": 5, "RecommendedDisplayFrameRate": 10}, 200),
        ({"RecommendedDisplayFrameRate": 10}, 100),
        ({"FrameTime": "0"}, None),
        ({"FrameTime": "0", "CineRate": 5}, 200),
        ({"FrameTimeVector": ["0", "1e308", "1e308"]}, None),
        ({}, None),
    ],
)
def test_the_time_between_frames_is_that_of_their_taking_before_that_of_their_showing(
    tmp_path: Path, keywords: dict[str, Any], expected: float | None
) -> None:
    assert read(tmp_path, NumberOfFrames=3, **keywords).frame_ms == expected


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"EchoTime": "80", "EchoNumbers": 2}, (("echo", 80),)),
        ({"EchoNumbers": 2}, (("echo", 2),)),
        ({"TemporalPositionIdentifier": 3}, (("time", 3),)),
        ({"FrameReferenceTime": "1500"}, (("time", 1500),)),
        ({"TriggerTime": "120"}, (("phase", 120),)),
        ({}, ()),
    ],
)
def test_what_tells_pictures_of_one_place_apart_is_read(
    tmp_path: Path, keywords: dict[str, Any], expected: tuple[tuple[str, float], ...]
) -> None:
    assert read(tmp_path, **keywords).first.splits == expected


def dose(offsets: list[str], orientation: list[str] = AXIAL) -> dict[str, Any]:
    return {
        "Modality": "RTDOSE",
        "NumberOfFrames": len(offsets),
        "ImagePositionPatient": ["1", "2", "30"],
        "ImageOrientationPatient": orientation,
        "FrameIncrementPointer": 0x3004000C,
        "GridFrameOffsetVector": offsets,
    }


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        (dose(["0", "5", "12"]), [(1, 2, 30), (1, 2, 35), (1, 2, 42)]),
        (dose(["0", "-5"]), [(1, 2, 30), (1, 2, 25)]),
        # Relative to the first plane, along the normal: here toward the front.
        (dose(["0", "5"], CORONAL), [(1, 2, 30), (1, 7, 30)]),
        # Coordinates of the patient, which the standard allows of axial planes.
        (dose(["30", "35"]), [(1, 2, 30), (1, 2, 35)]),
    ],
)
def test_the_planes_of_a_dose_lie_where_its_vector_says(
    tmp_path: Path, keywords: dict[str, Any], expected: list[tuple[float, float, float]]
) -> None:
    assert [frame.position for frame in read(tmp_path, **keywords).frames] == expected


@pytest.mark.parametrize(
    "keywords",
    [
        dose(["7", "12"]),
        dose(["30", "35"], CORONAL),
        dose(["0", "5"]) | {"GridFrameOffsetVector": ["0", "5", "10"]},
        dose(["0", "5"]) | {"ImagePositionPatient": None},
    ],
)
def test_a_dose_whose_vector_makes_no_sense_has_no_places(
    tmp_path: Path, keywords: dict[str, Any]
) -> None:
    assert len(read(tmp_path, **keywords).frames) == 1


def reconstruction(slices: list[int], spacing: str, **more: Any) -> dict[str, Any]:
    return {
        "Modality": "NM",
        "NumberOfFrames": len(slices),
        "FrameIncrementPointer": 0x00540080,
        "SliceVector": slices,
        "SpacingBetweenSlices": spacing,
        "DetectorInformationSequence": item(
            ImagePositionPatient=["1", "2", "30"], ImageOrientationPatient=AXIAL
        ),
        **more,
    }


@pytest.mark.parametrize(("spacing", "expected"), [("4", [30, 34, 38]), ("-4", [30, 26, 22])])
def test_the_slices_of_a_gamma_camera_lie_on_the_side_that_the_sign_says(
    tmp_path: Path, spacing: str, expected: list[float]
) -> None:
    header = read(tmp_path, **reconstruction([1, 2, 3], spacing))

    assert [frame.position for frame in header.frames] == [(1, 2, z) for z in expected]


def test_gated_slices_of_a_gamma_camera_are_told_apart_by_their_slot(tmp_path: Path) -> None:
    header = read(tmp_path, **reconstruction([1, 2, 1, 2], "4", TimeSlotVector=[1, 1, 2, 2]))

    assert [frame.splits for frame in header.frames] == [
        (("phase", 1),),
        (("phase", 1),),
        (("phase", 2),),
        (("phase", 2),),
    ]


@pytest.mark.parametrize(
    "missing", ["SliceVector", "SpacingBetweenSlices", "DetectorInformationSequence"]
)
def test_frames_of_a_gamma_camera_that_cannot_be_placed_are_not(
    tmp_path: Path, missing: str
) -> None:
    header = read(tmp_path, **reconstruction([1, 2, 3], "4") | {missing: None})

    assert len(header.frames) == 1
    assert header.first.position is None


def test_the_regions_of_an_ultrasound_give_no_millimetres(tmp_path: Path) -> None:
    region = item(PhysicalDeltaX=0.01, PhysicalDeltaY=0.01)

    assert read(tmp_path, SequenceOfUltrasoundRegions=region).first.pixel_spacing is None
