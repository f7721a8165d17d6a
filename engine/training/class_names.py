"""Which folders of a folder by class are referable, as far as their names tell."""

import re
from collections.abc import Sequence

_ICDR = {
    "no dr": 0, "nodr": 0, "none": 0, "no apparent retinopathy": 0,
    "mild": 1, "mild dr": 1, "mild npdr": 1,
    "moderate": 2, "moderate dr": 2, "moderate npdr": 2,
    "severe": 3, "severe dr": 3, "severe npdr": 3,
    "proliferative": 4, "proliferative dr": 4, "proliferate dr": 4, "proliferate": 4, "pdr": 4,
}  # fmt: skip

_WITHOUT = frozenset(
    ("normal", "normals", "healthy", "no", "none", "negative", "control", "controls", "absent",
     "no dr", "nodr", "non dr", "not referable", "non referable", "nonreferable", "no rdr",
     "no disease", "without", "n")
)  # fmt: skip
_WITH = frozenset(
    ("referable", "disease", "diseased", "dr", "rdr", "positive", "yes", "abnormal", "sick",
     "retinopathy", "diabetic retinopathy", "present", "with", "case", "cases", "patient",
     "patients", "y")
)  # fmt: skip

REFERABLE_FROM = 2
"""The first ICDR grade that is referable: moderate retinopathy (METHODS Q3)."""


def referable_by_name(names: Sequence[str]) -> dict[str, bool] | None:
    """For each class whether it is referable; None where the names do not tell.

    Decided: ICDR grades by number ("3", "grade 3", "3 severe") or word on both sides of grade 2;
    else two folders, 0 and 1, or one that says normal, or one that says disease.
    """
    grades = {name: grade_of(name) for name in names}
    known = [grade for grade in grades.values() if grade is not None]
    if len(known) == len(names) == len(set(known)):
        found = {name: (grade or 0) >= REFERABLE_FROM for name, grade in grades.items()}
        if len(set(found.values())) == 2:
            return found
    if len(names) != 2:
        return None
    first, second = names
    for one, other in ((first, second), (second, first)):
        if (_plain(one), _plain(other)) == ("0", "1"):
            return {one: False, other: True}
    without = [_plain(name) in _WITHOUT for name in names]
    if sum(without) == 1:
        return dict(zip(names, [not each for each in without], strict=True))
    with_ = [_plain(name) in _WITH for name in names]
    if sum(with_) == 1:
        return dict(zip(names, with_, strict=True))
    return None


def grade_of(name: str) -> int | None:
    """The ICDR grade that a folder's name says; None if it says none."""
    plain = _plain(name)
    if plain in _ICDR:
        return _ICDR[plain]
    number = re.fullmatch(r"(?:(?:dr |icdr )?(?:grade|stage|class|level) ?)?([0-4])(?: .*)?", plain)
    return int(number[1]) if number else None


def _plain(name: str) -> str:
    return re.sub(r"[-_ .]+", " ", name).strip().casefold()
