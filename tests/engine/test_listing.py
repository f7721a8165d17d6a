"""Where names are hidden, no free text tells one."""

import pytest

from engine.listing import Origin, without_names


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Testfrau thorax 1mm", "thorax 1mm"),
        ("Thorax TESTFRAU, erna", "Thorax"),
        ("testfrau_abdomen_PAT-0042", "abdomen"),
        ("Ernahrung 1mm", "Ernahrung 1mm"),
        ("T2 tse  tra", "T2 tse  tra"),
        ("Li-Fe of Testfrau", "Li-Fe of"),
        ("Testfrau", "Name hidden"),
        ("", ""),
    ],
)
def test_free_text_loses_the_parts_of_the_name_and_the_number(words: str, told: str) -> None:
    origin = Origin(patient_name="Testfrau^Erna^Li", patient_id="PAT-0042")
    assert without_names(words, origin) == told


def test_nothing_is_taken_away_where_nobody_is_named() -> None:
    assert without_names("Phantom 1", Origin(patient_id="1")) == "Phantom 1"
