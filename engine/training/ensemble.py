"""An ensemble from the checkpoints of one run (METHODS Q8): forests, their figures, and the pack.

By default a forest learns from photographs that the scoring networks had not seen: each fold's
checkpoints score its held-back patients. ``stack_on = "train"`` reproduces the paper, whose forest
learns from those that trained the network. Either way every figure is of patients that neither
network nor forest had seen, but for one thing: the networks of the other folds, whose scores a
default forest learns from, did see them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.answers import Criterion
from engine.criteria.interface import evidence
from engine.errors import Refusal
from engine.learning import context, features, growing
from engine.learning.features import Asks
from engine.learning.forest import Forest
from engine.learning.growing import Cases, Grid
from engine.networks.operator_network import OperatorNetwork
from engine.packs.manifest import CheckpointPart, ForestPart
from engine.task import Task
from engine.training import checkpoints, loop
from engine.training import run as runs
from engine.training.grades import Graded
from engine.training.judging import judge
from engine.training.normalised import Pictures
from engine.training.plan import Ensemble, Plan
from engine.training.run import Run
from engine.training.stacking import Scores, Stack

_AS_GRADES = "Name the patient of each row as the table of grades does."

NETWORK = "network.safetensors"
"""The file of the pack's own network, which is the last checkpoint."""

SCALED_ON = 100
"""Photographs whose maps a checkpoint's scale is taken from."""


@dataclass(frozen=True, eq=False)
class Joined:
    """What a pack gets beside its network."""

    checkpoints: tuple[CheckpointPart, ...]
    forests: tuple[ForestPart, ...]
    sources: tuple[Path, ...]
    grown: tuple[Forest, ...]
    pairs: int
    """Photographs whose other eye is in the table too."""

    def weights(self) -> Iterator[tuple[str, Mapping[str, Tensor]]]:
        """Each checkpoint's file and network, one at a time; but for the pack's own network."""
        for part, source in zip(self.checkpoints, self.sources, strict=True):
            if part.weights == NETWORK:
                continue
            tensors, _ = runs.read_checkpoint(source)
            yield part.weights, checkpoints.weights(tensors)

    def arrays(self) -> Iterator[tuple[str, Forest]]:
        """Each forest with its file."""
        for part, forest in zip(self.forests, self.grown, strict=True):
            yield part.arrays, forest


@dataclass(frozen=True, eq=False)
class _Bench:
    """All that building takes: the plan's wishes, the data, and a network to load weights into."""

    plan: Plan
    wishes: Ensemble
    stack: Stack
    pictures: Pictures
    held_back: list[NDArray[np.intp]]
    network: OperatorNetwork
    device: torch.device

    def score(self, source: Path, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        self.load(source)
        return loop.scores(self.network, self.pictures.rows(rows), self.device)

    def load(self, source: Path) -> None:
        tensors, _ = runs.read_checkpoint(source)
        self.network.load_state_dict(checkpoints.weights(tensors))
        self.network.to(self.device)

    @property
    def all_rows(self) -> NDArray[np.intp]:
        return np.arange(len(self.pictures))


def join(
    plan: Plan,
    graded: Graded,
    pictures: Pictures,
    shipped: str,
    network: OperatorNetwork,
    run: Run,
    device: torch.device,
    task: Task,
) -> Joined:
    """Join the kept checkpoints of a run whose parts are all trained, as its plan asks.

    ``shipped`` is the part whose checkpoints the pack gets. Raises ``Refusal`` and ``Cancelled``.
    """
    assert isinstance(plan.ensemble, Ensemble)
    wishes = plan.ensemble
    held_back = graded.folds(plan.data.folds, plan.seed)
    stack = Stack(graded, _known(plan, wishes, run, graded.patients.tolist()))
    bench = _Bench(plan, wishes, stack, pictures, held_back, network, device)
    parts = [f"fold-{number}" for number in range(len(held_back))]
    sources = _chosen(run, [*parts, shipped], wishes)
    out_of_fold, by_fold = _scores(bench, sources, task)
    own = sources[-1]
    scales = _scales(bench, own, task)
    last = runs.candidates(run, shipped)[-1].path
    members = tuple(
        _checkpoint(bench, source, source == last, out_of_fold[:, place], scales[place])
        for place, source in enumerate(own)
    )
    seen_by_shipped = bench.all_rows
    if shipped != "all":
        seen_by_shipped = np.setdiff1d(bench.all_rows, held_back[0])
    parts_of = []
    for asks in wishes.forests:
        fields = stack.fields if asks is Asks.EXAMINATION else ()
        if wishes.stack_on == "validation":
            whole = stack.cases(asks, out_of_fold, bench.all_rows, fields)
        else:
            scores = _filled(bench, own, seen_by_shipped, task)
            whole = stack.cases(asks, scores, seen_by_shipped, fields)
        judged = _out_of_fold(bench, asks, out_of_fold, by_fold, task)
        parts_of.append(_forest(bench, asks, whole, judged, task))
    return Joined(
        members,
        tuple(part for part, _ in parts_of),
        tuple(own),
        tuple(forest for _, forest in parts_of),
        len(stack.others()),
    )


def _known(
    plan: Plan, wishes: Ensemble, run: Run, patients: Collection[str]
) -> dict[str, context.Values]:
    if not wishes.context:
        return {}
    column = plan.data.patient
    rows = context.read(run.data / wishes.context, (column,))
    if column not in rows[0].names:
        raise Refusal(
            f"The table of context {Path(wishes.context).name} cannot be used.",
            f"The column {column} is missing.",
            _AS_GRADES,
        )
    known = {row.names[column]: row.values for row in rows}
    twice = len(known) < len(rows)
    if twice or not known.keys() & set(patients):
        raise Refusal(
            f"The table of context {Path(wishes.context).name} cannot be used.",
            "It has more than one row of a patient."
            if twice
            else "None of its patients is in the table of grades.",
            "Give each patient one row." if twice else _AS_GRADES,
        )
    return known


def _chosen(run: Run, parts: list[str], wishes: Ensemble) -> list[list[Path]]:
    """For each part the checkpoints to join, those of the first part told by the plan.

    Parts have different numbers of batches in a pass; the others' are the nearest in passes.
    """
    first, *others = [runs.candidates(run, part) for part in parts]
    count = wishes.checkpoints
    if isinstance(count, int):
        spread = np.linspace(-1, len(first) - 1, min(count, len(first)) + 1)[1:]
        places = sorted({round(place) for place in spread})
    else:
        batches = [each.batches for each in first]
        unknown = [step for step in count if step not in batches]
        if unknown:
            raise Refusal(
                "The ensemble was not made.",
                f"No checkpoint was kept after {unknown[0]} batches of {parts[0]}; there are "
                f"{', '.join(map(str, batches)) or 'none'}.",
                "Name some of these in the plan's ensemble.checkpoints.",
            )
        places = [batches.index(step) for step in count]
    chosen = [[first[place].path for place in places]]
    for part in others:
        nearest = [
            min(part, key=lambda each: abs(each.passes - first[place].passes), default=None)
            for place in places
        ]
        chosen.append([each.path for each in nearest if each is not None])
    fewest = min(len(set(paths)) for paths in chosen)
    if fewest < max(2, len(places)):
        raise Refusal(
            "The ensemble was not made.",
            f"The run has {fewest} checkpoints of a part, and "
            f"{max(2, len(places))} are to be joined.",
            "Let the plan's optimisation.keep_every keep more, or join fewer.",
        )
    return chosen


def _scores(bench: _Bench, sources: list[list[Path]], task: Task) -> tuple[Scores, list[Scores]]:
    """Out-of-fold scores, and for the paper's way each fold's of all photographs."""
    faithful = bench.wishes.stack_on == "train"
    out_of_fold = np.zeros((len(bench.pictures), len(sources[0])))
    by_fold = []
    total = len(bench.held_back) * len(sources[0])
    for number, held in enumerate(bench.held_back):
        scores = np.zeros_like(out_of_fold)
        rows = bench.all_rows if faithful else held
        for place, source in enumerate(sources[number]):
            task.progress("Scoring by checkpoints", number * len(sources[0]) + place, total)
            scores[rows, place] = bench.score(source, rows)
        out_of_fold[held] = scores[held]
        by_fold.append(scores)
    task.progress("Scoring by checkpoints", total, total)
    return out_of_fold, by_fold


def _filled(bench: _Bench, sources: list[Path], rows: NDArray[np.intp], task: Task) -> Scores:
    scores = np.zeros((len(bench.pictures), len(sources)))
    for place, source in enumerate(task.over(sources, "Scoring what was trained on", len(sources))):
        scores[rows, place] = bench.score(source, rows)
    return scores


def _out_of_fold(
    bench: _Bench, asks: Asks, out_of_fold: Scores, by_fold: list[Scores], task: Task
) -> Cases:
    """The forests' out-of-fold scores as rows of one feature, with truth and patients."""
    faithful = bench.wishes.stack_on == "train"
    parts, held_cases = [], []
    for scores, held in zip(by_fold, bench.held_back, strict=True):
        seen = np.setdiff1d(bench.all_rows, held)
        # Medians are of the patients that the forest may learn from.
        patients = set(bench.stack.graded.patients[seen].tolist())
        known = {name: row for name, row in bench.stack.known.items() if name in patients}
        fields = context.learn(list(known.values())) if asks is Asks.EXAMINATION else ()
        source = scores if faithful else out_of_fold
        cases = bench.stack.cases(asks, source, seen, fields)
        of_held = bench.stack.cases(asks, out_of_fold, held, fields)
        parts.append((cases, of_held.rows))
        held_cases.append(of_held)
    scored = growing.out_of_fold(parts, _grid(bench.wishes), bench.plan.seed, task)
    return Cases(
        np.concatenate(scored)[:, None],
        np.concatenate([cases.truth for cases in held_cases]),
        np.concatenate([cases.patients for cases in held_cases]),
    )


def _forest(
    bench: _Bench, asks: Asks, whole: Cases, judged: Cases, task: Task
) -> tuple[ForestPart, Forest]:
    seed = bench.plan.seed
    size = growing.choose(whole, _grid(bench.wishes), seed, task)
    forest = growing.grow(whole, size, seed)
    found = judge(judged.rows[:, 0], judged.truth, judged.patients, bench.plan)
    part = ForestPart(
        asks=asks,
        arrays=f"{asks}.safetensors",
        stacked_on=bench.wishes.stack_on,
        trees=size.trees,
        depth=size.depth,
        cases=len(whole.truth),
        calibration=found.calibration,
        operating_point=found.operating_point,
        figures=found.figures,
        context=bench.stack.fields if asks is Asks.EXAMINATION else (),
    )
    return part, forest


def _checkpoint(
    bench: _Bench, source: Path, is_network: bool, scores: NDArray[np.float64], scale: float
) -> CheckpointPart:
    graded = bench.stack.graded
    found = judge(scores, graded.truth, graded.patients, bench.plan)
    batches = runs.facts_of(source)["batches"]
    return CheckpointPart(
        name=f"step-{batches}",
        batches=batches,
        weights=NETWORK if is_network else f"step-{batches}.safetensors",
        calibration=found.calibration,
        operating_point=found.operating_point,
        figures=found.figures,
        scale=scale,
    )


def _scales(bench: _Bench, sources: list[Path], task: Task) -> list[float]:
    """What each shipped checkpoint's maps are divided by: 1, or their 99.5 % quantile.

    decided: over the photographs that the first fold held back, 100 at most.
    """
    if bench.wishes.scale == "raw":
        return [1.0] * len(sources)
    rows = bench.held_back[0][:SCALED_ON]
    found = []
    for source in task.over(sources, "Measuring the heatmaps", len(sources)):
        bench.load(source)
        maps = []
        for at in range(0, len(rows), 16):
            pictures = bench.pictures.rows(rows[at : at + 16])
            inputs = loop.upright(bench.network, pictures, bench.device)
            looked = evidence(bench.network, inputs, Criterion.PI, task, with_error=False)
            maps.append(looked.maps.float().cpu().numpy())
        found.append(max(float(np.quantile(np.concatenate(maps), 0.995)), 1e-12))
    return found


def _grid(wishes: Ensemble) -> Grid:
    return Grid(wishes.trees, wishes.depths)


def note(run: Run, joined: Joined) -> None:
    """Write the figures into the run's metrics."""
    for part in joined.checkpoints:
        run.note(f"checkpoint {part.name}", msgspec.to_builtins(part.figures))
    for forest in joined.forests:
        weights = features.weights(
            next(each for name, each in joined.arrays() if name == forest.arrays).importances,
            forest.asks,
            len(joined.checkpoints),
        )
        row = {"trees": forest.trees, "depth": forest.depth, "cases": forest.cases}
        run.note(
            f"forest {forest.asks}",
            {**msgspec.to_builtins(forest.figures), **row, "weights": weights.tolist()},
        )
