"""A finished run with folds, of either recipe that tells of retinopathy: whose network saw whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.training import grades, lesions_plan
from engine.training import plan as plans
from engine.training.lesions_plan import LESIONS, LesionsPlan
from engine.training.plan import Data, Optimisation, Plan
from engine.training.run import Run
from engine.training.stages_plan import STAGES

if TYPE_CHECKING:
    from engine.networks.lesion_network import LesionNetwork
    from engine.networks.operator_network import OperatorNetwork

    Network = OperatorNetwork | LesionNetwork


class Table(Protocol):
    """Graded photographs as either recipe reads them, row by row: (n,)."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The photographs."""

    @property
    def patients(self) -> NDArray[np.str_]:
        """Whose they are."""

    @property
    def fingerprint(self) -> str:
        """The seal of the table and of its photographs."""

    def folds(self, count: int, seed: int) -> list[NDArray[np.intp]]:
        """The held-back rows of each fold."""


@dataclass(frozen=True, eq=False)
class Finished:
    """A run whose every fold has its network.

    ``network`` is the name in ``networks.registry``, ``trait`` what tells the run's networks from
    another's; ``held_back`` the rows of ``table`` that each fold's network has not seen.
    """

    run: Run
    data: Data
    network: str
    trait: str
    table: Table
    held_back: Sequence[NDArray[np.intp]]
    load: "Callable[[], tuple[Network, ...]]"

    @property
    def fold_of_patient(self) -> dict[str, int]:
        """By patient, the fold whose network has not seen them."""
        return {
            str(self.table.patients[row]): fold
            for fold, held in enumerate(self.held_back)
            for row in held
        }


def open_run(folder: Path) -> Finished:
    """The run in ``folder``.

    Raises ``Refusal`` if it has no network a fold, tells nothing of lesions, or if its table or
    photographs were changed since it began.
    """
    run = Run.open(folder)
    text = plans.read_text(folder / "plan.toml")
    recipe = plans.recipe_of(text)
    if recipe == STAGES:
        raise _not_judged(
            run, "Its networks tell stages.", "Name a run that tells referable retinopathy."
        )
    if recipe == LESIONS:
        return _drawing(run, lesions_plan.parse(text, "plan.toml"))
    return _answering(run, plans.parse(text, "plan.toml"))


def _answering(run: Run, plan: Plan) -> Finished:
    from engine.reproduction import networks
    from engine.training.retinopathy import sparse_part

    if plan.data.held_out:
        raise _not_judged(
            run,
            "It has no folds: of most patients there is no network that has not seen them.",
            "Name a run whose plan has data.folds and no data.held_out.",
        )
    names, term = _folds(plan.data), plan.sparsity.passes
    numbers = plan.optimisation
    if term:
        numbers = msgspec.structs.replace(numbers, passes=term)
    files = _checkpoints(run, [sparse_part(name) if term else name for name in names], numbers)
    table = grades.read(run.data / plan.data.grades, plan.data)
    return Finished(
        run,
        plan.data,
        plan.network.name,
        f"ν {plan.sparsity.nu:g}",
        *_parted(run, table, plan),
        lambda: tuple(networks.load(plan.network, path) for path in files),
    )


def _drawing(run: Run, plan: LesionsPlan) -> Finished:
    from engine.networks.lesion_network import folded
    from engine.training import lesion_loop, lesion_material

    passes = -(-plan.schedule.steps // lesion_loop.PASS)
    files = _checkpoints(run, _folds(plan.data), Optimisation(passes))
    table = lesion_material.read(plan.data, run.data)
    return Finished(
        run,
        plan.data,
        LESIONS,
        f"{plan.network.size} pixels",
        *_parted(run, table, plan),
        lambda: tuple(folded([lesion_loop.kept(path)], plan.network.size) for path in files),
    )


def _folds(data: Data) -> list[str]:
    return [f"fold-{fold}" for fold in range(data.folds)]


def _checkpoints(run: Run, names: Sequence[str], numbers: Optimisation) -> tuple[Path, ...]:
    """The newest checkpoint of each part, all of them ended as ``numbers`` have it."""
    from engine.reproduction import networks

    parts = [networks.snapshots(run, name) for name in names]
    ended = [networks.ended(run, name, numbers) for name in names]
    if not all(ended):
        raise _not_judged(
            run,
            f"{ended.count(False)} of its {len(parts)} folds have no network yet.",
            f"Let it end: lesionlens resume {run.folder}",
        )
    return tuple(part[max(part)] for part in parts)


def _parted(
    run: Run, table: Table, plan: Plan | LesionsPlan
) -> tuple[Table, list[NDArray[np.intp]]]:
    from engine.training import folds

    if not run.fits(table.fingerprint):
        raise _not_judged(
            run,
            "Its grades or its photographs were changed since it began, so that nobody knows any "
            "more which patients its networks have not seen.",
            "Put back what was changed, or train anew.",
        )
    held_back = table.folds(plan.data.folds, plan.seed)
    if not folds.began_with(run, held_back):
        raise _not_judged(
            run,
            "This version of the program parts its patients otherwise than it was trained by, so "
            "that nobody knows any more which of them its networks have not seen.",
            "Judge it with the version that trained it, or train anew.",
        )
    return table, held_back


def _not_judged(run: Run, why: str, advice: str) -> Refusal:
    return Refusal(f"The run {run.folder.name} cannot be judged.", why, advice)
