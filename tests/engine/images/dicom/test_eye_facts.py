"""Whose eye a header tells of, and that it does not say who that is."""

import pytest

from engine.images.dicom.eye_facts import eye_facts
from engine.images.dicom.header import Header
from engine.pictures import Laterality


def header(**more: str) -> Header:
    return Header("/d/1", **more)


def test_eye_and_visit_are_the_header_s() -> None:
    told = eye_facts(
        header(laterality="L", study_uid="1.2", study_date="20240312", acquisition_time="094100")
    )
    assert told.header is Laterality.LEFT
    assert (told.study, told.day, told.taken) == ("1.2", "20240312", "094100")


def test_patients_are_told_apart_by_number_and_name_without_either() -> None:
    told = [
        eye_facts(header(patient_id=number, patient_name=name)).patient
        for number, name in (("17", "Doe^Jane"), ("17", "Doe^Jane"), ("18", "Doe^Jane"))
    ]
    assert told[0] == told[1] != told[2]
    assert "Doe" not in told[0]


@pytest.mark.parametrize("number", ["", "0000", "ANONYMOUS", "anon_3", "unknown", "XXX", "No ID"])
def test_a_placeholder_names_nobody(number: str) -> None:
    assert eye_facts(header(patient_id=number, patient_name="Anonymous")).patient == ""
