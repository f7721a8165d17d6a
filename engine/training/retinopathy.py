"""The retinopathy recipe: phantoms first, a network a fold, one on all, and the pack of it.

Each fold's network scores the patients that it has not seen; these out-of-fold scores give the
calibration, the operating point and the figures of the card. The network that ships saw every
picture and was trained by the same numbers (METHODS Q1, Q3, Q5); under the plateau rule, which
needs pictures to watch, it is the first fold's.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import torch
from msgspec import UNSET
from numpy.typing import NDArray

from engine import runs
from engine.answers import Criterion
from engine.errors import Refusal
from engine.learning import calibration
from engine.networks import registry
from engine.networks.normed import Normed
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.networks.operators import Dense
from engine.packs import learnt_from
from engine.packs import pack as packs
from engine.packs.manifest import FORMAT, HeldPart, Input, Manifest, NetworkPart
from engine.packs.pack import Pack
from engine.preparation.likeness import of_normalised
from engine.task import Task
from engine.training import (
    card,
    cells,
    ensemble,
    ensemble_card,
    folds,
    grades,
    judging,
    lesion_figures,
    lesions_judging,
    loop,
    normalised,
    precision,
    retinopathy_drawn,
    retinopathy_figures,
)
from engine.training.card import Held
from engine.training.ensemble import Joined
from engine.training.grades import Graded
from engine.training.judging import OutOfFold
from engine.training.lesion_pictures import Drawings
from engine.training.lesions_judging import Judged
from engine.training.loop import NotLearningError, Part
from engine.training.normalised import Pictures
from engine.training.patients import by_name
from engine.training.plan import Optimisation, Plan, SparsityTerm
from engine.training.run import Run
from engine.training.sparsity import Route, Sparsity, Target

LARGER_GAIN = math.sqrt(2 / (1 + 0.33**2))
"""1.343: keeps variance through depth (METHODS Q3's variant)."""
_FAINT = 0.1
"""Of the last layer's weights, where normalisations make what lies before it large."""


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
    held_back = graded.folds(plan.data.folds, plan.seed)
    folds.hold(run, held_back)
    size = plan.network.size
    cache = run.folder / "normalised.npy"
    values = normalised.photographs(graded.paths, size, cache, task)
    pictures = Pictures(values, graded.truth, graded.numbers)
    whose = by_name(graded.paths, graded.patients)
    masks = lesion_figures.find(plan.masks, plan.data.patient, run.data, whose)
    grafts = retinopathy_drawn.grafts(plan, run, task)
    drawn = retinopathy_drawn.eyes(plan, run, task)
    start = phantom_weights(plan, drawn, len(pictures), run, device, task)
    scores = np.zeros(len(pictures))
    of_folds: list[Learnt] = []
    own: list[NDArray[np.float64]] = []
    # The plateau rule needs pictures to watch (Q3: 80/20); a schedule known ahead does not.
    shipped = "fold-0" if plan.optimisation.schedule == "plateau" else "all"
    for number, held in enumerate(held_back):
        seen = np.setdiff1d(np.arange(len(pictures)), held)
        shown = retinopathy_drawn.beside(grafts, plan, pictures, seen)
        part = Part(f"fold-{number}", shown, pictures.rows(held), number + 1)
        of_folds.append(learn(plan, part, start, run, device, task))
        scores[held] = _scores(of_folds[-1].network, pictures.rows(held), device)
        if shipped == "all":
            own.append(_scores(of_folds[-1].network, pictures.rows(seen), device))
        del shown, part  # before the next ones are made: they are gigabytes
    if shipped == "all":
        every = np.arange(len(pictures))
        shown = retinopathy_drawn.beside(grafts, plan, pictures, every)
        network = learn(plan, Part(shipped, shown, None, 0), start, run, device, task).network
        # Of each network the scores may lie elsewhere; what it learnt from tells where.
        scores = calibration.levelled(scores, graded.truth, held_back, own)
    else:
        network = of_folds[0].network
    found = judge(scores, graded, plan)
    run.note(
        runs.OUT_OF_FOLD, {"area": found.figures.area, "interval": found.figures.area_interval}
    )
    joined = None
    if plan.ensemble is not UNSET:
        joined = ensemble.join(plan, graded, pictures, shipped, new(plan), run, device, task)
        ensemble.note(run, joined)
    of_masks = None
    if masks is not None:
        learnt = [set(np.delete(graded.patients, held).tolist()) for held in held_back]
        seen_by = set().union(*learnt) if shipped == "all" else learnt[0]
        of_masks = retinopathy_figures.measure(
            plan, masks, of_folds, learnt, network, seen_by, device, task
        )
    judged = lesions_judging.judge(found, of_masks)
    if shipped == "all":
        of_shipped = _scores(network, pictures, device)
        of_own = [np.delete(graded.truth, held) for held in held_back]
        pairs = zip([*own, of_shipped], [*of_own, graded.truth], strict=True)
        apart = tuple(calibration.told_apart(found.calibration.fitted, *each) for each in pairs)
        judged = msgspec.structs.replace(judged, told_apart=apart)
        curve = calibration.moved(found.calibration, of_shipped, float(graded.truth.mean()))
        found = replace(found, calibration=curve)
    if folder is None:  # else it is another plan's
        run.keep("judged.json", judged)
    folder = folder or run.folder / "pack"
    written = write_pack(
        plan, text, graded, values, found, network, folder, joined=joined, judged=judged
    )
    run.tell("done", "pack", 1, 1)
    return written


def _scores(
    network: OperatorNetwork, pictures: Pictures, device: torch.device
) -> NDArray[np.float64]:
    # Calibration is fitted on them: a card may not round them as in training.
    with precision.as_planned(Optimisation(passes=1)):
        return loop.scores(network, pictures, device)


def judge(scores: NDArray[np.float64], graded: Graded, plan: Plan) -> OutOfFold:
    """Calibration, operating point and figures of the photographs' out-of-fold scores (n,)."""
    return judging.judge(scores, graded.truth, graded.patients, plan)


def phantom_weights(
    plan: Plan, drawn: Drawings, photographs: int, run: Run, device: torch.device, task: Task
) -> dict[str, torch.Tensor] | None:
    """What drawn eyes taught a network; None if the plan asks for none.

    ``photographs`` is how many there are: parts draw by their numbers.
    """
    if not plan.phantoms.eyes:
        return None
    truth = drawn.grades >= plan.data.referable_from
    if plan.phantoms.teach == "lesions":
        network = _normed(begun(plan, float(truth.mean()), plan.network.gain))
        with precision.as_planned(plan.optimisation):
            cells.teach(network, drawn, plan, device, run, task)
        return cells.lower(network)
    # One in ten is watched, so that the log tells whether drawn lesions are found at all.
    kept = np.random.default_rng([plan.seed, 10]).random(len(truth)) < 0.1
    learnt, watched = (
        Pictures(drawn.values[rows], truth[rows]) for rows in map(np.flatnonzero, (~kept, kept))
    )
    part = Part("phantoms", learnt, watched, photographs + 1)
    numbers = msgspec.structs.replace(
        plan.optimisation,
        passes=plan.phantoms.passes,
        schedule="cosine",
        balance=False,
        keep_every=0,
    )
    return trained(_without_own(plan), part, None, numbers, run, device, task).state_dict()


def _without_own(plan: Plan) -> Plan:
    """The plan without a sparsity term that has passes of its own: they are the last."""
    return msgspec.structs.replace(plan, sparsity=SparsityTerm()) if plan.sparsity.passes else plan


@dataclass(frozen=True, eq=False)
class Learnt:
    """A network that has learnt, and what it was before the sparsity term came in, if it did."""

    network: OperatorNetwork
    before: OperatorNetwork | None = None


def learn(
    plan: Plan,
    part: Part,
    start: dict[str, torch.Tensor] | None,
    run: Run,
    device: torch.device,
    task: Task,
) -> Learnt:
    """A network of the plan that learnt from a part, by the term's own passes last, if any.

    Raises as ``trained``.
    """
    term = plan.sparsity
    network = trained(_without_own(plan), part, start, plan.optimisation, run, device, task)
    before = None
    if term.passes:
        numbers = msgspec.structs.replace(
            plan.optimisation, passes=term.passes, learning_rate=term.learning_rate, normalise=False
        )
        by_term = msgspec.structs.replace(plan, optimisation=numbers)
        # A number of its own, so that it does not draw what the first passes drew.
        last = replace(part, name=sparse_part(part.name), number=part.number + 1_000)
        before = network
        network = trained(by_term, last, before.state_dict(), numbers, run, device, task)
        before.to(device).eval().views = plan.network.views
    network.views = plan.network.views
    return Learnt(network, before)


def sparse_part(part: str) -> str:
    """What a part is called while the sparsity term has passes of its own."""
    return f"{part}-sparse"


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
        network = begun(plan, float(part.pictures.truth.mean()), gain)
        learning = _normed(network) if numbers.normalise else network
        if start is not None:
            learning.load_state_dict(learning.state_dict() | start)
        try:
            loop.train(learning, part, numbers, plan.seed, device, run, task, _sparsity(plan))
            return learning.folded().eval() if isinstance(learning, Normed) else learning
        except NotLearningError:
            run.forget(part.name)
            if number < len(gains):
                run.note(part.name, {"restarted_with_gain": gains[number]})
    raise Refusal(
        f"The network does not learn: {part.name}.",
        f"After {loop.JUDGED_AFTER} batches its error was not below {loop.LEARNT_BELOW:.0%} of "
        "that of the best constant answer.",
        "Check the grades, or change the plan's learning rates or network.gain.",
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


def begun(plan: Plan, prevalence: float, gain: float) -> OperatorNetwork:
    """The plan's network with weights drawn anew, which learns from pictures as they lie."""
    network = new(plan)
    network.views = 1
    generator = torch.Generator().manual_seed(plan.seed)
    initialise(network, generator, gain=gain, prevalence=prevalence)
    return network


def _normed(network: OperatorNetwork) -> Normed:
    """``network`` with normalisations, and last weights that let it begin near a constant.

    Behind them features are large, and the squared error of drawn weights would be, too.
    """
    last = cast(Dense, network.operators[-1])
    with torch.no_grad():
        last.weight.mul_(_FAINT)
    return Normed(network)


def write_pack(
    plan: Plan,
    text: str,
    graded: Graded,
    values: NDArray[np.int8],
    found: OutOfFold,
    network: OperatorNetwork,
    folder: Path,
    held: Held | None = None,
    joined: Joined | None = None,
    judged: Judged | None = None,
    doubt: str = "",
) -> Pack:
    """Write a pack of ``network``, which learnt from, or was chosen on, ``values`` (n, 3, w, w).

    The figures ``found`` are those of the ``held`` out part, or of the folds; ``joined`` has
    checkpoints and forests.
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
    texts = {
        "plan.toml": text,
        "card.md": card.text(plan, manifest, held, judged, doubt),
        learnt_from.FILE: learnt_from.text(of_normalised(values)),
    }
    if joined is None:
        return packs.write(folder, manifest, network.state_dict(), texts)
    texts["card.md"] += ensemble_card.text(manifest, joined.pairs)
    more = (joined.weights(), joined.arrays())
    return packs.write(folder, manifest, network.state_dict(), texts, *more)
