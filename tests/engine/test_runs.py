"""What a run's numbers mean is told in plain words, and its best and its time left are right."""

import json
from pathlib import Path

import pytest

from engine import locks, run_notes, runs
from engine.runs import Facts, Pass, Seen, Status


def seen(*rows: Pass, state: str = "running", **facts: object) -> Seen:
    made = Facts(**{"passes": 20, "held_out": 200, "held_referable": 100, **facts})  # type: ignore[arg-type]
    status = Status(state, runs.PART, len(rows), 20, 0.5)
    return Seen(Path("run"), status, made, rows, (), (), False)


def row(number: int, area: float, *, held_error: float = 0.2, low: float | None = None) -> Pass:
    return Pass(number, 0.1, held_error, area, low or area - 0.05, area + 0.05, seconds=10.0)


def test_the_best_round_has_the_largest_area_and_of_equal_ones_the_smaller_error() -> None:
    rows = row(1, 0.8, held_error=0.3), row(2, 0.9, held_error=0.3), row(3, 0.9, held_error=0.2)
    assert seen(*rows).best is rows[2]


def test_the_time_left_counts_the_round_under_way() -> None:
    assert seen(row(1, 0.8), row(2, 0.9)).seconds_left == pytest.approx(10.0 * 17.5)
    assert seen(row(1, 0.8), state="done").seconds_left is None
    assert seen().seconds_left is None


def kappa_row(value: float, low: float, high: float) -> dict[str, object]:
    """What a run of stages notes, of both heads first."""
    figures = {"quadratic_kappa": value, "kappa_interval": [low, high]}
    return {"tellers": [{"name": "both heads", "figures": figures}]}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (seen(row(1, 0.9), row(2, 0.8), row(3, 0.8), row(4, 0.8)), "No gain for 3 rounds"),
        (seen(row(1, 0.52, low=0.4)), "The interval does not lie above 0.5"),
        (seen(row(1, 0.7, low=0.4), *(row(n, 0.5) for n in (2, 3, 4))), "not lie above 0.5"),
        (
            seen(Pass(1, 0.1, 0.1, 1.0, 1.0, 1.0)),
            "With few pictures that may be chance",
        ),
        (seen(held_out=20, held_referable=7), "Only 7 referable pictures are held out"),
        (seen(held_out=200, held_referable=199), "Only 1 other picture is held out"),
        (seen(pictures_as_patients=True), "No name tells which pictures are of one patient"),
        (seen(), "No patient is in both"),
        (
            seen(Pass(1, 0.1, 0.25, 0.6, 0.4, 0.8, held_spread=0.01)),
            "nearly the same for every held-out picture",
        ),
        (seen(left_out=(runs.LeftOut("a", "b"),)), "1 file was left out"),
    ],
)
def test_numbers_are_told_in_plain_words(found: Seen, said: str) -> None:
    assert any(said in note for note in run_notes.notes(found))


@pytest.mark.parametrize(
    ("told", "figure", "doubted"),
    [
        ({"area": 0.61, "interval": [0.52, 0.70]}, "A_z", False),
        ({"area": 0.61, "interval": [0.50, 0.72]}, "A_z", True),
        (kappa_row(0.3, 0.1, 0.5), "quadratic kappa", False),
        (kappa_row(0.1, -0.1, 0.3), "quadratic kappa", True),
    ],
)
def test_a_cross_validation_that_may_be_chance_is_told_as_soon_as_it_is_measured(
    told: dict[str, object], figure: str, doubted: bool, tmp_path: Path
) -> None:
    rows = ({"part": "fold-0", "pass": 1, "error": 0.2}, {"part": runs.OUT_OF_FOLD, **told})
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    found = runs.see(tmp_path)
    assert found.measured is not None
    assert found.measured.figure == figure
    assert found.in_folds
    assert (f"better than chance: on pictures not learnt from its {figure} is" in
            run_notes.doubt(found)) == doubted  # fmt: skip
    assert not found.shippable


@pytest.mark.parametrize(("low", "doubted"), [(0.49, True), (0.55, False)])
def test_a_best_round_that_may_be_no_better_than_a_guess_is_doubted(
    low: float, doubted: bool
) -> None:
    best = runs.Pass(1, 0.1, held_error=0.15, area=0.83, area_low=low, area_high=0.96)
    said = run_notes.doubt(seen(best, held_out=12, held_referable=6))
    assert ("A_z is 0.830, 95% interval 0.490 to 0.960, and a guess has 0.5" in said) == doubted
    assert bool(said) == doubted


def test_a_flat_curve_is_not_called_flat_while_it_gains() -> None:
    notes = run_notes.notes(seen(*(row(number, 0.7 + 0.02 * number) for number in range(1, 6))))
    assert not any("No gain" in note for note in notes)


def test_no_round_is_said_to_be_kept_of_a_network_that_did_not_learn() -> None:
    rows = [row(number, 0.6) for number in range(1, 6)]
    assert any("is kept" in note for note in run_notes.notes(seen(*rows, state="done")))
    assert not any("is kept" in note for note in run_notes.notes(seen(*rows, state="refused")))


def test_looks_of_rounds_that_are_to_be_trained_again_are_not_told(tmp_path: Path) -> None:
    (tmp_path / runs.LOOKS).mkdir()
    for number in (1, 2, 3):
        (tmp_path / runs.LOOKS / f"{number:05d}.npy").touch()
    (tmp_path / "metrics.jsonl").write_text('{"part":"network","pass":1,"error":1.0}\n{"part":"n')
    assert runs.see(tmp_path).looks == (1,)


def test_a_run_that_is_asked_to_stop_is_told_as_stopping(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text('{"state":"running","part":"network"}')
    with (tmp_path / "lock").open("wb") as lock:
        locks.take(lock)
        runs.ask(tmp_path, runs.STOP)
        assert runs.status(tmp_path).state == "stopping"
        runs.take_back(tmp_path, runs.STOP)
        assert runs.status(tmp_path).state == "running"
