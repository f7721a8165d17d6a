"""The pictures that a plan of stages names, their seal, and folds that keep a patient whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import Refusal
from engine.packs import manifest as manifests
from engine.packs import store
from engine.progression import table
from engine.progression.splits import Rows, Staged
from engine.training import grades
from engine.training.stages_plan import ON_LESIONS, StagesPlan


@dataclass(frozen=True, eq=False)
class StagedPictures:
    """The pictures of a plan by row, and the fingerprint of the table and of all of them.

    ``begun_with`` is the fingerprint with that of the weights that the run begins with, if any.
    """

    paths: tuple[Path, ...]
    staged: Staged
    fingerprint: str
    begun_with: str


def read(plan: StagesPlan, folder: Path) -> StagedPictures:
    """Read the table that the plan names. Raises ``Refusal`` naming the first fault."""
    path = folder / plan.data.grades
    found = table.read(
        path,
        plan.stages.order,
        column=plan.data.column,
        patient=plan.data.patient,
        others="Name other columns of stages and patients in the plan by data.column and "
        "data.patient.",
    )
    seal = grades.seal(path, found.paths, found.staged.patients.tolist(), found.lines)
    fingerprint = seal.hexdigest()
    if plan.network.weights:
        begun = weights(plan, folder)
        begun = begun / manifests.NAME if begun.is_dir() else begun  # which seals all of a pack
        seal.update(hashlib.sha256(begun.read_bytes()).digest())
    named = Staged(found.staged.stages, found.staged.patients, plan.stages.names)
    return StagedPictures(found.paths, named, fingerprint, seal.hexdigest())


def folds(plan: StagesPlan, staged: Staged) -> list[Rows]:
    """The held-back rows of each fold: patients whole, stages shared evenly.

    Raises ``Refusal`` if a stage has fewer patients than folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    count = plan.data.folds
    for stage, name in enumerate(staged.names):
        found = len(np.unique(staged.patients[staged.stages == stage]))
        if found < count:
            raise Refusal(
                f"The pictures cannot be parted into {count} folds.",
                f"{found} patients have the stage “{name}”; {count} are needed.",
                "Add pictures of that stage, put it together with its neighbour, or use fewer "
                "folds.",
            )
    split = StratifiedGroupKFold(count, shuffle=True, random_state=plan.seed)
    every = np.arange(len(staged.stages))
    held_back = [held for _, held in split.split(every[:, None], staged.stages, staged.patients)]
    check_learnt(staged, held_back)
    return held_back


def check_learnt(staged: Staged, held_back: Sequence[Rows]) -> None:
    """Raises ``Refusal`` if a fold's networks would learn nothing of a stage."""
    for held in held_back:
        learnt = set(np.delete(staged.stages, held).tolist())
        missing = [name for stage, name in enumerate(staged.names) if stage not in learnt]
        if missing:
            raise Refusal(
                f"The pictures cannot be parted into {len(held_back)} folds.",
                f"All patients with the stage “{missing[0]}” fell into one of them.",
                "Take another seed, or add pictures of that stage.",
            )


def weights(plan: StagesPlan, folder: Path) -> Path:
    """The file of weights that the plan begins with, or the folder of a pack, by path or name.

    Raises ``Refusal`` if it is not there.
    """
    path = folder / plan.network.weights
    if plan.network.backbone == ON_LESIONS:
        return path if (path / manifests.NAME).is_file() else store.find(plan.network.weights)
    if not path.is_file():
        raise Refusal(
            "The network has no weights to begin with.",
            f"There is no file {plan.network.weights}.",
            "Name it relative to the pictures' folder, or in full.",
        )
    return path
