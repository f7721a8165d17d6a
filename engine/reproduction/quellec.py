"""Quellec et al. 2017 again: trained, measured and drawn, stage after stage, on a user's data."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from engine.answers import Criterion
from engine.cohort import lesion_report, pages
from engine.evaluation import roc
from engine.evaluation.photographs import numbers_of
from engine.learning.growing import Cases
from engine.networks.operator_network import OperatorNetwork
from engine.packs.pack import Pack
from engine.reproduction import ensemble, figures, networks, tables, unseen
from engine.reproduction.compared import Columns, Compared, Snapshot, compare
from engine.reproduction.material import Learning, Material
from engine.reproduction.networks import Trained, Trainer
from engine.reproduction.printed import TITLES
from engine.reproduction.recipe import CHOSEN, Recipe
from engine.reproduction.report import Figure, Page
from engine.reproduction.scored import Scored, counted
from engine.reproduction.tables import Findings
from engine.task import Task
from engine.telling import words

NO_GRADES = "There are no graded photographs in these data to learn from."
NO_LESIONS = "There are no photographs with marked lesions in these data."
SHOWN = 8
"""Checkpoints at most that Figure 5 and the ensembles look at."""


class Reproduction:
    """All stages on one set of data, in one folder; ``carry_out`` goes on with what is there."""

    def __init__(
        self, material: Material, recipe: Recipe, folder: Path, device: torch.device
    ) -> None:
        self.material, self.recipe = material, recipe
        self.folder, self.device = folder, device
        self._trained: dict[tuple[str, float], Trained] = {}
        self._starts: dict[str, Trained] = {}

    def carry_out(self, task: Task) -> Page:
        """Train what is not trained, measure, draw, and write the report.

        Raises ``Refusal`` and ``Cancelled``; what was trained stays.
        """
        learning = self.material.learning
        if learning is None:
            raise ValueError(NO_GRADES)
        trainer = Trainer(self.recipe, learning, self.folder, self.device)
        for name in self.recipe.networks:
            began = trainer.start(name, task)
            if began:
                self._starts[name] = began
            for nu in self._nus(name):
                self._trained[name, nu] = trainer.train(name, nu, task)
        held = np.unique(np.concatenate(trainer.folds))
        validation: dict[tuple[str, float], roc.Area] = {}
        for key, trained in self._trained.items():
            said = self._scores(trained, trained.last, trainer, task)
            validation[key] = Scored.of(said[held], learning, held).area
        ways = {name: self._way(name) for name in self.recipe.networks}
        judged = self._compare(trainer, ways, task)
        singles, ensembles = self._together(trainer, ways, judged, held, task)
        found = self._findings(validation, judged, singles, ensembles, held, learning)
        three = [tables.table_2(found), tables.table_3(found), tables.table_4(found)]
        drawn = self._draw(trainer, ways, judged, singles, ensembles)
        page = Page(self._about(learning, len(held)), three, self._differences(judged), drawn)
        page.write(self.folder, {"recipe": self.recipe.name, "device": str(self.device)})
        return page

    # ---- training and scores

    def _nus(self, name: str) -> tuple[float, ...]:
        """All weights for Table 2's network; for the others those of Table 3."""
        if name == ("net_b" if "net_b" in self.recipe.networks else self.recipe.networks[0]):
            return self.recipe.nus
        return tuple(nu for nu in self.recipe.nus if nu in (0.0, self.recipe.sparse))

    def _way(self, name: str) -> tuple[Snapshot, ...]:
        """Checkpoints on the way to the sparsity-enhanced network, evenly spread."""
        last = self._trained[name, self.recipe.sparse]
        found: list[Snapshot] = []
        before = 0
        for trained in (self._starts.get(name), last):
            if trained is None:
                continue
            found += [Snapshot(trained, passes, before + passes) for passes in trained.snapshots]
            before += trained.last
        picked = np.unique(np.linspace(0, len(found) - 1, min(SHOWN, len(found))).round())
        return tuple(found[int(each)] for each in picked)

    def _scores(
        self, trained: Trained, passes: int, trainer: Trainer, task: Task
    ) -> NDArray[np.float64]:
        pictures = trainer.pictures(trained.plan.size, task)
        task.check()
        file = self._file(trained, passes, f"held-back-{_mark(trainer.learning)}")
        return networks.out_of_fold(trained, passes, pictures, self.device, file)

    def _file(self, trained: Trained, passes: int, of: str) -> Path:
        return self.folder / "scores" / f"{trained.run.folder.name}-{passes:05d}-{of}.npy"

    def _compare(
        self, trainer: Trainer, ways: Mapping[str, Sequence[Snapshot]], task: Task
    ) -> Compared | None:
        found, learning = self.material.lesions, trainer.learning
        if found is None:
            return None
        asked = Columns(several=len(self.recipe.networks) > 1)
        folds = range(len(trainer.folds))
        for (name, nu), trained in self._trained.items():
            asked.add(name, nu, tuple(trained.network(fold) for fold in folds))
        for name, way in ways.items():
            asked.add_way(name, way)
        patients = learning.patients.tolist()
        folds_of_patients: dict[str, int | None] = dict.fromkeys(patients)
        for fold, held in enumerate(trainer.folds):
            folds_of_patients |= {patients[row]: fold for row in held.tolist()}
        shared = unseen.share(
            found, self.material.patient_of, folds_of_patients, len(trainer.folds)
        )
        return compare(shared, asked, self.device, task)

    # ---- ensembles

    def _together(
        self,
        trainer: Trainer,
        ways: Mapping[str, Sequence[Snapshot]],
        judged: Compared | None,
        held: NDArray[np.intp],
        task: Task,
    ) -> tuple[dict[str, Scored], dict[str, Scored]]:
        """Each network alone and its ensemble, on Kaggle's test part or on what was held back."""
        learning, test = trainer.learning, self.material.test
        here = learning if test is None else test
        rows = held if test is None else np.arange(len(test))
        place = np.full(len(learning), -1)
        place[held] = np.arange(len(held))
        other = np.where(learning.other[held] >= 0, place[learning.other[held]], -1)
        singles: dict[str, Scored] = {}
        ensembles: dict[str, Scored] = {}
        of_all: list[tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]] = []
        for name, way in ways.items():
            seen = [self._scores(each.trained, each.passes, trainer, task)[held] for each in way]
            tested = [self._tested(each, test, task) for each in way] if test else []
            singles[name] = Scored.of((tested or seen)[-1], here, rows)
            if len(way) < 2:
                continue
            on_held = {
                number: roc.area(said, learning.truth[held]).value
                for number, said in enumerate(seen)
            }
            by_type = {} if judged is None else {
                str(kind): dict(enumerate(areas))
                for kind, areas in judged.on_way[name].items()
                if not np.isnan(areas).any()
            }  # fmt: skip
            chosen = ensemble.chosen(by_type, on_held)
            one = [seen[number] for number in chosen]
            two = [tested[number] for number in chosen] if tested else []
            of_all.append((one, two))
            ensembles[name] = self._forest(learning, held, other, one, test, two)
        if set(ensembles) >= {"net_a", "net_b", "alexnet"}:
            one = [each for pair in of_all for each in pair[0]]
            two = [each for pair in of_all for each in pair[1]]
            ensembles["all three"] = self._forest(learning, held, other, one, test, two)
        return singles, ensembles

    def _tested(self, each: Snapshot, test: Learning, task: Task) -> NDArray[np.float64]:
        size = each.trained.plan.size
        pictures = test.prepare(size, self.folder / f"test-{_mark(test)}-{size}.npy", task)
        task.check()
        file = self._file(each.trained, each.passes, f"test-{_mark(test)}")
        return networks.on_all(each.trained, each.passes, pictures, self.device, file)

    def _forest(
        self,
        learning: Learning,
        held: NDArray[np.intp],
        other: NDArray[np.intp],
        seen: Sequence[NDArray[np.float64]],
        test: Learning | None,
        tested: Sequence[NDArray[np.float64]],
    ) -> Scored:
        rows, seed = ensemble.features(seen, other), self.recipe.seed
        cases = Cases(rows, learning.truth[held], learning.patients[held])
        if test is None:
            return Scored.of(ensemble.out_of_fold(cases, seed), learning, held)
        said = ensemble.applied(cases, ensemble.features(tested, test.other), seed)
        return Scored.of(said, test, np.arange(len(test)))

    # ---- what is told

    def _findings(
        self,
        validation: Mapping[tuple[str, float], roc.Area],
        judged: Compared | None,
        singles: Mapping[str, Scored],
        ensembles: Mapping[str, Scored],
        held: NDArray[np.intp],
        learning: Learning,
    ) -> Findings:
        folds = self.recipe.folds
        how = counted(numbers_of(learning.patients[held].tolist()))
        graded = (
            f"{len(held)} photographs of {learning.name}, {how}, by networks that have not "
            "seen their patients" + (f", of {folds} folds:" if folds > 1 else ":")
        )
        test, tested = self.material.test, f"In place of it: {graded}"
        if test:
            how = counted(numbers_of(test.patients.tolist()))
            tested = f"{len(test)} photographs of {test.name}, {how}:"
        marked = "" if judged is None else (
            f"{len(judged.judged.marked)} photographs of {self.material.lesions_name}, "
            f"{counted(judged.patients)}, each by networks that have not seen its patient "
            f"({judged.foreign} show patients whom none has seen); detections on other lesions "
            "ignored, nothing merged."
        )  # fmt: skip
        return Findings(
            self.recipe.networks,
            self.recipe.nus,
            self.recipe.sparse,
            validation,
            {} if judged is None else judged.areas,
            {name: each.area for name, each in singles.items()},
            {name: each.area for name, each in ensembles.items()},
            graded,
            f"{tested}",
            marked,
            "",
            NO_LESIONS if judged is None else "",
            "" if ensembles else "An ensemble takes two checkpoints, and one was kept.",
        )

    def _about(self, learning: Learning, held: int) -> list[str]:
        recipe = self.recipe
        trained = ", ".join(TITLES[name] for name in recipe.networks)
        size = f"{recipe.size} pixels" if recipe.networks != ("alexnet",) else "448 pixels"
        numbers = recipe.passes
        lines = [
            f"{len(learning)} graded photographs: {learning.name}, {learning.truth.mean():.0%} "
            f"referable; {held} of them held back from the networks that score them.",
            f"Recipe {recipe.name}: {trained} at {size}, seed {recipe.seed}, on {self.device}; "
            f"each ν {_passes(numbers.passes)} in batches of {numbers.batch}, rate "
            f"{numbers.learning_rate:g} ({numbers.schedule}).",
        ]
        if recipe.start:
            first = f"{_passes(recipe.first.passes)} over {recipe.eyes} drawn eyes and then " \
                if recipe.first else ""  # fmt: skip
            lines.append(
                f"All ν go on from one network, trained without the term for {first}"
                f"{_passes(recipe.start.passes)}, so that nothing but ν differs between them."
            )
        lines.append(
            "The paper trained on 28,100 photographs, 12.6 million pictures in all; a network here "
            f"saw {self._pictures_shown(len(learning), held):,}."
        )
        return [*lines, *self.material.notes]

    def _pictures_shown(self, count: int, held: int) -> int:
        recipe = self.recipe
        seen = round(count - held / recipe.folds) if recipe.folds > 1 else count - held
        before = recipe.start.passes * seen if recipe.start else 0
        before += recipe.first.passes * recipe.eyes if recipe.first else 0
        return before + recipe.passes.passes * seen

    def _differences(self, judged: Compared | None) -> list[str]:
        return [] if judged is None else judged.differences(self.recipe.networks)

    def _draw(
        self,
        trainer: Trainer,
        ways: Mapping[str, Sequence[Snapshot]],
        judged: Compared | None,
        singles: Mapping[str, Scored],
        ensembles: Mapping[str, Scored],
    ) -> list[Figure]:
        name = "net_b" if "net_b" in self.recipe.networks else self.recipe.networks[0]
        parts = {f"fold-{number}": len(rows) for number, rows in enumerate(trainer.folds)}
        legs: list[NDArray[np.float64]] = []
        before = 0.0
        last = self._trained[name, self.recipe.sparse]
        for trained in (self._starts.get(name), last):
            if trained is not None:
                rows = networks.validated(trained.run, parts)
                legs.append(rows + np.array([before, 0]))
                before += trained.last
        passes = np.array([each.after for each in ways[name]], float)
        areas = {} if judged is None else judged.on_way[name]
        drawn = [figures.figure_5(self.folder, name, np.concatenate(legs), passes, areas)]
        if judged is None:
            drawn += [
                Figure("Figure 6: FROC", (), (), NO_LESIONS),
                Figure("Figure 7: photographs that contain a type", (), (), NO_LESIONS),
            ]
        else:
            of_name = [
                label for label, (_, net, nu) in judged.keys.items()
                if net == name and nu in (0.0, self.recipe.sparse)
            ]  # fmt: skip
            files = lesion_report.draw(
                self.folder, judged.judged, judged.figures, of_name, "figure-6"
            )
            drawn.append(figures.figure_6(files))
            sparse = next(
                label for label, key in judged.keys.items()
                if key == (str(Criterion.PI), name, self.recipe.sparse)
            )  # fmt: skip
            drawn.append(figures.figure_7(self.folder, judged.judged, sparse, judged.patients))
        lines = {f"{TITLES[each]} alone": scored for each, scored in singles.items()}
        lines |= {f"ensemble, {TITLES[each]}": scored for each, scored in ensembles.items()}
        said = {label: (each.scores, each.truth, each.area) for label, each in lines.items()}
        return [*drawn, figures.figure_8(self.folder, said)]


def by_pack(material: Material, pack: Pack, folder: Path, device: torch.device, task: Task) -> Page:
    """What can be filled where there is nothing to learn from: a pack's heatmaps, judged.

    Raises ``Refusal`` and ``Cancelled``.
    """
    assert material.lesions is not None
    name = pack.manifest.network.name
    asked = Columns(several=False)
    asked.add(name, 0.0, (cast(OperatorNetwork, pack.network()),))
    shared = unseen.share(material.lesions, material.patient_of, {}, folds=1)
    judged = compare(shared, asked, device, task)
    whose = f"the pack {words.pack_words(pack.reference)}, trained on {pack.manifest.data.name}"
    marked = (
        f"{len(judged.judged.marked)} photographs of {material.lesions_name}, "
        f"{counted(judged.patients)}, by {whose}."
    )
    found = Findings(
        networks=(name,),
        nus=(0.0,),
        sparse=CHOSEN,
        validation={},
        lesions=judged.areas,
        singles={},
        ensembles={},
        graded="",
        tested="",
        marked=marked,
        no_grades=NO_GRADES,
        no_lesions="",
        no_ensemble=NO_GRADES,
    )
    three = [tables.table_2(found), tables.table_3(found), tables.table_4(found)]
    files = lesion_report.draw(
        pages.folder(folder), judged.judged, judged.figures, prefix="figure-6"
    )
    drawn = [
        Figure("Figure 5: A_z as a network learns", (), (), NO_GRADES),
        figures.figure_6(files),
        figures.figure_7(folder, judged.judged, tables.ROWS[tables.PI], judged.patients),
        Figure("Figure 8: referable retinopathy", (), (), NO_GRADES),
    ]
    about = [f"Nothing was trained: {NO_GRADES[0].lower()}{NO_GRADES[1:]}", f"Judged: {marked}"]
    page = Page([*about, *material.notes], three, judged.differences((name,)), drawn)
    page.write(folder, {"recipe": None, "device": str(device)})
    return page


def _mark(learning: Learning) -> str:
    """A name for photographs and their grades: what was kept of others is not theirs."""
    return sha256(learning.fingerprint.encode()).hexdigest()[:8]


def _passes(count: int) -> str:
    return f"{count} pass" if count == 1 else f"{count} passes"
