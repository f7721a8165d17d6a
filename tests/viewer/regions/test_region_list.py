"""The list of regions in the window: what is asked, shown, said by the reader, and kept."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from region_desk import LANDMARKS, STRONG, picture_at, regions
from window_desk import FIRST, Desk

from engine.answers import Criterion
from engine.drawings import Outline
from engine.records.regions import Verdict
from engine.service.messages import RegionsFound
from viewer.panels.region_rows import told
from viewer.regions.lines import joined


def test_the_pack_s_own_threshold_is_asked_for_where_the_network_looked(desk: Desk) -> None:
    desk.open_and_answer()
    asked = desk.engine.last("regions").what
    assert asked["threshold"] == FIRST.lesion_threshold
    assert asked["assessed"] == desk.window.presenter.answer.assessed
    assert asked["heatmap"] == desk.window.presenter.map_file


def test_regions_are_told_with_share_place_size_and_a_guess_at_their_colour(listed: Desk) -> None:
    rows = regions(listed).list.rows
    words = told(rows[0], regions(listed).marks.eye)
    thin = "\N{NARROW NO-BREAK SPACE}"
    assert words == (
        f"Region 1, 40{thin}% of all evidence, superior, 1.6 DD from fovea, 12 o’clock, "
        "1.1 DD wide, bright (guess)."
    )
    assert "inferior temporal" not in words
    assert "temporal" in told(rows[1], regions(listed).marks.eye)


def test_what_is_left_out_is_said_with_its_share(listed: Desk) -> None:
    words = regions(listed).block._left_out.text()
    assert "3 specks" in words and "below 0.25" in words


def test_n_and_b_go_through_the_regions_and_round_the_ends(listed: Desk) -> None:
    seen = []
    for key in (Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_B):
        listed.press(key)
        chosen = regions(listed).list.chosen
        assert chosen is not None
        seen.append(chosen.number)
    assert seen == [1, 2, 1, 2]


def test_a_region_that_is_gone_to_lies_in_the_middle(listed: Desk) -> None:
    pane = listed.window.photographs.pane
    pane.zoom_by(3.0)
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_N)
    at = picture_at(listed, 265, 345)
    assert (at - pane.rect().center()).manhattanLength() <= 2


def test_a_picture_that_is_seen_whole_stays_where_it_is_while_its_regions_are_gone_to(
    listed: Desk,
) -> None:
    pane = listed.window.photographs.pane
    before = pane.state.view
    assert before.is_fitted
    listed.press(Qt.Key.Key_N)
    assert regions(listed).list.chosen is not None
    assert pane.state.view == before


def test_a_list_without_the_weakest_says_of_how_many_it_is(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.give_regions(STRONG, rest=5)
    assert regions(desk).block._count.text() == "1 of 6"
    assert "5 weaker regions" in regions(desk).block._left_out.text()


def test_a_click_on_a_row_brings_it_and_a_double_click_enlarges_it(listed: Desk) -> None:
    desk_, rows = regions(listed), regions(listed).block.list
    pane = listed.window.photographs.pane
    before = pane.zoom
    at = rows.visualRect(desk_.block.model.index(1)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk_.list.chosen is not None and desk_.list.chosen.number == 2
    assert pane.zoom == before
    QTest.mouseDClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert pane.zoom > before


def test_a_copies_the_outline_as_the_reader_s_and_one_undo_takes_it_back(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_A)
    store, subject = listed.window.photographs.store, "c" * 64
    (copy,) = store.of(subject)
    assert isinstance(copy, Outline)
    assert {point[:2] for point in copy.points} == {(400, 150), (460, 150), (460, 210), (400, 210)}
    assert regions(listed).list.rows[0].verdict is Verdict.ACCEPTED
    assert regions(listed).list.rows[0].region == STRONG
    listed.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert store.of(subject) == ()
    assert regions(listed).list.rows[0].verdict is Verdict.OPEN


def test_an_accepted_region_whose_copy_is_removed_is_open_again(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_A)
    store = listed.window.photographs.store
    store.remove("c" * 64, store.of("c" * 64)[0].id)
    assert regions(listed).list.rows[0].verdict is Verdict.OPEN


def test_x_rejects_and_again_takes_that_back(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_X)
    assert regions(listed).list.rows[0].verdict is Verdict.REJECTED
    listed.press(Qt.Key.Key_X)
    assert regions(listed).list.rows[0].verdict is Verdict.OPEN


def test_a_name_is_typed_for_the_chosen_region(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    field = regions(listed).block.tag
    listed.qtbot.keyClicks(field, "Cotton wool")
    listed.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [row.tag for row in regions(listed).list.rows] == ["Cotton wool", ""]


def test_the_name_of_an_accepted_region_stands_beside_the_reader_s_outline(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_A)
    regions(listed).list.tag("Drusen")
    (copy,) = listed.window.photographs.store.of("c" * 64)
    assert copy.text == "Drusen"
    listed.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    (copy,) = listed.window.photographs.store.of("c" * 64)
    assert copy.text == ""


def test_what_the_reader_said_is_there_after_a_restart(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_X)
    store = listed.window.photographs.store
    listed.qtbot.waitUntil(lambda: not store.unsaved)
    from viewer.drawings.store import Drawings

    anew = Drawings()
    anew.show("c" * 64)
    listed.qtbot.waitUntil(lambda: bool(anew.reading("c" * 64).done))
    (act,) = anew.reading("c" * 64).done
    assert act.region.summit == STRONG.summit
    assert act.region.pack == FIRST.sha256
    anew.close()


def test_a_verdict_is_not_another_criterion_s(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_X)
    listed.window.presenter.choose_criterion(Criterion.OMEGA)
    listed.engine.give_answer()
    listed.engine.give_regions(STRONG)
    assert [row.verdict for row in regions(listed).list.rows] == [Verdict.OPEN]


def test_of_many_values_of_the_slider_the_last_is_asked_after_the_first(listed: Desk) -> None:
    before = listed.engine.count("regions")
    for hundredth in (30, 35, 40, 45):
        regions(listed).block.threshold.setValue(hundredth)
    assert listed.engine.count("regions") == before + 1
    listed.engine.give_regions(STRONG)
    assert listed.engine.count("regions") == before + 2
    assert listed.engine.last("regions").what["threshold"] == 0.45
    listed.engine.give_regions()
    assert regions(listed).list.rows == ()
    assert "No region." in regions(listed).block._left_out.text()


def test_a_healthy_eye_is_told_to_have_no_region_and_no_share_of_what_is_left_out(
    listed: Desk,
) -> None:
    regions(listed).list.set_threshold(0.4)
    asked = listed.engine.last("regions")
    listed.engine.regions_found.emit(RegionsFound(asked.id, (), "", 0.4, 0, 0.0, 0, 0.0, ()))
    assert regions(listed).block._left_out.text() == "No region: nothing reaches 0.40."


def test_a_value_that_waited_is_asked_after_a_failure(listed: Desk) -> None:
    regions(listed).list.set_threshold(0.3)
    regions(listed).list.set_threshold(0.4)
    listed.engine.fail(listed.engine.last("regions"), "report")
    assert listed.engine.last("regions").what["threshold"] == 0.4


def test_every_file_of_outlines_is_let_go_of(listed: Desk) -> None:
    listed.window.photographs.regions.block.threshold.setValue(40)
    file = listed.engine.give_regions(STRONG)
    assert file in listed.engine.said.released


def test_an_answer_about_another_picture_is_not_listed(listed: Desk) -> None:
    regions(listed).block.threshold.setValue(40)
    asked = listed.engine.last("regions")
    listed.window.open(listed.picture("other.png"))
    listed.engine.give_picture(content="e")
    listed.engine.give_regions(STRONG, asked=asked)
    assert regions(listed).list.rows == ()


def test_the_list_is_stale_while_a_new_answer_is_made(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.window.presenter.choose_criterion(Criterion.OMEGA)
    assert "before the last change" in regions(listed).block._left_out.text()
    listed.press(Qt.Key.Key_A)
    assert listed.window.photographs.store.of("c" * 64) == ()


def test_nothing_of_the_model_is_listed_before_the_reader_signs(listed: Desk) -> None:
    listed.window.preferences.change(reading="reading first")
    assert regions(listed).list.rows == ()


def test_a_dragged_fovea_is_the_reader_s_and_places_are_told_anew(listed: Desk) -> None:
    pane = listed.window.photographs.pane
    start, end = picture_at(listed, 450, 310), picture_at(listed, 450, 250)
    listed.qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    for step in (0.5, 1.0):
        QTest.mouseMove(pane, start + (end - start) * step)
    listed.qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=end)
    fovea = regions(listed).marks.landmarks.fovea
    assert fovea == pytest.approx((450, 250), abs=2)
    (row, _) = regions(listed).list.rows
    assert row.position.from_fovea.diameters == pytest.approx(np.hypot(20, 70) / 80, abs=0.04)
    assert "fovea yours" in regions(listed).block._whose.text()
    listed.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert regions(listed).marks.landmarks.fovea == (450, 310)


def test_a_larger_ring_of_the_disc_makes_lengths_shorter_in_disc_diameters(listed: Desk) -> None:
    pane = listed.window.photographs.pane
    start, end = picture_at(listed, 690, 300), picture_at(listed, 730, 300)
    listed.qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    for step in (0.5, 1.0):
        QTest.mouseMove(pane, start + (end - start) * step)
    listed.qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=end)
    assert regions(listed).marks.landmarks.disc.radius == pytest.approx(80, abs=2)
    (row, _) = regions(listed).list.rows
    assert row.position.diameters == pytest.approx(60 * 2**0.5 / 160, abs=0.02)


def test_disc_and_fovea_are_looked_for_once_for_each_picture(listed: Desk) -> None:
    before = listed.engine.count("landmarks")
    listed.window.open(listed.folder / "eye.png")
    if listed.engine.count("open") > 1:
        listed.engine.give_picture()
    assert listed.engine.count("landmarks") == before
    assert regions(listed).marks.landmarks == LANDMARKS


def test_a_length_on_a_photograph_is_told_in_disc_diameters_and_pixels_never_in_mm(
    listed: Desk,
) -> None:
    pane = listed.window.photographs.pane
    listed.press(Qt.Key.Key_M)
    start, end = picture_at(listed, 300, 450), picture_at(listed, 380, 450)
    listed.qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    for step in (0.5, 1.0):
        QTest.mouseMove(pane, start + (end - start) * step)
    listed.qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=end)
    marking = regions(listed).marking
    (drawing,) = marking.all_of(pane.slice.volume)
    first, second, third = marking.lines(pane.slice.state, drawing)
    assert float(first.split()[0]) == pytest.approx(1.0, abs=0.03)
    assert first.endswith("DD (you)") and second.endswith(" px") and third == "scale not known"


def test_the_slider_hide_below_has_a_tick_where_regions_begin(listed: Desk) -> None:
    slider = listed.window.photographs.heatmap_block.threshold
    assert slider.toolTip() == "The tick is where regions begin: 0.25"
    plain = slider.grab().toImage()
    regions(listed).block.threshold.setValue(60)
    assert slider.grab().toImage() != plain


def test_pieces_that_touch_at_a_corner_are_accepted_as_one_line() -> None:
    one = np.array([(0, 0), (2, 0), (2, 2), (0, 2)], float)
    other = np.array([(2, 2), (4, 2), (4, 4), (2, 4)], float)
    hole = np.array([(0.5, 0.5), (0.5, 1.5), (1.5, 1.5), (1.5, 0.5)], float)
    line = joined((one, other, hole))
    x, y = line.T
    assert abs(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())) / 2 == 8


def test_the_annotated_picture_carries_regions_and_the_reader_s_lines(listed: Desk) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_A)
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_X)
    listed.window.presenter.exports.write(listed.folder / "out.png")
    marks = listed.engine.last("draw").what["marks"]
    # The second region was rejected; the reader's copy of the first comes last.
    assert [mark.number for mark in marks] == [1, 0]
    assert marks[0].lines[0][0] == marks[0].lines[0][-1] == (400, 150)
    # Whoever is sent it has drawn nothing.
    assert marks[1].words[0].endswith("DD² (reader)")
