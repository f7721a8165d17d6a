"""The held-out recipe: one network, watched on patients that it does not learn from, its best kept.

What a person waits for at the screen: a curve, the same few pictures again and again, and a pack
as soon as they ask for it. The best pass is chosen on the held-out pictures, and the card says so.
"""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import torch
from numpy.typing import NDArray

from engine import run_notes, runs
from engine.errors import Cancelled, Refusal
from engine.packs.pack import Pack
from engine.runs import Facts, LeftOut
from engine.task import Task
from engine.training import data, folds, loop, normalised, retinopathy, retinopathy_drawn
from engine.training.asked import Stopped
from engine.training.card import Held
from engine.training.grades import Graded
from engine.training.looks import Looks, pin
from engine.training.loop import Part
from engine.training.normalised import Pictures
from engine.training.plan import Plan
from engine.training.run import Run

MOST_FOLDS = 10


def carry_out(plan: Plan, text: str, run: Run, device: torch.device, task: Task) -> Pack:
    """Carry a plan with a held-out part out, or go on with it, and write its pack.

    Raises ``Refusal``, and ``Cancelled`` where it was stopped before there was a best.
    """
    graded, left_out = data.read(run.data, plan.data, task)
    run.hold_to(graded.fingerprint)
    size = plan.network.size
    values, unfit = normalised.photographs_that_can(
        graded.paths, size, run.folder / "normalised.npy", task
    )
    left_out += tuple(LeftOut(graded.paths[row].name, why) for row, why in unfit.items())
    kept = np.array([row for row in range(len(values)) if row not in unfit], np.intp)
    graded = _rows(graded, kept)
    pictures = Pictures(values[kept] if unfit else values, graded.truth, graded.numbers)
    held = split(graded, plan.data.held_out, plan.seed)
    folds.hold(run, [held])
    seen = np.setdiff1d(np.arange(len(pictures)), held)
    run.keep_facts(_facts(plan, graded, held, left_out, device))
    rows = pin(graded.truth, held, plan.seed)
    looks = Looks(run.folder, pictures.rows(rows), plan.optimisation.passes, device)
    looks.begin([graded.paths[row] for row in rows], graded.truth[rows])
    run.take_pack_back()  # not before all is there that it goes on with
    part = Part(runs.PART, pictures.rows(seen), pictures.rows(held), 1, looks.take)
    state = "done"
    try:
        drawn = retinopathy_drawn.eyes(plan, run, task)
        start = retinopathy.phantom_weights(plan, drawn, len(pictures), run, device, task)
        retinopathy.trained(plan, part, start, plan.optimisation, run, device, task)
    except Stopped:
        if run.best(runs.PART) is None:
            raise Cancelled from None
        state = "stopped"
    stopped = state == "stopped"
    pack, passes = _finish(plan, text, run, graded, pictures, held, device, stopped)
    run.tell(state, runs.PART, passes, plan.optimisation.passes)
    return pack


def split(graded: Graded, share: float, seed: int) -> NDArray[np.intp]:
    """The rows held out: about ``share`` of the patients, whole, and of each class alike.

    They are so many of a number of even folds as come nearest to the share, of at most ten.

    Raises ``Refusal`` where either side would have fewer than two pictures of a class.
    """
    fewest = min(len(set(graded.patients[graded.truth == label])) for label in (True, False))
    counts = range(2, max(2, min(fewest, MOST_FOLDS)) + 1)
    folds, parts = min(
        ((folds, min(max(round(share * folds), 1), folds - 1)) for folds in counts),
        key=lambda each: (round(abs(each[1] / each[0] - share), 9), each[0]),
    )
    held = np.sort(np.concatenate(graded.folds(folds, seed)[:parts]))
    seen = np.setdiff1d(np.arange(len(graded.paths)), held)
    for rows, where in ((held, "held out"), (seen, "left to learn from")):
        for label in (True, False):
            found = int((graded.truth[rows] == label).sum())
            if found < 2:
                raise Refusal(
                    "The pictures cannot be trained on.",
                    f"{found} {'referable' if label else 'other'} pictures would be {where}; "
                    "two are needed.",
                    "Add pictures of other patients.",
                )
    return held


def _rows(graded: Graded, rows: NDArray[np.intp]) -> Graded:
    return replace(
        graded,
        paths=tuple(graded.paths[row] for row in rows),
        truth=graded.truth[rows],
        patients=graded.patients[rows],
    )


def _finish(
    plan: Plan,
    text: str,
    run: Run,
    graded: Graded,
    pictures: Pictures,
    held: NDArray[np.intp],
    device: torch.device,
    stopped: bool,
) -> tuple[Pack, int]:
    """The pack of the best pass, and the passes that there were."""
    found = run.best(runs.PART)
    if found is None:
        raise Refusal(
            "There is nothing to ship.",
            "No pass of the training ended in answers that could be measured.",
            "Begin it anew, with a lower rate of learning where there is one to choose.",
        )
    tensors, facts = found
    at = runs.status(run.folder)
    run.tell("running", at.part, at.done, at.total, what="Calibrating the best round")
    network = retinopathy.new(plan)
    network.load_state_dict(tensors)
    network.to(device)
    measured = _rows(graded, held)
    scores = loop.scores(network, pictures.rows(held), device)
    judged = retinopathy.judge(scores, measured, plan)
    seen = runs.see(run.folder)
    told = Held(
        len(held),
        len(np.unique(measured.patients)),
        int(facts["pass"]),
        seen.passes[-1].number if seen.passes else int(facts["pass"]),
        not seen.facts.pictures_as_patients,
        together=True,
        stopped=stopped,
        method=judged.method,
        error_by_chance=judged.error_by_chance,
    )
    run.keep_held(told)
    folder = run.folder / "pack"
    doubt = run_notes.doubt(seen)
    pack = retinopathy.write_pack(
        plan, text, graded, pictures.values, judged, network, folder, told, doubt=doubt
    )
    return pack, told.passes


def _facts(
    plan: Plan,
    graded: Graded,
    held: NDArray[np.intp],
    left_out: tuple[LeftOut, ...],
    device: torch.device,
) -> Facts:
    patients = len(np.unique(graded.patients))
    card = torch.cuda.get_device_name(device) if device.type == "cuda" else "processor"
    return Facts(
        title=plan.pack.title,
        network=plan.network.name,
        size=plan.network.size,
        passes=plan.optimisation.passes,
        nu=plan.sparsity.nu,
        fitting=len(graded.paths) - len(held),
        held_out=len(held),
        held_referable=int(graded.truth[held].sum()),
        patients=patients,
        held_patients=len(np.unique(graded.patients[held])),
        pictures_as_patients=patients == len(graded.paths) and not graded.patients_told,
        left_out=left_out,
        device=card,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
