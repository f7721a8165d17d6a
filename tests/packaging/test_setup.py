"""The set-up does what is needed once, nothing the second time, and says what it cannot do."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import checks
import commands
import environment
import first_look
import pytest
import screen
from speech import SetupError

PROJECT = Path(__file__).resolve().parents[2]
BOOTSTRAP = PROJECT / "packaging" / "bootstrap.py"


class Machine:
    """A project folder of its own, whose pip and venv are only noted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.installed: list[list[str]] = []
        self.made = 0
        self.starts = False
        (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        (folder / "constraints.txt").write_text("torch==2\n", encoding="utf-8")

    def create(self) -> None:
        self.made += 1
        self.starts = True
        (self.folder / ".venv").mkdir(exist_ok=True)

    def pip(self, *words: str) -> None:
        self.installed.append(list(words))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setattr(environment, "PROJECT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(environment, "_create", made.create)
    monkeypatch.setattr(environment, "_pip", made.pip)
    monkeypatch.setattr(environment, "_starts", lambda: made.starts)
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    return made


def test_a_first_set_up_installs_torch_before_the_project(machine: Machine) -> None:
    environment.make(environment.RUN)
    builder, torch, project = machine.installed
    assert builder == ["--upgrade", "pip", "hatchling", "editables"]
    assert torch == ["torch", "torchvision"]
    assert project == ["--no-build-isolation", "--editable", str(machine.folder)]


def test_a_second_set_up_does_nothing(machine: Machine) -> None:
    environment.make(environment.RUN)
    machine.installed.clear()
    environment.make(environment.RUN)
    assert machine.installed == []
    assert machine.made == 1


def test_the_checks_add_their_extras_to_what_runs(machine: Machine) -> None:
    environment.make(environment.RUN)
    environment.make(environment.WORK)
    assert machine.installed[-1][-1].endswith("[bench,dev]")
    machine.installed.clear()
    environment.make(environment.RUN)
    assert machine.installed == []


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_pin_or_need_is_installed(machine: Machine, name: str) -> None:
    environment.make(environment.RUN)
    machine.installed.clear()
    (machine.folder / name).write_text("changed\n", encoding="utf-8")
    environment.make(environment.RUN)
    assert machine.installed
    assert machine.made == 1, "what is there already is kept"


def test_an_interrupted_set_up_is_done_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_pip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.make(environment.RUN)
    monkeypatch.setattr(environment, "_pip", machine.pip)
    environment.make(environment.RUN)
    assert len(machine.installed) == 3


def test_an_environment_that_does_not_start_is_made_anew(machine: Machine) -> None:
    environment.make(environment.RUN)
    machine.starts = False
    environment.make(environment.RUN)
    assert machine.made == 2


def test_a_damaged_stamp_counts_as_none(machine: Machine) -> None:
    environment.make(environment.RUN)
    (machine.folder / ".venv" / environment.STAMP).write_text("{", encoding="utf-8")
    machine.installed.clear()
    environment.make(environment.RUN)
    assert machine.installed


def test_the_index_that_a_person_names_serves_torch_alone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_INDEX", "https://index.example/cpu")
    environment.make(environment.RUN)
    named = [words for words in machine.installed if "--index-url" in words]
    assert named == [["--index-url", "https://index.example/cpu", "torch", "torchvision"]]


def test_a_python_without_venv_is_told_the_line_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name)
    )
    monkeypatch.setattr(environment, "_starts", lambda: False)
    with pytest.raises(SetupError, match="apt-get install -y make python3-venv"):
        environment.require_venv()


def test_the_readme_names_the_same_line() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert "apt-get install -y make python3-venv" in readme


@pytest.mark.parametrize("word", [[], ["walk"], ["run", "twice"]])
def test_wrong_usage_is_told_what_can_be_asked(
    word: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(word) == 2
    assert "run|test|proof|format" in capsys.readouterr().err


def test_a_stop_is_words_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped() -> int:
        raise SetupError("Install this first.")

    monkeypatch.setitem(commands.COMMANDS, "run", stopped)  # type: ignore[arg-type]
    assert commands.main(["run"]) == 1
    assert capsys.readouterr().err == "Install this first.\n"


def test_every_target_of_the_makefile_is_a_command() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    asked = {
        row.split()[-1] for row in makefile.splitlines() if "bootstrap.py " in row and "\t" in row
    }
    assert asked == commands.COMMANDS.keys()


def test_an_older_python_finds_a_newer_one_or_is_told() -> None:
    # A Python that only pretends to be old: its path holds no newer one.
    program = (
        "import sys, runpy\n"
        "sys.version_info = (3, 8, 18)\n"
        f"runpy.run_path({str(BOOTSTRAP)!r}, run_name='__main__')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": os.devnull},
    )
    assert told.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.8" in told.stderr


def test_the_first_file_is_in_words_that_python_3_8_reads() -> None:
    import ast

    ast.parse(BOOTSTRAP.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_qt_starts_offscreen_in_the_trial() -> None:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    assert screen.fault(Path(sys.executable), variables) == ""


def test_a_screen_that_is_not_there_is_a_sentence_and_not_an_abort() -> None:
    variables = {**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": ":4711"}
    words = screen.fault(Path(sys.executable), variables)
    # Which it says depends on whether this machine has the libraries of a screen at all.
    assert "4711" in words or "xcb" in words


def test_the_first_eye_has_lesions_to_see_and_can_be_graded() -> None:
    from engine.phantoms.eye import draw_eye
    from engine.pictures import Photograph
    from engine.questions.looking import see

    eye = draw_eye(int(first_look.SEED))
    assert sum(bool(mask.any()) for mask in eye.lesions.values()) >= 3
    assert see(Photograph(eye.pixels, "eye.png", ""), 448).reasons == ()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of the program that a first look runs; each answers with an empty object."""
    monkeypatch.setattr(first_look, "OUT", tmp_path / "out")
    monkeypatch.setattr(screen, "provide_libraries", lambda _: None)
    monkeypatch.setattr(environment, "make", lambda _: None)
    ran: list[list[str]] = []

    def program(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(command[1:])
        return subprocess.CompletedProcess(command, 0, stdout="{}\n")

    monkeypatch.setattr(first_look.subprocess, "run", program)
    monkeypatch.setattr(first_look.subprocess, "call", lambda command: ran.append(command[1:]) or 0)
    return ran


def test_with_a_screen_the_window_opens_on_the_phantom(
    asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "is_named", lambda _: True)
    monkeypatch.setattr(screen, "fault", lambda *_: "")
    assert first_look.show() == 0
    assert [words[0] for words in asked[:-1]] == ["phantom"]
    assert asked[-1] == [str(first_look.OUT / "phantom-eye.png")]


@pytest.mark.parametrize("named", [False, True])
def test_without_a_usable_screen_the_result_is_written_and_named(
    asked: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    named: bool,
) -> None:
    monkeypatch.setattr(screen, "is_named", lambda _: named)
    monkeypatch.setattr(screen, "fault", lambda *_: "could not connect to display :4711")
    assert first_look.show() == 0
    assert [words[0] for words in asked] == ["phantom", "analyse"]
    result = first_look.OUT / "phantom-eye.json"
    assert json.loads(result.read_text(encoding="utf-8")) == {}
    assert str(result) in capsys.readouterr().err


def test_tests_run_offscreen_where_no_virtual_screen_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks.shutil, "which", lambda _: None)
    assert checks._virtual_screen() == ((), {"QT_QPA_PLATFORM": "offscreen"})
