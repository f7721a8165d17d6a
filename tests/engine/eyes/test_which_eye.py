"""Whose word on the eye counts."""

import pytest

from engine.eyes.which import Source, which_eye
from engine.pictures import Laterality

R, L = Laterality.RIGHT, Laterality.LEFT


@pytest.mark.parametrize(
    ("name", "words", "eye", "source"),
    [
        ("16_left.jpg", {"header": R, "disc": L, "reader": L}, L, Source.READER),
        ("16_left.jpg", {"header": R, "disc": L}, R, Source.HEADER),
        ("16_left.jpg", {"header": L, "table": R}, L, Source.HEADER),
        ("16_left.jpg", {"table": R, "disc": L}, R, Source.TABLE),
        ("16_left.jpg", {"disc": R}, L, Source.NAME),
        ("16.jpg", {"disc": R}, R, Source.DISC),
        ("16.jpg", {}, None, Source.NONE),
    ],
)
def test_the_stronger_word_counts(
    name: str, words: dict[str, Laterality], eye: Laterality | None, source: Source
) -> None:
    found = which_eye(name, **words)
    assert (found.laterality, found.source) == (eye, source)


def test_a_weaker_word_that_differs_is_told() -> None:
    assert which_eye("16_left.jpg", disc=R).doubt == "In doubt: the disc lies as in a right eye."
    assert "file's name says a left eye" in which_eye("16_left.jpg", header=R).doubt


def test_there_is_no_doubt_where_all_agree_or_the_reader_has_spoken() -> None:
    assert which_eye("16_left.jpg", header=L, disc=L).doubt == ""
    assert which_eye("16_left.jpg", disc=R, reader=L).doubt == ""


def test_the_source_is_told_in_words() -> None:
    assert which_eye("16_left.jpg").words == "from the file's name"
    assert which_eye("16.jpg").words == ""
