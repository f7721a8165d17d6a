"""The retinopathy recipe: phantoms first, a network a fold, one on all, and the pack of it.

Each fold's network scores the patients that it has not seen; these out-of-fold scores give the
calibration, the operating point and the figures of the card. The network that ships saw every
picture and was trained by the same numbers (METHODS Q1, Q3, Q5); under the plateau rule, which
needs pictures to watch, it is the first fold's.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from msgspec import UNSET
from numpy.typing import NDArray

from engine.answers import Criterion
from engine.errors import Refusal
from engine.networks import registry
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.packs import pack as packs
from engine.packs.manifest import FORMAT, HeldPart, Input, Manifest, NetworkPart
from engine.packs.pack import Pack
from engine.task import Task
from engine.training import (
    card,
    checkpoints,
    ensemble,
    ensemble_card,
    grades,
    judging,
    lesion_material,
    loop,
    normalised,
)
from engine.training.card import Held
from engine.training.ensemble import Joined
from engine.training.grades import Graded
from engine.training.judging import OutOfFold
from engine.training.loop import NotLearningError, Part
from engine.training.normalised import Pictures
from engine.training.plan import Optimisation, Plan
from engine.training.run import Run
from engine.training.sparsity import Route, Sparsity, Target

LARGER_GAIN = math.sqrt(2 / (1 + 0.33**2))
"""1.343: keeps variance through depth (METHODS Q3's variant)."""


def carry_out(
    plan: Plan,
    text: str,
    run: Run,
    device: torch.device,
    task: Task,
    folder: Path | None = None,
) -> Pack:
    """Carry a plan out, or go on with it, and write the pack into the run folder, or ``folder``.

    Raises ``Refusal`` and ``Cancelled``.
    """
    graded = grades.read(run.data / plan.data.grades, plan.data)
    run.hold_to(graded.fingerprint)
    size = plan.network.size
    cache = run.folder / "normalised.npy"
    values = normalised.photographs(graded.paths, size, cache, task)
    pictures = Pictures(values, graded.truth)
    grafts = _grafts(plan, run, task)
    start = phantom_weights(plan, pictures, run, device, task)
    held_back = graded.folds(plan.data.folds, plan.seed)
    scores = np.zeros(len(pictures))
    for number, held in enumerate(held_back):
        seen = np.setdiff1d(np.arange(len(pictures)), held)
        learnt = grafts.beside(pictures.rows(seen), seen)
        part = Part(f"fold-{number}", learnt, pictures.rows(held), number + 1)
        network = trained(plan, part, start, plan.optimisation, run, device, task)
        scores[held] = loop.scores(network, pictures.rows(held), device)
    # The plateau rule needs pictures to watch (Q3: 80/20); a schedule known ahead does not.
    shipped = "fold-0" if plan.optimisation.schedule == "plateau" else "all"
    if shipped == "all":
        learnt = grafts.beside(pictures, np.arange(len(pictures)))
        part = Part(shipped, learnt, None, 0)
        network = trained(plan, part, start, plan.optimisation, run, device, task)
    else:
        tensors, _ = run.newest(shipped) or ({}, None)
        network = new(plan)
        network.load_state_dict(checkpoints.weights(tensors))
    found = judge(scores, graded, plan)
    run.note("out of fold", {"area": found.figures.area, "interval": found.figures.area_interval})
    joined = None
    if plan.ensemble is not UNSET:
        joined = ensemble.join(plan, graded, pictures, shipped, new(plan), run, device, task)
        ensemble.note(run, joined)
    folder = folder or run.folder / "pack"
    written = write_pack(plan, text, graded, found, network, folder, joined=joined)
    run.tell("done", "pack", 1, 1)
    return written


def judge(scores: NDArray[np.float64], graded: Graded, plan: Plan) -> OutOfFold:
    """Calibration, operating point and figures of the photographs' out-of-fold scores (n,)."""
    return judging.judge(scores, graded.truth, graded.patients, plan)


@dataclass(frozen=True, eq=False)
class _Grafts:
    """Photographs with drawn lesions, and the row (n,) of the one that each lies on."""

    pictures: Pictures | None
    on: NDArray[np.intp]

    def beside(self, photographs: Pictures, rows: NDArray[np.intp]) -> Pictures:
        """The photographs of some rows, and behind them the grafts on these alone."""
        if self.pictures is None:
            return photographs
        laid = np.flatnonzero(np.isin(self.on, rows))
        count = len(photographs)
        # Filled one by one: there are gigabytes of them, and copies of copies would be twice that.
        values = np.empty((count + len(laid), *photographs.values.shape[1:]), np.int8)
        values[:count] = photographs.values
        for at, row in enumerate(laid, count):
            values[at] = self.pictures.values[row]
        return Pictures(values, np.concatenate([photographs.truth, self.pictures.truth[laid]]))


def _grafts(plan: Plan, run: Run, task: Task) -> _Grafts:
    if not plan.phantoms.grafts:
        return _Grafts(None, np.zeros(0, np.intp))
    rows = grades.table(run.data / plan.data.grades, plan.data.patient)
    paths, healthy = [row[0] for row in rows], np.array([grade == 0 for _, _, grade, _ in rows])
    draw, file = np.random.default_rng([plan.seed, 5]), run.folder / "grafts.npy"
    first, size = plan.seed * 10_000_000, plan.network.size
    laid = lesion_material.laid(paths, healthy, plan.phantoms.grafts, size, first, draw, file, task)
    return _Grafts(Pictures(laid.values, laid.grades >= plan.data.referable_from), laid.on)


def phantom_weights(
    plan: Plan, pictures: Pictures, run: Run, device: torch.device, task: Task
) -> dict[str, torch.Tensor] | None:
    """What drawn eyes taught a network; None if the plan asks for none."""
    if not plan.phantoms.eyes:
        return None
    seeds = range(plan.seed * 1_000_000, plan.seed * 1_000_000 + plan.phantoms.eyes)
    file = run.folder / "phantoms.npy"
    if plan.phantoms.look == "lifelike":
        told = [normalised.severity(seed) for seed in seeds]
        made = normalised.lifelike(
            list(zip(seeds, told, strict=True)), plan.network.size, file, task
        )
        drawn = Pictures(made[:, :3], np.array(told) >= plan.data.referable_from)
    else:
        drawn = normalised.phantoms(seeds, plan.network.size, file, task)
    # One in ten is watched, so that the log tells whether drawn lesions are found at all.
    kept = np.random.default_rng([plan.seed, 10]).random(len(drawn)) < 0.1
    part = Part(
        "phantoms",
        drawn.rows(np.flatnonzero(~kept)),
        drawn.rows(np.flatnonzero(kept)),
        len(pictures) + 1,
    )
    numbers = Optimisation(
        passes=plan.phantoms.passes,
        batch=plan.optimisation.batch,
        learning_rate=plan.optimisation.learning_rate,
        weight_decay=plan.optimisation.weight_decay,
        schedule="cosine",
        precision=plan.optimisation.precision,
        deterministic=plan.optimisation.deterministic,
    )
    return trained(plan, part, None, numbers, run, device, task).state_dict()


def trained(
    plan: Plan,
    part: Part,
    start: dict[str, torch.Tensor] | None,
    numbers: Optimisation,
    run: Run,
    device: torch.device,
    task: Task,
) -> OperatorNetwork:
    """A network of the plan, trained on one part from ``start``, or from weights drawn anew.

    Raises ``Refusal`` if it does not learn, ``Stopped`` and ``Cancelled``.
    """
    # Weights that the phantoms gave have no gain: the same start would fail the same way.
    gains = (plan.network.gain, LARGER_GAIN) if start is None else (plan.network.gain,)
    for number, gain in enumerate(gains, 1):
        network = new(plan)
        if start is None:
            generator = torch.Generator().manual_seed(plan.seed)
            prevalence = float(part.pictures.truth.mean())
            initialise(network, generator, gain=gain, prevalence=prevalence)
        else:
            network.load_state_dict(start)
        try:
            loop.train(network, part, numbers, plan.seed, device, run, task, _sparsity(plan))
            return network
        except NotLearningError:
            run.forget(part.name)
            if number < len(gains):
                run.note(part.name, {"restarted_with_gain": gains[number]})
    raise Refusal(
        f"The network does not learn: {part.name}.",
        f"After {loop.JUDGED_AFTER} batches its error was not below {loop.LEARNT_BELOW:.0%} of "
        "that of the best constant answer.",
        "Check the grades, or change the plan's learning_rate or network.gain.",
    )


def _sparsity(plan: Plan) -> Sparsity | None:
    term = plan.sparsity
    if not term.nu:
        return None
    return Sparsity(term.nu, Route(term.route), Target(term.target), Criterion(term.criterion))


def new(plan: Plan) -> OperatorNetwork:
    """The plan's network, its weights still to be filled."""
    network = registry.build(plan.network.name, plan.network.arguments)
    return cast(OperatorNetwork, network)


def write_pack(
    plan: Plan,
    text: str,
    graded: Graded,
    found: OutOfFold,
    network: OperatorNetwork,
    folder: Path,
    held: Held | None = None,
    joined: Joined | None = None,
) -> Pack:
    """Write a pack of ``network``, whose figures ``found`` are those of the ``held`` out part,
    or of the folds; with the checkpoints and forests of ``joined``.
    """
    from importlib.metadata import version

    manifest = Manifest(
        format=FORMAT,
        name=plan.pack.name,
        version=plan.pack.version,
        title=plan.pack.title,
        question="retinopathy",
        recipe=plan.recipe,
        input=Input("fundus", plan.network.size),
        network=NetworkPart(plan.network.name, plan.network.arguments, "network.safetensors"),
        calibration=found.calibration,
        operating_point=found.operating_point,
        data=judging.data_part(plan, graded.truth, graded.patients, graded.fingerprint),
        figures=found.figures,
        licence=plan.pack.licence,
        created="",
        program=version("lesionlens"),
        lesion_threshold=plan.pack.lesion_threshold,
        checkpoints=joined.checkpoints if joined else (),
        forests=joined.forests if joined else (),
        held=HeldPart(int(found.truth.sum()), int((~found.truth).sum())) if held else None,
    )
    texts = {"plan.toml": text, "card.md": card.text(plan, manifest, held)}
    if joined is None:
        return packs.write(folder, manifest, network.state_dict(), texts)
    texts["card.md"] += ensemble_card.text(manifest, joined.pairs)
    more = (joined.weights(), joined.arrays())
    return packs.write(folder, manifest, network.state_dict(), texts, *more)
