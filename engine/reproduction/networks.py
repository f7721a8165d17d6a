"""The networks of a reproduction: trained stage by stage in run folders, gone on with, scored."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import tomli_w
import torch
from numpy.typing import NDArray

from engine import arrays
from engine.errors import Refusal
from engine.folders import write_bytes, write_whole
from engine.networks import registry
from engine.networks.normed import restored
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.reproduction.material import Learning
from engine.reproduction.recipe import Recipe
from engine.task import Task
from engine.training import loop, normalised
from engine.training.loop import NotLearningError, Part
from engine.training.normalised import Pictures
from engine.training.plan import Network, Optimisation
from engine.training.retinopathy import LARGER_GAIN
from engine.training.run import Run
from engine.training.sparsity import Sparsity

Rows = NDArray[np.intp]
Scores = NDArray[np.float64]

EYES = "eyes"
"""The part of a run that learns from drawn eyes first."""

_AFTER = "-after-"
"""Between a part's name and its passes in the name of a network that is kept for good."""


@dataclass(frozen=True, eq=False)
class Trained:
    """One network for each fold, all trained alike: which, with which ν, and in which run.

    ``plan`` is how it is built; ``folds`` are the rows that each fold's network has not seen.
    """

    name: str
    nu: float
    plan: Network
    run: Run
    folds: tuple[Rows, ...]

    @property
    def snapshots(self) -> dict[int, tuple[Path, ...]]:
        """The files of all folds' networks, by the passes after which they were kept."""
        of_folds = [snapshots(self.run, f"fold-{fold}") for fold in range(len(self.folds))]
        common = set.intersection(*map(set, of_folds))
        return {passes: tuple(each[passes] for each in of_folds) for passes in sorted(common)}

    @property
    def last(self) -> int:
        """The passes of the finished networks."""
        return max(self.snapshots)

    def network(self, fold: int, passes: int | None = None) -> OperatorNetwork:
        """One fold's network, in evaluation mode; the finished one unless told otherwise."""
        path = self.snapshots[self.last if passes is None else passes][fold]
        return load(self.plan, path)


def snapshots(run: Run, part: str) -> dict[int, Path]:
    """The networks of a part of a run, by their passes: those kept, and the newest.

    Not the newest but one: after which pass it was written is a matter of the clock.
    """
    digits = "[0-9]" * 5
    newest = sorted(run.checkpoints.glob(f"{part}-{digits}.safetensors"))[-1:]
    found = (*newest, *run.checkpoints.glob(f"{part}{_AFTER}{digits}.safetensors"))
    return dict(sorted((int(path.stem[-5:]), path) for path in found))


def _keep(run: Run, part: str, passes: int, network: torch.nn.Module) -> None:
    """Keep a network as it stands after so many passes: its weights alone, a third of all."""
    from safetensors.torch import save

    tensors = {name: value.cpu().contiguous() for name, value in network.state_dict().items()}
    write_bytes(run.checkpoints / f"{part}{_AFTER}{passes:05d}.safetensors", save(tensors))


def load(plan: Network, path: Path) -> OperatorNetwork:
    """A network with the weights of a checkpoint, a normed one's folded."""
    network = cast(OperatorNetwork, registry.build(plan.name, plan.arguments))
    return restored(network, weights(path))


def weights(path: Path) -> dict[str, torch.Tensor]:
    """The network's tensors in a checkpoint, without its optimiser's. Raises ``Refusal``."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise Refusal(
            f"The checkpoint {path.name} cannot be read.",
            "It holds no weights.",
            "Remove it, and go on with the run.",
        ) from error
    if not all(name.startswith(("network.", "optimiser.")) for name in tensors):
        return tensors
    return {
        name.removeprefix("network."): value
        for name, value in tensors.items()
        if name.startswith("network.")
    }


class Trainer:
    """Trains what a recipe asks for, in ``folder``; what is there already is not trained again."""

    def __init__(
        self, recipe: Recipe, learning: Learning, folder: Path, device: torch.device
    ) -> None:
        self.recipe, self.learning = recipe, learning
        self._folder, self._device = folder, device
        self.folds = learning.folds(recipe.folds, recipe.seed)
        self._pictures: dict[int, Pictures] = {}

    def pictures(self, size: int, task: Task) -> Pictures:
        """The photographs prepared for networks of a size."""
        if size not in self._pictures:
            file = self._folder / f"normalised-{size}.npy"
            self._pictures = {size: self.learning.prepare(size, file, task)}
        return self._pictures[size]

    def train(self, name: str, nu: float, task: Task) -> Trained:
        """One network a fold with a weight ν. Raises ``Refusal`` and ``Cancelled``."""
        recipe = self.recipe
        plan = recipe.network(name)
        began = self._start(name, plan, task) if recipe.start else None
        run = self._run(f"{name}-nu-{nu:g}", plan, nu, recipe.passes)
        every = max(1, recipe.passes.passes // recipe.kept)
        kept = tuple(range(every, recipe.passes.passes + 1, every))
        for fold in range(len(self.folds)):
            first = began.snapshots[began.last][fold] if began else None
            self._fold(run, plan, fold, first, recipe.passes, nu, kept, task)
        return Trained(name, nu, plan, run, self.folds)

    def start(self, name: str, task: Task) -> Trained | None:
        """The network that all ν go on from; None where each begins anew."""
        return self._start(name, self.recipe.network(name), task) if self.recipe.start else None

    def _start(self, name: str, plan: Network, task: Task) -> Trained:
        recipe = self.recipe
        assert recipe.start is not None
        run = self._run(f"{name}-start", plan, 0.0, recipe.start)
        first = self._eyes(run, plan, task) if recipe.first else None
        every = max(1, recipe.start.passes // recipe.kept)
        kept = tuple(range(every, recipe.start.passes + 1, every))
        for fold in range(len(self.folds)):
            self._fold(run, plan, fold, first, recipe.start, 0.0, kept, task)
        return Trained(name, 0.0, plan, run, self.folds)

    def _eyes(self, run: Run, plan: Network, task: Task) -> Path:
        """Drawn eyes first: the checkpoint of the network that has learnt from them."""
        recipe = self.recipe
        assert recipe.first is not None
        done = snapshots(run, EYES)
        if recipe.first.passes not in done:
            seeds = range(recipe.seed * 1_000_000, recipe.seed * 1_000_000 + recipe.eyes)
            file = self._folder / f"eyes-{plan.size}.npy"
            drawn = normalised.phantoms(seeds, plan.size, file, task)
            held = np.random.default_rng([recipe.seed, 10]).random(len(drawn)) < 0.1
            part = Part(
                EYES,
                drawn.rows(np.flatnonzero(~held)),
                drawn.rows(np.flatnonzero(held)),
                len(self.learning) + 1,
            )
            self._carry_out(run, plan, part, None, recipe.first, None, task)
        return snapshots(run, EYES)[recipe.first.passes]

    def _fold(
        self,
        run: Run,
        plan: Network,
        fold: int,
        first: Path | None,
        numbers: Optimisation,
        nu: float,
        kept: tuple[int, ...],
        task: Task,
    ) -> None:
        name = f"fold-{fold}"
        if ended(run, name, numbers):
            return
        pictures = self.pictures(plan.size, task)
        held = self.folds[fold]
        seen = np.setdiff1d(np.arange(len(self.learning)), held)

        def keep(network: torch.nn.Module, passes: int) -> None:
            if passes in kept:
                _keep(run, name, passes, network)

        part = Part(name, pictures.rows(seen), pictures.rows(held), fold + 1, keep)
        self._carry_out(run, plan, part, first, numbers, Sparsity(nu) if nu else None, task)
        run.tell("done", name, 1, 1)

    def _carry_out(
        self,
        run: Run,
        plan: Network,
        part: Part,
        first: Path | None,
        numbers: Optimisation,
        sparsity: Sparsity | None,
        task: Task,
    ) -> None:
        seed = self.recipe.seed
        for gain in (plan.gain,) if first else (plan.gain, LARGER_GAIN):
            network = cast(OperatorNetwork, registry.build(plan.name, plan.arguments))
            if first:
                network.load_state_dict(weights(first))
            else:
                generator = torch.Generator().manual_seed(seed)
                prevalence = float(part.pictures.truth.mean())
                initialise(network, generator, gain=gain, prevalence=prevalence)
            try:
                with run.held():
                    loop.train(network, part, numbers, seed, self._device, run, task, sparsity)
                return
            except NotLearningError:
                run.forget(part.name)
        raise Refusal(
            f"The network {plan.name} does not learn: {part.name}.",
            f"After {loop.JUDGED_AFTER} batches its error was not below {loop.LEARNT_BELOW:.0%} of "
            "that of the best constant answer.",
            "Check the grades, or use the quick recipe.",
        )

    def _run(self, name: str, plan: Network, nu: float, numbers: Optimisation) -> Run:
        """A run's folder, begun or found. Raises ``Refusal`` if it was begun with other numbers."""
        folder = self._folder / "runs" / name
        asked = tomli_w.dumps(
            {
                "recipe": f"reproduce quellec, {self.recipe.name}",
                "seed": self.recipe.seed,
                "network": {"name": plan.name, "gain": plan.gain, **plan.arguments},
                "sparsity": {"nu": nu},
                "optimisation": _as_ever(numbers),
                "data": {"name": self.learning.name, "folds": len(self.folds)},
            }
        )
        if not (folder / "plan.toml").exists():
            Run.begin(folder, asked, self._folder)
        elif (folder / "plan.toml").read_text("utf-8") != asked:
            raise Refusal(
                "The reproduction was not gone on with.",
                f"The networks in runs/{name} were begun with other numbers.",
                "Name another folder with --out, or ask for the same as before.",
            )
        run = Run.open(folder)
        run.hold_to(self.learning.fingerprint)
        return run


def _as_ever(numbers: Optimisation) -> dict[str, object]:
    """All numbers; a key that came later is left out while it changes nothing.

    What was begun before it can then be gone on with.
    """
    later = {"normalise"}
    return {
        key: getattr(numbers, key)
        for key in numbers.__struct_fields__
        if key not in later or getattr(numbers, key)
    }


def ended(run: Run, part: str, numbers: Optimisation) -> bool:
    """Whether a part has all its passes; under the plateau rule it may end before."""
    found = run.newest(part)
    if found is None:
        return False
    facts = found[1]
    return bool(
        facts["passes"] >= numbers.passes
        or (numbers.schedule == "plateau" and facts.get("divisions", 0) > loop.DIVISIONS)
    )


def out_of_fold(
    trained: Trained, passes: int, pictures: Pictures, device: torch.device, file: Path
) -> Scores:
    """What the networks say of the photographs that they have not seen, (n,); others nan.

    Kept in ``file``, because it takes a forward pass of every photograph.
    """
    if file.exists():
        kept: Scores = np.load(file)
        if len(kept) == len(pictures):
            return kept
    scores = np.full(len(pictures), math.nan)
    for fold, held in enumerate(trained.folds):
        network = trained.network(fold, passes).to(device)
        scores[held] = loop.scores(network, pictures.rows(held), device)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, lambda handle: arrays.write(handle, scores))
    return scores


def on_all(
    trained: Trained, passes: int, pictures: Pictures, device: torch.device, file: Path
) -> Scores:
    """What the folds' networks say on the average of photographs that none has seen, (n,)."""
    if file.exists():
        kept: Scores = np.load(file)
        if len(kept) == len(pictures):
            return kept
    said = [
        loop.scores(trained.network(fold, passes).to(device), pictures, device)
        for fold in range(len(trained.folds))
    ]
    scores: Scores = np.mean(said, axis=0)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, lambda handle: arrays.write(handle, scores))
    return scores


def validated(run: Run, parts: Mapping[str, int]) -> NDArray[np.float64]:
    """Passes and mean A_z over parts, weighted by their held-back photographs, (k, 2)."""
    import json

    areas: dict[int, dict[str, float]] = {}
    path = run.folder / "metrics.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue  # the line that was being written when the run was killed
        if row["part"] in parts and "area" in row:
            areas.setdefault(row["pass"], {})[row["part"]] = row["area"]
    whole = sorted((passes, of) for passes, of in areas.items() if set(of) == set(parts))
    total = sum(parts.values())
    return np.array(
        [(passes, sum(of[part] * parts[part] for part in parts) / total) for passes, of in whole],
        float,
    ).reshape(-1, 2)
