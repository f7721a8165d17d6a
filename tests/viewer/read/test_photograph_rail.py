"""The rail of photographs, driven by mouse and keys."""

from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from window_desk import FIRST, SECOND, Desk, a_series

from engine.records import readings
from engine.records.forms import Form, Oedema, Outcome, Quality, ReadingMode, Signed
from engine.records.store import open_records
from viewer.panels.photograph_rail import PhotographModel, PhotographRail
from viewer.read.seeking import Seeking

LETTER = PhotographModel.LETTER
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def _begin(desk: Desk, count: int = 4) -> PhotographRail:
    for number in range(1, count + 1):
        (desk.folder / f"{number}.png").touch()
    desk.window.open(desk.folder / "1.png")
    desk.engine.give_picture()
    desk.engine.give_answer()
    desk.qtbot.waitUntil(lambda: desk.window.browsing.rail is not None)
    rail = desk.window.browsing.rail
    assert rail is not None
    desk.qtbot.waitUntil(rail.isVisible)
    return rail


def _row(rail: PhotographRail, row: int) -> QModelIndex:
    return rail.view.model().index(row, 0)


def _sign(desk: Desk) -> None:
    fields = desk.window.photographs.reading.block.fields
    for field in (fields.quality, fields.grade, fields.oedema, fields.outcome):
        field.choose(0)
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def _opened(desk: Desk) -> str:
    path: Path = desk.engine.last("open").what["path"]
    return path.name


def test_a_single_photograph_has_no_rail(desk: Desk) -> None:
    desk.open_and_answer()
    assert desk.window.browsing.rail is None


def test_a_letter_repeats_the_word_and_is_spoken(desk: Desk) -> None:
    rail = _begin(desk)
    assert _row(rail, 0).data(SPOKEN) == "1.png, 1 of 4, Referable, shown"
    assert _row(rail, 1).data(SPOKEN) == "2.png, 2 of 4"
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.engine.give_answer(desk.engine.last("ask ahead"), probability=None)
    assert _row(rail, 1).data(SPOKEN) == "2.png, 2 of 4, Ungradable: retake or refer"


def test_letters_are_those_of_the_pack_in_force(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, SECOND)
    rail = _begin(desk)
    desk.window.presenter.choose_pack(SECOND)
    assert _row(rail, 0).data(LETTER) is None
    desk.engine.give_answer(probability=0.1, low=0.05, high=0.2)
    assert _row(rail, 0).data(SPOKEN) == "1.png, 1 of 4, Not referable, shown"


def test_letters_are_off_until_the_reader_has_signed(desk: Desk) -> None:
    rail = _begin(desk)
    desk.window.preferences.change(reading="reading first")
    assert _row(rail, 0).data(LETTER) is None
    assert "Referable" not in _row(rail, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_letters_are_drawn_anew_when_reading_first_begins_on_a_signed_photograph(
    desk: Desk,
) -> None:
    rail = _begin(desk)
    _sign(desk)
    store = desk.window.photographs.store
    desk.qtbot.waitUntil(lambda: not store.unsaved, timeout=5000)
    with desk.qtbot.waitSignal(rail.view.model().dataChanged, timeout=1000):
        desk.window.actions_.by_name["reading-first"].trigger()


def test_what_was_signed_is_marked_and_spoken(desk: Desk) -> None:
    rail = _begin(desk)
    row = _row(rail, 0)
    _sign(desk)
    assert row.data(SPOKEN) == "1.png, 1 of 4, Referable, Your reading: signed, shown"
    desk.window.photographs.reading.block.fields.grade.choose(1)
    told = row.data(Qt.ItemDataRole.ToolTipRole)
    assert told == "1.png\nReferable\nYour reading: amended, not signed"
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "Your reading: signed" in row.data(SPOKEN)


def test_a_signed_reading_s_mark_is_filled_and_an_amended_one_s_open(desk: Desk) -> None:
    rail = _begin(desk)

    def in_hue() -> int:
        picture = rail.view.viewport().grab(rail.view.visualRect(_row(rail, 0))).toImage()
        spots = ((x, y) for x in range(picture.width() // 2) for y in range(30))
        reader = QColor(desk.window.theme.tokens.reader)
        return sum(picture.pixelColor(*spot) == reader for spot in spots)

    _sign(desk)
    filled = in_hue()
    desk.window.photographs.reading.block.fields.grade.choose(3)
    assert filled > 150 > in_hue() > 0


def test_a_draft_that_was_never_signed_has_no_mark(desk: Desk) -> None:
    rail = _begin(desk)
    desk.window.photographs.reading.block.fields.grade.choose(3)
    assert _row(rail, 0).data(PhotographModel.SIGNATURE) is None


def test_what_was_signed_in_an_earlier_session_is_marked_before_it_is_opened(desk: Desk) -> None:
    form = Form(Quality.GOOD, None, 2, Oedema.NO, Outcome.REFER)
    with open_records() as records:
        act = Signed("1", form, ReadingMode.ASSISTED, "an old name.png")
        records.append("d" * 64, readings.kind_of(act), act)
    rail = _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.qtbot.waitUntil(lambda: desk.engine.count("shrink") == 1)
    asked = desk.engine.last("shrink")
    desk.engine.give_thumbnail(asked, content="d")
    row = _row(rail, int(asked.what["path"].stem) - 1)
    desk.qtbot.waitUntil(lambda: "Your reading: signed" in row.data(SPOKEN), timeout=5000)


def _seek(desk: Desk) -> None:
    desk.press(Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_u_goes_to_the_next_photograph_that_is_not_signed_until_all_are(desk: Desk) -> None:
    _begin(desk, count=3)
    _sign(desk)
    for name, content in (("2.png", "d"), ("3.png", "e")):
        _seek(desk)
        desk.qtbot.waitUntil(lambda name=name: _opened(desk) == name)
        desk.engine.give_picture(desk.engine.last("open"), content=content)
        _sign(desk)
    opened = desk.engine.count("open")
    _seek(desk)
    told = "You have signed every photograph of this folder."
    desk.qtbot.waitUntil(lambda: told in desk.words())
    assert desk.engine.count("open") == opened


def test_ctrl_u_passes_over_what_is_signed_and_goes_on_from_the_first(desk: Desk) -> None:
    _begin(desk, count=3)
    desk.press(Qt.Key.Key_PageDown)
    desk.engine.give_picture(desk.engine.last("open"), content="d")
    _sign(desk)
    desk.press(Qt.Key.Key_Home)
    _seek(desk)
    desk.qtbot.waitUntil(lambda: _opened(desk) == "3.png")
    desk.engine.give_picture(desk.engine.last("open"), content="e")
    _seek(desk)
    desk.qtbot.waitUntil(lambda: desk.window.presenter.walk.at.name == "1.png")


def _signed_before(desk: Desk, *names: str) -> None:
    """In an earlier session; files differ in content, as photographs do."""
    form = Form(Quality.GOOD, None, 2, Oedema.NO, Outcome.REFER)
    with open_records() as records:
        for name in names:
            (desk.folder / name).write_bytes(name.encode())
            act = Signed(name, form, ReadingMode.ASSISTED, "an old name.png")
            subject = sha256(name.encode()).hexdigest()
            records.append(subject, readings.kind_of(act), act)


def test_ctrl_u_opens_nothing_that_was_signed_in_an_earlier_session(desk: Desk) -> None:
    _signed_before(desk, "2.png", "3.png", "4.png")
    _begin(desk, count=5)
    before = desk.engine.count("open")
    _seek(desk)
    desk.qtbot.waitUntil(lambda: _opened(desk) == "5.png")
    assert desk.engine.count("open") == before + 1


def test_what_is_opened_meanwhile_ends_the_search_of_ctrl_u(desk: Desk) -> None:
    _begin(desk, count=4)
    _seek(desk)
    desk.press(Qt.Key.Key_End)
    known, store = desk.window.presenter.readings, desk.window.photographs.store
    desk.qtbot.waitUntil(lambda: known.file(desk.folder / "2.png") is not None)
    empty = sha256(b"").hexdigest()
    store.show(empty)
    desk.qtbot.waitUntil(lambda: store.is_read(empty))
    assert _opened(desk) == "4.png"


def test_ctrl_u_opens_a_photograph_that_cannot_be_read_to_say_so(desk: Desk) -> None:
    _begin(desk, count=3)
    (desk.folder / "2.png").unlink()
    _seek(desk)
    desk.qtbot.waitUntil(lambda: _opened(desk) == "2.png")


def test_what_cannot_be_read_is_not_opened_once_a_person_has_opened_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seeking, "_hash", lambda *_: None)  # the disk takes its time
    _begin(desk, count=4)
    _seek(desk)
    desk.press(Qt.Key.Key_End)
    desk.window.read_page.seeking._hashed.emit(desk.folder / "2.png", "")
    assert _opened(desk) == "4.png"


def test_a_file_that_never_comes_does_not_hold_up_the_next_search(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(desk, count=5)
    with monkeypatch.context() as slow:
        slow.setattr(Seeking, "_hash", lambda *_: None)
        _seek(desk)
    desk.press(Qt.Key.Key_End)
    desk.press(Qt.Key.Key_Left)
    (desk.folder / "5.png").unlink()
    assert _opened(desk) == "4.png"
    _seek(desk)
    desk.qtbot.waitUntil(lambda: _opened(desk) == "5.png")


def test_a_search_that_takes_long_tells_how_far_it_is_and_esc_ends_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.read.seeking.TOLD_AFTER", 1)
    monkeypatch.setattr(Seeking, "_hash", lambda *_: None)  # the disk takes its time
    _signed_before(desk, "2.png")
    _begin(desk, count=4)
    seeking, said = desk.window.read_page.seeking, desk.window.strip.said
    _seek(desk)
    looking = "Looking for the next photograph without your signature: %d of 4. Esc ends it."
    desk.qtbot.waitUntil(lambda: said.whole == looking % 1)
    seeking._hashed.emit(desk.folder / "2.png", sha256(b"2.png").hexdigest())
    desk.qtbot.waitUntil(lambda: said.whole == looking % 2)
    desk.press(Qt.Key.Key_Escape)
    assert said.whole == ""
    seeking._hashed.emit(desk.folder / "3.png", sha256(b"").hexdigest())
    assert _opened(desk) == "1.png"


def test_what_is_opened_while_a_search_is_told_of_takes_its_words_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.read.seeking.TOLD_AFTER", 1)
    monkeypatch.setattr(Seeking, "_hash", lambda *_: None)
    _begin(desk, count=4)
    said = desk.window.strip.said
    _seek(desk)
    desk.qtbot.waitUntil(lambda: "1 of 4" in said.whole)
    desk.press(Qt.Key.Key_End)
    assert said.whole == ""


def test_where_the_photograph_on_the_screen_is_the_last_without_a_signature_ctrl_u_says_so(
    desk: Desk,
) -> None:
    _signed_before(desk, "2.png", "3.png")
    _begin(desk, count=3)
    opened = desk.engine.count("open")
    _seek(desk)
    told = "You have signed every other photograph of this folder."
    desk.qtbot.waitUntil(lambda: told in desk.words())
    assert desk.engine.count("open") == opened


def test_a_click_opens_and_gives_the_keys_to_the_picture(desk: Desk) -> None:
    rail = _begin(desk)
    at = rail.view.visualRect(_row(rail, 2)).center()
    desk.qtbot.mouseClick(rail.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert _opened(desk) == "3.png"
    desk.engine.give_picture(desk.engine.last("open"))
    assert QApplication.focusWidget() is desk.window.photographs.pane
    assert "shown" in _row(rail, 2).data(SPOKEN)


def test_keys_go_through_the_photographs_in_the_rail_too(desk: Desk) -> None:
    rail = _begin(desk)
    rail.view.setFocus()
    desk.press(Qt.Key.Key_End)
    assert _opened(desk) == "4.png"
    desk.press(Qt.Key.Key_PageUp)
    assert _opened(desk) == "3.png"
    desk.press(Qt.Key.Key_PageDown)
    assert _opened(desk) == "4.png"
    desk.press(Qt.Key.Key_Home)
    assert _opened(desk) == "1.png"


def test_home_and_end_on_the_picture_go_to_the_first_and_the_last(desk: Desk) -> None:
    _begin(desk)
    desk.press(Qt.Key.Key_End)
    assert _opened(desk) == "4.png"
    desk.press(Qt.Key.Key_Home)
    assert _opened(desk) == "1.png"


def test_of_many_photographs_only_what_is_seen_is_made_small(desk: Desk) -> None:
    rail = _begin(desk, count=600)
    desk.window.presenter.ahead._quiet.setInterval(1_000_000)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    asked = 0
    while desk.engine.count("shrink") > asked:
        asked = desk.engine.count("shrink")
        desk.engine.give_thumbnail(desk.engine.last("shrink"))
        desk.qtbot.wait(1)
    seen = rail.view.viewport().height() // rail.view.visualRect(_row(rail, 0)).height() + 1
    assert seen <= asked <= seen + 5


def test_a_file_that_holds_another_photograph_now_gets_another_small_picture(desk: Desk) -> None:
    rail = _begin(desk, count=2)

    def shrunk() -> list[str]:
        return [one.what["path"].name for one in desk.engine.said.asked if one.kind == "shrink"]

    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.engine.give_answer(desk.engine.last("ask ahead"))
    for count in (1, 2):
        desk.qtbot.waitUntil(lambda: len(shrunk()) == count)  # noqa: B023
        desk.engine.give_thumbnail(desk.engine.last("shrink"))
    desk.press(Qt.Key.Key_PageDown)
    assert _row(rail, 1).data(PhotographModel.SMALL) is not None
    desk.engine.give_picture(desk.engine.last("open"), content="d")
    assert _row(rail, 1).data(PhotographModel.SMALL) is None
    desk.engine.give_answer()
    desk.qtbot.waitUntil(lambda: shrunk()[2:] == ["2.png"])


def test_a_file_without_a_small_picture_is_not_asked_for_again(desk: Desk) -> None:
    rail = _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.qtbot.waitUntil(lambda: desk.engine.count("shrink") == 1)
    asked = desk.engine.last("shrink")
    desk.engine.refuse(asked, "What.", "Why.", "Do.")
    row = [_row(rail, row) for row in range(4) if _row(rail, row).data() == asked.what["path"].name]
    assert row[0].data(PhotographModel.LOST)
    assert desk.words() == ""
    rail.view.viewport().resize(rail.view.viewport().size() * 0.9)
    desk.qtbot.wait(20)
    paths = [one.what["path"] for one in desk.engine.said.asked if one.kind == "shrink"]
    assert paths.count(asked.what["path"]) == 1


def test_ctrl_b_folds_the_rail(desk: Desk) -> None:
    rail = _begin(desk)
    desk.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert not rail.isVisible()
    desk.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert rail.isVisible()


def test_a_volume_takes_the_rail_and_the_arrays_away(desk: Desk) -> None:
    rail = _begin(desk)
    desk.window.open(desk.folder / "series")
    desk.engine.give_listing(a_series())
    desk.engine.give_volume()
    assert not rail.isVisible()
    lent = [one for one in desk.engine.said.asked if one.kind == "open"]
    for one in lent:
        assert any(f"picture-{one.id}." in file for file in desk.engine.said.released)
