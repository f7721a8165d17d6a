"""A run folder is never begun twice, and what is in it is whole."""

import json
from pathlib import Path

import pytest
import torch

from engine.errors import Refusal
from engine.training.run import Run, listed


def test_a_folder_with_a_run_in_it_is_refused_with_how_to_go_on(tmp_path: Path) -> None:
    Run.begin(tmp_path / "run", "", tmp_path)
    with pytest.raises(Refusal, match="lesionlens resume"):
        Run.begin(tmp_path / "run", "", tmp_path)


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"holds no plan\.toml"):
        Run.open(tmp_path)


def test_a_checkpoint_comes_back_with_its_facts(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    run.save("part", 3, {"a": torch.arange(3.0)}, {"passes": 3})
    tensors, facts = Run.open(tmp_path / "run").newest("part") or ({}, None)
    assert tensors["a"].tolist() == [0, 1, 2]
    assert facts == {"passes": 3}


def test_a_part_is_not_taken_for_another_whose_name_begins_alike(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    run.save("fold-1", 1, {"a": torch.zeros(1)}, {})
    assert run.newest("fold") is None


def test_the_status_tells_state_and_place(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    run.tell("running", "fold-1", 3, 9)
    status = json.loads((run.folder / "status.json").read_text())
    assert (status["state"], status["part"], status["done"], status["total"]) == (
        "running",
        "fold-1",
        3,
        9,
    )


@pytest.mark.parametrize("missing", ["plan.toml", "data.json"])
def test_half_a_run_folder_is_refused(tmp_path: Path, missing: str) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    (run.folder / missing).unlink()
    with pytest.raises(Refusal, match=f"holds no {missing}"):
        Run.open(run.folder)


def test_other_data_than_a_run_began_with_are_refused(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    run.hold_to("one")
    run.hold_to("one")
    with pytest.raises(Refusal, match="were changed since it began"):
        run.hold_to("two")


def test_rows_of_passes_that_are_trained_again_are_taken_back(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    for part, row in (
        ("one", {"pass": 1}), ("one", {"pass": 2}), ("one", {"restarted_with_gain": 1.3}),
        ("two", {"pass": 2}), ("one", {"pass": 1}), ("one", {"pass": 2}),
    ):  # fmt: skip
        run.note(part, row)
    path = run.folder / "metrics.jsonl"
    path.write_text(path.read_text() + '{"time": "20')
    run.rewind("one", 1)
    run.note("one", {"pass": 2, "again": True})
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(row["part"], row.get("pass"), "again" in row) for row in rows] == [
        ("one", 1, False), ("one", 2, False), ("one", None, False),
        ("two", 2, False), ("one", 1, False), ("one", 2, True),
    ]  # fmt: skip


def test_a_run_is_carried_out_by_one_process_at_a_time(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    with run.held():
        run.tell("running", "fold-1", 3, 9)
        assert run.status()["state"] == "running"
        with pytest.raises(Refusal, match="Another process"), Run.open(run.folder).held():
            pass
    with run.held():
        pass


def test_a_run_whose_process_was_killed_says_that_it_is_stopped(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    with run.held():
        run.tell("running", "fold-1", 3, 9)
    assert run.status()["state"] == "interrupted"


def test_a_pack_that_lies_beside_runs_is_none(tmp_path: Path) -> None:
    run = Run.begin(tmp_path / "run", "", tmp_path)
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "plan.toml").touch()
    assert [each.folder for each in listed(tmp_path)] == [run.folder]
