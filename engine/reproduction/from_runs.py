"""Run folders of training as columns of a lesion table: what each fold's networks have not seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.answers import Criterion
from engine.errors import Refusal
from engine.words import criterion_sign

if TYPE_CHECKING:
    import torch

    from engine.evaluation.lesion_truth import LesionSet
    from engine.reproduction.unseen import Unseen
    from engine.training.grades import Graded
    from engine.training.lesion_figures import Column
    from engine.training.plan import Plan
    from engine.training.run import Run


@dataclass(frozen=True, eq=False)
class _Trained:
    """A run with its plan and the newest checkpoint of each fold's network."""

    run: "Run"
    plan: "Plan"
    checkpoints: tuple[Path, ...]

    def columns(self, criteria: Sequence[Criterion], taken: "Sequence[Column]") -> "list[Column]":
        """Its columns: the first run's called as criteria, the others' with their ν."""
        from engine.reproduction import networks
        from engine.training.lesion_figures import Column

        of_folds = tuple(networks.load(self.plan.network, path) for path in self.checkpoints)
        names = {column.name for column in taken}
        return [Column(self._name(each, names), each, of_folds) for each in criteria]

    def _name(self, criterion: Criterion, taken: Collection[str]) -> str:
        if not taken:
            return str(criterion)
        name = f"{criterion_sign(criterion)}, ν {self.plan.sparsity.nu:g}"
        return f"{name}, {self.run.folder.name}" if name in taken else name


def heatmaps(
    folders: Sequence[Path],
    lesions: "LesionSet",
    criteria: Sequence[Criterion],
    device: "torch.device",
) -> "tuple[Unseen, Mapping[str, int]]":
    """The heatmaps of the runs' networks, and by a photograph's name the fold that judges it.

    Of the first run all ``criteria`` (π, ω and relevance if none are named), of the others the
    first alone; so several ν stand beside each other. Raises ``Refusal`` if a run has no network a
    fold, or was trained on other photographs or folds than the first.
    """
    from engine.reproduction import unseen
    from engine.reproduction.material import patients_of
    from engine.training import grades

    wanted = tuple(dict.fromkeys(criteria)) or (
        Criterion.PI, Criterion.OMEGA, Criterion.RELEVANCE,
    )  # fmt: skip
    runs = [_open(folder) for folder in folders]
    first = runs[0]
    graded = grades.read(first.run.data / first.plan.data.grades, first.plan.data)
    for each in runs:
        _check_data(each, graded)
        _check_same(first, each)
    columns = first.columns(wanted, ())
    for each in runs[1:]:
        columns += each.columns(wanted[:1], columns)
    patient_of = patients_of(lesions, first.plan.data.patient)
    known = {path.stem: str(who) for path, who in zip(graded.paths, graded.patients, strict=True)}
    names = {picture.name: patient_of.get(picture.name) or known.get(picture.name, "")
             for picture in lesions.pictures}  # fmt: skip
    folds = first.plan.data.folds
    shared = unseen.share(lesions, names, _folds(graded, first.plan), folds)
    note = (
        f"Each photograph is judged by the networks, of {folds} folds, that have not seen its "
        f"patient; {shared.foreign} of {len(lesions.pictures)} show patients whom none has seen."
    )
    whose = [f"{each.run.folder.name}: ν {each.plan.sparsity.nu:g}" for each in runs]
    notes = (note, f"Runs: {'; '.join(whose)}.")
    return unseen.Unseen(columns, shared.fold_of, device, notes), shared.fold_of


def _folds(graded: "Graded", plan: "Plan") -> dict[str, int | None]:
    return {
        str(graded.patients[row]): fold
        for fold, held in enumerate(graded.folds(plan.data.folds, plan.seed))
        for row in held
    }


def _open(folder: Path) -> _Trained:
    from engine.reproduction import networks
    from engine.training import plan as plans
    from engine.training.retinopathy import sparse_part
    from engine.training.run import Run

    run = Run.open(folder)
    plan, _ = plans.read(folder / "plan.toml")
    if plan.data.held_out:
        raise Refusal(
            f"The run {folder.name} cannot be judged.",
            "It has no folds: of most patients there is no network that has not seen them.",
            "Name a run whose plan has data.folds and no data.held_out.",
        )
    names = [f"fold-{fold}" for fold in range(plan.data.folds)]
    term = plan.sparsity.passes
    parts = [networks.snapshots(run, sparse_part(name) if term else name) for name in names]
    # The plateau rule may end a fold before.
    least = 1 if plan.optimisation.schedule == "plateau" else term or plan.optimisation.passes
    ended = [max(part, default=0) >= least for part in parts]
    if not all(ended):
        raise Refusal(
            f"The run {folder.name} cannot be judged.",
            f"{ended.count(False)} of its {len(parts)} folds have no network yet.",
            f"Let it end: lesionlens resume {folder}",
        )
    return _Trained(run, plan, tuple(part[max(part)] for part in parts))


def _check_data(trained: _Trained, graded: "Graded") -> None:
    if not trained.run.fits(graded.fingerprint):
        raise Refusal(
            f"The run {trained.run.folder.name} cannot be judged.",
            "Its grades or its photographs were changed since it began, so that nobody knows any "
            "more which patients its networks have not seen.",
            "Put back what was changed, or train anew.",
        )


def _check_same(first: _Trained, other: _Trained) -> None:
    one, two = first.plan, other.plan
    if (one.data.folds, one.seed, first.run.data / one.data.grades) != (
        two.data.folds,
        two.seed,
        other.run.data / two.data.grades,
    ):
        raise Refusal(
            f"The run {other.run.folder.name} cannot stand beside {first.run.folder.name}.",
            "Its photographs, its folds or its seed are others, so its networks have seen others.",
            "Name runs of one table of grades, parted alike.",
        )
