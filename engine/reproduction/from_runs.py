"""Run folders of training as columns of a lesion table: what each fold's networks have not seen."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.answers import Criterion
from engine.criteria import offered
from engine.errors import Refusal
from engine.reproduction import finished
from engine.reproduction.finished import Finished
from engine.telling.words import criterion_sign

if TYPE_CHECKING:
    import torch

    from engine.evaluation.lesion_truth import LesionSet
    from engine.reproduction.unseen import Unseen
    from engine.training.lesion_figures import Column


def heatmaps(
    folders: Sequence[Path],
    lesions: "LesionSet",
    criteria: Sequence[Criterion],
    device: "torch.device",
) -> "tuple[Unseen, Mapping[str, int]]":
    """The heatmaps of the runs' networks, and by a photograph's name the fold that judges it.

    Of the first run all ``criteria`` (what its network offers if none are named), of the others the
    first alone, or their usual one where they have not that; so several ν stand beside each other.
    Raises ``Refusal`` if a run has no network a fold, or was trained on other photographs or folds
    than the first.
    """
    from engine.reproduction import unseen

    runs = [finished.open_run(folder) for folder in folders]
    first = runs[0]
    for each in runs[1:]:
        _check_same(first, each)
    wanted = tuple(dict.fromkeys(criteria)) or _usual(first)
    columns = _columns(first, wanted, ())
    for each in runs[1:]:
        columns += _columns(each, (_beside(wanted[0], each),), columns)
    folds = len(first.held_back)
    shared = unseen.share(lesions, _whose(lesions, first), first.fold_of_patient, folds)
    note = (
        f"Each photograph is judged by the networks, of {folds} folds, that have not seen its "
        f"patient; {shared.foreign} of {len(lesions.pictures)} show patients whom none has seen."
    )
    whose = [f"{each.run.folder.name}: {each.trait}" for each in runs]
    notes = (note, f"Runs: {'; '.join(whose)}.")
    return unseen.Unseen(columns, shared.fold_of, device, notes), shared.fold_of


def _whose(lesions: "LesionSet", run: Finished) -> dict[str, str]:
    from engine.reproduction.material import patients_of
    from engine.training.patients import by_name, learnt_first

    told = patients_of(lesions, run.data.patient)
    whose = by_name(run.table.paths, run.table.patients)
    return learnt_first(lesions.pictures, told, whose)


def _usual(run: Finished) -> tuple[Criterion, ...]:
    # π of the photograph never stands in one table with π (METHODS Q4.2).
    has = offered.of_network(run.network)
    return tuple(each for each in has if each is not Criterion.PI_PHOTOGRAPH)


def _beside(chief: Criterion, run: Finished) -> Criterion:
    has = offered.of_network(run.network)
    return chief if chief in has else has[0]


def _columns(
    run: Finished, criteria: Sequence[Criterion], taken: "Sequence[Column]"
) -> "list[Column]":
    """Its columns: the first run's called as criteria, the others' by what tells them apart."""
    from engine.training.lesion_figures import Column

    of_folds = run.load()
    names = {column.name for column in taken}
    return [Column(_name(run, each, names), each, of_folds) for each in criteria]


def _name(run: Finished, criterion: Criterion, taken: Collection[str]) -> str:
    if not taken:
        return str(criterion)
    name = f"{criterion_sign(criterion)}, {run.trait}"
    return f"{name}, {run.run.folder.name}" if name in taken else name


def _check_same(first: Finished, other: Finished) -> None:
    if (
        first.table.fingerprint != other.table.fingerprint
        or first.fold_of_patient != other.fold_of_patient
    ):
        raise Refusal(
            f"The run {other.run.folder.name} cannot stand beside {first.run.folder.name}.",
            "Its photographs or its folds are others, so its networks have seen others.",
            "Name runs of one table of grades, parted alike.",
        )
