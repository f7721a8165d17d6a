"""The command line as a whole: exit codes, interrupts, faults, and what is never written over."""

import signal
from pathlib import Path
from typing import Any

import pytest

from engine import cli, folders
from engine.preparation import fundus

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["analyse", "nowhere.jpg", "--question", "retinopathy"], 1),
        (["analyse", "nowhere.jpg", "--question", "weather"], 2),
        (["analyse", "nowhere.jpg"], 2),
        (["analyse", "nowhere.jpg", "--question", "retinopathy", "--heatmap", "map.gif"], 2),
        (["unheard-of"], 2),
        (["packs", "show", "unheard-of"], 1),
        (["packs", "export", "untrained", "nowhere/at/all"], 1),
        (["phantom", "eye", "/dev/null/eye.png"], 1),
        (["train", "nowhere.toml", "--quiet"], 1),
        (["--json"], 2),
        (["--version", "packs", "list"], 2),
        (["resume", "nowhere", "--quiet"], 1),
        (["--help"], 0),
    ],
)
def test_exit_codes_tell_refusals_from_wrong_usage(
    capsys: Captured, arguments: list[str], code: int
) -> None:
    assert cli.main(arguments) == code
    out, err = capsys.readouterr()
    assert bool(err) == (code != 0)
    assert bool(out) == (code == 0)


def test_a_photograph_is_never_written_over(
    capsys: Captured, eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = eye.read_bytes()
    monkeypatch.chdir(eye.parent)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--quiet", "--heatmap", eye.name]) == 2
    assert eye.read_bytes() == before
    assert "never written over" in " ".join(capsys.readouterr().err.split())


def test_a_fault_of_our_own_is_one_sentence_and_a_report_without_the_files_name(
    capsys: Captured, eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **_how: Any) -> Any:
        raise RuntimeError(eye.name)

    monkeypatch.setattr(fundus, "resize_beside", broken)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--json", "--quiet"]
    assert cli.main([*arguments, "--pack", "untrained"]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("Something went wrong here, and it is our fault.")
    assert err.count("\n") == 1
    report = (folders.logs() / "command.txt").read_text()
    assert "in broken" in report
    assert eye.stem not in report


def test_an_interrupt_ends_with_130(
    capsys: Captured, eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fundus.resize_beside

    def interrupted(*arguments: Any, **how: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return real(*arguments, **how)

    monkeypatch.setattr(fundus, "resize_beside", interrupted)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--json", "--quiet"]
    assert cli.main([*arguments, "--pack", "untrained"]) == 130
    out, err = capsys.readouterr()
    assert not out
    assert "Interrupted" in err


def test_a_full_disk_under_a_heatmap_is_said(capsys: Captured, eye: Path, small_disk: Path) -> None:
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--heatmap", str(small_disk / "map.npy"), "--quiet"]) == 1
    assert "The system said: No space left on device." in capsys.readouterr().err
    assert list(small_disk.iterdir()) == []
