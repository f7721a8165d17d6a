"""Which eyes a pair shows is as the window says, where it does."""

import numpy as np

from engine.errors import Refusal
from engine.pictures import Laterality, Photograph
from engine.service.pictures import with_eyes

R, L = Laterality.RIGHT, Laterality.LEFT


def photograph(eye: Laterality | None) -> Photograph:
    return Photograph(np.zeros((2, 2, 3), np.uint8), "eye", "c" * 64, eye)


def test_a_corrected_eye_is_believed_before_the_file() -> None:
    told = with_eyes([photograph(R), photograph(R)], (R, L))
    assert [each.laterality for each in told if isinstance(each, Photograph)] == [R, L]


def test_without_a_word_the_files_are_believed_and_refusals_stay() -> None:
    refusal = Refusal("It is broken.", "It ends early.", "Copy it.")
    told = with_eyes([photograph(L), refusal], ())
    assert isinstance(told[0], Photograph)
    assert told[0].laterality is L
    assert told[1] is refusal
