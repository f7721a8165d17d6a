"""The Train tab: what is dropped is checked, what is chosen is begun, what goes on is watched."""

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import run_folders
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenuBar, QWidget
from window_desk import _theme

from engine import folders, locks, run_notes, runs
from engine.runs import Check, FoundClass, LeftOut
from viewer.notices import Notice
from viewer.panels.bars import EngineChip
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.tokens import ThemeName
from viewer.training import room as rooms
from viewer.training.page import TrainingPage
from viewer.training.room import TrainingRoom
from viewer.training.watch import Listed, Watched, Watcher, columns_of, listed, newest

SET_OFF = TrainingRoom._set_off
TWO = (FoundClass("normal", 40, False), FoundClass("disease", 30, True))


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What processes were begun with; none is."""
    begun: list[list[str]] = []

    def run(room: TrainingRoom, arguments: list[str], *_: object) -> None:
        begun.append(list(arguments))

    def set_off(room: TrainingRoom, folder: Path, arguments: list[str]) -> None:
        begun.append(list(arguments))
        folder.mkdir(parents=True, exist_ok=True)
        room.watch(folder)
        room.begun.emit()

    monkeypatch.setattr(TrainingRoom, "_run", run)
    monkeypatch.setattr(TrainingRoom, "_set_off", set_off)
    return begun


class Presenter:
    """Takes packs."""

    def __init__(self) -> None:
        self.installed: list[tuple[Path, bool]] = []
        self.packs = (SimpleNamespace(path="/packs/clinic"),)
        self.chosen: list[str] = []

    def install_pack(self, path: Path, *, use: bool = True) -> None:
        self.installed.append((path, use))

    def choose_pack(self, pack: SimpleNamespace) -> None:
        self.chosen.append(pack.path)


@pytest.fixture
def page(qtbot) -> TrainingPage:
    """The page without the rest of the window."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    notices: list[Notice] = []
    window = SimpleNamespace(
        theme=_theme(application), presenter=Presenter(), tell=notices.append, notices=notices
    )
    room = TrainingRoom(application)
    made = TrainingPage(window, room)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1280, 700)
    made.show()
    yield made
    room.close()
    room._worker.wait()
    room.deleteLater()


def watch(page: TrainingPage, folder: Path) -> None:
    """As the timer would, in this thread."""
    page._room._watcher = Watcher(folder)
    page._room.seen.emit(page._room._watcher.look())


def found(**more: object) -> Check:
    return Check(**{"folder": "/data/eyes", "classes": TWO, "pictures": 70, "referable": 30,
                    "patients": 50, **more})  # type: ignore[arg-type]  # fmt: skip


def test_earlier_trainings_are_called_so_where_none_is_chosen(page: TrainingPage) -> None:
    assert not page.chooser.isVisible()
    page._show_runs((Listed(Path("/runs/a"), "eyes, 02 Jan 10:00, done"),))
    assert page.chooser.isVisible()
    empty = page.chooser.grab().toImage()
    page.chooser.setPlaceholderText("")
    assert page.chooser.grab().toImage() != empty


def drop(page: TrainingPage, path: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none.NoModifier)
    enter.setAccepted(False)
    page.dragEnterEvent(enter)
    if enter.isAccepted():
        page.dropEvent(QDropEvent(QPointF(9, 9), copy, data, left, none.NoModifier))
    return enter.isAccepted()


def click(button) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_folder_that_is_dropped_is_checked(page, asked, tmp_path: Path) -> None:
    assert drop(page, tmp_path)
    assert asked == [["check", str(tmp_path), "--json", "--quiet"]]
    assert page.setup._looking.isVisible()


def test_a_picture_that_is_dropped_is_left_to_the_window(page, asked, tmp_path: Path) -> None:
    path = tmp_path / "eye.png"
    path.touch()
    assert not drop(page, path)
    assert not asked


def test_the_wheel_scrolls_past_the_number_of_rounds(page) -> None:
    page._room.checked.emit(found())
    rounds = page.setup.plan.passes
    value, at, none = rounds.value(), QPointF(rounds.rect().center()), Qt.MouseButton.NoButton
    wheel = QWheelEvent(
        at, rounds.mapToGlobal(at), QPoint(), QPoint(0, 120), none,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(rounds, wheel)
    assert rounds.value() == value
    assert not wheel.isAccepted()


def test_what_was_chosen_is_begun_as_a_process_of_its_own(page, asked) -> None:
    page._room.checked.emit(found())
    page.setup.plan.sparse.click()
    page.setup.plan.passes.setValue(7)
    click(page.setup.start_button)
    (arguments,) = asked
    given = dict(pairwise(arguments))
    assert arguments[:3] == ["train", "--data", "/data/eyes"]
    assert (given["--passes"], given["--sparsity"], given["--size"]) == ("7", "0.001", "112")
    assert given["--referable"] == "disease"
    assert "--background" in arguments
    assert Path(given["--run"]).parent == folders.runs()
    assert page.run.isVisible()


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (found(refusal="3 patients are referable; 8 are needed."), "3 patients are referable"),
        (found(classes=(FoundClass("a", 9, None), FoundClass("b", 9, None))), "names do not tell"),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_begins(page, check: Check, said: str) -> None:
    page._room.checked.emit(check)
    assert not page.setup.start_button.isEnabled()
    assert said in words_on(page.setup)


def test_a_class_that_is_switched_is_checked_as_referable(page, asked, tmp_path: Path) -> None:
    drop(page, tmp_path)
    page._room.checked.emit(found())
    card = page.setup._found_column.itemAt(0).widget()
    card.switches["normal"].click()
    assert asked[-1][2:6] == ["--referable", "normal", "--referable", "disease"]


def test_files_that_are_left_out_are_named(page) -> None:
    page._room.checked.emit(found(left_out=(LeftOut("normal/a.txt", "It is no photograph."),)))
    assert "normal/a.txt: It is no photograph." in words_on(page.setup)


def test_a_run_is_shown_with_its_round_its_time_and_its_words(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6, 0.8, 0.7])
    with (folder / "lock").open("wb") as lock:
        locks.take(lock)
        watch(page, folder)
    assert page.run_block.round.text() == "Round 4 of 10, about 6 min left"
    assert page.area_curves.plot.figure.startswith("0.80 (0.70 to 0.90)")
    assert [mark.at for mark in page.area_curves.plot.marks] == [2]
    assert page.area_curves.plot.lines[0].points == ((1, 0.6), (2, 0.8), (3, 0.7))
    assert page.notes.notes == run_notes.notes(runs.see(folder))
    assert not page.ship_block.isVisible()


@pytest.mark.parametrize(
    ("button", "file"), [("pause_button", runs.PAUSE), ("stop_button", runs.STOP)]
)
def test_buttons_ask_the_run(page, tmp_path: Path, button: str, file: str) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    with (folder / "lock").open("wb") as lock:
        locks.take(lock)
        watch(page, folder)
        click(getattr(page.run_block, button))
        assert (folder / file).exists()
        watch(page, folder)
        if file == runs.PAUSE:
            assert page.run_block.state.text() == "Paused"
            click(page.run_block.go_on_button)
            assert not (folder / file).exists()


def test_the_keyboard_stays_on_the_page_when_a_button_goes(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    with (folder / "lock").open("wb") as lock:
        locks.take(lock)
        watch(page, folder)
        page.run_block.pause_button.setFocus()
        runs.ask(folder, runs.PAUSE)
        watch(page, folder)
    assert page.focusWidget() is page.run_block.go_on_button
    run_folders.write(folder, [0.6], state="done")
    watch(page, folder)
    assert page.focusWidget() is page.run_block


def test_it_stays_there_also_while_another_window_is_in_front(page, tmp_path: Path, qtbot) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    with (folder / "lock").open("wb") as lock:
        locks.take(lock)
        watch(page, folder)
        page.run_block.pause_button.setFocus()
        other = QWidget()
        qtbot.addWidget(other)
        with qtbot.waitActive(other):
            other.show()
            other.activateWindow()
        runs.ask(folder, runs.PAUSE)
        watch(page, folder)
    assert page.focusWidget() is page.run_block.go_on_button


def test_a_run_whose_process_is_gone_can_go_on(page, asked, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    watch(page, folder)
    assert page.run_block.state.text() == "Interrupted"
    click(page.run_block.go_on_button)
    assert asked == [["resume", str(folder), "--background", "--quiet"]]


@pytest.mark.parametrize("state", ["stopped", "cancelled"])
def test_a_run_that_was_stopped_can_go_on(page, asked, tmp_path: Path, state: str) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6], state=state)
    watch(page, folder)
    assert "It can go on from" in page.run_block.said.text()
    click(page.run_block.go_on_button)
    assert asked == [["resume", str(folder), "--background", "--quiet"]]


def test_a_run_that_is_gone_on_with_is_looked_at_until_it_says_so(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6], state="stopped")
    for ago, looked_at in ((1.0, True), (rooms._BEGINNING + 1, False)):
        page._room._begun_at = time.monotonic() - ago
        page._room._timer.start()
        watch(page, folder)
        assert page._room._timer.isActive() is looked_at


def to_ship(folder: Path) -> Path:
    """A run that is done, with something that is a pack at first sight."""
    run_folders.write(folder, [0.6], state="done")
    (folder / "pack").mkdir()
    (folder / "pack" / "manifest.json").touch()
    return folder


def test_a_pack_ships_with_a_written_use_alone(page, asked, tmp_path: Path) -> None:
    folder = to_ship(tmp_path / "run")
    watch(page, folder)
    block = page.ship_block
    assert block.title.text() == "Clinic eyes"
    assert not block.button.isEnabled()
    block.use.setPlainText("Showing students what a network finds.")
    click(block.button)
    assert asked[0][:4] == ["ship", str(folder), "--name", "clinic-eyes"]
    assert "Showing students what a network finds." in asked[0]
    page._room.shipped.emit(folder, Path("/packs/clinic"))
    assert page._window.presenter.installed == [(Path("/packs/clinic"), False)]
    assert page._window.presenter.chosen == []
    assert "Until then the pack used so far reads." in block.said.text()
    click(block.use_button)
    assert page._window.presenter.chosen == ["/packs/clinic"]
    assert block.said.text() == "It is in force on the Read tab."
    assert block.use_button.isHidden()


def test_a_pack_is_offered_under_its_own_run_alone(page, tmp_path: Path, monkeypatch) -> None:
    ends = []
    monkeypatch.setattr(TrainingRoom, "_run", lambda _, __, *end: ends.append(end) or "process")
    for name in ("one-20260101-120000", "two-20260102-120000"):
        watch(page, to_ship(tmp_path / name))
        page.ship_block.use.setPlainText("Showing students what a network finds.")
        click(page.ship_block.button)
    block = page.ship_block
    assert block.said.text() == "A pack is being made already. Try again in a moment."
    assert block.button.isEnabled()
    ((take, fail),) = ends
    take(b'{"path": "/packs/one"}')
    assert page._window.presenter.installed == [(Path("/packs/one"), False)]
    assert block.use_button.isHidden()
    fail("It is there already.")
    assert block.said.text().startswith("A pack is being made")
    made, not_made = page._window.notices
    assert made.title.startswith("The training “one, ")
    assert "chosen on the Read tab" in made.detail
    assert not_made.detail == "It is there already."


def test_a_pack_that_is_made_while_no_run_is_shown_is_offered_when_its_run_is_again(
    page, tmp_path: Path, monkeypatch
) -> None:
    ends = []
    monkeypatch.setattr(TrainingRoom, "_run", lambda _, __, *end: ends.append(end) or "process")
    folder = to_ship(tmp_path / "one-20260101-120000")
    watch(page, folder)
    page.ship_block.use.setPlainText("Showing students what a network finds.")
    click(page.ship_block.button)
    click(page.new_button)
    ((take, _),) = ends
    take(b'{"path": "/packs/one"}')
    assert len(page._window.notices) == 1
    watch(page, folder)
    assert "chosen on the Read tab" in page.ship_block.said.text()
    assert page.ship_block.use_button.isVisible()
    assert page.ship_block.button.isEnabled()


def test_only_a_run_that_has_a_best_round_offers_to_keep_it(page, tmp_path: Path) -> None:
    of_rounds = run_folders.write(tmp_path / "rounds", [0.6])
    in_folds = run_folders.write(tmp_path / "folds", [])
    for folder, said in ((of_rounds, "Stop, keep best"), (in_folds, "Stop")):
        with (folder / "lock").open("wb") as lock:
            locks.take(lock)
            watch(page, folder)
            assert page.run_block.stop_button.isVisible()
            assert page.run_block.stop_button.text().strip() == said


def test_no_best_round_is_told_of_a_run_in_folds(page, tmp_path: Path) -> None:
    of_rounds = run_folders.write(tmp_path / "rounds", [0.6], state="done")
    in_folds = tmp_path / "folds"
    in_folds.mkdir()
    (in_folds / "metrics.jsonl").write_text(
        (of_rounds / "metrics.jsonl").read_text().replace(f'"{runs.PART}"', '"fold-0"')
    )
    (in_folds / "status.json").write_text('{"state": "done", "part": "pack"}')
    for folder, said in ((of_rounds, "the best round"), (in_folds, "the figures of its folds")):
        (folder / "pack").mkdir()
        (folder / "pack" / "manifest.json").touch()
        watch(page, folder)
        assert page.ship_block.isVisibleTo(page)
        assert said in page.ship_block.makes.text()
    assert "best" not in page.ship_block.makes.text()


def test_no_menu_goes_while_a_training_is_told_of_in_the_least_window(desk) -> None:
    window = desk.window
    window.resize(960, 600)
    menus = window.findChild(QMenuBar)
    last = menus.actions()[-1]
    for words in ("Training, round 12", "Engine ready", "Training, round 100"):
        window.training.chip_changed.emit(words)
        assert window.chip.words() == words
        shown = window.findChild(EngineChip)._words
        cut = "Training, r" if words.startswith("Training") else words
        desk.qtbot.waitUntil(lambda cut=cut, shown=shown: shown.text().startswith(cut))
        assert menus.width() >= menus.sizeHint().width()
        assert menus.actionGeometry(last).right() < menus.width()


def test_start_training_is_in_sight_in_the_least_window_and_beneath_the_form(desk) -> None:
    window = desk.window
    window.resize(960, 600)
    window.tabs.show_tab("train")
    page = window.tabs.page("train")
    warnings = tuple(f"{number} files were left out." for number in range(12))
    page._room.checked.emit(found(warnings=warnings))
    setup = page.setup
    bar = setup._form.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: bar.maximum() > 0 and setup.start_button.isVisible())
    for at in (0, bar.maximum()):
        bar.setValue(at)
        assert not setup.start_button.visibleRegion().isEmpty()
        assert setup.start_button.visibleRegion().boundingRect() == setup.start_button.rect()
    left = setup.start_button.mapTo(setup, QPoint()).x()
    assert left == setup.plan.mapTo(setup, QPoint()).x()
    page._room.said.emit("The training could not be begun. The system did not start it.")
    assert not setup._fault.visibleRegion().isEmpty()


@pytest.mark.parametrize("shippable", [False, True])
@pytest.mark.parametrize(
    ("low", "high", "doubted"), [(0.42, 0.66, True), (0.21, 0.44, True), (0.53, 0.66, False)]
)
def test_a_run_in_folds_tells_its_figure_and_whether_that_may_be_chance(
    page, tmp_path: Path, low: float, high: float, doubted: bool, shippable: bool
) -> None:
    told = {"part": runs.OUT_OF_FOLD, "area": (low + high) / 2, "interval": [low, high]}
    (tmp_path / "metrics.jsonl").write_text(json.dumps(told) + "\n")
    (tmp_path / "status.json").write_text('{"state": "done", "part": "pack"}')
    if shippable:
        (tmp_path / "pack").mkdir()
        (tmp_path / "pack" / "manifest.json").touch()
    watch(page, tmp_path)
    block = page.run_block
    assert block.figure.text().startswith(
        f"A_z {(low + high) / 2:.2f} ({low:.2f} to {high:.2f}), 95"
    )
    assert block.figure.isVisible()
    assert block.doubt.isVisible() == doubted
    assert (
        "better than chance: the interval does not lie above 0.5" in block.doubt.text()
    ) == doubted
    at_ship = page.ship_block.doubt
    assert at_ship.isVisibleTo(page) == (doubted and shippable)
    assert ("better than chance" in at_ship.text()) == doubted
    plots = page.error_curves.plot, page.area_curves.plot
    assert all("no curve is drawn" in plot.figure for plot in plots)


def test_a_run_with_a_held_out_part_is_not_called_cross_validated(page, tmp_path: Path) -> None:
    watch(page, run_folders.write(tmp_path, [0.6, 0.8], state="done"))
    assert not page.run_block.figure.isVisible()
    assert not page.run_block.doubt.isVisible()


@pytest.mark.parametrize("wide", [960, 1920])
def test_what_is_written_on_the_curves_lies_where_no_curve_comes(
    page, tmp_path: Path, wide: int, qtbot
) -> None:
    # Around a guess to the last round: line and band run to the plot's right end.
    watch(page, run_folders.write(tmp_path, [0.55, 0.48, 0.52] * 3 + [0.5], state="done"))
    page.resize(wide, 560 if wide == 960 else 1000)
    qtbot.waitUntil(lambda: page.width() == wide)
    curves = page.area_curves
    plot, box = curves.plot, curves._box()
    assert plot.rounds == 10
    words = {words: place for place, words, _ in curves.words_at(plot)}
    assert set(words) == {"a guess", "A_z"}
    assert all(place.left() > box.right() for place in words.values())
    assert all(place.right() <= curves.width() for place in words.values())
    assert not words["a guess"].intersects(words["A_z"])


def test_a_figure_that_has_no_room_beside_its_title_stands_below_it(page, tmp_path: Path) -> None:
    watch(page, run_folders.write(tmp_path, [0.7], state="done"))
    curves = page.area_curves
    wide = QFontMetrics(lettering.font(tokens.SECOND)).horizontalAdvance(curves.plot.figure)
    tops = []
    for width in (1200, wide + 40):
        curves.resize(width, 200)
        assert (curves._beside(curves.plot) or 16) + wide <= width
        tops.append(curves._box().top())
    assert tops[0] < tops[1]


def test_a_step_whose_line_has_no_room_is_cut_with_a_sign(page, tmp_path: Path, qtbot) -> None:
    watch(page, run_folders.write(tmp_path, [0.7]))
    second = page.steps._steps[1]._second
    for width, end in ((1900, "10 rounds"), (960, "…")):
        page.resize(width, 560)
        qtbot.waitUntil(lambda end=end: second.text().endswith(end))
        assert second.fontMetrics().horizontalAdvance(second.text()) <= second.width()
        assert second.toolTip() == "Net B, 112 px, 10 rounds"


def test_the_newest_look_is_not_called_now_rounds_later(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path, [0.6, 0.7, 0.7, 0.7])
    for number in (3, 4):
        (folder / runs.LOOKS / f"{number:05d}.npy").unlink()
    with (folder / "lock").open("wb") as lock:
        locks.take(lock)
        watch(page, folder)
        assert page.run_block.state.text() == "Running"
        assert page.looks.heads() == ["picture", "round 1", "2"]


def test_the_button_that_ships_says_what_it_waits_for(page) -> None:
    block = page.ship_block
    block.title.clear()
    assert "name" in block.button.toolTip()
    block.title.setText("Clinic eyes")
    block.version.clear()
    assert "version" in block.button.toolTip()
    block.version.setText("1.0.0")
    assert "intended use first, in 20 letters or more" in block.button.toolTip()
    block.use.setPlainText("For research on photographs of this clinic.")
    assert block.button.isEnabled()
    assert not block.button.toolTip()


@pytest.mark.parametrize(
    ("area", "error", "said"),
    [
        (0.55, 0.26, "nothing that held-out pictures show: its error on them is 0.260"),
        (0.55, 0.25, "always giving the same answer would have 0.250"),
        (0.8, 0.26, "It tells which is likelier"),
        (0.8, 0.2, ""),
    ],
)
def test_who_ships_what_has_learnt_nothing_is_told_before(
    page, asked, tmp_path: Path, area: float, error: float, said: str
) -> None:
    folder = run_folders.write(tmp_path / "run", [area], state="done")
    rows = (folder / "metrics.jsonl").read_text()
    held = f'"held_error": {error}'
    (folder / "metrics.jsonl").write_text(rows.replace('"held_error": 0.25', held))
    (folder / "pack").mkdir()
    (folder / "pack" / "manifest.json").touch()
    watch(page, folder)
    block = page.ship_block
    assert said in block.doubt.text()
    assert block.doubt.isHidden() == (not said)
    block.use.setPlainText("Showing students what a network finds.")
    click(block.button)
    assert ("--anyway" in asked[-1]) == bool(said)


def test_a_training_that_an_earlier_window_began_is_found(desk) -> None:
    folder = run_folders.write(folders.runs() / "eyes-20260101-120000", [0.6])
    assert newest(folders.runs()) is None
    with (folder / "lock").open("wb") as lock:
        locks.take(lock)
        assert newest(folders.runs()) == folder
        desk.window.training.find()
        desk.window.training._worker.wait()
        QApplication.processEvents()
        assert desk.window.training.folder == folder
        desk.window.training._worker.wait()
        QApplication.processEvents()
        assert desk.window.chip.words() == "Training, round 2"


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_training_is_named_by_one_clock_and_shown_by_the_local_one(
    page, asked, in_new_york
) -> None:
    before = datetime.now(UTC)
    page._room.begin(rooms.Wish(Path("/data/eyes"), (), "eyes"))
    named = page._room.folder.name
    assert named >= f"eyes-{before:%Y%m%d-%H%M%S}"
    assert named <= f"eyes-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    run_folders.write(folders.runs() / "mine-20260101-020000", [0.6], state="done")
    assert listed(folders.runs())[-1].words == "mine, 31 Dec 21:00, done"


@pytest.mark.parametrize(("done", "said"), [(8, "round 9"), (9, "round 10"), (10, "round 10")])
def test_the_chip_counts_no_round_behind_the_last(done: int, said: str) -> None:
    status = runs.Status("running", runs.PART, done, 10)
    seen = runs.Seen(Path("run"), status, runs.Facts(passes=10), (), (), (), False)
    assert rooms.chip_words(Watched(seen)) == f"Training, {said}"


def test_an_earlier_training_can_be_chosen(page) -> None:
    folder = run_folders.write(folders.runs() / "eyes-20260101-120000", [0.6, 0.7], state="done")
    page._room.list_runs()
    page._room._worker.wait()
    QApplication.processEvents()
    begun = datetime(2026, 1, 1, 12, tzinfo=UTC).astimezone()
    assert page.chooser.itemText(0) == f"eyes, {begun:%d %b %H:%M}, done"
    page.chooser.activated.emit(0)
    page._room._worker.wait()
    QApplication.processEvents()
    assert page._room.folder == folder
    assert page.run_block.said.text() == "Round 2 is kept."


def test_a_training_that_was_refused_is_listed_while_it_is_looked_at_alone(page, asked) -> None:
    def shown() -> list[str]:
        page._room._worker.wait()
        QApplication.processEvents()
        return [page.chooser.itemData(at) for at in range(page.chooser.count())]

    refused = run_folders.write(folders.runs() / "new-20260102-120000", [], state="refused")
    (refused / "plan.toml").touch()
    done = run_folders.write(folders.runs() / "old-20260101-120000", [0.6], state="done")
    later = run_folders.write(folders.runs() / "cut-20260101-110000", [0.6], state="refused")
    (later / "checkpoints").mkdir()  # it can go on once its photographs are there again
    (later / "checkpoints" / "all-00001.safetensors").touch()
    page._room.watch(refused)
    assert shown() == [str(refused), str(done), str(later)]
    click(page.new_button)
    assert shown() == [str(done), str(later)]
    page._room.begin(rooms.Wish(Path("/data/eyes"), (), "eyes"))
    assert not refused.exists()
    assert done.exists()
    assert later.exists()


def test_an_earlier_training_that_is_chosen_ends_looking_through_a_folder(
    page, asked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended: list[bool] = []
    run_folders.write(folders.runs() / "mine-20240312-101500", [0.6], state="done")
    page.check(tmp_path)
    monkeypatch.setattr(TrainingRoom, "stop_checking", lambda _: ended.append(True))
    page._show_runs((Listed(folders.runs() / "mine-20240312-101500", "mine"),))
    page._choose_run(0)
    assert ended
    assert not page.setup._looking.isVisible()


def test_a_training_whose_folder_cannot_be_made_says_so(page, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said: list[str] = []
    page._room.said.connect(said.append)
    SET_OFF(page._room, tmp_path / "file" / "run", [])
    assert said
    assert said[0].startswith("The training could not be begun.")
    assert page._room.folder is None


def test_rounds_between_the_first_and_the_newest_are_spread() -> None:
    assert columns_of((1, 2, 3)) == (1, 2, 3)
    chosen = columns_of(tuple(range(1, 41)))
    assert len(chosen) == 5
    assert (chosen[0], chosen[-1]) == (1, 40)


def test_the_newest_round_is_the_last_column(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6] * 9)
    watched = Watcher(folder).look()
    assert watched.columns[-1] == 9
    assert [len(row) for row in watched.looks] == [len(watched.columns)] * 2


def test_of_a_long_training_no_more_looks_are_kept_than_are_shown(tmp_path: Path) -> None:
    watcher = Watcher(tmp_path / "run")
    for rounds in range(1, 20):
        run_folders.write(tmp_path / "run", [0.6] * rounds)
        shown = watcher.look()
        assert len(watcher._drawn) == len(shown.columns) == min(rounds, 5)


def test_a_look_that_was_taken_again_is_drawn_again(tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    watcher = Watcher(folder)
    ((before,), _) = watcher.look().looks
    assert watcher.look().looks[0][0] is before
    look = folder / runs.LOOKS / "00001.npy"
    np.save(look, np.load(look)[:, ::-1])
    os.utime(look, ns=(0, 0))
    assert watcher.look().looks[0][0] != before


def test_a_page_is_painted_in_both_themes(page, tmp_path: Path) -> None:
    watch(page, run_folders.write(tmp_path / "run", [0.6, 0.8]))
    grounds = []
    for name in ThemeName:
        page._theme.use(name)
        image = page.area_curves.grab().toImage()
        assert image.pixelColor(2, 2).name().upper() == page._theme.tokens.panel
        grounds.append(image)
    assert grounds[0] != grounds[1]


def test_the_processes_are_the_command_lines_own() -> None:
    import subprocess

    given = [sys.executable, *rooms._COMMAND, "train", "--help"]
    said = subprocess.run(given, capture_output=True, text=True, check=True).stdout
    for option in ("--data", "--run", "--background", "--referable", "--sparsity", "--phantoms"):
        assert option in said


def words_on(widget) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(each.text() for each in widget.findChildren(QLabel))


def test_numbers_are_drawn_beside_the_windows_thread(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    threads = []
    real = Watcher.look

    def look(watcher: Watcher) -> object:
        import threading

        threads.append(threading.current_thread())
        return real(watcher)

    patch = pytest.MonkeyPatch()
    patch.setattr(Watcher, "look", look)
    page._room.watch(folder)
    page._room._worker.wait()
    patch.undo()
    import threading

    assert threads
    assert threading.main_thread() not in threads
    assert np.load(folder / runs.LOOKS / "pictures.npy").shape == (2, 48, 48, 3)
