"""Two eyes of one patient are found; two patients never become a pair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.eyes.pairs import other_eye, related
from engine.eyes.which import EyeFacts, Source, Tabled, which_eye
from engine.pictures import Laterality

R, L = Laterality.RIGHT, Laterality.LEFT


def found(of: EyeFacts, *among: EyeFacts) -> tuple[str, Source] | None:
    facts = (of, *among)
    sides = {
        each.path: which_eye(
            each.path.rpartition("/")[2], header=each.header, table=each.tabled.eye
        ).laterality
        for each in facts
    }
    other = other_eye(of, facts, sides)
    assert other_eye(of, related(of, facts), sides) == other
    return None if other is None else (other.path, other.source)


def named(name: str) -> EyeFacts:
    return EyeFacts(f"/data/{name}")


def test_names_that_differ_in_the_eye_alone_are_a_pair() -> None:
    one, other = named("16_left.jpeg"), named("16_right.jpeg")
    assert found(one, named("15_right.jpeg"), other) == (other.path, Source.NAME)
    assert found(other, one) == (one.path, Source.NAME)


def test_the_next_file_is_no_pair() -> None:
    assert found(named("16_left.jpeg"), named("17_right.jpeg")) is None
    assert found(named("IDRiD_001.jpg"), named("IDRiD_002.jpg")) is None


def test_the_same_name_in_another_folder_is_no_pair() -> None:
    assert found(EyeFacts("/a/left.jpg"), EyeFacts("/b/right.jpg")) is None


def test_of_two_with_one_name_the_same_ending_is_taken() -> None:
    png, jpeg = named("16_right.png"), named("16_right.jpeg")
    assert found(named("16_left.jpeg"), png, jpeg) == (jpeg.path, Source.NAME)


def test_one_patient_and_day_in_the_headers_is_a_pair_whatever_the_names() -> None:
    one = EyeFacts("/d/IM1", R, "p", "s1", "20240312", "0941")
    other = EyeFacts("/d/IM9", L, "p", "s2", "20240312", "0944")
    assert found(one, other) == (other.path, Source.HEADER)


@pytest.mark.parametrize(
    "other",
    [
        EyeFacts("/d/16_left", L, "another", "s", "20240312"),
        EyeFacts("/d/16_left", L, "p", "older", "20230607"),
        EyeFacts("/d/16_left", R, "p", "s", "20240312"),
    ],
)
def test_another_patient_day_or_the_same_eye_is_none_even_where_names_agree(
    other: EyeFacts,
) -> None:
    assert found(EyeFacts("/d/16_right", R, "p", "s", "20240312"), other) is None


def test_a_nameless_patient_is_paired_within_a_study_only() -> None:
    one = EyeFacts("/d/1", R, "", "s", "20240312")
    assert found(one, EyeFacts("/d/2", L, "", "s", "20240312")) == ("/d/2", Source.HEADER)
    assert found(one, EyeFacts("/d/2", L, "", "t", "20240312")) is None


def test_of_several_the_one_taken_nearest_in_time_is_the_fellow() -> None:
    one = EyeFacts("/d/1", R, "p", "s", "20240312", "094100.5")
    late = EyeFacts("/d/2", L, "p", "s", "20240312", "113000")
    near = EyeFacts("/d/3", L, "p", "s", "20240312", "094400")
    assert found(one, late, near) == ("/d/3", Source.HEADER)


def tabled(name: str, eye: Laterality, patient: str, day: str = "2024-03-12") -> EyeFacts:
    return EyeFacts(f"/d/{name}", tabled=Tabled("/d/visits.csv", eye, patient, day))


def test_one_patient_and_day_in_a_table_is_a_pair_whatever_the_names() -> None:
    one, other = tabled("IM1.jpg", R, "17"), tabled("IM9.jpg", L, "17")
    assert found(one, tabled("IM2.jpg", L, "18"), other) == (other.path, Source.TABLE)


@pytest.mark.parametrize(
    "other",
    [
        tabled("16_left.jpg", L, "18"),
        tabled("16_left.jpg", L, "17", "2023-06-07"),
        tabled("16_left.jpg", R, "17"),
    ],
)
def test_where_the_table_speaks_against_it_names_make_no_pair(other: EyeFacts) -> None:
    assert found(tabled("16_right.jpg", R, "17"), other) is None


def test_a_patient_of_a_table_without_days_is_no_pair_by_it() -> None:
    assert found(tabled("1.jpg", R, "17", ""), tabled("2.jpg", L, "17", "")) is None


def test_headers_speak_louder_than_a_table() -> None:
    row = Tabled("/d/visits.csv", None, "17", "2024-03-12")
    one = EyeFacts("/d/1", R, "p", "s", "20240312", tabled=row)
    assert found(one, EyeFacts("/d/2", L, "q", "t", "20240312", tabled=row)) is None


PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from((R, L)),
        st.sampled_from(("p{}_left.jpg", "p{}_right.jpg", "{}.dcm", "{}OD.dcm", "IM{}")),
        st.sampled_from(("header", "table", "")),
    ),
    min_size=2,
    max_size=12,
)


@given(PEOPLE)
def test_no_two_patients_are_ever_mixed(
    people: list[tuple[int, Laterality, str, str]],
) -> None:
    # Every patient's number is in the name, and in the header or table where there is one.
    facts, whose = [], {}
    for number, (patient, eye, form, by) in enumerate(people):
        path = f"/d/{form.format(patient)}" + ("" if form.endswith("g") else f".{number}")
        known = EyeFacts(path)
        if by == "header":
            known = EyeFacts(path, eye, f"p{patient}", "", "20240312")
        elif by == "table":
            known = EyeFacts(path, tabled=Tabled("t", eye, f"{patient}", "2024-03-12"))
        facts.append(known)
        whose[path] = patient
    for one in facts:
        other = found(one, *facts)
        assert other is None or whose[other[0]] == whose[one.path]
