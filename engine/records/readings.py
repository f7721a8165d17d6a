"""What a reader drew and said, as a fold over a picture's events; undo and redo are events too.

Nothing is ever taken back on the disk. An act is done, undone or redone by its own name, so that
what two windows wrote at the same time folds to the same in both. That the model's word was shown
is no act of the reader's: it has no name, and no undo comes near it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

import msgspec
from msgspec import Struct

from engine.drawings import Drawing, Drawn
from engine.records.event import Event
from engine.records.forms import DateSaid, EyeSaid, Filled, Form, OtherEyeSaid, Signed
from engine.records.regions import LandmarksPlaced, RegionJudged, RegionTagged


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


class ModelShown(Struct, frozen=True, tag="model shown"):
    """The model's word on the photograph was on the screen; what it was is not kept."""


Change = (
    Added
    | Changed
    | Removed
    | Filled
    | Signed
    | EyeSaid
    | OtherEyeSaid
    | DateSaid
    | RegionJudged
    | RegionTagged
    | LandmarksPlaced
)
Act = Change | Undone | Redone | ModelShown

_KINDS = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Act))
_decoder: msgspec.json.Decoder[Act] = msgspec.json.Decoder(Act)


@dataclass(frozen=True)
class Reading:
    """The changes that hold, oldest first, and those undone, the one to redo last.

    ``model_shown`` is whether the model's word was ever on the screen.
    """

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()
    model_shown: bool = False

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        """The drawings as they are now, in the order in which they were made."""
        there: dict[str, Drawing] = {}
        for change in self.done:
            match change:
                case Added(drawing=drawing):
                    there[drawing.id] = drawing
                case Changed(drawing=drawing) | RegionTagged(drawing=Drawn() as drawing):
                    # Removed in another window meanwhile: it stays removed.
                    if drawing.id in there:
                        there[drawing.id] = drawing
                case Removed(drawing_id=drawing_id):
                    there.pop(drawing_id, None)
                case RegionJudged(drawing=copy, removed=removed):
                    there.pop(removed, None)
                    if copy is not None:
                        there[copy.id] = copy
        return tuple(there.values())

    @cached_property
    def form(self) -> Form:
        """The reader's form as it is now."""
        filled = [each.form for each in self.done if isinstance(each, Filled | Signed)]
        return filled[-1] if filled else Form()

    @cached_property
    def signed(self) -> tuple[Signed, ...]:
        """The signed readings, the first and then what amended it."""
        return tuple(each for each in self.done if isinstance(each, Signed))

    @property
    def is_signed(self) -> bool:
        """Whether the form is as it was signed last."""
        return bool(self.signed) and self.signed[-1].form == self.form

    @cached_property
    def eye(self) -> EyeSaid | None:
        """The reader's last word on which eye this is, None if there is none."""
        said = [each for each in self.done if isinstance(each, EyeSaid)]
        return said[-1] if said else None

    @cached_property
    def other_eye(self) -> OtherEyeSaid | None:
        """The reader's last word on which picture shows the other eye, None if there is none."""
        said = [each for each in self.done if isinstance(each, OtherEyeSaid)]
        return said[-1] if said else None

    @cached_property
    def date(self) -> DateSaid | None:
        """The reader's last word on the day of the photograph, None if there is none."""
        said = [each for each in self.done if isinstance(each, DateSaid)]
        return said[-1] if said else None

    @property
    def to_undo(self) -> Change | None:
        """What an undo would take back; a signature and what came before it stay."""
        last = self.done[-1] if self.done else None
        return None if isinstance(last, Signed) else last

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
                return replace(self, done=self.done[:-1], undone=(*self.undone, last))
            case Redone(act=name):
                last = self.to_redo
                if last is None or last.act != name:
                    return self
                return replace(self, done=(*self.done, last), undone=self.undone[:-1])
            case ModelShown():
                return replace(self, model_shown=True)
        if any(change.act == act.act for change in (*self.done, *self.undone)):
            return self
        return replace(self, done=(*self.done, act), undone=())


def fold(acts: Iterable[Act], reading: Reading | None = None) -> Reading:
    """The reading after ``acts``, from a bare picture or from ``reading`` on."""
    now = Reading() if reading is None else reading
    for act in acts:
        now = now.after(act)
    return now


def kind_of(act: Act) -> str:
    """What an event is called that holds this act."""
    return kind_of_class(type(act))


def kind_of_class(kind: type[Act]) -> str:
    """What an event is called that holds an act of this class."""
    return str(kind.__struct_config__.tag)


def act_of(event: Event) -> Act | None:
    """The act that an event holds; None if it is about something else.

    Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError`` on what this version does not
    know.
    """
    return _decoder.decode(event.payload) if event.kind in _KINDS else None
