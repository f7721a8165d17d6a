"""What a reader says of regions, disc and fovea folds from events, and is undone like drawings."""

import msgspec
import pytest

from engine.drawings import Outline
from engine.geometry import Circle
from engine.records.event import FIRST, Event
from engine.records.readings import Act, Reading, Redone, Undone, act_of, fold, kind_of
from engine.records.regions import (
    LandmarksPlaced,
    RegionJudged,
    RegionSeen,
    RegionTagged,
    Verdict,
    judged,
    placed,
    tag_of,
)

REACH = 10.0
SEEN = RegionSeen("a" * 64, "pi", 0.25, 1, 0.2, (100.0, 50.0), (90.0, 40.0, 110.0, 60.0))
COPY = Outline(id="mine", points=((90, 40, 0), (110, 40, 0), (100, 60, 0)))
ACCEPTED = RegionJudged("1", SEEN, Verdict.ACCEPTED, COPY)


def elsewhere(**changes: object) -> RegionSeen:
    return msgspec.structs.replace(SEEN, **changes)


def test_an_accepted_region_is_a_drawing_of_the_reader() -> None:
    assert fold([ACCEPTED]).drawings == (COPY,)


def test_one_undo_takes_verdict_and_copy_back_and_a_redo_brings_both() -> None:
    undone = fold([ACCEPTED, Undone("1")])
    assert undone.drawings == () and judged(undone.done, SEEN, REACH) is None
    again = undone.after(Redone("1"))
    assert again.drawings == (COPY,) and judged(again.done, SEEN, REACH) == ACCEPTED


def test_a_rejected_region_takes_its_copy_along() -> None:
    rejected = RegionJudged("2", SEEN, Verdict.REJECTED, None, "mine")
    assert fold([ACCEPTED, rejected]).drawings == ()


def test_the_last_verdict_and_name_hold() -> None:
    acts = [
        ACCEPTED,
        RegionTagged("2", SEEN, "Drusen"),
        RegionTagged("3", SEEN, "Hard exudates"),
        RegionJudged("4", SEEN, Verdict.OPEN),
    ]
    done = fold(acts).done
    last = judged(done, SEEN, REACH)
    assert last is not None and last.verdict is Verdict.OPEN
    assert tag_of(done, SEEN, REACH) == "Hard exudates"


@pytest.mark.parametrize(
    "other",
    [
        elsewhere(pack="b" * 64),
        elsewhere(criterion="omega"),
        elsewhere(summit=(100.0, 61.0)),
    ],
)
def test_a_verdict_is_about_one_model_s_region_alone(other: RegionSeen) -> None:
    assert judged([ACCEPTED], other, REACH) is None


def test_a_verdict_stays_with_the_strongest_place_at_another_threshold() -> None:
    wider = elsewhere(threshold=0.1, number=3, share=0.4, summit=(103.0, 50.0))
    assert judged([ACCEPTED], wider, REACH) == ACCEPTED


def test_the_last_word_on_disc_and_fovea_holds() -> None:
    first = LandmarksPlaced("1", Circle(10, 20, 5))
    second = LandmarksPlaced("2", Circle(10, 20, 5), (50.0, 22.0))
    assert placed(fold([first, second]).done) == second
    assert placed(fold([first, second, Undone("2")]).done) == first
    assert placed(Reading().done).disc is None


@pytest.mark.parametrize(
    "act",
    [ACCEPTED, RegionTagged("2", SEEN, "Drusen"), LandmarksPlaced("3", Circle(1, 2, 3), (4, 5))],
)
def test_what_was_said_is_the_same_from_its_event(act: Act) -> None:
    content = msgspec.json.encode(act).decode()
    event = Event(1, "", "me", "c" * 64, kind_of(act), content, FIRST, "")
    assert act_of(event) == act
