"""The door: what is a picture, what is a subcommand, and what loads for each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from viewer import main

HEAVY = (
    "torch", "torchvision", "sklearn", "skops", "SimpleITK", "pydicom", "scipy", "pyqtgraph",
    "typer", "captum", "PIL", "sqlalchemy", "alembic",
)  # fmt: skip
UNOPENED = (
    "cv2", "viewer.read.page", "viewer.read.photograph", "viewer.read.volumes",
    "viewer.read.drawings", "viewer.read.both_eyes", "viewer.read.regions", "viewer.read.form",
    "viewer.panes.photograph", "viewer.panes.slice_pane", "viewer.compare.page",
    "viewer.training.page",
)  # fmt: skip
"""What a window needs once something is opened, or another tab shown, and not before."""


def _run(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": str(folder),
            "XDG_CACHE_HOME": str(folder),
            **environment,
        },
    )


@pytest.mark.parametrize(
    "word",
    [
        "photo.jpg",
        "gone.TIFF",
        "./train",
        "folder/eye",
        "/tmp/a b.png",
        "Ärztin.webp",
        "scan.IMA",
        "DICOMDIR",
    ],
)
def test_these_words_name_a_picture(word: str) -> None:
    assert main.is_picture(word)


@pytest.mark.parametrize("word", ["train", "analyse", "analize", "--info", "packs", "frobnicate"])
def test_these_words_do_not(word: str) -> None:
    assert not main.is_picture(word)


def test_a_file_without_an_ending_is_a_picture_if_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not main.is_picture("IM000001")
    (tmp_path / "IM000001").touch()
    assert main.is_picture("IM000001")


def test_a_subcommand_goes_to_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine import cli

    given: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda words: given.append(list(words)) or 7)
    assert main.main(["packs", "show", "x.jpg"]) == 7
    assert main.main(["--info", "--json"]) == 7
    assert given == [["packs", "show", "x.jpg"], ["--info", "--json"]]


def test_every_subcommand_of_the_command_line_is_known_at_the_door() -> None:
    import typer

    from engine import cli

    known = typer.main.get_command(cli.app)
    names = set(known.commands)  # type: ignore[attr-defined]
    assert names
    assert not [name for name in names if main.is_picture(name)]
    assert names <= main._subcommands()


def test_without_a_display_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main.main(["photo.jpg"]) == 1
    said = capsys.readouterr()
    assert "no display" in said.err
    assert said.out == ""


def test_a_file_that_is_not_there_is_told_without_a_window(tmp_path: Path) -> None:
    there = tmp_path / "there.jpg"
    there.touch()
    done = _run(
        "import sys; from viewer.main import main;"
        f"code = main([{str(there)!r}, {str(tmp_path / 'Müller gone.jpg')!r}]);"
        "assert not [m for m in sys.modules if m.startswith('PySide6')]; sys.exit(code)",
        tmp_path,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "“Müller gone.jpg” cannot be opened. There is no such file. "
        "Check whether it was moved, renamed or deleted.\n"
    )


def test_a_file_that_is_there_opens_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from viewer import application

    broken = tmp_path / "broken.jpg"
    broken.touch()
    opened: list[list[Path]] = []
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(application, "run", lambda paths, _: opened.append(paths) or 0)
    assert main.main([str(broken)]) == 0
    assert opened == [[broken]]


def test_the_version_comes_without_qt(tmp_path: Path) -> None:
    done = _run(
        "import sys; from viewer.main import main; code = main(['--version']);"
        "assert not [m for m in sys.modules if m.startswith(('PySide6', 'numpy', 'torch'))];"
        "sys.exit(code)",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()[0].isdigit()


def test_the_window_opens_where_none_of_its_folders_can_be_made(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch()
    code = (
        "import sys; from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QLabel;"
        "from PySide6.QtWidgets import QApplication; from viewer import application;"
        "end = QApplication.closeAllWindows;"
        "tell = lambda window: (window.client.ready.connect(lambda found: (print(found.packs and"
        " 'packs', [label.text() for label in window.rows.findChildren(QLabel)]), end())),"
        "QTimer.singleShot(40_000, end));"
        "sys.exit(application.run([], tell))"
    )
    kinds = ("CONFIG", "DATA", "CACHE", "STATE")
    done = _run(code, file, **{f"XDG_{kind}_HOME": str(file) for kind in kinds})
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("packs")
    assert f"{file}/lesionlens cannot be used: " in done.stdout


def _loaded(names: tuple[str, ...], made: str, folder: Path) -> str:
    """Those of ``names`` that a window's process holds at its first frame, once ``made`` is."""
    code = (
        "import sys; from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication;"
        "from viewer import application; from viewer.client.engine import EngineClient;"
        "EngineClient.start = lambda self: QTimer.singleShot(0, QApplication.closeAllWindows);"
        f"look = lambda window: ({made}, print([n for n in {names!r} if n in sys.modules]));"
        "sys.exit(application.run([], look))"
    )
    done = _run(code, folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_window_s_process_loads_nothing_that_learns(tmp_path: Path) -> None:
    assert _loaded(HEAVY, "window.read_page", tmp_path) == "[]"


def test_a_window_loads_nothing_to_show_pictures_with_before_its_first_frame(
    tmp_path: Path,
) -> None:
    assert _loaded(UNOPENED, "None", tmp_path) == "[]"
