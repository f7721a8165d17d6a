"""Undo and redo as folds over events, against the plainest model: a list of states and a place."""

from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drawings import Drawing, Probe
from engine.records.event import Event
from engine.records.readings import (
    Act,
    Added,
    Changed,
    ModelShown,
    Reading,
    Redone,
    Removed,
    Undone,
    act_of,
    fold,
    kind_of,
)


def probe(name: str, x: float = 0.0) -> Probe:
    return Probe(id=name, points=((x, 0, 0),))


@dataclass
class Model:
    """All states there ever were, and which one is shown."""

    states: list[dict[str, Drawing]] = field(default_factory=lambda: [{}])
    at: int = 0

    def change(self, state: dict[str, Drawing]) -> None:
        self.states = [*self.states[: self.at + 1], state]
        self.at += 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "change", "remove", "undo", "redo", "shown")), st.integers(0, 3)
    ),
    max_size=40,
)


@given(STEPS)
def test_any_acts_fold_to_what_a_list_of_states_says_now_and_after_a_restart(
    steps: list[tuple[str, int]],
) -> None:
    model, reading, kept = Model(), Reading(), []
    for number, (what, which) in enumerate(steps):
        name, now = str(which), model.states[model.at]
        act: Act
        if what == "add":
            act = Added(str(number), probe(f"{number}"))
            model.change({**now, act.drawing.id: act.drawing})
        elif what == "undo":
            if model.at == 0:
                assert reading.to_undo is None
                continue
            assert reading.to_undo is not None
            act = Undone(reading.to_undo.act)
            model.at -= 1
        elif what == "redo":
            if model.at == len(model.states) - 1:
                assert reading.to_redo is None
                continue
            assert reading.to_redo is not None
            act = Redone(reading.to_redo.act)
            model.at += 1
        elif what == "shown":
            act = ModelShown()
        elif not now:
            continue
        else:
            name = list(now)[which % len(now)]
            if what == "change":
                act = Changed(str(number), probe(name, number))
                model.change({**now, name: act.drawing})
            else:
                act = Removed(str(number), name)
                model.change({key: value for key, value in now.items() if key != name})
        reading = reading.after(act)
        kept.append(event_of(act, number + 1))
        assert reading.drawings == tuple(model.states[model.at].values())
        assert reading.model_shown == any(event.kind == "model shown" for event in kept)
    again = fold(act for event in kept if (act := act_of(event)) is not None)
    assert again == reading


def event_of(act: Act, number: int = 1) -> Event:
    payload = msgspec.json.encode(act).decode()
    return Event(number, "", "", "", kind_of(act), payload, "", "")


def test_an_undo_of_what_is_not_the_last_act_changes_nothing() -> None:
    reading = fold([Added("1", probe("a")), Added("2", probe("b"))])
    assert reading.after(Undone("1")) == reading
    assert reading.after(Redone("1")) == reading


def test_an_act_that_arrives_twice_counts_once() -> None:
    acts: list[Act] = [Added("1", probe("a")), Undone("1")]
    assert fold([*acts, Added("1", probe("a"))]) == fold(acts)


def test_a_change_to_what_another_window_removed_does_not_bring_it_back() -> None:
    acts = [Added("1", probe("a")), Removed("2", "a"), Changed("3", probe("a", 5))]
    assert fold(acts).drawings == ()


def test_an_event_about_something_else_is_no_act() -> None:
    assert act_of(Event(1, "", "", "", "report signed", "{}", "", "")) is None


def test_a_drawing_of_a_kind_that_is_not_known_yet_is_told() -> None:
    payload = '{"type":"drawing added","act":"1","drawing":{"kind":"spiral","id":"a","points":[]}}'
    with pytest.raises(msgspec.ValidationError):
        act_of(Event(1, "", "", "", "drawing added", payload, "", ""))
