"""Run folders of training beside each other in one table of lesions, each network unseeing."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import cli
from engine.answers import Criterion
from engine.errors import Refusal
from engine.evaluation import froc, lesion_sets
from engine.images.photograph import open_picture
from engine.networks import registry
from engine.networks.lesion_network import Member, any_lesion, folded
from engine.networks.lesion_network import initialise as initialise_member
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.phantoms import eye_files
from engine.preparation.fundus import prepare
from engine.reproduction import finished, from_runs
from engine.task import Task
from engine.training.run import Run

PLAN = """
recipe = "retinopathy"
[pack]
name = "p"
version = "1"
title = "t"
licence = "x"
intended_use = "u"
[data]
grades = "grading.csv"
name = "n"
licence = "l"
source = "s"
limits = "l"
folds = 2
[network]
size = 112
[optimisation]
passes = 1
"""


LESIONS = """
recipe = "lesions"
[pack]
name = "p"
version = "1"
title = "t"
licence = "x"
intended_use = "u"
[data]
grades = "grading.csv"
name = "n"
licence = "l"
source = "s"
limits = "l"
folds = 2
[network]
size = 128
[schedule]
steps = 150
"""
"""Two passes: one of 100 steps, and the rest."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two eyes with marked lesions, whose patients are among eight graded ones."""
    folder = tmp_path_factory.mktemp("data")
    for seed in (0, 1):
        eye_files.write(folder / f"eye{seed}.png", seed, severity=3, width=520)
    rows = [f"eye{seed},{2 * (seed % 2)},p{seed}" for seed in range(8)]
    text = "\n".join(["image,dr_grade,patient_visit", *rows])
    (folder / "grading.csv").write_text(text)
    for seed in range(2, 8):
        (folder / f"eye{seed}.png").write_text(f"{seed}: never opened")
    return folder


def run(folder: Path, data: Path, more: str = "", folds: int = 2) -> Path:
    """A run whose networks are not trained."""
    begun = Run.begin(folder, PLAN + more, data)
    network = registry.build("net_b", {"size": 112})
    assert isinstance(network, OperatorNetwork)
    for fold in range(folds):
        initialise(network, torch.Generator().manual_seed(fold))
        tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
        begun.save(f"fold-{fold}", 1, tensors, {"passes": 1})
    return folder


def drawing(folder: Path, data: Path, passes: int = 2) -> Path:
    """A run of networks that draw lesions, not trained."""
    begun = Run.begin(folder, LESIONS, data)
    member = Member(norm=True)
    for fold in range(2):
        initialise_member(member, torch.Generator().manual_seed(fold))
        tensors = {f"network.kept.{name}": value for name, value in member.state_dict().items()}
        begun.save(f"fold-{fold}", passes, tensors, {"passes": passes})
    return folder


def test_a_run_of_networks_that_draw_lesions_is_judged_by_what_they_offer_on_unseen_patients(
    tmp_path: Path, data: Path
) -> None:
    folder = drawing(tmp_path / "drawing", data)
    beside = run(tmp_path / "plain", data)
    found = lesion_sets.find(data)
    source, fold_of = from_runs.heatmaps([folder, beside], found, (), torch.device("cpu"))
    assert source.criteria == ("lesions", "pi", "omega", "π, ν 0")
    assert "drawing: 128 pixels; plain: ν 0" in " ".join(source.about.notes)
    photograph = open_picture(data / "eye0.png")
    shown = source.of(photograph, Task())["lesions"].heatmap.values
    # The network of the other fold has learnt from this patient.
    member = Member(norm=True)
    initialise_member(member, torch.Generator().manual_seed(fold_of["eye0"]))
    prepared = prepare(photograph.pixels, 128)
    with torch.inference_mode():
        drawn = folded([member.eval()], 128).draw(torch.from_numpy(prepared.values)[None])
        expected = any_lesion(drawn, 128)[0].numpy() * prepared.mask
    np.testing.assert_allclose(shown, expected, atol=1e-6)


def test_a_run_of_networks_that_draw_lesions_is_not_judged_before_its_end(
    tmp_path: Path, data: Path
) -> None:
    folder = drawing(tmp_path / "drawing", data, passes=1)
    with pytest.raises(Refusal, match="2 of its 2 folds have no network yet"):
        from_runs.heatmaps([folder], lesion_sets.find(data), (), torch.device("cpu"))


def test_a_run_that_tells_stages_is_refused_in_words(tmp_path: Path, data: Path) -> None:
    folder = Run.begin(tmp_path / "staged", 'recipe = "stages"', data).folder
    with pytest.raises(Refusal, match="Its networks tell stages"):
        from_runs.heatmaps([folder], lesion_sets.find(data), (), torch.device("cpu"))


def test_the_first_run_has_all_criteria_and_the_others_one_column_each(
    tmp_path: Path,
    own_home: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(froc, "DRAWS", 20)
    first = run(tmp_path / "plain", data)
    second = run(tmp_path / "sparse", data, "[sparsity]\nnu = 0.01\n")
    arguments = ["evaluate", "--question", "retinopathy", "--lesions", str(data), "--json"]
    more = ["--run", str(first), "--run", str(second), "--quiet", "--device", "processor"]
    assert cli.main([*arguments, *more]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["pictures"] == 2
    names = ["pi", "omega", "relevance", "π, ν 0.01"]
    assert list(said["areas"]["haemorrhages"]) == names
    # The same networks make the same heatmaps: nothing differs.
    less = said["variants"][0]["differences"]["π, ν 0.01"]["mean"]
    assert less["value"] == 0
    assert less["interval"] == [0, 0]
    assert "0 of 2 show patients whom none has seen" in " ".join(said["notes"])
    assert cli.main([*arguments, "--run", str(first), "--maps", str(data)]) == 2
    assert cli.main([*arguments, "--run", str(first), "--criterion", "pi_photograph"]) == 2


def test_each_photograph_goes_to_the_fold_that_holds_its_patient_back(
    tmp_path: Path, data: Path
) -> None:
    from engine.training import grades
    from engine.training import plan as plans

    folder = run(tmp_path / "run", data)
    plan, _ = plans.read(folder / "plan.toml")
    graded = grades.read(data / "grading.csv", plan.data)
    found = lesion_sets.find(data)
    _, fold_of = from_runs.heatmaps([folder], found, (), torch.device("cpu"))
    for fold, held in enumerate(graded.folds(2, plan.seed)):
        for row in held:
            name = graded.paths[row].stem
            assert fold_of.get(name, fold) == fold
    assert set(fold_of) == {"eye0", "eye1"}


def test_a_photograph_that_was_learnt_from_is_never_told_by_who_learnt_from_it(
    tmp_path: Path, data: Path
) -> None:
    folder = run(tmp_path / "run", data)
    found = lesion_sets.find(data)
    _, expected = from_runs.heatmaps([folder], found, (), torch.device("cpu"))
    # A second table calls the same patients otherwise.
    other = data / "other.csv"
    other.write_text("image,patient_visit\neye0,someone\neye1,somebody\n")
    try:
        source, fold_of = from_runs.heatmaps([folder], found, (), torch.device("cpu"))
    finally:
        other.unlink()
    assert fold_of == expected
    assert "0 of 2 show patients whom none has seen" in " ".join(source.about.notes)


def test_a_run_whose_sparsity_term_had_passes_of_its_own_is_judged_by_where_these_ended(
    tmp_path: Path, data: Path
) -> None:
    folder = run(tmp_path / "run", data, "[sparsity]\nnu = 0.01\npasses = 2\n")
    found = lesion_sets.find(data)
    with pytest.raises(Refusal, match="2 of its 2 folds have no network yet"):
        from_runs.heatmaps([folder], found, (Criterion.PI,), torch.device("cpu"))
    network = registry.build("net_b", {"size": 112})
    assert isinstance(network, OperatorNetwork)
    for fold in range(2):
        initialise(network, torch.Generator().manual_seed(10 + fold))
        tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
        Run(folder).save(f"fold-{fold}-sparse", 2, tensors, {"passes": 2})
    last = finished.open_run(folder).load()[1].state_dict()
    for name, value in network.state_dict().items():
        torch.testing.assert_close(last[name], value, rtol=0, atol=0)


def test_runs_that_have_learnt_from_others_cannot_stand_beside_each_other(
    tmp_path: Path, data: Path
) -> None:
    first = run(tmp_path / "first", data)
    other = run(tmp_path / "other", data)
    (other / "plan.toml").write_text(f"seed = 2\n{PLAN}")
    unended = run(tmp_path / "unended", data, folds=1)
    found = lesion_sets.find(data)
    with pytest.raises(Refusal, match="cannot stand beside first"):
        from_runs.heatmaps([first, other], found, (), torch.device("cpu"))
    with pytest.raises(Refusal, match="1 of its 2 folds have no network yet"):
        from_runs.heatmaps([unended], found, (), torch.device("cpu"))


def test_a_run_whose_grades_were_changed_since_is_not_judged(tmp_path: Path, data: Path) -> None:
    folder = run(tmp_path / "run", data)
    Run(folder).hold_to("what the grades were")
    with pytest.raises(Refusal, match="changed since it began"):
        from_runs.heatmaps([folder], lesion_sets.find(data), (), torch.device("cpu"))


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (PLAN.replace("passes = 1", 'passes = 2\nschedule = "cosine"'), "2 of its 2 folds have no"),
        (PLAN.replace("folds = 2", "held_out = 0.25"), "It has no folds"),
    ],
)
def test_a_run_that_has_not_ended_or_has_no_folds_is_not_judged(
    tmp_path: Path, data: Path, plan: str, why: str
) -> None:
    folder = run(tmp_path / "run", data)
    (folder / "plan.toml").write_text(plan)
    with pytest.raises(Refusal, match=why):
        from_runs.heatmaps([folder], lesion_sets.find(data), (), torch.device("cpu"))
