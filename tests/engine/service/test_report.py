"""A report of our own fault holds the place, and no name of a patient."""

from pathlib import Path, PurePosixPath

import pytest

from engine.service.report import report

PICTURE = Path("/archive/Müller Änne/2031-07-04 OD.jpg")


def reported(error: Exception) -> str:
    try:
        raise error
    except Exception as raised:
        return report(raised, [PICTURE])


@pytest.mark.parametrize(
    "said",
    [
        str(PICTURE),
        repr(str(PICTURE)),
        PICTURE.name,
        PICTURE.stem,
        str(PICTURE.parent),
        f"patient={PICTURE.parent.name}, ascii {str(PICTURE)!a}",
    ],
)
def test_no_part_of_the_path_is_told(said: str) -> None:
    told = reported(ValueError(f"cannot read {said}!"))
    for secret in ("Müller", "Änne", "2031-07-04", "M\\xfcller"):
        assert secret not in told


def test_the_kind_of_error_and_its_place_are_told() -> None:
    told = reported(ZeroDivisionError("by nought"))
    assert "ZeroDivisionError: by nought" in told
    assert "test_report.py" in told
    assert "in reported" in told


def test_an_earlier_error_is_told_and_stripped_too() -> None:
    try:
        try:
            raise OSError(f"no such file: {PICTURE}")
        except OSError as first:
            raise RuntimeError("went on anyhow") from first
    except RuntimeError as raised:
        told = report(raised, [PICTURE])
    assert "OSError: no such file" in told
    assert "RuntimeError: went on anyhow" in told
    assert "Müller" not in told


def test_where_the_program_lies_is_not_told() -> None:
    assert str(PurePosixPath(Path(__file__).parent)) not in reported(ValueError())
