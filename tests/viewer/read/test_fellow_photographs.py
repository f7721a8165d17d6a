"""Which photograph is the fellow of another: chosen, by names, headers and the table of visits."""

from pathlib import Path

import pytest
from eyes_desk import fill, open_eyes
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from window_desk import Desk, an_answer

from engine.answers import Landmarks
from engine.eyes.which import EyeFacts, Tabled
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.service.messages import Refused
from viewer.client.engine import EngineState
from viewer.eyes.which import READ_AGAIN, TABLE_GONE

R, L = Laterality.RIGHT, Laterality.LEFT
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_chosen_fellow_is_remembered_from_both_sides(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_eyes(desk, "one.png", "two.png")
    desk.engine.give_landmarks(R)
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (str(desk.folder / "two.png"), "")
    )
    desk.window.actions_.by_name["choose-other-eye"].trigger()
    desk.engine.give_picture(content="b")
    second = desk.window.photographs.view.panes[1]
    assert second.isVisible()
    assert second.state.captions.laterality is L
    store = desk.window.photographs.store
    said = [store.reading(each * 64).other_eye for each in "ab"]
    assert [each.name for each in said if each is not None] == ["two.png", "one.png"]
    assert "Paired by the reader" in desk.window.photographs.both.block._paired.text()
    desk.window.photographs.both.part()
    assert not second.isVisible()
    assert "You said that it has no fellow." in desk.window.photographs.view._why.text()


def test_a_photograph_is_no_fellow_of_its_own(desk: Desk) -> None:
    open_eyes(desk, "one.png")
    desk.window.photographs.both.pair_with(desk.folder / "one.png")
    assert "A photograph is no fellow of its own." in desk.words()


def test_copies_of_a_pair_are_a_pair_under_their_own_names(desk: Desk) -> None:
    open_eyes(desk, "1.png", "3.png")
    desk.window.photographs.both.pair_with(desk.folder / "3.png")
    desk.engine.give_picture(content="b")
    copies = desk.folder / "copies"
    copies.mkdir()
    for name, content in (("y.png", "b"), ("x.png", "a")):
        (copies / name).touch()
        desk.window.presenter.walk.begin([copies / "y.png", copies / "x.png"])
        desk.window.presenter.walk.go_to(copies / name)
        if desk.window.presenter.opening:
            desk.engine.give_picture(content=content)
    assert desk.window.photographs.both.other.path == copies / "y.png"


def test_a_fellow_that_comes_late_is_not_paired_with_the_next_photograph(desk: Desk) -> None:
    open_eyes(desk, "1.png", "2.png", "3.png")
    desk.window.photographs.both.pair_with(desk.folder / "3.png")
    late = desk.engine.last("open")
    desk.window.on_top.step(1)
    desk.engine.give_picture(content="d")
    desk.engine.give_picture(late, content="b")
    store = desk.window.photographs.store
    assert [store.reading(each * 64).other_eye for each in "abd"] == [None, None, None]


def test_a_chosen_fellow_that_cannot_be_opened_leaves_the_others_their_own(desk: Desk) -> None:
    open_eyes(desk, "1.png", "2.png", "16_right.png", "16_left.png")
    desk.window.photographs.both.pair_with(desk.folder / "2.png")
    desk.engine.refuse(desk.engine.last("open"), "It is broken.", "It ends early.", "Copy it.")
    desk.window.presenter.walk.go_to(desk.folder / "16_right.png")
    desk.engine.give_picture(content="d")
    desk.engine.give_answer()
    assert desk.window.photographs.both.other.path == desk.folder / "16_left.png"


def pair_two_with_one(desk: Desk) -> None:
    """1.png is paired with 3.png, and then 2.png is as well and on the screen."""
    desk.window.photographs.both.pair_with(desk.folder / "3.png")
    desk.engine.give_picture(content="b")
    desk.window.presenter.walk.go_to(desk.folder / "2.png")
    desk.engine.give_picture(content="d")
    desk.engine.give_answer()
    desk.window.photographs.both.pair_with(desk.folder / "3.png")
    desk.engine.give_picture(content="b")


def go_back_to_one(desk: Desk) -> None:
    desk.window.presenter.walk.go_to(desk.folder / "1.png")
    if desk.window.presenter.opening:
        desk.engine.give_picture(content="a")
    assert desk.window.photographs.both.other.path == desk.folder / "3.png"
    assert desk.window.photographs.both.has_pair


def test_two_photographs_with_one_fellow_do_not_share_an_answer(desk: Desk) -> None:
    open_eyes(desk, "1.png", "2.png", "3.png")
    pair_two_with_one(desk)
    other_word = an_answer(probability=0.12, low=0.05, high=0.2)
    desk.engine.give_pair(other_word, other_word)
    go_back_to_one(desk)
    both = desk.window.photographs.both
    first = next(eye for eye in both.seen()[0] if eye.subject == "a" * 64)
    assert first.answer is not other_word
    assert both.other.joint is None
    assert all(file in desk.engine.said.released for file in pair_files(desk))


def pair_files(desk: Desk) -> list[str]:
    asked = [one for one in desk.engine.said.asked if one.kind == "ask together"]
    return [str(desk.folder / f"pair-{asked[-2].id}-{place}.npy") for place in (0, 1)]


def test_an_unsigned_other_eye_veils_the_answer_of_a_signed_one(desk: Desk) -> None:
    open_eyes(desk, "1.png", "2.png", "3.png")
    fill(desk, 2)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.window.actions_.by_name["reading-first"].trigger()
    pair_two_with_one(desk)
    go_back_to_one(desk)
    presenter = desk.window.presenter
    assert presenter.is_veiled
    assert (presenter.answer, presenter.heatmap, presenter.map_file) == (None, None, None)
    assert desk.window.photographs.first.state.captions.pack == ""


def test_headers_make_a_pair_of_files_with_any_names(desk: Desk) -> None:
    paths = [desk.folder / name for name in ("IM1", "IM2", "IM3")]
    desk.window.presenter.walk.begin(paths)
    desk.engine.give_picture(content="a")
    desk.engine.give_answer()
    desk.press(Qt.Key.Key_E)
    desk.engine.give_eyes(
        EyeFacts(str(paths[0]), R, "p", "s", "20240312"),
        EyeFacts(str(paths[1]), L, "q", "t", "20240312"),
        EyeFacts(str(paths[2]), L, "p", "s", "20240312"),
    )
    assert desk.engine.last("open").what["path"] == paths[2]
    assert desk.window.photographs.first.state.captions.eye_from == "from the DICOM header"


def test_the_visits_table_makes_a_pair_before_the_timeline_is_opened(desk: Desk) -> None:
    paths = [desk.picture(name) for name in ("IM1.png", "IM2.png", "IM3.png")]
    desk.window.open(*paths)
    desk.engine.give_picture(content="a")
    # Asked at once, and without headers, which such files do not have.
    assert desk.engine.last("find eyes").what == {"paths": (desk.folder,), "headers": False}
    table = str(desk.folder / "visits.csv")
    rows = zip(paths, (R, L, L), ("17", "18", "17"), strict=True)
    desk.engine.give_eyes(
        *(EyeFacts(str(p), tabled=Tabled(table, eye, who, "2024-03-12")) for p, eye, who in rows)
    )
    captions = desk.window.photographs.first.state.captions
    assert (captions.laterality, captions.eye_from) == (R, "from the visits' table")
    desk.engine.give_answer()
    assert desk.engine.last("landmarks").what["eye"] is R
    desk.press(Qt.Key.Key_E)
    assert desk.engine.last("open").what["path"] == paths[2]
    desk.engine.give_picture(content="b")
    said = desk.window.photographs.both.block._paired.text()
    assert said == "Paired by patient and day in the visits' table"
    assert desk.engine.count("find eyes") == 1


def test_what_a_header_told_stays_where_a_photograph_beside_it_is_asked_about(desk: Desk) -> None:
    with_header = desk.folder / "IM1"
    desk.window.presenter.walk.begin([with_header, desk.picture("b.png")])
    desk.engine.give_picture(content="a")
    desk.engine.give_eyes(EyeFacts(str(with_header), R, "p", "s", "20240312"))
    desk.press(Qt.Key.Key_Right)
    desk.engine.give_picture(content="b")
    assert desk.engine.last("find eyes").what["headers"] is False
    row = Tabled(str(desk.folder / "visits.csv"), L, "17", "2024-03-12")
    desk.engine.give_eyes(EyeFacts(str(with_header), tabled=row))
    desk.press(Qt.Key.Key_Left)
    captions = desk.window.photographs.first.state.captions
    assert (captions.laterality, captions.eye_from) == (R, "from the DICOM header")


def test_a_table_that_is_added_or_changed_meanwhile_counts_at_once(desk: Desk) -> None:
    first, second = desk.picture("IM1.png"), desk.picture("IM2.png")
    desk.window.open(first, second)
    desk.engine.give_picture(content="a")
    desk.engine.give_eyes()
    eyes, first_pane = desk.window.photographs.both.eyes, desk.window.photographs.first
    desk.qtbot.waitUntil(lambda: not eyes.tables.is_looking)
    table = desk.folder / "visits.csv"
    table.write_text("image,patient,eye\nIM1,17,OD\n")
    desk.qtbot.waitUntil(lambda: desk.engine.count("find eyes") == 2)
    assert desk.engine.last("find eyes").what == {"paths": (desk.folder,), "headers": False}
    desk.engine.give_eyes(EyeFacts(str(first), tabled=Tabled(str(table), R, "17")))
    captions = first_pane.state.captions
    assert (captions.laterality, captions.eye_from) == (R, "from the visits' table")
    assert READ_AGAIN in desk.words()
    # Written in its place, as many editors do, and now it does not name the photograph.
    with table.open("a") as file:
        file.write("IM2,17,OS\n")
    desk.qtbot.waitUntil(lambda: desk.engine.count("find eyes") == 3)
    desk.engine.give_eyes(EyeFacts(str(second), tabled=Tabled(str(table), L, "17")))
    assert first_pane.state.captions.laterality is None
    assert eyes.of(second, "") is L
    table.unlink()
    desk.qtbot.waitUntil(lambda: desk.engine.count("find eyes") == 4)
    desk.engine.give_eyes()
    assert TABLE_GONE in desk.words()


def test_a_table_that_is_changed_while_another_folder_is_shown_counts_on_coming_back(
    desk: Desk,
) -> None:
    for name in ("one", "two"):
        (desk.folder / name).mkdir()
    first, other = desk.picture("one/IM1.png"), desk.picture("two/IM2.png")
    table = first.with_name("visits.csv")
    table.write_text("image,patient,eye\nIM1,17,OD\n")
    eyes = desk.window.photographs.both.eyes

    def show(path: Path, *told: EyeFacts) -> None:
        desk.window.open(path)
        desk.engine.give_picture(content=path.stem)
        desk.engine.give_eyes(*told)
        desk.qtbot.waitUntil(lambda: not eyes.tables.is_looking)

    show(first, EyeFacts(str(first), tabled=Tabled(str(table), R, "17")))
    show(other)
    table.write_text("image,patient,eye\nIM1,17,OS\nIM3,18,OD\n")
    desk.window.open(first)
    desk.engine.give_picture(content=first.stem)
    desk.qtbot.waitUntil(lambda: desk.engine.count("find eyes") == 3)
    assert desk.engine.last("find eyes").what["paths"] == (first.parent,)
    desk.engine.give_eyes(EyeFacts(str(first), tabled=Tabled(str(table), L, "17")))
    assert eyes.of(first, "IM1") is L


def test_another_file_of_values_that_grows_beside_the_photographs_is_no_news(desk: Desk) -> None:
    first = desk.picture("IM1.png")
    desk.window.open(first)
    desk.engine.give_picture(content="a")
    row = EyeFacts(str(first), tabled=Tabled(str(desk.folder / "visits.csv"), R, "17"))
    desk.engine.give_eyes(row)
    eyes = desk.window.photographs.both.eyes
    desk.qtbot.waitUntil(lambda: not eyes.tables.is_looking)
    changes = []
    eyes.changed.connect(lambda: changes.append(1))
    (desk.folder / "results.csv").write_text("path,probability\n")
    desk.qtbot.waitUntil(lambda: desk.engine.count("find eyes") == 2)
    desk.engine.give_eyes(row)
    assert changes == []
    assert READ_AGAIN not in desk.words()


def test_a_table_that_is_no_use_is_told_in_a_row_and_nothing_else_changes(desk: Desk) -> None:
    open_eyes(desk, "16_left.png")
    why = "Two of its lines name a and say different things of it."
    fault = Refused(1, "The table visits.csv was not used.", why, "Save it as a CSV.")
    desk.engine.give_eyes(faults=(fault,))
    assert fault.what in desk.words()
    assert f"{why} Save it as a CSV." in desk.words()
    assert desk.window.photographs.first.state.captions.laterality is L


def test_what_an_engine_that_was_off_did_not_find_is_looked_for_once_it_is_started_again(
    desk: Desk,
) -> None:
    open_eyes(desk, "16_left.png")
    engine, marks = desk.engine, desk.window.photographs.regions.marks
    engine.state_changed.emit(EngineState.OFF, "Engine off")
    for asked in (engine.last("landmarks"), engine.last("find eyes")):
        engine.refuse(asked, "It was not looked for.", "The engine is off.", "Start it again.")
    assert marks.found.disc is None
    before = engine.count("landmarks"), engine.count("find eyes")
    engine.get_ready()
    assert (engine.count("landmarks"), engine.count("find eyes")) == (before[0] + 1, before[1] + 1)
    engine.give_landmarks(Landmarks(disc=Circle(300, 300, 40)))
    assert marks.landmarks.disc == Circle(300, 300, 40)


def test_disc_and_fovea_are_looked_for_once_for_all_who_ask(desk: Desk) -> None:
    open_eyes(desk, "16_left.png")
    assert desk.engine.count("landmarks") == 1
    assert desk.engine.last("landmarks").what["eye"] is L
