"""What of a reading leaves the window: the annotated picture and the table."""

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from reading_desk import CONTROL, ENTER, kept, read, sign, turn_reading_first
from window_desk import Desk, a_region

from engine.records.forms import SignedReading


def test_signed_readings_are_saved_as_a_table(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_answer("17_OD.png")
    sign(desk)
    desk.qtbot.waitUntil(lambda: desk.window.photographs.store.unsaved == 0, timeout=5000)
    out = desk.folder / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    desk.window.actions_.by_name["save-readings"].trigger()
    desk.qtbot.waitUntil(lambda: "Saved 1 signed reading" in desk.words(), timeout=5000)
    (row,) = csv.DictReader(Path(f"{out}.csv").read_text(encoding="utf-8").splitlines())
    assert (row["picture"], row["eye"], row["eye_from"]) == ("17_OD.png", "OD", "name")


def exported(desk: Desk) -> dict[str, Any]:
    """What the annotated picture would show now."""
    desk.window.on_top.copy_picture()
    return desk.engine.last("draw").what


def test_a_picture_that_leaves_carries_what_was_signed_and_no_draft(desk: Desk) -> None:
    desk.open_and_answer()
    read(desk, "1", "2", "1", "3")
    assert exported(desk)["reading"] is None
    desk.press(ENTER, CONTROL)
    store = desk.window.photographs.store
    desk.qtbot.waitUntil(lambda: store.signature("c" * 64) is not None)
    signed = kept(desk).signed[0].form
    event = store.signature("c" * 64)
    assert event is not None
    assert exported(desk)["reading"] == SignedReading(signed, event.time, event.who)
    desk.window.photographs.reading.block.fields.grade.choose(3)
    told = exported(desk)["reading"]
    assert (told.form, told.amended, told.version) == (signed, True, 1)
    desk.press(ENTER, CONTROL)
    told = exported(desk)["reading"]
    assert (told.form.grade, told.amended, told.version) == (3, False, 2)


def test_an_export_made_before_signing_has_nothing_of_the_models(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.give_regions(a_region(400, 150))
    assert exported(desk)["marks"]
    turn_reading_first(desk)
    read(desk, "1", "2", "1", "3")
    drawn = exported(desk)
    assert [drawn[part] for part in ("answer", "heatmap", "stage", "reading")] == [None] * 4
    assert drawn["marks"] == ()
    desk.press(ENTER, CONTROL)
    drawn = exported(desk)
    assert drawn["answer"].probability == 0.78
    assert drawn["reading"].form.grade == 2
