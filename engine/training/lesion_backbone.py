"""Stages on the networks of a pack that draws lesions: each fold goes on from its own network.

A fold's network may tell only patients that its backbone has not learnt from either, so that both
recipes part the patients alike: by the pack's own plan. All folds' networks ship together, as the
pack's do. A pack of stages that was made so holds such networks, too, and outlives the one that it
began with.
"""

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from engine.errors import Refusal
from engine.networks import backbones
from engine.packs import pack as packs
from engine.packs.pack import Pack
from engine.progression.splits import Rows
from engine.training import folds, lesion_material, lesions_plan, staged_pictures, stages_plan
from engine.training.lesions_plan import LESIONS, LesionsPlan
from engine.training.staged_pictures import StagedPictures
from engine.training.stages_plan import ON_LESIONS, StagesPlan


@dataclass(frozen=True, eq=False)
class Begun:
    """The folds of a pack that draws lesions, and each fold's weights of a backbone."""

    held_back: list[Rows]
    weights: tuple[dict[str, Tensor], ...]


def read(plan: StagesPlan, folder: Path, pictures: StagedPictures) -> Begun:
    """The pack that a plan begins with. Raises ``Refusal`` if it does not fit the pictures."""
    pack = packs.load_made(staged_pictures.weights(plan, folder))
    own = _own_plan(pack)
    _check_parting(pack, plan, own)
    reads = backbones.build(plan.network.backbone).input_size
    if pack.manifest.input.size != reads:
        raise _refused(pack, f"It reads {pack.manifest.input.size} pixels in place of {reads}.")
    if pack.manifest.data.fingerprint != pictures.fingerprint:
        raise _refused(pack, "It learnt from other photographs or grades than the plan names.")
    table = lesion_material.read(own.data, folder)
    if table.paths != pictures.paths:
        raise _refused(pack, "The plan leaves out photographs that it learnt from.")
    held_back = table.folds(own.data.folds, own.seed)
    if not folds.fits(pack, held_back):
        raise _refused(
            pack,
            "By its own plan this version of the program parts its patients otherwise than it was "
            "made by: its networks would be asked about patients that they have learnt from.",
        )
    staged_pictures.check_learnt(pictures.staged, held_back)
    tensors = pack.network().state_dict()
    inside = "" if isinstance(own, LesionsPlan) else "backbone.member."
    return Begun(held_back, tuple(_member(tensors, n, inside) for n in range(len(held_back))))


def _check_parting(pack: Pack, plan: StagesPlan, own: LesionsPlan | StagesPlan) -> None:
    """What the card tells of folds and patients must be those of the pack. Raises ``Refusal``."""
    if plan.data.folds != own.data.folds:
        why = f"The plan has {plan.data.folds} folds in place of its {own.data.folds}."
        raise _refused(pack, why)
    if plan.data.patient != own.data.patient:
        raise _refused(pack, f"The plan tells patients otherwise than by {own.data.patient}.")


def _own_plan(pack: Pack) -> LesionsPlan | StagesPlan:
    """The plan that a pack was made by. Raises ``Refusal`` if its networks draw no lesions."""
    if "plan.toml" not in pack.manifest.files:
        raise _refused(pack, "It does not tell the plan that it was made by.")
    text = (pack.folder / "plan.toml").read_text("utf-8")
    if pack.manifest.recipe == LESIONS:
        return lesions_plan.parse(text, "plan.toml")
    if pack.manifest.network.arguments.get("backbone") != ON_LESIONS:
        raise _refused(pack, "Its networks do not draw lesions.")
    if folds.FILE not in pack.manifest.files:
        raise _refused(pack, "It does not tell how its patients were parted.")
    return stages_plan.parse(text, "plan.toml")


def _member(tensors: dict[str, Tensor], fold: int, inside: str) -> dict[str, Tensor]:
    place = f"members.{fold}.{inside}"
    return {
        f"member.{name.removeprefix(place)}": value
        for name, value in tensors.items()
        if name.startswith(place)
    }


def _refused(pack: Pack, why: str) -> Refusal:
    return Refusal(
        f"Stages cannot be learnt on the pack {pack.manifest.name}.",
        why,
        "Name a pack of the recipe lesions, or of stages on one, made from the same table, with "
        "its data.folds and data.patient.",
    )
