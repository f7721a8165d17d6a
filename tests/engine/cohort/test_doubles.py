"""A photograph that a table names more than once is counted once, or not at all."""

from engine.cohort import doubles
from engine.cohort.graded import Graded


def row(image: str, grade: int, patient: str = "") -> Graded:
    return Graded(image, None, grade, patient)


def test_of_the_same_picture_twice_the_row_that_tells_its_patient_is_counted() -> None:
    rows = [row("a", 2), row("b", 2, "p1"), row("c", 2, "p2"), row("d", 0)]
    found = doubles.reasons(rows, ["1", "1", "1", "2"])
    why = "It is the same picture as b, and counted there."
    assert found == {0: why, 2: why}
    (said,) = doubles.told(rows, found)
    assert said.startswith("2 photographs are left out")
    assert "(a, c)" in said


def test_the_same_picture_with_two_grades_is_not_counted() -> None:
    rows = [row("a", 0), row("b", 3)]
    found = doubles.reasons(rows, ["1", "1"])
    assert found[0] == "It is the same picture as b (grade 3), and the grades differ."
    assert found[1] == "It is the same picture as a (grade 0), and the grades differ."


def test_what_was_not_read_is_no_double() -> None:
    rows = [row("a", 0), row("b", 0)]
    assert doubles.reasons(rows, ["", ""]) == {}
    assert doubles.told(rows, {}) == ()
