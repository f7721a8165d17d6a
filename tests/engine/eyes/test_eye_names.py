"""Which eye a file's name says, by the names that public sets of photographs really have."""

import pytest

from engine.eyes.names import eye_name
from engine.pictures import Laterality

R, L = Laterality.RIGHT, Laterality.LEFT


@pytest.mark.parametrize(
    ("name", "eye"),
    [
        ("16_left.jpeg", L),  # EyePACS on Kaggle, ODIR-5K
        ("16_right.jpeg", R),
        ("Image_01L.jpg", L),  # CHASE_DB1
        ("Image_01R.jpg", R),
        ("1_l1.jpg", L),  # DeepDRiD
        ("1_r2.jpg", R),
        ("12-L-3.png", L),  # TOPCON-MM
        ("RET002OD.jpg", R),  # PAPILA
        ("RET002OS.jpg", L),
        ("1234567_21015_0_0.png", L),  # UK Biobank
        ("1234567_21016_0_0.png", R),
        ("51001 LE F2.jpg", L),  # AREDS
        ("DEMO-0142_20240312_OD.dcm", R),
        ("cc0_normal_left.jpg", L),
        ("patient 7 Right Eye.tif", R),
        ("12-R.JPG", R),
        ("0034 OG.jpg", L),
        ("œil droit 3.jpg", R),
        ("OD.tif", R),
    ],
)
def test_the_eye_is_told_by_the_conventions_that_exist(name: str, eye: Laterality) -> None:
    assert eye_name(name).laterality is eye


@pytest.mark.parametrize(
    "name",
    [
        "IDRiD_001.jpg",
        "20051020_43808_0100_PP.png",  # Messidor
        "hrf_01_h.jpg",
        "fives_10_A.jpg",
        "OD and OS.jpg",
        "left and right.jpg",
        "os-release.png",
        "bright_17.jpg",
        "cleft.jpg",
        "model_3.jpg",
        "R. Smith.jpg",
        "L_17.jpg",
        "IMG_0017.jpg",
        "17_lr.jpg",
        "21015.png",
        "17_RİGHT.jpg",
        "17_rıght.jpg",
        "",
    ],
)
def test_nothing_is_read_into_other_names(name: str) -> None:
    assert eye_name(name).laterality is None
    assert eye_name(name).rest == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("16_left.jpeg", "16_right.jpeg"),
        ("1_l1.jpg", "1_R1.jpg"),
        ("RET002OD.jpg", "RET002OS.jpg"),
        ("1234567_21015_0_0.png", "1234567_21016_0_0.png"),
        ("P7 left eye.jpg", "p7 right eye.png"),
    ],
)
def test_two_eyes_of_one_patient_share_the_rest_of_the_name(one: str, other: str) -> None:
    assert eye_name(one).rest == eye_name(other).rest != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("16_left.jpeg", "17_right.jpeg"), ("1_l1.jpg", "1_r2.jpg"), ("01L.jpg", "1R.jpg")],
)
def test_two_patients_or_fields_do_not(one: str, other: str) -> None:
    assert eye_name(one).rest != eye_name(other).rest
