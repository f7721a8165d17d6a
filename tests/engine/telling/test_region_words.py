"""Regions are told by number and place, with whose place it is; never by a disease."""

from types import SimpleNamespace

import pytest

from engine.answers import Bearing, Landmarks, Position, Tint
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.telling import region_words

RIGHT, LEFT = Laterality.RIGHT, Laterality.LEFT


@pytest.mark.parametrize(
    ("hour", "eye", "words"),
    [
        (12, RIGHT, "superior"),
        (2, RIGHT, "superior nasal"),
        (3, RIGHT, "nasal"),
        (10, RIGHT, "superior temporal"),
        (7, RIGHT, "inferior temporal"),
        (6, LEFT, "inferior"),
        (2, LEFT, "superior temporal"),
        (9, LEFT, "nasal"),
        (4, None, "inferior right in the picture"),
        (12, None, "superior"),
    ],
)
def test_a_direction_is_told_by_the_eye_s_own_sides(
    hour: int, eye: Laterality | None, words: str
) -> None:
    assert region_words.direction_words(Bearing(hour, 1.0), eye) == words


def test_a_place_is_seen_from_the_fovea() -> None:
    place = Position(0.8, None, Bearing(9, 3.0), Bearing(10, 1.23))
    assert region_words.place_words(place, RIGHT) == "superior temporal, 1.2 DD from fovea"
    assert region_words.clock_words(place) == "10 o’clock"
    assert region_words.size_words(place) == "0.8 DD wide"


def test_without_a_fovea_a_place_is_seen_from_the_disc() -> None:
    place = Position(0.8, None, Bearing(9, 3.0), None)
    assert region_words.place_words(place, RIGHT) == "temporal, 3.0 DD from disc"


def test_without_landmarks_a_place_is_not_known_and_has_no_size() -> None:
    assert region_words.place_words(Position(), RIGHT) == region_words.NO_DISC
    assert region_words.clock_words(Position()) == region_words.size_words(Position()) == ""


def test_a_known_scale_is_told_in_millimetres() -> None:
    assert region_words.size_words(Position(0.8, 1.26)) == "1.3 mm wide"


def test_no_region_is_told_to_be_nothing_wide() -> None:
    assert region_words.size_words(Position(0.049)) == "under 0.1 DD wide"
    assert region_words.size_words(Position(0.8, 0.049)) == "under 0.1 mm wide"
    assert region_words.size_words(Position(0.051)) == "0.1 DD wide"


def test_a_colour_is_told_as_a_guess() -> None:
    assert "guess" in region_words.tint_words(Tint.BRIGHT)
    assert "guess" in region_words.tint_words(Tint.RED)


def test_lesions_are_counted_by_kind_in_words() -> None:
    kinds = [("microaneurysm", 12), ("haemorrhage", 1), ("soft exudate", 0), ("new vessels", 2)]
    words = region_words.counts_words(kinds)
    assert words == "12 microaneurysms, 1 haemorrhage, new vessels in 2 places"
    assert region_words.counts_words([("haemorrhage", 0)]) == "no lesion"
    assert region_words.counts_words(()) == ""


def test_a_spot_without_a_lesion_is_not_called_by_a_kind() -> None:
    assert region_words.spot_words("haemorrhage", 0.01) == "1\u202f% sure of a lesion"
    assert region_words.spot_words("haemorrhage", 0.4).startswith("haemorrhage, 40")


def test_all_that_a_list_leaves_out_is_told_with_its_share() -> None:
    thin = " "
    words = region_words.left_out_words(0.25, 0.3, (1, 0.02), (3, 0.1), shares=True)
    assert words == (
        f"Left out: 3 weaker regions (10{thin}% of all evidence), 1 speck (2{thin}%) and "
        f"what lies below 0.25 (58{thin}%)."
    )


def test_of_drawn_lesions_no_part_of_all_evidence_is_told() -> None:
    words = region_words.left_out_words(0.4, 0.1, (1, 0.02), (3, 0.1), shares=False)
    assert words == "Left out: 3 weaker regions, 1 speck and what lies below 0.40."
    assert region_words.share_words(SimpleNamespace(share=0.2, kind="haemorrhage")) == ""
    told = region_words.share_words(SimpleNamespace(share=0.2, kind=""))
    assert told == "20\u202f% of all evidence"


def test_it_is_told_whose_disc_and_fovea_they_are() -> None:
    both = Landmarks(disc=Circle(1, 1, 1), fovea=(3, 1))
    told = region_words.landmark_words
    assert told(both, disc_is_yours=False, fovea_is_yours=False) == (
        "Disc and fovea found by the program."
    )
    assert told(both, disc_is_yours=False, fovea_is_yours=True) == (
        "Disc found by the program, fovea yours."
    )
    assert told(Landmarks(), disc_is_yours=False, fovea_is_yours=False) == (
        "Disc and fovea not found."
    )


def test_a_fovea_near_the_edge_is_said_to_be_unsure_until_the_reader_places_it() -> None:
    both = Landmarks(disc=Circle(1, 1, 1), fovea=(3, 1), notes=(region_words.AT_EDGE,))
    told = region_words.landmark_words
    assert told(both, disc_is_yours=False, fovea_is_yours=False) == (
        "Disc and fovea found by the program. The fovea lies near the edge of the field, where its "
        "place is unsure."
    )
    assert told(both, disc_is_yours=False, fovea_is_yours=True) == (
        "Disc found by the program, fovea yours."
    )


def test_what_covers_the_fovea_or_lies_on_the_disc_says_so() -> None:
    def told(**where: bool) -> str:
        place = Position(0.8, None, Bearing(9, 0.2), Bearing(3, 2.7), **where)
        return region_words.place_words(place, RIGHT)

    assert told(on_disc=True) == "on the disc, 2.7 DD from fovea"
    assert told(at_fovea=True) == "at the fovea, centre 2.7 DD from fovea"
