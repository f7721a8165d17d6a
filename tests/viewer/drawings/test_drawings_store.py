"""Drawings are shown at once, saved beside the window's thread, and undone and redone for ever."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from engine.drawings import Distance, Probe
from engine.errors import Refusal
from engine.records.place import FILE, file_in
from engine.records.store import open_records
from viewer.drawings.store import Drawings

PICTURE = "a" * 64


def line(name: str = "1", x: float = 9.0) -> Distance:
    return Distance(id=name, points=((0, 0, 0), (x, 0, 0)))


@pytest.fixture
def store(tmp_path: Path, qapp) -> Iterator[Drawings]:
    drawings = Drawings(tmp_path)
    yield drawings
    drawings.close()


def again(folder: Path, qtbot) -> Drawings:
    """The drawings after a restart."""
    drawings = Drawings(folder)
    with qtbot.waitSignal(drawings.changed):
        drawings.show(PICTURE)
    return drawings


def test_a_drawing_is_there_at_once_and_said_to_be_saved_once_it_is_on_the_disk(
    store: Drawings, tmp_path: Path, qtbot
) -> None:
    with qtbot.waitSignal(store.saved) as said:
        store.add(PICTURE, line())
        assert store.of(PICTURE) == (line(),)
        assert store.unsaved == 1
    assert said.args[0].startswith("draft saved ")
    assert store.unsaved == 0
    with open_records(tmp_path) as records:
        assert len(records.events(PICTURE)) == 1


def test_undo_and_redo_hold_across_a_restart(store: Drawings, tmp_path: Path, qtbot) -> None:
    store.add(PICTURE, line())
    store.change(PICTURE, line(x=20))
    store.add(PICTURE, line("2"))
    store.remove(PICTURE, "1")
    store.undo(PICTURE)
    assert store.close()
    anew = again(tmp_path, qtbot)
    assert anew.of(PICTURE) == (line(x=20), line("2"))
    anew.undo(PICTURE)
    anew.undo(PICTURE)
    assert anew.of(PICTURE) == (line(),)
    assert anew.close()
    third = again(tmp_path, qtbot)
    for _ in range(3):
        third.redo(PICTURE)
    assert third.of(PICTURE) == (line("2"),)
    assert third.reading(PICTURE).to_redo is None
    third.close()


def test_nothing_to_undo_is_no_act(store: Drawings) -> None:
    store.undo(PICTURE)
    store.redo(PICTURE)
    assert store.unsaved == 0


def test_a_change_that_changes_nothing_is_no_act(store: Drawings, qtbot) -> None:
    with qtbot.waitSignal(store.saved):
        store.add(PICTURE, line())
    store.change(PICTURE, line())
    assert store.unsaved == 0


def test_opening_a_picture_says_nothing_of_saving(store: Drawings, tmp_path: Path, qtbot) -> None:
    with qtbot.waitSignal(store.saved):
        store.add(PICTURE, line())
    anew = Drawings(tmp_path)
    said: list[str] = []
    anew.saved.connect(said.append)
    with qtbot.waitSignal(anew.changed):
        anew.show(PICTURE)
    assert anew.of(PICTURE) == (line(),)
    assert said == []
    anew.close()


def test_who_only_looks_is_given_no_records(store: Drawings, tmp_path: Path, qtbot) -> None:
    with qtbot.waitSignal(store.changed):
        store.show(PICTURE)
    assert not file_in(tmp_path).exists()


def test_pictures_do_not_share_drawings_nor_their_undo(store: Drawings) -> None:
    store.add(PICTURE, line())
    store.add("b" * 64, line("2"))
    store.undo(PICTURE)
    assert store.of(PICTURE) == ()
    assert store.of("b" * 64) == (line("2"),)


def test_two_windows_on_one_picture_come_to_the_same(
    store: Drawings, tmp_path: Path, qtbot
) -> None:
    other = Drawings(tmp_path)
    for one in (store, other):
        with qtbot.waitSignal(one.changed):
            one.show(PICTURE)
    with qtbot.waitSignal(store.saved):
        store.add(PICTURE, line("1"))
    with qtbot.waitSignal(other.saved):
        other.add(PICTURE, line("2"))
    assert other.of(PICTURE) == (line("1"), line("2"))
    # The first window knows nothing of the second's act, and undoes its own: it came too late.
    with qtbot.waitSignal(store.saved):
        store.undo(PICTURE)
    assert store.of(PICTURE) == (line("1"), line("2"))
    other.close()


def test_what_cannot_be_saved_stays_is_told_and_is_saved_when_it_can_be(
    store: Drawings, tmp_path: Path, qtbot
) -> None:
    (tmp_path / FILE).write_bytes(b"damaged" * 1000)
    with qtbot.waitSignal(store.not_saved) as told:
        store.add(PICTURE, line())
        store.add(PICTURE, line("2"))
    assert isinstance(told.args[0], Refusal)
    assert store.of(PICTURE) == (line(), line("2"))
    assert store.unsaved == 2
    refused: list[object] = []
    again: list[object] = []
    store._refused.connect(lambda refusal: refused.append(refusal))
    store.not_saved.connect(again.append)
    store.add(PICTURE, line("3"))
    store.undo(PICTURE)
    # No waitSignal: what the worker's thread sends after the first would find a freed receiver.
    store._worker.wait()
    QCoreApplication.processEvents()
    assert refused
    assert again == []
    (tmp_path / FILE).unlink()
    with qtbot.waitSignal(store.saved):
        store.save()
    assert store.unsaved == 0
    with open_records(tmp_path) as records:
        assert len(records.events(PICTURE)) == 4


def test_a_folder_that_cannot_be_made_is_told_and_tried_again(
    tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file := tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(file))
    store = Drawings()
    with qtbot.waitSignal(store.not_saved) as told:
        store.add(PICTURE, line())
    assert str(file) in told.args[0].why
    assert store.unsaved == 1
    file.unlink()
    with qtbot.waitSignal(store.saved):
        store.save()
    assert store.close()


def test_a_folder_that_cannot_be_looked_at_is_told(tmp_path: Path, qtbot) -> None:
    store = Drawings(tmp_path / ("x" * 300))
    with qtbot.waitSignal(store.not_saved):
        store.add(PICTURE, line())
    assert not store.close()


def test_leaving_with_something_unsaved_says_so(store: Drawings, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"damaged" * 1000)
    store.add(PICTURE, line())
    assert not store.close()
    (tmp_path / FILE).unlink()
    assert store.close()


def test_what_is_drawn_while_a_picture_is_still_read_is_saved_once_its_hash_is_known(
    store: Drawings, tmp_path: Path, qtbot
) -> None:
    subject = store.unsettled()
    store.add(subject, line())
    store.add(subject, line("2"))
    store.undo(subject)
    assert store.of(subject) == (line(),)
    assert not file_in(tmp_path).exists()
    with qtbot.waitSignal(store.saved):
        store.settle(subject, PICTURE)
    assert store.of(PICTURE) == (line(),)
    assert store.unsaved == 0
    assert store.close()
    anew = again(tmp_path, qtbot)
    assert anew.of(PICTURE) == (line(),)
    anew.redo(PICTURE)
    assert anew.of(PICTURE) == (line(), line("2"))
    anew.close()


def test_what_a_newer_version_drew_is_counted_and_left_alone(tmp_path: Path, qtbot) -> None:
    with open_records(tmp_path) as records:
        records.append(
            PICTURE, "drawing added", {"type": "drawing added", "act": "1", "drawing": {}}
        )
        records.append(PICTURE, "report signed", {})
    drawings = again(tmp_path, qtbot)
    assert drawings.of(PICTURE) == ()
    assert drawings.unreadable(PICTURE) == 1
    drawings.add(PICTURE, Probe(id="1", points=((1, 1, 0),)))
    assert drawings.close()


DRAWS = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from engine.drawings import Probe
from viewer.drawings.store import Drawings
application = QCoreApplication([])
drawings = Drawings(Path(sys.argv[1]))
def draw(*_):
    made = len(drawings.of("a"))
    print(made, flush=True)
    drawings.add("a", Probe(id=str(made), points=((made, 0, 0),)))
drawings.saved.connect(draw)
draw()
application.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_what_was_shown_as_saved_is_there_after_a_kill(tmp_path: Path, qtbot) -> None:
    command = [sys.executable, "-c", DRAWS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(30)]
        process.kill()
        said += process.stdout.read().splitlines()
    shown_as_saved = int([word for word in said if word.strip().isdigit()][-1])
    with open_records(tmp_path) as records:
        assert len(records.events("a")) >= shown_as_saved >= 29
        assert records.verify() is None


def test_the_databases_library_waits_until_there_is_something_to_keep() -> None:
    code = (
        "import sys; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([]);"
        "from viewer.drawings.store import Drawings; Drawings();"
        "print([name for name in ('sqlalchemy', 'alembic', 'mako') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.stdout.strip() == "[]", ran.stderr
