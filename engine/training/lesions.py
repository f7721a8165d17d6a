"""The lesions recipe: a network a fold, taught by grades and by drawn lesions, shipped together.

Each fold's network tells the patients that it has not seen; what it says out of fold gives the
calibration, the operating point and the figures of the card. All folds' networks ship as one, which
answers with their mean: nothing is trained that nothing was measured of.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine import runs
from engine.answers import Criterion
from engine.networks.lesion_network import REFERABLE, LesionNetwork, Member, folded
from engine.packs import learnt_from
from engine.packs import pack as packs
from engine.packs.manifest import FORMAT, Input, Manifest, NetworkPart
from engine.packs.pack import Pack
from engine.preparation.likeness import of_normalised
from engine.task import Task
from engine.training import (
    discovery,
    folds,
    judging,
    lesion_figures,
    lesion_loop,
    lesion_material,
    lesions_card,
    lesions_judging,
    precision,
)
from engine.training.judging import OutOfFold
from engine.training.lesion_loop import Part
from engine.training.lesion_material import Table
from engine.training.lesion_pictures import grades_of
from engine.training.lesions_judging import Judged
from engine.training.lesions_plan import LESIONS, LesionsPlan
from engine.training.patients import by_name
from engine.training.plan import Optimisation
from engine.training.run import Run

CRITERIA = (Criterion.LESIONS, Criterion.PI, Criterion.OMEGA)


def carry_out(plan: LesionsPlan, text: str, run: Run, device: torch.device, task: Task) -> Pack:
    """Carry a plan out, or go on with it, and write the pack into the run folder.

    Raises ``Refusal`` and ``Cancelled``.
    """
    # A card rounds to TF32 unasked: neither learning nor what is told out of fold may.
    with precision.as_planned(Optimisation(passes=1)):
        return _carried_out(plan, text, run, device, task)


def _carried_out(plan: LesionsPlan, text: str, run: Run, device: torch.device, task: Task) -> Pack:
    table = lesion_material.read(plan.data, run.data)
    run.hold_to(table.fingerprint)
    held_back = table.folds(plan.data.folds, plan.seed)
    folds.hold(run, held_back)
    whose = by_name(table.paths, table.patients)
    masks = lesion_figures.find(plan.masks, plan.data.patient, run.data, whose)
    material = lesion_material.material(plan, table, run, task)
    size, every = plan.network.size, np.arange(len(table.paths))
    members: list[Member] = []
    told = np.zeros((len(every), 4))
    for number, held in enumerate(held_back):
        seen = np.setdiff1d(every, held)
        part = Part(f"fold-{number}", material, seen, plan.seed * 1_000 + number)
        member = lesion_loop.trained(part, plan.schedule, size, device, run, task)
        members.append(member)
        told[held] = grades_of(folded([member], size), material.photographs.values[held], device)
    truth = table.grades >= plan.data.referable_from
    found = judging.judge(told[:, REFERABLE], truth, table.patients, plan)
    network, of_masks = folded(members, size), None
    if masks is not None:
        apart = tuple(folded([member], size) for member in members)
        columns = [lesion_figures.Column(str(each), each, apart) for each in CRITERIA]
        learnt = [set(np.delete(table.patients, held).tolist()) for held in held_back]
        pictures = lesion_figures.ready(masks, size, task)
        shipped = lesion_figures.Column("shipped", Criterion.LESIONS, (network,))
        of_masks = lesion_figures.measure(
            pictures, columns, learnt, shipped, set().union(*learnt), device, task
        )
        unseen = [picture for picture in pictures if picture.patient not in learnt[0]]
        first = material.photographs.values[held_back[0]]
        discovery.write(run, "fold-0", first, truth[held_back[0]], unseen, size, device, task)
    kappa = lesions_judging.kappa(table.grades, told, table.patients, plan.seed)
    judged = lesions_judging.judge(found, of_masks, kappa)
    run.keep("judged.json", judged)
    values = material.photographs.values
    written = _write_pack(plan, text, table, values, found, judged, network, run.folder / "pack")
    run.note(
        runs.OUT_OF_FOLD, {"area": found.figures.area, "interval": found.figures.area_interval}
    )
    run.tell("done", "pack", 1, 1)
    return written


def _write_pack(
    plan: LesionsPlan,
    text: str,
    table: Table,
    values: NDArray[np.int8],
    found: OutOfFold,
    judged: Judged,
    network: LesionNetwork,
    folder: Path,
) -> Pack:
    from importlib.metadata import version

    arguments = {"size": plan.network.size, "members": len(network.members)}
    manifest = Manifest(
        format=FORMAT,
        name=plan.pack.name,
        version=plan.pack.version,
        title=plan.pack.title,
        question="retinopathy",
        recipe=plan.recipe,
        input=Input("fundus", plan.network.size),
        network=NetworkPart(LESIONS, arguments, "network.safetensors"),
        calibration=found.calibration,
        operating_point=found.operating_point,
        data=judging.data_part(plan, found.truth, table.patients, table.fingerprint),
        figures=found.figures,
        licence=plan.pack.licence,
        created="",
        program=version("lesionlens"),
        lesion_threshold=plan.pack.lesion_threshold,
    )
    held_back = table.folds(plan.data.folds, plan.seed)
    texts = {
        "plan.toml": text,
        "card.md": lesions_card.text(plan, manifest, judged),
        folds.FILE: folds.seal(held_back),
        learnt_from.FILE: learnt_from.text(of_normalised(values), held_back),
    }
    return packs.write(folder, manifest, network.state_dict(), texts)
