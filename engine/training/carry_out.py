"""A run from its folder: the recipe that its plan names, on a device."""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine import runs
from engine.errors import Cancelled, Refusal
from engine.folders import reason
from engine.packs.pack import Pack
from engine.runs import Check
from engine.task import Task
from engine.training import grades, lesions_plan, stages_plan
from engine.training import plan as plans
from engine.training.asked import heed
from engine.training.data import check_folder, refusal_of
from engine.training.lesions_plan import LESIONS
from engine.training.patients import by_name
from engine.training.quick import Wishes, plain, plan_for
from engine.training.run import Run
from engine.training.stages_plan import ON_LESIONS, STAGES

_TELL_SECONDS = 0.5
"""Between two words about what is prepared."""


def carry_out(folder: Path, device_setting: str, task: Task) -> Pack:
    """Begin or go on with the run in ``folder`` and return its pack.

    A finished run returns the pack that it has written; one that was stopped goes on and writes
    another. One that ends otherwise says so in its status. What was asked of it stands: who wants
    it to go on takes that back first. Raises ``Refusal`` and ``Cancelled``.
    """
    run = Run.open(folder)
    with run.held():
        packed = (folder / "pack" / "manifest.json").exists()
        if packed and not _was_stopped(run):
            from engine.packs.pack import load_made

            return load_made(folder / "pack")
        try:
            if packed and run.newest(runs.PART) is None:  # as stopped runs were left before
                raise Refusal(
                    "The run cannot go on.",
                    "It was stopped, and only its best round was kept.",
                    "Ship that, or train anew.",
                )
            if not run.data.is_dir():
                raise Refusal(
                    "The run cannot go on.",
                    f"Its pictures lay in {run.data}, and there is no such folder.",
                    "Put them back there, or begin a new run.",
                )
            at = runs.status(folder)
            run.tell("running", at.part, at.done, at.total, what="Starting")
            import torch

            from engine.networks.device import choose

            text = plans.read_text(folder / "plan.toml")
            device = torch.device(choose(device_setting).name)
            task = task.also(_telling(run, task))
            if plans.recipe_of(text) == STAGES:
                from engine.training import stages

                staged = stages_plan.parse(text, "plan.toml")
                return stages.carry_out(staged, text, run, device, task)
            if plans.recipe_of(text) == LESIONS:
                from engine.training import lesions

                drawing = lesions_plan.parse(text, "plan.toml")
                return lesions.carry_out(drawing, text, run, device, task)
            from engine.training import held_out, retinopathy

            plan = plans.parse(text, "plan.toml")
            recipe = held_out.carry_out if plan.data.held_out else retinopathy.carry_out
            return recipe(plan, text, run, device, task)
        except BaseException as fault:
            at = runs.status(folder)
            said = str(fault) if isinstance(fault, Refusal) else ""
            if isinstance(fault, OSError):
                said = f"A file or folder was refused by the system: {reason(fault)}."
            with suppress(OSError):  # a full disk must not hide what went wrong
                run.tell(_state(fault), at.part, at.done, at.total, said=said)
            raise


def _was_stopped(run: Run) -> bool:
    """Whether the run's pack is that of fewer passes than planned, because somebody stopped it."""
    held = run.held_out()
    told = held is not None and held.stopped  # runs of before do not tell
    return told or runs.status(run.folder).state == "stopped"


def join(folder: Path, plan: Path, device_setting: str, task: Task) -> Pack:
    """Make the ensemble of ``plan`` from the finished run in ``folder``; nothing is trained.

    The pack is written into the run folder under its name and version, and returned if it is there
    already. Raises ``Refusal`` and ``Cancelled``.
    """
    import torch

    from engine.networks.device import choose
    from engine.packs.pack import load_made
    from engine.training import retinopathy

    run = Run.open(folder)
    own, _ = plans.read(folder / "plan.toml")
    wished, text = plans.read(plan)
    if not isinstance(wished.ensemble, plans.Ensemble):
        raise Refusal(
            "The ensemble was not made.",
            f"The plan {plan.name} has no [ensemble].",
            "Add one; docs/training.md lists what it may hold.",
        )
    if other := plans.trained_otherwise(own, wished):
        raise Refusal(
            "The ensemble was not made.",
            f"The run was trained by another plan: {other} differs.",
            "Copy the run's plan.toml, and change pack and ensemble alone.",
        )
    with run.held():
        if not (folder / "pack" / "manifest.json").exists():
            raise Refusal(
                "The ensemble was not made.",
                f"The run in {folder.name} is not finished.",
                f"Finish it first: lesionlens resume {folder}",
            )
        to = folder / f"{wished.pack.name}-{wished.pack.version}"
        if (to / "manifest.json").exists():
            return load_made(to)
        plans.check_new(wished.pack, plan.name)
        device = torch.device(choose(device_setting).name)
        return retinopathy.carry_out(wished, text, run, device, task, to)


def begin(plan: Path, data: Path | None, place: Path, into: Path | None = None) -> Run:
    """Make the run folder ``into``, else one in ``place``, once plan and grades were read.

    Raises ``Refusal``.
    """
    text = plans.read_text(plan)
    folder = _at(data or plan.parent)
    if plans.recipe_of(text) == STAGES:
        from engine.training import lesion_backbone, staged_pictures

        asked = stages_plan.parse(text, plan.name)
        plans.check_new(asked.pack, plan.name)
        pictures = staged_pictures.read(asked, folder)
        # For what they refuse; a pack parts patients as it was parted itself.
        if asked.network.backbone == ON_LESIONS:
            lesion_backbone.read(asked, folder, pictures)
        else:
            staged_pictures.folds(asked, pictures.staged)
        return Run.begin(into or runs.folder_for(place, asked.pack.name), text, folder)
    if plans.recipe_of(text) == LESIONS:
        from engine.training import lesion_figures, lesion_material

        drawing = lesions_plan.parse(text, plan.name)
        plans.check_new(drawing.pack, plan.name)
        table = lesion_material.read(drawing.data, folder)
        table.folds(drawing.data.folds, drawing.seed)
        whose = by_name(table.paths, table.patients)
        lesion_figures.find(drawing.masks, drawing.data.patient, folder, whose)
        return Run.begin(into or runs.folder_for(place, drawing.pack.name), text, folder)
    read = plans.parse(text, plan.name)
    plans.check_new(read.pack, plan.name)
    if not read.data.held_out:
        graded = grades.read(folder / read.data.grades, read.data)
        graded.folds(read.data.folds, read.seed)  # for what it refuses
        if read.masks.folder:
            from engine.training import lesion_figures

            whose = by_name(graded.paths, graded.patients)
            lesion_figures.find(read.masks, read.data.patient, folder, whose)
    elif read.data.grades:
        grades.table(folder / read.data.grades, read.data.patient)  # for what it refuses
    return Run.begin(into or runs.folder_for(place, read.pack.name), text, folder)


def begin_quickly(data: Path, wishes: Wishes, place: Path, folder: Path | None, task: Task) -> Run:
    """Check a folder of pictures and make a run folder with a quick plan for it.

    ``folder`` is the run folder itself, else one is made in ``place``. What stands in the way is
    told in a run folder that was there before, too, for whoever watches it; no other is left. A run
    that is there, or that another process works on, is left as it is.
    Raises ``Refusal`` and ``Cancelled``.
    """
    name = plain(wishes.name or _at(data).name)
    run = Run(folder or runs.folder_for(place, name))
    placed = run.folder.parent.exists()
    run.folder.parent.mkdir(parents=True, exist_ok=True)
    watched = not _made(run.folder)
    ours = False
    try:
        with run.held():  # so that who watches knows that a process is at work
            run.check_not_begun()
            ours = True
            found = check_folder(_at(data), wishes.referable, task.also(_telling(run, task)))
        if found.undecided:
            raise Refusal(
                "It is not clear which pictures are referable.",
                f"The names of the classes do not tell: {', '.join(_names(found))}.",
                "Say which are: --referable NAME, once for each.",
            )
        if found.refusal:
            raise refusal_of(found)
        return Run.begin(run.folder, plans.write(plan_for(found, wishes)), _at(data))
    except (Refusal, Cancelled) as fault:
        if not ours:
            raise
        with suppress(OSError):
            if watched:
                run.tell(_state(fault), "", 0, 0, said=str(fault))
            else:
                shutil.rmtree(run.folder)
                if not placed:
                    run.folder.parent.rmdir()
        raise


def forget_unlearnt(folder: Path) -> None:
    """Remove a run that was refused before it learnt anything: it could never go on.

    It is held to the pictures that it began with, and it was refused for what is in them.
    """
    with suppress(OSError, Refusal):
        with Run(folder).held():  # another process may have gone on with it
            unlearnt = not any((folder / "checkpoints").iterdir())
        if unlearnt:
            shutil.rmtree(folder)


def _at(folder: Path) -> Path:
    """Where a folder lies; a link that leads in a circle is left for who reads it to refuse."""
    return Path(os.path.realpath(folder))


def _made(folder: Path) -> bool:
    """Whether ``folder`` was made now; another process may make it at the same moment."""
    try:
        folder.mkdir()
    except FileExistsError:
        if not folder.is_dir():
            raise
        return False
    return True


def _names(found: Check) -> list[str]:
    return [each.name for each in found.classes]


def _telling(run: Run, task: Task) -> Callable[[str, int, int], None]:
    """Writes into the status what goes before the training, and heeds what is asked of the run."""
    told = -_TELL_SECONDS

    def report(what: str, done: int, total: int) -> None:
        nonlocal told
        if what.startswith("Training"):
            return  # the loop tells its own passes, and heeds for itself
        heed(run.folder, task)
        if time.monotonic() - told >= _TELL_SECONDS:
            told = time.monotonic()
            run.tell("running", "", done, total, what=what)

    return report


def _state(fault: BaseException) -> str:
    if isinstance(fault, Cancelled | KeyboardInterrupt):
        return "cancelled"
    return "refused" if isinstance(fault, Refusal) else "failed"
