"""Folders of photographs with marked lesions: masks in IDRiD's naming, and DiaretDB1's layouts."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import own_mark
from engine.errors import Refusal
from engine.evaluation.lesion_sets import find
from engine.evaluation.lesion_truth import LesionType, truth
from engine.reports import annotated

SHAPE = (30, 40)


def save(path: Path, values: np.ndarray | None = None, mode: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = np.zeros((*SHAPE, 3), np.uint8) if values is None else values
    image = Image.fromarray(plain)
    image.convert(mode).save(path) if mode else image.save(path)
    return path


def mask(*spots: tuple[int, int], value: int = 255) -> np.ndarray:
    values = np.zeros(SHAPE, np.uint8)
    for row, column in spots:
        values[row, column] = value
    return values


def test_masks_are_found_beside_and_in_subfolders(tmp_path: Path) -> None:
    save(tmp_path / "images" / "eye.jpg")
    save(tmp_path / "images" / "eye_MA.png", mask((3, 4), (9, 9)), "1")
    save(tmp_path / "truth" / "2. Haemorrhages" / "eye_HE.tif", mask((5, 5), value=1), "P")
    save(tmp_path / "truth" / "eye_EX.png", mask((7, 7), value=1))
    save(tmp_path / "truth" / "eye_OD.png", mask((1, 1)))
    (picture,) = find(tmp_path).pictures
    found = truth(picture.markings, SHAPE)
    assert picture.name == "eye"
    assert {kind: found.count(kind) for kind in LesionType} == {
        LesionType.MICROANEURYSMS: 2,
        LesionType.HAEMORRHAGES: 1,
        LesionType.HARD_EXUDATES: 1,
        LesionType.SOFT_EXUDATES: 0,
        LesionType.OTHER: 0,
    }


def test_a_photograph_without_any_mask_is_left_out_and_named(tmp_path: Path) -> None:
    save(tmp_path / "eye.jpg")
    save(tmp_path / "eye_SE.png", mask())
    lone = save(tmp_path / "lone.jpg")
    orphan = save(tmp_path / "gone_MA.png", mask())
    right = save(tmp_path / "patient_OD.jpg")
    found = find(tmp_path)
    assert [picture.name for picture in found.pictures] == ["eye"]
    assert truth(found.pictures[0].markings, SHAPE).labels == {}
    reasons = {left.path: left.reason for left in found.left_out}
    assert set(reasons) == {lone, orphan, right}
    assert "no mask" in reasons[lone]
    assert "no photograph gone" in reasons[orphan]


def test_a_photograph_whose_mask_is_a_jpeg_is_not_counted_as_without_such_lesions(
    tmp_path: Path,
) -> None:
    save(tmp_path / "eye.png")
    save(tmp_path / "eye_MA.png", mask((3, 4)), "1")
    save(tmp_path / "eye_EX.jpg", mask((7, 7)))
    save(tmp_path / "other.png")
    save(tmp_path / "other_EX.png", mask((7, 7)))
    found = find(tmp_path)
    assert [picture.name for picture in found.pictures] == ["other"]
    assert {left.path.name for left in found.left_out} == {"eye.png", "eye_EX.jpg"}
    assert all("Its mask eye_EX.jpg is no PNG" in left.reason for left in found.left_out)


def test_a_right_eyes_photograph_is_not_taken_for_a_disc(tmp_path: Path) -> None:
    save(tmp_path / "patient_OD.png")
    save(tmp_path / "patient_OD_MA.png", mask((2, 2)))
    assert [picture.name for picture in find(tmp_path).pictures] == ["patient_OD"]


def test_a_name_that_is_there_twice_is_left_out(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        save(tmp_path / folder / "eye.jpg")
    save(tmp_path / "eye_MA.png", mask((2, 2)))
    save(tmp_path / "other.jpg")
    save(tmp_path / "other_MA.png", mask((2, 2)))
    found = find(tmp_path)
    assert [picture.name for picture in found.pictures] == ["other"]
    assert len(found.left_out) == 2


def test_masks_are_found_by_names_in_other_letters_and_accents_spelt_otherwise(
    tmp_path: Path,
) -> None:
    save(tmp_path / "Eye.JPG")
    save(tmp_path / "truth" / "EYE_ma.PNG", mask((3, 4)), "1")
    save(tmp_path / "andr\u00e9.jpg")
    save(tmp_path / "truth" / "andre\u0301_EX.png", mask((7, 7)))
    found = find(tmp_path)
    assert [picture.name for picture in found.pictures] == ["Eye", "andr\u00e9"]
    for picture, kind in zip(
        found.pictures, (LesionType.MICROANEURYSMS, LesionType.HARD_EXUDATES), strict=True
    ):
        assert truth(picture.markings, SHAPE).count(kind) == 1
    assert found.left_out == ()


def test_of_masks_or_photographs_whose_names_are_alike_none_is_taken(tmp_path: Path) -> None:
    save(tmp_path / "eye.jpg")
    save(tmp_path / "eye_MA.png", mask((3, 4)), "1")
    save(tmp_path / "old" / "EYE_MA.png", mask((9, 9)), "1")
    for name in ("two.jpg", "Two.jpg"):
        save(tmp_path / name)
    save(tmp_path / "two_MA.png", mask((3, 4)), "1")
    with pytest.raises(
        Refusal, match=r"that can be taken\. Of Two\.jpg: There are 2 pictures Two\."
    ):
        find(tmp_path)
    save(tmp_path / "other.jpg")
    save(tmp_path / "other_MA.png", mask((2, 2)))
    found = find(tmp_path)
    assert [picture.name for picture in found.pictures] == ["other"]
    assert {left.path.name: left.reason for left in found.left_out} == {
        "eye.jpg": "Which mask is its own cannot be told: "
        "EYE_MA.png and eye_MA.png are named alike.",
        "two.jpg": "There are 2 pictures two.",
        "Two.jpg": "There are 2 pictures Two.",
    }


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_mask_may_be_of_any_mode(tmp_path: Path, mode: str) -> None:
    save(tmp_path / "eye.jpg")
    save(tmp_path / "eye_MA.png", mask((2, 2), (2, 3)), mode)
    (picture,) = find(tmp_path).pictures
    marked = picture.markings.confidence(LesionType.MICROANEURYSMS, SHAPE)
    assert marked is not None
    assert marked.sum() == 2


@pytest.mark.parametrize("published", [False, True])
def test_an_annotated_picture_is_left_out_and_no_second_photograph(
    tmp_path: Path, published: bool
) -> None:
    save(tmp_path / "eye.jpg")
    values = mask((2, 2), value=191)
    place = tmp_path / "ddb1_groundtruth" / "hardexudates" / "eye.png"
    save(place if published else tmp_path / "eye_MA.png", values)
    (tmp_path / "seen").mkdir()
    annotated.save(tmp_path / "seen" / "eye.png", Image.fromarray(np.zeros((60, 40, 3), np.uint8)))
    found = find(tmp_path)
    assert [picture.photograph.name for picture in found.pictures] == ["eye.jpg"]
    assert [each.reason for each in found.left_out] == [own_mark.WHY]


def test_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path: Path) -> None:
    save(tmp_path / "eye.jpg")
    save(tmp_path / "eye_MA.png", np.zeros((30, 41), np.uint8))
    (picture,) = find(tmp_path).pictures
    with pytest.raises(Refusal, match=r"41 x 30 .* 40 x 30"):
        truth(picture.markings, SHAPE)


def test_a_mask_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "eye.jpg")
    (tmp_path / "eye_MA.png").write_bytes(b"no picture")
    (picture,) = find(tmp_path).pictures
    with pytest.raises(Refusal, match=r"eye_MA\.png cannot be read"):
        truth(picture.markings, SHAPE)


@pytest.mark.parametrize("name", ["nowhere", ""])
def test_a_folder_without_masks_is_refused(tmp_path: Path, name: str) -> None:
    save(tmp_path / "eye.jpg")
    with pytest.raises(Refusal, match="not evaluated"):
        find(tmp_path / name)


def test_idrids_own_masks_have_the_marked_pixels_that_its_table_counts(shared) -> None:
    import csv

    folder = shared("data/fundus/idrid_lesions")
    with (folder / "lesions.csv").open() as file:
        rows = {row["image"]: row for row in csv.DictReader(file)}
    found = find(folder)
    assert [picture.name for picture in found.pictures] == sorted(rows)
    assert not found.left_out
    picture = found.pictures[2]
    markings = truth(picture.markings, (2848, 4288))
    for code, kind in (
        ("MA", LesionType.MICROANEURYSMS),
        ("HE", LesionType.HAEMORRHAGES),
        ("EX", LesionType.HARD_EXUDATES),
        ("SE", LesionType.SOFT_EXUDATES),
    ):
        assert np.count_nonzero(markings.labels[kind]) == int(rows[picture.name][f"{code}_px"])


# DiaretDB1, as its files are (version 2.1: an XML file for each expert; version 1: fused).

CIRCLE = (
    "<circleregion><centroid><coords2d>{x},{y}</coords2d></centroid>"
    "<radius>{r}</radius></circleregion>"
)
ELLIPSE = (
    "<ellipseregion><centroid><coords2d>{x},{y}</coords2d></centroid>"
    '<radius direction="x">{a}</radius><radius direction="y">{b}</radius>'
    "<angle>{angle}</angle></ellipseregion>"
)


def marking(region: str, kind: str = "Red_small_dots", confidence: str = "High") -> str:
    return (
        f"<marking>{region}<representativepoint><coords2d>1,1</coords2d></representativepoint>"
        f"<confidencelevel>{confidence}</confidencelevel><markingtype>{kind}</markingtype></marking>"
    )


def experts(folder: Path, *files: str, name: str = "diaretdb1_image001") -> Path:
    save(folder / "images" / f"{name}.png")
    (folder / "groundtruth").mkdir(exist_ok=True)
    for number, markings in enumerate(files, 1):
        text = f"<imgannotooldata><markinglist>{markings}</markinglist></imgannotooldata>"
        (folder / "groundtruth" / f"{name}_{number:02}.xml").write_text(text)
        (folder / "groundtruth" / f"{name}_{number:02}_plain.xml").write_text(text)
    return folder


def test_the_mean_of_four_experts_counts_and_not_three_of_them(tmp_path: Path) -> None:
    one, two = CIRCLE.format(x=10, y=10, r=2), CIRCLE.format(x=30, y=20, r=2)
    sure, unsure = marking(one) + marking(two), marking(two, confidence="Low")
    experts(tmp_path, sure, sure, sure, unsure)
    (picture,) = find(tmp_path).pictures
    found = truth(picture.markings, SHAPE)
    assert found.count(LesionType.MICROANEURYSMS) == 1
    labels = found.labels[LesionType.MICROANEURYSMS]
    y, x = np.mgrid[:30, :40]
    np.testing.assert_array_equal(labels > 0, (x - 30) ** 2 + (y - 20) ** 2 <= 4)
    assert found.uncertain is not None
    np.testing.assert_array_equal(found.uncertain, (x - 10) ** 2 + (y - 10) ** 2 <= 4)


def test_confidences_are_a_quarter_three_quarters_and_one(tmp_path: Path) -> None:
    levels = ("Low", "Medium", "High", "High")
    region = CIRCLE.format(x=5, y=5, r=0)
    experts(tmp_path, *(marking(region, confidence=level) for level in levels))
    (picture,) = find(tmp_path).pictures
    confidence = picture.markings.confidence(LesionType.MICROANEURYSMS, SHAPE)
    assert confidence is not None
    assert confidence[5, 5] == (0.25 + 0.75 + 1 + 1) / 4
    assert np.count_nonzero(confidence) == 1


def test_polygons_and_ellipses_are_filled_where_they_lie(tmp_path: Path) -> None:
    corners = "".join(f"<coords2d>{x},{y}</coords2d>" for x, y in ((2, 2), (8, 2), (8, 6), (2, 6)))
    square = marking(f"<polygonregion>{corners}</polygonregion>", "Hard_exudates")
    # 45 degrees against the clock: the long axis rises to the right.
    long = marking(ELLIPSE.format(x=25, y=15, a=10, b=2, angle=45), "Haemorrhages")
    experts(tmp_path, *[square + long] * 4)
    (picture,) = find(tmp_path).pictures
    labels = truth(picture.markings, SHAPE).labels
    assert np.argwhere(labels[LesionType.HARD_EXUDATES]).min(axis=0).tolist() == [2, 2]
    assert np.count_nonzero(labels[LesionType.HARD_EXUDATES]) == 35
    flame = labels[LesionType.HAEMORRHAGES]
    assert flame[15 - 6, 25 + 6]
    assert not flame[15 + 6, 25 + 6]
    assert np.count_nonzero(flame) == pytest.approx(np.pi * 10 * 2, rel=0.1)


def test_an_expert_who_marked_twice_counts_with_the_surer_mark(tmp_path: Path) -> None:
    region = CIRCLE.format(x=5, y=5, r=1)
    twice = marking(region, confidence="Low") + marking(region)
    experts(tmp_path, *[twice] * 4)
    (picture,) = find(tmp_path).pictures
    confidence = picture.markings.confidence(LesionType.MICROANEURYSMS, SHAPE)
    assert confidence is not None
    assert confidence.max() == 1


def test_a_photograph_with_three_experts_is_left_out(tmp_path: Path) -> None:
    experts(tmp_path, "", "", "", "")
    experts(tmp_path, "", "", "", name="diaretdb1_image002")
    found = find(tmp_path)
    assert [picture.name for picture in found.pictures] == ["diaretdb1_image001"]
    assert "3 experts" in found.left_out[0].reason


def test_a_published_photograph_that_is_there_twice_is_left_out(tmp_path: Path) -> None:
    experts(tmp_path, "", "", "", "", name="diaretdb1_image002")
    experts(tmp_path, "", "", "", "")
    photograph = tmp_path / "images" / "diaretdb1_image001.png"
    save(tmp_path / "again" / photograph.name)
    found = find(tmp_path)
    assert [picture.name for picture in found.pictures] == ["diaretdb1_image002"]
    assert [each.reason for each in found.left_out] == [
        f"There are 2 pictures {photograph.stem}."
    ] * 2


@pytest.mark.parametrize(
    "damage",
    [
        "<marking>",
        marking("<circleregion/>"),
        marking(CIRCLE.format(x=1, y=1, r=1), confidence="?"),
    ],
)
def test_damaged_markings_are_refused_by_name(tmp_path: Path, damage: str) -> None:
    experts(tmp_path, damage, "", "", "")
    (picture,) = find(tmp_path).pictures
    with pytest.raises(Refusal, match=r"image001_01_plain\.xml cannot be read"):
        truth(picture.markings, SHAPE)


def test_fused_grey_maps_are_confidences(tmp_path: Path) -> None:
    images = tmp_path / "resources" / "images"
    save(images / "ddb1_fundusimages" / "image001.png")
    save(images / "ddb1_fundusmask" / "image001.png", mask())
    values = mask((2, 2), value=191)  # three of four, rounded
    values[9, 9] = 192
    for name in ("hardexudates", "softexudates", "redsmalldots", "hemorrhages"):
        save(images / "ddb1_groundtruth" / name / "image001.png", values)
    (picture,) = find(tmp_path).pictures
    found = truth(picture.markings, SHAPE)
    assert found.count(LesionType.SOFT_EXUDATES) == 1
    assert found.labels[LesionType.SOFT_EXUDATES][9, 9]
