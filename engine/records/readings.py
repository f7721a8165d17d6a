"""What a reader drew on a picture, as a fold over its events; undo and redo are events too.

Nothing is ever taken back on the disk. An act is done, undone or redone by its own name, so that
what two windows wrote at the same time folds to the same in both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import msgspec
from msgspec import Struct

from engine.drawings import Drawing
from engine.records.event import Event


class Added(Struct, frozen=True, tag="drawing added"):
    """A drawing was made."""

    act: str
    drawing: Drawing


class Changed(Struct, frozen=True, tag="drawing changed"):
    """A drawing was moved or given another text; ``drawing`` is what it is now."""

    act: str
    drawing: Drawing


class Removed(Struct, frozen=True, tag="drawing removed"):
    """A drawing was taken away."""

    act: str
    drawing_id: str


class Undone(Struct, frozen=True, tag="undone"):
    """The act of this name was undone."""

    act: str


class Redone(Struct, frozen=True, tag="redone"):
    """The act of this name, undone before, was done again."""

    act: str


Change = Added | Changed | Removed
Act = Change | Undone | Redone

_KINDS = frozenset(
    str(kind.__struct_config__.tag) for kind in (Added, Changed, Removed, Undone, Redone)
)
_decoder: msgspec.json.Decoder[Act] = msgspec.json.Decoder(Act)


@dataclass(frozen=True)
class Reading:
    """The changes that hold, oldest first, and those undone, the one to redo last."""

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        """The drawings as they are now, in the order in which they were made."""
        there: dict[str, Drawing] = {}
        for change in self.done:
            match change:
                case Added(drawing=drawing):
                    there[drawing.id] = drawing
                case Changed(drawing=drawing):
                    # Removed in another window meanwhile: it stays removed.
                    if drawing.id in there:
                        there[drawing.id] = drawing
                case Removed(drawing_id=drawing_id):
                    there.pop(drawing_id, None)
        return tuple(there.values())

    @property
    def to_undo(self) -> Change | None:
        """What an undo would take back."""
        return self.done[-1] if self.done else None

    @property
    def to_redo(self) -> Change | None:
        """What a redo would do again; a new change leaves nothing to redo."""
        return self.undone[-1] if self.undone else None

    def after(self, act: Act) -> "Reading":
        """The reading after one more act.

        An undo or redo of what is no longer the last one changes nothing, nor does an act that
        was already done: another window came first.
        """
        match act:
            case Undone(act=name):
                last = self.to_undo
                if last is None or last.act != name:
                    return self
                return Reading(self.done[:-1], (*self.undone, last))
            case Redone(act=name):
                last = self.to_redo
                if last is None or last.act != name:
                    return self
                return Reading((*self.done, last), self.undone[:-1])
        if any(change.act == act.act for change in (*self.done, *self.undone)):
            return self
        return Reading((*self.done, act))


def fold(acts: Iterable[Act], reading: Reading | None = None) -> Reading:
    """The reading after ``acts``, from a bare picture or from ``reading`` on."""
    now = Reading() if reading is None else reading
    for act in acts:
        now = now.after(act)
    return now


def kind_of(act: Act) -> str:
    """What an event is called that holds this act."""
    return str(type(act).__struct_config__.tag)


def act_of(event: Event) -> Act | None:
    """The act that an event holds; None if it is about something else.

    Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError`` on what this version does not
    know.
    """
    return _decoder.decode(event.payload) if event.kind in _KINDS else None
