"""A run from its folder: the recipe that its plan names, on a device."""

from contextlib import suppress
from pathlib import Path

from engine.errors import Cancelled, Refusal
from engine.packs.pack import Pack
from engine.task import Task
from engine.training import grades
from engine.training import plan as plans
from engine.training.run import Run, folder_for


def carry_out(folder: Path, device_setting: str, task: Task) -> Pack:
    """Begin or go on with the run in ``folder`` and return its pack.

    A finished run returns the pack that it has written; one that ends otherwise says so in its
    status. Raises ``Refusal`` and ``Cancelled``.
    """
    import torch

    from engine.networks.device import choose
    from engine.packs.pack import load
    from engine.training import retinopathy

    run = Run.open(folder)
    with run.held():
        if (folder / "pack" / "manifest.json").exists():
            return load(folder / "pack")
        try:
            plan, text = plans.read(folder / "plan.toml")
            device = torch.device(choose(device_setting).name)
            return retinopathy.carry_out(plan, text, run, device, task)
        except BaseException as fault:
            at = run.status()
            with suppress(OSError):  # a full disk must not hide what went wrong
                run.tell(_state(fault), at["part"], at["done"], at["total"])
            raise


def begin(plan: Path, data: Path | None, runs: Path) -> Run:
    """Make a run folder in ``runs``, once plan and grades were read. Raises ``Refusal``."""
    read, text = plans.read(plan)
    data = (data or plan.parent).resolve()
    grades.read(data / read.data.grades, read.data)
    return Run.begin(folder_for(runs, read.pack.name), text, data)


def _state(fault: BaseException) -> str:
    if isinstance(fault, Cancelled | KeyboardInterrupt):
        return "cancelled"
    return "refused" if isinstance(fault, Refusal) else "failed"
