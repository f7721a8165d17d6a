"""A run's pack is made with a written use, doubted where it must be, and offered under its run."""

import os
from pathlib import Path

import pytest
import run_folders
from PySide6.QtWidgets import QApplication, QWidget
from training_desk import click, watch

from engine import runs
from viewer.training import steps
from viewer.training.room import TrainingRoom


def to_ship(folder: Path) -> Path:
    """A run that is done, with its pack."""
    return run_folders.pack_in(run_folders.write(folder, [0.6], state="done"))


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


def test_the_last_step_is_ticked_once_its_pack_was_shipped(page, tmp_path: Path) -> None:
    def primary() -> list[str]:
        shown = (block.button, block.use_button)
        buttons = [each for each in shown if each.property("kind") == "primary"]
        return [each.accessibleName() for each in buttons if not each.isHidden()]

    folder = to_ship(tmp_path / "run")
    watch(page, folder)
    block, last = page.ship_block, page.steps._steps[steps.SHIP]
    assert last.accessibleName() == "Ship, now"
    assert primary() == ["Ship to Read"]
    (folder / "shipped" / "clinic-eyes@1.0.0").mkdir(parents=True)
    (folder / "shipped" / "clinic-eyes@1.0.0" / "manifest.json").touch()
    page._room.shipped.emit(folder, Path("/packs/clinic"))
    page._room._worker.wait()
    QApplication.processEvents()
    assert last.accessibleName() == "Ship, done"
    assert last._second.toolTip() == "as clinic-eyes 1.0.0"
    assert primary() == ["Use it for reading"]
    click(block.use_button)
    assert primary() == []
    # It goes on, and its end makes another pack.
    written = (folder / "shipped" / "clinic-eyes@1.0.0" / "manifest.json").stat().st_mtime_ns
    os.utime(folder / "pack" / "manifest.json", ns=(0, written + 1))
    watch(page, folder)
    assert last.accessibleName() == "Ship, now"
    assert primary() == ["Ship to Read"]


def test_a_run_that_was_shipped_by_an_earlier_window_says_so(page, tmp_path: Path) -> None:
    folder = to_ship(tmp_path / "run")
    (folder / "shipped" / "clinic-eyes@1.0.0").mkdir(parents=True)
    (folder / "shipped" / "clinic-eyes@1.0.0" / "manifest.json").touch()
    watch(page, folder)
    assert page.steps._steps[steps.SHIP].accessibleName() == "Ship, done"
    assert page.ship_block.said.text() == "Shipped as clinic-eyes 1.0.0."
    assert page.ship_block.button.property("kind") == ""


def test_what_comes_of_shipping_is_scrolled_to_in_the_least_window(
    page, tmp_path: Path, qtbot
) -> None:
    page.resize(960, 330)
    folder = to_ship(tmp_path / "run")
    watch(page, folder)
    block = page.ship_block
    block.use.setPlainText("Showing students what a network finds.")
    qtbot.waitUntil(lambda: block.button.visibleRegion().isEmpty())
    block.button.click()
    assert block.said.text() == "Making the pack…"
    qtbot.waitUntil(lambda: whole(block.said))
    page._room.shipped.emit(folder, Path("/packs/clinic"))
    qtbot.waitUntil(lambda: whole(block.said) and whole(block.use_button))


def whole(widget: QWidget) -> bool:
    """Whether nothing of it lies beneath what is shown."""
    return widget.visibleRegion().boundingRect() == widget.rect()


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


def test_no_best_round_is_told_of_a_run_in_folds(page, tmp_path: Path) -> None:
    of_rounds = run_folders.write(tmp_path / "rounds", [0.6], state="done")
    in_folds = tmp_path / "folds"
    in_folds.mkdir()
    (in_folds / "metrics.jsonl").write_text(
        (of_rounds / "metrics.jsonl").read_text().replace(f'"{runs.PART}"', '"fold-0"')
    )
    (in_folds / "status.json").write_text('{"state": "done", "part": "pack"}')
    for folder, said in ((of_rounds, "the best round"), (in_folds, "the figures of its folds")):
        run_folders.pack_in(folder)
        watch(page, folder)
        assert page.ship_block.isVisibleTo(page)
        assert said in page.ship_block.makes.text()
    assert "best" not in page.ship_block.makes.text()


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
    run_folders.pack_in(folder)
    watch(page, folder)
    block = page.ship_block
    assert said in block.doubt.text()
    assert block.doubt.isHidden() == (not said)
    block.use.setPlainText("Showing students what a network finds.")
    click(block.button)
    assert ("--anyway" in asked[-1]) == bool(said)
