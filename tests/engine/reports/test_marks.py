"""Outlines on the annotated picture: whose they are is seen, and they lie where they were."""

import numpy as np
from PIL import ImageColor

from engine.answers import Look, Mark
from engine.pictures import Laterality, Photograph
from engine.reports import annotated, ink

SIDE = 960
LOOK = Look(0.7, 0.1, "azure")
BOX = ((200.0, 300.0), (500.0, 300.0), (500.0, 600.0), (200.0, 600.0), (200.0, 300.0))


def drawn(*marks: Mark) -> np.ndarray:
    photograph = Photograph(np.full((SIDE, SIDE, 3), 90, np.uint8), "eye.png", "c" * 64)
    return np.asarray(annotated.draw(photograph, None, None, LOOK, marks))[:SIDE]


def share(page: np.ndarray, colour: str) -> float:
    """How much of the upper side of the box is in this colour."""
    row = page[298:303, 210:470].astype(int)
    near = np.abs(row - ImageColor.getrgb(colour)).max(axis=2) < 60
    return float(near.any(axis=0).mean())


def test_the_reader_s_line_is_solid_and_in_the_reader_s_colour() -> None:
    page = drawn(Mark((BOX,)))
    assert share(page, ink.READER) > 0.98
    assert share(page, ink.MODEL) == 0


def test_the_model_s_line_is_dashed_and_in_the_model_s_colour() -> None:
    page = drawn(Mark((BOX,), 3))
    assert 0.3 < share(page, ink.MODEL) < 0.9
    assert share(page, ink.READER) == 0


def test_nothing_away_from_the_marks_is_touched() -> None:
    page = drawn(Mark((BOX,), 3), Mark((BOX,)))
    assert (page[:250] == 90).all() and (page[700:] == 90).all() and (page[:, :180] == 90).all()


def test_a_region_s_number_stands_at_its_upper_right_corner() -> None:
    bare, tagged = drawn(Mark((BOX,))), drawn(Mark((BOX,), 3))
    corner = tagged[285:310, 490:520].astype(int)
    near = np.abs(corner - ImageColor.getrgb(ink.MODEL)).max(axis=2) < 12
    assert near.sum() > 100
    assert (bare[285:296, 510:520] == 90).all()


def test_a_lesion_s_kind_stands_beside_its_number_at_the_side_that_is_free() -> None:
    at_right, at_left = np.s_[280:298, 522:530], np.s_[280:298, 440:490]
    for others, side, other_side in (
        ((), at_right, at_left),
        ((Mark((tuple((x + 40, y) for x, y in BOX),), 4),), at_left, at_right),
    ):
        named, bare = (drawn(Mark((BOX,), 3, words), *others) for words in (("haemorrhage",), ()))
        assert (named[side] != bare[side]).any()
        assert (named[other_side] == bare[other_side]).all()


def test_the_photograph_itself_stays_as_it_was() -> None:
    pixels = np.full((SIDE, SIDE, 3), 90, np.uint8)
    annotated.draw(Photograph(pixels, "eye.png", "c" * 64), None, None, LOOK, (Mark((BOX,)),))
    assert (pixels == 90).all()


def test_the_part_of_a_mark_beside_the_picture_is_left_out() -> None:
    outside = tuple((x - 5000, y) for x, y in BOX)
    assert (drawn(Mark((outside,))) == 90).all()


def test_a_region_s_number_at_the_border_is_whole() -> None:
    corner = tuple((x + 460, y - 300) for x, y in BOX)
    tag = drawn(Mark((corner,), 3))[303:320, 640:657].astype(int)
    near = np.abs(tag - ImageColor.getrgb(ink.MODEL)).max(axis=2) < 12
    assert near.mean() > 0.6


def test_a_lesion_s_kind_keeps_off_which_eye_it_is() -> None:
    near = tuple((x / 10, y / 10) for x, y in BOX)
    corner = np.s_[10:26, 10:100]
    pages = []
    for marks in ((), (Mark((near,), 3, ("haemorrhage",)),)):
        pixels = np.full((SIDE, SIDE, 3), 90, np.uint8)
        photograph = Photograph(pixels, "eye.png", "c" * 64, laterality=Laterality.LEFT)
        pages.append(np.asarray(annotated.draw(photograph, None, None, LOOK, marks)))
    bare, marked = pages
    assert (bare[corner] != 90).any()
    assert (marked[corner] == bare[corner]).all()
    assert (marked[:SIDE] != bare[:SIDE]).any()


def test_a_region_s_number_keeps_off_what_the_reader_wrote() -> None:
    # The reader's words begin where the number of the region would stand.
    measured = Mark((((420.0, 300.0), (495.0, 300.0)),), words=("1.46 DD (you)", "scale not known"))
    alone, beside = drawn(measured), drawn(Mark((BOX,), 3, ("haemorrhage",)), measured)
    words = np.s_[288:324, 505:590]
    assert (beside[words] == alone[words]).all()
