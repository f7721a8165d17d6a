"""The recipe round the loop: what is said of a run is what was done."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from PIL import Image

from engine import runs
from engine.errors import Cancelled, Refusal
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.task import Task
from engine.training import card, carry_out, loop, normalised, retinopathy, retinopathy_drawn
from engine.training.grades import Graded
from engine.training.lesion_pictures import Drawings
from engine.training.lesions_judging import Judged
from engine.training.loop import NotLearningError, Part
from engine.training.normalised import Pictures
from engine.training.plan import Data, Network, Optimisation, Phantoms, Plan, SparsityTerm
from engine.training.plan import Pack as PackPlan
from engine.training.run import Run

PLAN = Plan(
    "retinopathy",
    PackPlan("little", "1.0.0", "A little pack", "CC0-1.0", "Tests."),
    Data("grades.csv", "drawn", "none", "drawn", "none", folds=2),
    Optimisation(passes=1, schedule="cosine"),
    Network(size=112),
)


def trained(run: Run, start: dict[str, torch.Tensor] | None, name: str = "part") -> object:
    pictures = Pictures(np.zeros((2, 3, 128, 128), np.int8), np.array([True, False]))
    part = Part(name, pictures, None, 1)
    cpu = torch.device("cpu")
    return retinopathy.trained(PLAN, part, start, PLAN.optimisation, run, cpu, Task())


@pytest.mark.parametrize(("from_phantoms", "tries"), [(False, 2), (True, 1)])
def test_a_network_that_never_learns_is_refused_and_only_a_gain_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, from_phantoms: bool, tries: int
) -> None:
    tried = []

    def never(*_: object) -> None:
        tried.append(1)
        raise NotLearningError

    monkeypatch.setattr(loop, "train", never)
    start = retinopathy.new(PLAN).state_dict() if from_phantoms else None
    with pytest.raises(Refusal, match="does not learn"):
        trained(Run.begin(tmp_path / "run", "", tmp_path), start)
    assert len(tried) == tries


def test_a_training_that_begins_again_leaves_nothing_of_its_first_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    (run.folder / runs.LOOKS).mkdir()
    begun = []

    def failing(*_: object) -> None:
        seen = runs.see(run.folder)
        assert (seen.best, seen.looks, run.best(runs.PART)) == (None, (), None)
        begun.append(1)
        for number in range(1, 4 if len(begun) == 1 else 2):
            run.note(runs.PART, {"pass": number, "error": 0.1, "area": 0.9, "seconds": 1.0})
            (run.folder / runs.LOOKS / f"{number:05d}.npy").touch()
        run.save_best(runs.PART, {"a": torch.zeros(1)}, {"pass": 1})
        if len(begun) == 1:
            raise NotLearningError

    monkeypatch.setattr(loop, "train", failing)
    trained(run, None, runs.PART)
    assert len(begun) == 2
    assert [each.number for each in runs.see(run.folder).passes] == [1]
    assert len((run.folder / "metrics.jsonl").read_text().splitlines()) == 5


def test_the_figures_are_those_of_the_operating_point() -> None:
    generator = np.random.default_rng(0)
    truth = np.arange(200) % 2 == 0
    scores = truth + generator.normal(0, 1, 200)
    graded = Graded((), truth, np.arange(200).astype(str), "0")
    found = retinopathy.judge(scores, graded, PLAN)
    called = found.probabilities >= found.operating_point
    assert found.figures.sensitivity == called[truth].mean() >= 0.9
    # One positive fewer would miss the sensitivity that was asked for.
    assert called[truth].mean() - 1 / 100 < 0.9
    assert found.figures.specificity == (~called)[~truth].mean()


@pytest.mark.parametrize(
    ("schedule", "said", "unsaid"),
    [
        ("cosine", "was trained on all of them", "the first fold's"),
        ("plateau", "is the first fold's", "trained on all of them"),
    ],
)
def test_the_card_tells_which_network_ships(
    untrained: Pack, schedule: str, said: str, unsaid: str
) -> None:
    numbers = msgspec.structs.replace(PLAN.optimisation, schedule=schedule)
    plan = msgspec.structs.replace(PLAN, optimisation=numbers)
    text = " ".join(card.text(plan, untrained.manifest).split())
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize(
    ("shipped", "said"),
    [
        (0.74, "further apart than the folds' networks theirs: the mean probability of the"),
        (0.74, "lies 0.74 above that of the others, theirs 0.60 to 0.62. It may know them by"),
        (0.48, "less far apart than the folds' networks theirs"),
        (0.48, "It may have learnt less well; the figures above are then better than its own."),
        (0.65, ""),
    ],
)
def test_the_card_doubts_a_curve_set_by_photographs_known_by_heart(
    untrained: Pack, shipped: float, said: str
) -> None:
    judged = Judged(((9, 1), (2, 8)), (), None, told_apart=(0.6, 0.62, shipped))
    text = card.text(PLAN, untrained.manifest, judged=judged)
    limits = " ".join(text.split("## Limits")[1].split())
    assert said in limits
    assert ("than the folds' networks" in limits) == bool(said)


def test_a_photograph_that_cannot_be_trained_on_is_named(tmp_path: Path) -> None:
    path = tmp_path / "black.png"
    Image.fromarray(np.zeros((300, 400, 3), np.uint8)).save(path)
    with pytest.raises(Refusal, match=r"black\.png.*cannot be trained on"):
        normalised._photograph(112, path)


def test_a_photograph_is_kept_to_half_a_grey_level(tmp_path: Path) -> None:
    from engine.preparation.fundus import find_field_of_view, normalise

    pixels = draw_eye(3, width=500).pixels
    Image.fromarray(pixels).save(tmp_path / "eye.png")
    kept = normalised._photograph(112, tmp_path / "eye.png") / 128
    exact, _ = normalise(pixels, find_field_of_view(pixels), 112)
    assert np.abs(kept - exact).max() <= 0.5 / 128 + 1e-6


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Cancelled(), "cancelled"),
        (Refusal("A.", "B.", "C."), "refused"),
        (RuntimeError(), "failed"),
    ],
)
def test_a_run_that_ends_early_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, state: str
) -> None:
    def ends(*_: object) -> None:
        raise fault

    monkeypatch.setattr(retinopathy, "carry_out", ends)
    text = msgspec.toml.encode(PLAN).decode()
    run = Run.begin(tmp_path / "run", text, tmp_path)
    run.tell("running", "fold-1", 3, 9)
    with pytest.raises(type(fault)):
        carry_out.carry_out(run.folder, "processor", Task())
    status = run.status()
    assert (status["state"], status["part"], status["done"]) == (state, "fold-1", 3)


def test_lesions_are_laid_on_photographs_that_are_learnt_from_alone() -> None:
    values = np.arange(6, dtype=np.int8)[:, None, None, None] * np.ones((1, 3, 4, 4), np.int8)
    grafts = Drawings(
        values, np.zeros((6, 4, 4), np.uint8), np.array([2, 1, 3, 4, 1, 2]),
        np.array([0, 0, 2, 2, 5, 5]),
    )  # fmt: skip
    each = np.arange(90, 95, dtype=np.int8)[:, None, None, None] * np.ones((1, 3, 4, 4), np.int8)
    photographs = Pictures(each, np.array([True, True, False, False, True]))
    learnt = retinopathy_drawn.beside(grafts, PLAN, photographs, np.array([2, 4]))
    assert learnt.values[:, 0, 0, 0].tolist() == [92, 94, 2, 3]
    assert learnt.truth.tolist() == [False, True, True, True]


def test_the_card_tells_of_drawn_lesions_and_of_the_sparsity_term(untrained: Pack) -> None:
    plain = card.text(PLAN, untrained.manifest)
    assert "sparsity" not in plain
    assert "lesions were drawn" not in plain
    plan = msgspec.structs.replace(
        PLAN, phantoms=Phantoms(grafts=3), sparsity=SparsityTerm(nu=0.01)
    )
    said = " ".join(card.text(plan, untrained.manifest).split())
    assert "on which lesions were drawn, 3 times each, told by the drawn grade" in said
    assert "The sparsity term weighs 0.01 (π)." in said
