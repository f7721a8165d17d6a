"""The plan of a pack that draws lesions and answers from them, with all its numbers, as TOML."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from engine.training.plan import Count, Data, LesionMasks, Operation, Pack, Rate, Whole, parsed

LESIONS = "lesions"
"""The recipe's name."""

MOST_FOLDS = 8
"""All folds ship together: ``lesion_network.MOST_MEMBERS``, told here without torch."""


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """The side of the pictures that the network reads; its maps have half of it."""

    size: Literal[128, 256, 384, 512, 640] = 512


class Drawings(Struct, frozen=True, forbid_unknown_fields=True):
    """What is drawn, with its lesions known to the pixel.

    ``grafts`` is how often each photograph without retinopathy gets drawn lesions; ``eyes`` how
    many eyes are drawn as a whole.
    """

    grafts: Count = 20
    eyes: Count = 2000


class Schedule(Struct, frozen=True, forbid_unknown_fields=True):
    """A schedule known ahead; what ships is the running mean of the weights behind the last step.

    ``photographs``, ``grafts`` and ``drawn`` make up a batch. The rate rises over the first hundred
    steps and falls by a cosine. ``precision`` "bfloat16" reduces products on a processor, too.
    ``keep_every`` is after how many steps each the weights are kept for good, so that it can be
    told when each kind of lesion was discovered; 0 keeps the newest alone.
    """

    steps: Whole
    photographs: Whole = 6
    grafts: Count = 4
    drawn: Count = 2
    learning_rate: Rate = 2e-3
    weight_decay: Annotated[float, Meta(ge=0)] = 0.03
    precision: Literal["float32", "bfloat16"] = "bfloat16"
    keep_every: Count = 0


class LesionsPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """The recipe "lesions" with all its numbers."""

    recipe: Literal["lesions"]
    pack: Pack
    data: Data
    schedule: Schedule
    network: Network = field(default_factory=Network)
    drawings: Drawings = field(default_factory=Drawings)
    masks: LesionMasks = field(default_factory=LesionMasks)
    operation: Operation = field(default_factory=Operation)
    seed: int = 1


def parse(text: str, name: str) -> LesionsPlan:
    """Read a plan; ``name`` is what a refusal calls it. Raises ``Refusal``."""
    return parsed(text, name, LesionsPlan, _fault)


def _fault(plan: LesionsPlan) -> str:
    """What no single key shows."""
    if plan.data.held_out or plan.data.classes:
        return "the recipe lesions needs data.grades and data.folds"
    if plan.data.folds > MOST_FOLDS:
        return f"the recipe lesions ships all folds together: data.folds is at most {MOST_FOLDS}"
    if plan.data.referable_from != 2:
        return "the recipe lesions tells grade 2 or more; data.referable_from is something else"
    if plan.schedule.grafts and not plan.drawings.grafts:
        return "schedule.grafts takes grafts that drawings.grafts does not make"
    if plan.schedule.drawn and not plan.drawings.eyes:
        return "schedule.drawn takes eyes that drawings.eyes does not draw"
    return plan.masks.fault
