"""A plan for a folder that somebody just dropped: small enough to show something in a minute."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from engine.errors import Refusal
from engine.runs import Check, rounds_for
from engine.training.card_text import one_line
from engine.training.class_names import REFERABLE_FROM
from engine.training.plan import (
    Data,
    Network,
    Optimisation,
    Pack,
    Phantoms,
    Plan,
    SparsityTerm,
)

HELD_OUT = 0.25
PHANTOM_PASSES = 4

NOT_STATED = (
    "Trying out what a network learns from these pictures. Not for decisions about a patient."
)


@dataclass(frozen=True)
class Wishes:
    """What a person may choose; as it stands, the quick plan for two cores."""

    network: str = "net_b"
    size: int = 112
    passes: int = 0
    """0: as many as so few or many pictures want."""
    nu: float = 0.0
    phantoms: int = 0
    name: str = ""
    referable: tuple[str, ...] = field(default=())


def plan_for(check: Check, wishes: Wishes) -> Plan:
    """The plan; ``check`` has said what every class means.

    Decided: batches of 9 of 112 pixels, 18 of more; a rate of 3e-4 that falls as a cosine over the
    passes, both classes drawn equally often. The paper's 350,000
    steps of 36 are out of reach of what is watched at a screen. Raises ``Refusal`` where the grades
    of a table were called referable in another than their order.
    """
    folder = one_line(Path(check.folder).name) or "pictures"
    title = one_line(wishes.name) or folder
    return Plan(
        "retinopathy",
        Pack(plain(title), "1.0.0", title, "not stated", NOT_STATED),
        Data(
            grades=check.table,
            patient=check.patient_column,
            referable_from=_from_grade(check),
            name=folder,
            licence="not stated",
            source=f"A folder on this computer, as it was on {date.today():%d %B %Y}.",
            limits=_limits(wishes),
            held_out=HELD_OUT,
            classes={}
            if check.table
            else {each.name: bool(each.referable) for each in check.classes},
        ),
        Optimisation(
            passes=wishes.passes or rounds_for(check.pictures),
            batch=9 if wishes.size == 112 else 18,
            learning_rate=3e-4,
            schedule="cosine",
            balance=True,
        ),
        Network(wishes.network, wishes.size),  # type: ignore[arg-type]
        Phantoms(wishes.phantoms, PHANTOM_PASSES if wishes.phantoms else 0),
        SparsityTerm(wishes.nu),
    )


def _from_grade(check: Check) -> int:
    """The first grade that the check called referable; as everywhere where it did not differ.

    Raises ``Refusal`` where a higher grade is not: a table's grades are ordered.
    """
    if not check.table or all(
        each.referable == (int(each.name) >= REFERABLE_FROM) for each in check.classes
    ):
        return REFERABLE_FROM
    first = min((int(each.name) for each in check.classes if each.referable), default=0)
    if not first or any(int(each.name) > first and not each.referable for each in check.classes):
        raise Refusal(
            "The pictures cannot be trained on.",
            f"Of the grades in {check.table} a higher one must be referable, too, and 0 is not.",
            "Name every grade from the first that is referable on.",
        )
    return first


def plain(words: str) -> str:
    """Words as a pack's name."""
    found = re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-").lower()[:48]
    return found or "pack"


def _limits(wishes: Wishes) -> str:
    return f"""
- The photographs that are counted above are few for a network.
- {wishes.size} x {wishes.size} pixels: small lesions are below what the network can resolve, and
  the heatmap is as coarse.
- Cameras, field and population were not told; others were not measured.
- Whether the classes are right was not checked."""
