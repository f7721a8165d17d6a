"""The stages recipe: drawn eyes first, a network and its baseline a fold, one on all, and the pack.

Each fold's networks tell the patients that they have not seen; what they say out of fold gives the
calibration and the figures of the card, of the network and of its paired baseline. The network that
ships saw every picture and was trained by the same numbers, known ahead (METHODS L1 to L3); on
networks that draw lesions it is all folds' networks together.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray

from engine import runs
from engine.networks import backbones
from engine.networks.backbones import Backbone
from engine.networks.lstm import Gates
from engine.networks.stage_network import StageEnsemble, StageNetwork
from engine.packs import learnt_from
from engine.packs import pack as packs
from engine.packs.manifest import FORMAT, Input, Manifest, NetworkPart
from engine.packs.pack import Pack
from engine.preparation.augmentation import Augmentation
from engine.preparation.likeness import of_normalised
from engine.progression import loop
from engine.progression.arms import BASELINE, Arm
from engine.progression.loop import Data
from engine.progression.loss import Reduction, SequenceLoss, WeightBy
from engine.progression.sequences import Order
from engine.progression.splits import Rows, Staged
from engine.task import Task
from engine.training import (
    folds,
    judging,
    lesion_backbone,
    normalised,
    precision,
    stage_loop,
    staged_pictures,
    stages_card,
    stages_judging,
)
from engine.training.plan import Optimisation
from engine.training.run import Run
from engine.training.stage_loop import Part
from engine.training.staged_pictures import StagedPictures
from engine.training.stages_judging import Judged, OutOfFold
from engine.training.stages_plan import ON_LESIONS, StagesPlan

SEVERITIES = ("0", "1", "2", "3", "4")
"""Of drawn eyes."""


def carry_out(plan: StagesPlan, text: str, run: Run, device: torch.device, task: Task) -> Pack:
    """Carry a plan out, or go on with it, and write the pack into the run folder.

    Raises ``Refusal`` and ``Cancelled``.
    """
    # A card rounds to TF32 unasked: neither learning nor what is told out of fold may.
    with precision.as_planned(Optimisation(passes=1)):
        return _carried_out(plan, text, run, device, task)


def _carried_out(plan: StagesPlan, text: str, run: Run, device: torch.device, task: Task) -> Pack:
    read = staged_pictures.read(plan, run.data)
    run.hold_to(read.begun_with)
    begun = None
    if plan.network.backbone == ON_LESIONS:
        begun = lesion_backbone.read(plan, run.data, read)
    held_back = begun.held_back if begun else staged_pictures.folds(plan, read.staged)
    folds.hold(run, held_back)
    size = backbones.build(plan.network.backbone).input_size
    file = run.folder / "normalised.npy"
    values = normalised.photographs(read.paths, size, file, task)
    data = Data(values, read.staged)
    start = None if begun else _start(plan, run, device, task)
    # What both heads of each arm's networks said of the pictures that they had not seen.
    arms = _arm(plan), BASELINE
    told = {arm.name: np.zeros((2, len(values), read.staged.count)) for arm in arms}
    members: list[StageNetwork] = []
    for number, held in enumerate(held_back):
        seen = np.setdiff1d(np.arange(len(values)), held)
        start = begun.weights[number] if begun else start
        for arm in arms:
            name = f"fold-{number}-{arm.name}"
            network = _trained(plan, name, arm, data, seen, number + 1, start, run, device, task)
            told[arm.name][:, held] = loop.logits(network, values[held])
            if arm is not BASELINE:
                members.append(network)
    shipped: StageNetwork | StageEnsemble
    if begun:
        shipped = StageEnsemble(members)
    else:
        rows = np.arange(len(values))
        shipped = _trained(plan, "all", _arm(plan), data, rows, 0, start, run, device, task)
    (vision, lstm), (baseline, _) = (told[arm.name] for arm in arms)
    out_of_fold = OutOfFold(vision, lstm, baseline, tuple(held_back))
    judged = stages_judging.judge(out_of_fold, read.staged, plan)
    run.note(runs.OUT_OF_FOLD, msgspec.to_builtins(judged.compared))
    run.keep("judged.json", judged.compared)
    folder = run.folder / "pack"
    written = _write_pack(plan, text, read, values, judged, shipped, held_back, folder, size)
    run.tell("done", "pack", 1, 1)
    return written


def _arm(plan: StagesPlan) -> Arm:
    asked = plan.sequences
    loss = SequenceLoss(
        asked.alpha, asked.beta, WeightBy(asked.weight_by), Reduction(asked.reduction)
    )
    return Arm(asked.order, Order(asked.order), loss)


def _start(
    plan: StagesPlan, run: Run, device: torch.device, task: Task
) -> dict[str, torch.Tensor] | None:
    """The backbone's weights that every network of the run begins with; None: drawn anew."""
    if not plan.phantoms.eyes:
        if not plan.network.weights:
            return None
        backbone = backbones.build(plan.network.backbone)
        backbones.load_weights(backbone, staged_pictures.weights(plan, run.data))
        return backbone.state_dict()
    seeds = range(plan.seed * 1_000_000, plan.seed * 1_000_000 + plan.phantoms.eyes)
    size = backbones.build(plan.network.backbone).input_size
    drawn = normalised.phantoms(seeds, size, run.folder / "phantoms.npy", task)
    stages = np.array([normalised.severity(seed) for seed in seeds])
    staged = Staged(stages, np.array(seeds).astype(str), SEVERITIES)
    network = _new(plan, len(SEVERITIES), 0, None)
    if plan.network.weights:
        backbones.load_weights(network.backbone, staged_pictures.weights(plan, run.data))
    schedule = msgspec.structs.replace(plan.schedule, passes=plan.phantoms.passes)
    part = Part(
        "phantoms", BASELINE, Data(drawn.values, staged), np.arange(len(seeds)),
        plan.seed, _augmentation(plan),
    )  # fmt: skip
    stage_loop.train(network, part, schedule, device, run, task)
    return network.backbone.state_dict()


def _trained(
    plan: StagesPlan,
    name: str,
    arm: Arm,
    data: Data,
    rows: Rows,
    number: int,
    start: dict[str, torch.Tensor] | None,
    run: Run,
    device: torch.device,
    task: Task,
) -> StageNetwork:
    # The baseline of a fold begins with the same weights and draws its pictures by the same seed.
    network = _new(plan, data.staged.count, number, start)
    if plan.network.freeze != "none":
        network.backbone.freeze(all_=plan.network.freeze == "all")
    seed = plan.seed * 1_000 + number
    part = Part(name, arm, data, rows, seed, _augmentation(plan))
    stage_loop.train(network, part, plan.schedule, device, run, task)
    network.views = plan.network.views
    return network


def _new(
    plan: StagesPlan, stages: int, number: int, start: dict[str, torch.Tensor] | None
) -> StageNetwork:
    generator = torch.Generator().manual_seed(plan.seed * 1_000 + number)
    backbone: Backbone = backbones.build(plan.network.backbone)
    backbone.initialise(generator)
    if start is not None:
        backbone.load_state_dict(start)
    network = StageNetwork(backbone, stages, Gates(plan.network.gates))
    network.initialise(generator)
    return network


def _augmentation(plan: StagesPlan) -> Augmentation:
    return Augmentation(**msgspec.structs.asdict(plan.augmentation))


def _write_pack(
    plan: StagesPlan,
    text: str,
    read: StagedPictures,
    values: NDArray[np.int8],
    judged: Judged,
    network: StageNetwork | StageEnsemble,
    held_back: Sequence[Rows],
    folder: Path,
    size: int,
) -> Pack:
    from importlib.metadata import version

    arguments: dict[str, Any] = {
        "backbone": plan.network.backbone,
        "stages": read.staged.count,
        "gates": plan.network.gates,
        "size": size,
        "vision": judged.compared.vision,
        "views": plan.network.views,
    }
    if isinstance(network, StageEnsemble):
        arguments["members"] = len(network.members)
    positive = read.staged.stages >= plan.stages.first_positive
    manifest = Manifest(
        format=FORMAT,
        name=plan.pack.name,
        version=plan.pack.version,
        title=plan.pack.title,
        question="stage",
        recipe=plan.recipe,
        input=Input("fundus", size),
        network=NetworkPart("stages", arguments, "network.safetensors"),
        calibration=judged.positive.calibration,
        operating_point=judged.positive.operating_point,
        data=judging.data_part(plan, positive, read.staged.patients, read.fingerprint),
        figures=judged.positive.figures,
        licence=plan.pack.licence,
        created="",
        program=version("lesionlens"),
        lesion_threshold=plan.pack.lesion_threshold,
        stages=judged.part(plan),
    )
    texts = {
        "plan.toml": text,
        "card.md": stages_card.text(plan, manifest, judged.compared),
    }
    of_folds = held_back if plan.network.backbone == ON_LESIONS else ()
    texts[learnt_from.FILE] = learnt_from.text(of_normalised(values), of_folds)
    if of_folds:
        texts[folds.FILE] = folds.seal(of_folds)
    return packs.write(folder, manifest, network.state_dict(), texts)
