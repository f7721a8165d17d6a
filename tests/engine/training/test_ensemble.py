"""Checkpoints of one run become a pack of forests whose figures are of patients nobody saw."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from engine.errors import Refusal
from engine.learning import calibration, growing
from engine.learning.features import Asks
from engine.learning.growing import Grid
from engine.networks import registry
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.task import Task
from engine.training import carry_out, ensemble, loop, plan, retinopathy
from engine.training.grades import Graded
from engine.training.normalised import Pictures
from engine.training.plan import Data, Ensemble, Network, Optimisation, Plan
from engine.training.run import Run, candidates
from engine.training.stacking import Stack

CPU = torch.device("cpu")
PLAN = Plan(
    "retinopathy",
    plan.Pack("joined", "1.0.0", "A joined pack", "CC0-1.0", "Tests."),
    Data("grades.csv", "drawn", "none", "drawn", "none", folds=2),
    Optimisation(passes=3, batch=8, schedule="cosine", keep_every=2),
    Network(size=112),
    ensemble=Ensemble(3, (Asks.EYE, Asks.PAIR, Asks.EXAMINATION), trees=(2, 3), depths=(2,)),
)
PATIENTS = np.repeat([f"p{n:02d}" for n in range(12)], 2)


def graded(names: list[str] | None = None, patients: np.ndarray = PATIENTS) -> Graded:
    names = names or [f"{n:02d}.jpg" for n in range(len(patients))]
    truth = np.array([int(name[1:]) % 2 == 0 for name in patients])
    return Graded(tuple(map(Path, names)), truth, patients, "0")


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "DRAWS", 3)


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    generator = np.random.default_rng(0)
    values = generator.integers(-12, 12, (24, 3, 128, 128)).astype(np.int8)
    values[graded().truth, :, 56:72, 56:72] = 100
    return Pictures(values, graded().truth)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run as it lies there when it was trained: two folds and all, each with other networks."""
    made = Run.begin(
        tmp_path_factory.mktemp("runs") / "run", plan.write(PLAN), tmp_path_factory.mktemp("data")
    )
    for number, (part, in_a_pass) in enumerate((("fold-0", 2), ("fold-1", 2), ("all", 3))):
        for batches in range(2, 3 * in_a_pass + 1, 2):
            passes, at = divmod(batches, in_a_pass)
            facts = {"passes": passes, "batches": batches, "at": at}
            made.keep_step(part, batches, _tensors(10 * number + batches), facts)
        last = {"passes": 3, "batches": 3 * in_a_pass, "at": 0}
        made.save(part, 3, _tensors(10 * number + 9), last)
    return made


def _tensors(seed: int) -> dict[str, torch.Tensor]:
    network = registry.build("net_b", {"size": 112})
    assert isinstance(network, OperatorNetwork)
    initialise(network, torch.Generator().manual_seed(seed))
    return {f"network.{name}": value for name, value in network.state_dict().items()}


def joined(run: Run, pictures: Pictures, **wishes: object) -> ensemble.Joined:
    changed = msgspec.structs.replace(PLAN.ensemble, **wishes)
    wished = msgspec.structs.replace(PLAN, ensemble=changed)
    network = retinopathy.new(wished)
    return ensemble.join(wished, graded(), pictures, "all", network, run, CPU, Task())


def test_the_last_and_the_kept_are_there_to_be_joined(run: Run) -> None:
    found = candidates(run, "all")
    assert [each.batches for each in found] == [2, 4, 6, 8, 9]
    assert [each.passes for each in found] == pytest.approx([2 / 3, 4 / 3, 2, 8 / 3, 3])
    assert candidates(run, "never") == []


def test_of_every_part_the_checkpoints_of_the_same_time_are_joined(run: Run) -> None:
    assert isinstance(PLAN.ensemble, Ensemble)
    sources = ensemble._chosen(run, ["fold-0", "all"], PLAN.ensemble)
    assert [path.stem for path in sources[0]] == [
        "fold-0-step-0000002", "fold-0-step-0000004", "fold-0-00003",
    ]  # fmt: skip
    assert [path.stem for path in sources[1]][1:] == ["all-step-0000006", "all-00003"]


def test_more_checkpoints_than_were_kept_are_refused_or_taken_by_their_batches(run: Run) -> None:
    with pytest.raises(Refusal, match="after 3 batches of fold-0; there are 2, 4, 6"):
        ensemble._chosen(run, ["fold-0"], Ensemble((3, 4)))
    assert len(ensemble._chosen(run, ["fold-0"], Ensemble((2, 6)))[0]) == 2


@pytest.mark.parametrize("stack_on", ["validation", "train"])
def test_forests_of_each_kind_are_grown_and_judged(
    run: Run, pictures: Pictures, stack_on: str
) -> None:
    found = joined(run, pictures, stack_on=stack_on)
    assert [part.asks for part in found.forests] == [Asks.EYE, Asks.PAIR, Asks.EXAMINATION]
    assert [part.cases for part in found.forests] == [24, 24, 12]
    assert [forest.features for forest in found.grown] == [3, 6, 12]
    assert len({part.name for part in found.checkpoints}) == 3
    assert found.pairs == 24
    for part in (*found.checkpoints, *found.forests):
        low, high = part.figures.area_interval
        assert low <= part.figures.area <= high


def test_no_forest_is_judged_on_a_patient_that_it_learnt_from(
    run: Run, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    honest = growing.out_of_fold

    def watched(parts, *more):  # type: ignore[no-untyped-def]
        asked.append(parts)
        return honest(parts, *more)

    monkeypatch.setattr(growing, "out_of_fold", watched)
    joined(run, pictures, forests=(Asks.PAIR,), stack_on="train")
    held_back = graded().folds(2, PLAN.seed)
    for (cases, held_rows), held in zip(asked[0], held_back, strict=True):
        assert not set(cases.patients) & set(PATIENTS[held])
        assert len(held_rows) == len(held)


def test_out_of_fold_scores_are_those_of_the_fold_that_did_not_see_the_patient(
    run: Run, pictures: Pictures
) -> None:
    assert isinstance(PLAN.ensemble, Ensemble)
    held_back = graded().folds(2, PLAN.seed)
    network = retinopathy.new(PLAN)
    stack = Stack(graded(), {})
    bench = ensemble._Bench(PLAN, PLAN.ensemble, stack, pictures, held_back, network, CPU)
    sources = ensemble._chosen(run, ["fold-0", "fold-1"], PLAN.ensemble)
    scores, _ = ensemble._scores(bench, sources, Task())
    by_hand = registry.build("net_b", {"size": 112})
    tensors = {name.removeprefix("network."): value for name, value in _tensors(19).items()}
    by_hand.load_state_dict(tensors)
    expected = loop.scores(by_hand, pictures.rows(held_back[1]), CPU)
    np.testing.assert_allclose(scores[held_back[1], -1], expected, rtol=1e-6)


def test_maps_are_scaled_by_their_upper_end_where_the_plan_asks(
    run: Run, pictures: Pictures
) -> None:
    raw = joined(run, pictures, forests=(Asks.EYE,))
    scaled = joined(run, pictures, forests=(Asks.EYE,), scale="quantile")
    assert {part.scale for part in raw.checkpoints} == {1.0}
    assert len({part.scale for part in scaled.checkpoints}) == 3


def test_a_pack_is_made_of_a_finished_run_and_nothing_is_trained(
    run: Run, pictures: Pictures, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(retinopathy.grades, "read", lambda *_: graded())
    monkeypatch.setattr(retinopathy.normalised, "photographs", lambda *_: pictures.values)
    (run.folder / "pack").mkdir()
    (run.folder / "pack" / "manifest.json").touch()
    monkeypatch.setattr(
        loop.checkpoints,
        "resume",
        lambda run, part, network, _: (
            network.load_state_dict(loop.checkpoints.weights(run.newest(part)[0])),
            loop.Progress(passes=3, batches=run.newest(part)[1]["batches"]),
        )[1],
    )
    monkeypatch.setattr(loop, "_one_pass", lambda *_: pytest.fail("it was trained"))
    path = tmp_path / "ensemble.toml"
    path.write_text(plan.write(PLAN))
    pack = carry_out.join(run.folder, path, "processor", Task())
    assert pack.folder.name == "joined-1.0.0"
    assert len(pack.manifest.checkpoints) == 3
    # The last checkpoint is the network that ships, and lies there once.
    assert len(list(pack.folder.glob("step-*.safetensors"))) == 2
    last = pack.network(pack.manifest.checkpoints[-1].name).state_dict()
    for name, value in pack.network().state_dict().items():
        torch.testing.assert_close(last[name], value, rtol=0, atol=0)
    assert pack.forest(pack.manifest.forests[2]).features == 12
    card = (pack.folder / "card.md").read_text()
    assert "24 of 24 photographs have the other eye" in card
    assert f"{pack.manifest.forests[1].figures.area:.3f}" in card
    assert carry_out.join(run.folder, path, "processor", Task()).sha256 == pack.sha256


def test_a_plan_that_would_train_otherwise_is_refused_by_what_differs(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "other.toml"
    other = msgspec.structs.replace(PLAN.optimisation, passes=4)
    path.write_text(plan.write(msgspec.structs.replace(PLAN, optimisation=other)))
    with pytest.raises(Refusal, match="optimisation differs"):
        carry_out.join(run.folder, path, "processor", Task())
    path.write_text(plan.write(msgspec.structs.replace(PLAN, ensemble=msgspec.UNSET)))
    with pytest.raises(Refusal, match=r"has no \[ensemble\]"):
        carry_out.join(run.folder, path, "processor", Task())


@pytest.mark.parametrize(
    ("names", "patients", "expected"),
    [
        (["a", "b"], ["p1", "p1"], {0: 1, 1: 0}),
        (["a_left", "b_left"], ["p1", "p1"], {}),
        (["a_left", "b_right", "c_left"], ["p1"] * 3, {0: 1, 1: 0, 2: 1}),
        (["a", "b", "c"], ["p1"] * 3, {}),
        (["a", "b"], ["p1", "p2"], {}),
    ],
)
def test_the_other_eye_is_told_by_names_or_by_there_being_two(
    names: list[str], patients: list[str], expected: dict[int, int]
) -> None:
    table = graded([f"{name}.jpg" for name in names], np.array(patients))
    assert Stack(table, {}).others() == expected


def test_an_examination_is_referable_where_one_photograph_is_and_knows_its_context() -> None:
    patients = np.array(["p1", "p1", "p2"])
    table = Graded((Path("a"), Path("b"), Path("c")), np.array([False, True, False]), patients, "")
    stack = Stack(table, {"p1": {"age": 50.0}})
    cases = stack.cases(
        Asks.EXAMINATION, np.array([[0.1], [0.9], [0.5]]), np.arange(3), stack.fields
    )
    assert cases.truth.tolist() == [True, False]
    assert cases.rows.tolist() == [[0.1, 0.1, 0.9, 0.9, 50, 0], [0.5, 0.5, 0.5, 0.5, 50, 1]]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('forests = ["eye", "eye"]', "twice"),
        ('context = "more.csv"', "examinations"),
        ("checkpoints = 1", "checkpoints"),
        ('forests = ["nose"]', "forests"),
    ],
)
def test_an_ensemble_that_cannot_be_made_is_told_before_the_training(text: str, why: str) -> None:
    whole = plan.write(msgspec.structs.replace(PLAN, ensemble=msgspec.UNSET))
    with pytest.raises(Refusal, match=why):
        plan.parse(f"{whole}\n[ensemble]\n{text}\n", "plan.toml")


@pytest.mark.parametrize(
    ("rows", "why"),
    [("P-1,50\nP-2,60\n", "None of its patients"), ("p01,50\np01,60\n", "more than one row")],
)
def test_a_table_of_context_that_is_of_others_or_says_two_things_is_refused(
    run: Run, pictures: Pictures, rows: str, why: str
) -> None:
    (run.data / "context.csv").write_text(f"patient_visit,age\n{rows}")
    with pytest.raises(Refusal, match=why):
        joined(run, pictures, forests=(Asks.EXAMINATION,), context="context.csv")


def test_a_plan_with_an_ensemble_reads_as_it_was_written() -> None:
    assert plan.parse(plan.write(PLAN), "plan.toml") == PLAN
    assert Grid(PLAN.ensemble.trees, PLAN.ensemble.depths) == Grid((2, 3), (2,))  # type: ignore[union-attr]
