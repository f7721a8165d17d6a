"""Both eyes in the window: linked, answered, read, and corrected."""

from pathlib import Path

import pytest
from eyes_desk import fill, open_eyes, show_both
from PySide6.QtCore import QPoint, QRect, QRectF, QSizeF, Qt
from PySide6.QtWidgets import QApplication
from window_desk import Desk, a_region, an_answer

from engine.answers import Basis, Landmarks
from engine.eyes.pairs import NO_OTHER
from engine.eyes.which import Source
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.service.messages import LandmarksFound
from engine.telling.cautions import NO_MACULA
from engine.visits.visit import Seen
from viewer.notices import Notice

R, L = Laterality.RIGHT, Laterality.LEFT
CONTROL = Qt.KeyboardModifier.ControlModifier


def eye_lines(desk: Desk) -> tuple[str, ...]:
    """What stands in the upper left corner of the first view."""
    pane = desk.window.photographs.first
    return pane.state.corners(QSizeF(pane.size())).top_left


def test_e_shows_the_other_eye_by_its_name_and_od_is_at_the_left(desk: Desk) -> None:
    open_eyes(desk, "16_left.png", "15_right.png", "16_right.png")
    desk.press(Qt.Key.Key_E)
    assert desk.engine.last("open").what["path"].name == "16_right.png"
    desk.engine.give_picture(content="b")
    first, second = desk.window.photographs.view.panes
    assert first.isVisible()
    assert second.isVisible()
    desk.qtbot.waitUntil(lambda: second.x() < first.x())
    assert first.state.captions.laterality is L
    assert second.state.captions.eye_from == "from the file's name"
    assert "Paired by the files' names" in desk.window.photographs.both.block._paired.text()
    desk.press(Qt.Key.Key_E)
    assert not second.isVisible()


def test_the_next_file_is_never_taken_for_the_other_eye(desk: Desk) -> None:
    open_eyes(desk, "16_left.png", "17_right.png")
    desk.press(Qt.Key.Key_E)
    assert desk.engine.last("open").what["path"].name == "16_left.png"
    view = desk.window.photographs.view
    assert not view.panes[1].isVisible()
    assert "No picture of the other eye was found" in view._why.text()


def test_both_eyes_have_heatmaps_numbers_and_the_pair_its_score(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    photographs = desk.window.photographs
    assert all(pane.state.heatmap is not None for pane in photographs.view.panes)
    assert not photographs.model_block.isVisible()
    block = photographs.both.block
    assert [part.eye.text()[:2] for part in block.parts] == ["OD", "OS"]
    assert block.parts[0].figure.text().startswith("78")
    assert block.parts[1].figure.text().startswith("12")
    assert block._pair.text().startswith("Patient: Referable, 78")
    assert block._pair_said.text() == "Both were read."
    pictures = [file.path for file in desk.engine.last("ask together").what["pictures"]]
    assert [Path(path).name for path in pictures] == ["16_right.png", "16_left.png"]


@pytest.mark.parametrize(("basis", "listed"), [(Basis.WORST, True), (Basis.FOREST, False)])
def test_regions_stay_beside_two_eyes_unless_a_forest_made_another_map(
    desk: Desk, basis: Basis, listed: bool
) -> None:
    open_eyes(desk, "16_right.png", "16_left.png")
    desk.engine.give_regions(a_region(400, 150))
    desk.press(Qt.Key.Key_E)
    desk.engine.give_picture(content="b")
    desk.engine.give_pair(an_answer(), an_answer(), basis=basis)
    regions = desk.window.photographs.regions
    assert bool(regions.on_picture.rows) == listed
    assert regions.block.isVisible() == listed


def test_an_eye_called_not_referable_without_a_fovea_is_cautioned_as_it_is_alone(
    desk: Desk,
) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    photographs = desk.window.photographs
    assert not photographs.both.block._notes.told
    desk.engine.give_landmarks(Landmarks(disc=Circle(300, 300, 40)))  # of the left eye
    assert photographs.both.block._notes.told == (f"OS: {NO_MACULA}",)
    photographs.view.activate(1)
    photographs.pane.setFocus()
    desk.window.presenter.exports.copy()
    assert desk.engine.last("draw").what["answer"].warnings == (NO_MACULA,)
    first = next(asked for asked in desk.engine.said.asked if asked.kind == "landmarks")
    desk.engine.give_landmarks(Landmarks(disc=Circle(300, 300, 40)), first)
    assert photographs.both.block._notes.told == (f"OS: {NO_MACULA}",), "OD is referable anyway"


def test_no_row_covers_a_legend_or_the_words_in_the_corners(desk: Desk) -> None:
    show_both(desk, "16_left.png", "16_right.png")
    rows = desk.window.rows
    desk.window.tell(Notice("topic", "Something happened.", "It means this.", "x"))
    for pane in desk.window.photographs.view.panes:
        assert pane.state.heatmap is not None
        from_pane = QRectF(QRect(pane.mapFromGlobal(rows.mapToGlobal(QPoint())), rows.size()))
        assert not any(from_pane.intersects(box) for box in pane.word_boxes())


def test_another_criterion_asks_about_both_again(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    desk.press(Qt.Key.Key_V)
    assert desk.engine.count("ask together") == 2
    assert desk.window.photographs.both.block._stale.isVisible()


def test_zoom_and_pan_are_linked_and_mirrored_until_l(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    right, left = desk.window.photographs.view.panes
    right.zoom_by(4)
    right.pan_by(-40, 0)
    assert right.state.view is not None
    assert left.state.view is not None
    assert right.state.view.centre[0] + left.state.view.centre[0] == pytest.approx(899)
    right.setFocus()
    desk.press(Qt.Key.Key_L)
    before = left.state.view
    right.pan_by(-40, 0)
    assert left.state.view == before
    assert not right.state.captions.linked


def test_keys_act_on_the_eye_with_the_ring(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    desk.press(Qt.Key.Key_F6, CONTROL)
    view = desk.window.photographs.view
    assert view.active == 1
    assert QApplication.focusWidget() is view.panes[1]
    desk.press(Qt.Key.Key_L)
    desk.press(Qt.Key.Key_0, CONTROL)
    assert view.panes[1].zoom == 1.0
    assert view.panes[0].zoom != 1.0


def test_the_keys_stay_with_the_photograph_when_the_other_eye_goes(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    panes = desk.window.photographs.view.panes
    desk.qtbot.mouseClick(panes[1], Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is panes[1]
    desk.press(Qt.Key.Key_E)
    assert QApplication.focusWidget() is panes[0]
    desk.press(Qt.Key.Key_E)
    assert panes[1].isVisible()


def test_the_eye_with_the_ring_is_the_one_that_is_copied(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    desk.press(Qt.Key.Key_F6, CONTROL)
    desk.window.actions_.by_name["copy-picture"].trigger()
    drawn = desk.engine.last("draw").what
    assert Path(drawn["picture"].path).name == "16_left.png"
    assert drawn["answer"].probability == 0.12
    assert Path(drawn["heatmap"].file).name.endswith("-1.npy")
    desk.press(Qt.Key.Key_F6, CONTROL)
    desk.window.actions_.by_name["copy-picture"].trigger()
    assert Path(desk.engine.last("draw").what["picture"].path).name == "16_right.png"


def test_of_a_veiled_other_eye_the_bare_photograph_is_copied(desk: Desk) -> None:
    desk.window.actions_.by_name["reading-first"].trigger()
    show_both(desk, "16_right.png", "16_left.png")
    desk.press(Qt.Key.Key_F6, CONTROL)
    desk.window.actions_.by_name["copy-picture"].trigger()
    drawn = desk.engine.last("draw").what
    assert Path(drawn["picture"].path).name == "16_left.png"
    assert (drawn["answer"], drawn["heatmap"]) == (None, None)


def test_holding_s_hides_both_heatmaps(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    pane = desk.window.photographs.view.panes[0]
    desk.qtbot.keyPress(pane, Qt.Key.Key_S)
    assert all(each.state.hidden for each in desk.window.photographs.view.panes)
    desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
    panes = desk.window.photographs.view.panes
    desk.qtbot.waitUntil(lambda: not any(each.state.hidden for each in panes))


def test_each_eye_has_its_form_and_one_signature_signs_both(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    store, reading = desk.window.photographs.store, desk.window.photographs.reading
    fill(desk, 1)
    desk.press(Qt.Key.Key_Return, CONTROL)
    assert "The reading of OS is not signed yet." in desk.words()
    assert store.reading("a" * 64).signed == ()
    assert desk.window.photographs.view.active == 1
    fill(desk, 3)
    assert "OS stage 3, severe" in reading.block.worst.text()
    desk.press(Qt.Key.Key_Return, CONTROL)
    (right,), (left,) = (store.reading(each * 64).signed for each in "ab")
    assert (right.eye, right.form.grade, right.other) == (R, 1, "b" * 64)
    assert (left.eye, left.form.grade, left.other) == (L, 3, "a" * 64)
    assert left.model is not None
    assert left.model.probability == 0.12


def test_reading_first_hides_both_eyes_until_both_are_signed(desk: Desk) -> None:
    desk.window.actions_.by_name["reading-first"].trigger()
    show_both(desk, "16_right.png", "16_left.png")
    photographs = desk.window.photographs
    panes, block = photographs.view.panes, photographs.both.block
    assert all(pane.state.heatmap is None for pane in panes)
    assert block._nothing.text() == "Hidden until you sign."
    assert not any(part.figure.isVisible() for part in block.parts)
    assert not block._pair.isVisible()
    fill(desk, 2)
    photographs.both.activate_other()
    fill(desk, 0)
    desk.press(Qt.Key.Key_Return, CONTROL)
    assert all(pane.state.heatmap is not None for pane in panes)
    assert block._pair.isVisible()


def test_which_eye_is_corrected_and_the_other_with_it(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    right, left = desk.window.photographs.view.panes
    desk.window.actions_.by_name["left-eye"].trigger()
    assert right.state.captions.laterality is L
    assert right.state.captions.eye_from == "said by the reader"
    assert left.state.captions.laterality is R
    desk.qtbot.waitUntil(lambda: left.x() < right.x())
    assert desk.engine.last("ask together").what["eyes"] == (L, R)
    desk.window.photographs.both.swap()
    assert right.state.captions.laterality is R
    desk.qtbot.waitUntil(lambda: right.x() < left.x())


def test_where_nothing_tells_the_disc_s_place_does(desk: Desk) -> None:
    open_eyes(desk, "IDRiD_001.png")
    pane = desk.window.photographs.first
    assert pane.state.captions.laterality is None
    desk.engine.give_landmarks(L)
    assert pane.state.captions.laterality is L
    assert pane.state.captions.eye_from == "from where the disc lies"


def test_an_eye_is_not_said_to_be_not_known_while_its_disc_is_looked_for(desk: Desk) -> None:
    open_eyes(desk, "IDRiD_001.png")
    assert eye_lines(desk)[1] == "Right or left eye: looking for the disc"
    desk.engine.give_landmarks(None)
    assert eye_lines(desk)[1] == "Right or left eye not known"


def test_a_disc_that_lies_as_in_the_other_eye_than_the_name_says_is_told(desk: Desk) -> None:
    open_eyes(desk, "16_left.png", "17.png")
    pane = desk.window.photographs.first
    desk.engine.give_landmarks(R)
    doubt = "In doubt: the disc lies as in a right eye."
    assert pane.state.captions.laterality is L
    assert doubt in eye_lines(desk)
    # The sides of regions are those of the eye in force.
    assert desk.window.photographs.regions.marks.eye is L
    desk.window.actions_.by_name["right-eye"].trigger()
    assert doubt not in eye_lines(desk)
    assert desk.engine.last("landmarks").what["eye"] is R


def test_a_word_on_the_eye_taken_back_before_its_answer_leaves_the_fovea_as_it_was(
    desk: Desk,
) -> None:
    open_eyes(desk, "IDRiD_001.png")
    marks = desk.window.photographs.regions.marks
    as_any, as_right = Landmarks(fovea=(550, 310)), Landmarks(fovea=(350, 310))
    desk.engine.give_landmarks(as_any)
    desk.window.actions_.by_name["right-eye"].trigger()
    late = desk.engine.last("landmarks")
    assert late.what["eye"] is R
    # Until it is found in that eye, the other one's is not taken for it.
    assert not marks.is_known
    desk.press(Qt.Key.Key_Z, CONTROL)
    desk.engine.landmarks_found.emit(LandmarksFound(late.id, as_right))
    assert marks.landmarks == as_any
    asked = desk.engine.count("landmarks")
    desk.window.actions_.by_name["right-eye"].trigger()
    assert marks.landmarks == as_right
    assert desk.engine.count("landmarks") == asked


def test_the_fovea_is_looked_for_in_the_eye_that_the_visits_table_tells(desk: Desk) -> None:
    open_eyes(desk, "16_left.png")
    photographs = desk.window.photographs
    as_left, as_right = Landmarks(fovea=(550, 310)), Landmarks(fovea=(350, 310))
    desk.engine.give_landmarks(as_left)
    seen = Seen(str(desk.folder / "16_left.png"), R, Source.TABLE)
    photographs.both.eyes.take_visits([seen])
    asked = desk.engine.last("landmarks")
    assert asked.what["eye"] is R
    desk.engine.landmarks_found.emit(LandmarksFound(asked.id, as_right))
    assert photographs.regions.marks.landmarks == as_right
    assert photographs.regions.marks.eye is R
    assert photographs.first.state.captions.laterality is R


def test_where_only_the_disc_tells_the_eye_nothing_is_looked_for_again(desk: Desk) -> None:
    open_eyes(desk, "IDRiD_001.png")
    asked = desk.engine.count("landmarks")
    desk.engine.give_landmarks(L)
    assert desk.window.photographs.regions.marks.eye is L
    assert desk.window.photographs.regions.marks.is_known
    assert desk.engine.count("landmarks") == asked


def test_a_step_goes_on_to_the_next_patient(desk: Desk) -> None:
    show_both(desk, "16_left.png", "16_right.png", "17_left.png", "17_right.png")
    desk.press(Qt.Key.Key_PageDown)
    opened = [asked.what["path"].name for asked in desk.engine.said.asked if asked.kind == "open"]
    assert opened[-1] == "17_left.png"


def test_the_fellow_of_before_dims_while_the_next_one_is_still_being_opened(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png", "17_right.png", "17_left.png")
    second = desk.window.photographs.view.panes[1]
    desk.press(Qt.Key.Key_Right)
    desk.engine.give_picture(content="c")
    desk.qtbot.waitUntil(lambda: second.state.tone.dimmed)
    desk.engine.give_picture(content="d")
    assert not second.state.tone.dimmed
    desk.qtbot.wait(250)
    assert not second.state.tone.dimmed


def test_words_in_place_of_the_other_eye_have_their_whole_height(desk: Desk) -> None:
    view = desk.window.photographs.view
    view.arrange(both=True, first_at_left=True, why=NO_OTHER)
    QApplication.processEvents()
    assert view._why.height() >= view._why.heightForWidth(view._why.width())


def test_a_fellow_that_cannot_be_opened_is_told_and_not_tried_again(desk: Desk) -> None:
    open_eyes(desk, "16_left.png", "16_right.png")
    desk.press(Qt.Key.Key_E)
    count = desk.engine.count("open")
    desk.engine.refuse(desk.engine.last("open"), "It is broken.", "It ends early.", "Copy it.")
    assert "It is broken." in desk.words()
    assert desk.engine.count("open") == count


def test_every_array_is_released_once(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png", "17.png")
    desk.press(Qt.Key.Key_E)
    released = desk.engine.said.released
    assert sum("pair-" in file for file in released) == 2
    assert len(released) == len(set(released))


def test_two_that_are_said_to_be_the_same_eye_are_told(desk: Desk) -> None:
    show_both(desk, "16_right.png", "16_left.png")
    desk.window.photographs.both.swap()
    desk.press(Qt.Key.Key_Z, CONTROL)
    view = desk.window.photographs.view
    assert "“16_left.png” would be its fellow, but both are said to be OD." in view._why.text()
    desk.press(Qt.Key.Key_Z, CONTROL, Qt.KeyboardModifier.ShiftModifier)
    assert view._why.text() == ""
