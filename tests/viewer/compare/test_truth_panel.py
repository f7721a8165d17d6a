"""Is this heatmap true? On the Compare tab: asked, watched, cancelled, read, scrubbed, exported."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from compare_desk import CONTROL, page
from given_truth_check import check
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from truth_desk import give, panel
from window_desk import Desk

from engine.answers import Criterion, Reason
from engine.drawings import Rectangle
from engine.service.messages import Progress, TruthChecked
from engine.telling import truth_words
from engine.truth_check import Curve
from viewer.theme.tokens import ThemeName

ALL = (Criterion.OMEGA, Criterion.PI, Criterion.RELEVANCE)


def said(desk: Desk) -> str:
    shown = panel(desk)
    labels = shown.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(shown))


def run(desk: Desk, name: str) -> None:
    desk.window.actions_.refresh()
    desk.window.actions_.by_name[name].trigger()


def test_nothing_is_asked_until_somebody_wants_it(compare: Desk) -> None:
    assert compare.engine.count("truth") == 0
    compare.click(panel(compare).check_button)
    asked = compare.engine.last("truth").what
    assert set(asked["criteria"]) == set(ALL)
    assert asked["pack"] == "/packs/first"
    assert asked["picture"].content_hash == "c" * 64


def test_the_command_opens_the_tab_with_the_check_running(desk: Desk) -> None:
    desk.open_and_answer()
    run(desk, "truth")
    assert desk.window.tabs.shown == "compare"
    assert desk.engine.count("truth") == 1
    run(desk, "truth")
    assert desk.engine.count("truth") == 1  # it runs already


def test_the_command_may_not_without_a_heatmap(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.window.actions_.refresh()
    assert not desk.window.actions_.by_name["truth"].isEnabled()


def test_progress_is_shown_and_cancel_is_honoured(compare: Desk) -> None:
    compare.click(panel(compare).check_button)
    asked = compare.engine.last("truth")
    compare.engine.progressed.emit(Progress(asked.id, "Checking the heatmap", 12, 40))
    assert "30\N{NARROW NO-BREAK SPACE}%" in said(compare)
    compare.click(panel(compare).cancel_button)
    assert compare.engine.said.cancelled[-1] == asked.id
    assert "Stopping" in said(compare)
    compare.engine.go(asked, "It was cancelled.")
    assert "Cancelled by you" in said(compare)
    compare.click(panel(compare).check_button)
    assert compare.engine.count("truth") == 2


def test_the_time_left_is_told_as_the_check_goes(
    compare: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("viewer.compare.truth.monotonic", lambda: now)
    compare.click(panel(compare).check_button)
    number = compare.engine.last("truth").id
    for done, after, left in (
        (0, 20, ""), (8, 2, ""), (100, 50, ", about 3 min left"), (300, 70, ", under 1 min left")
    ):  # fmt: skip
        now += after
        compare.engine.progressed.emit(Progress(number, "Checking the heatmap", done, 400))
        assert left in said(compare)
        assert (" left" in said(compare)) == bool(left)


def test_areas_measures_and_the_caution_stand_side_by_side(checked: Desk) -> None:
    table = panel(checked).table
    rows = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert rows == ["ω", "π", "LRP", "at random"]
    assert table.item(1, 1).text() == "0.27"
    assert table.item(3, 2).text() == "0.50 (0.48 to 0.53)"
    words = said(checked)
    assert truth_words.CAUTION in words
    assert "Moved by one pixel" in words
    assert "0.77 (by rank 0.50)" in words
    assert "90\N{NARROW NO-BREAK SPACE}%" in words
    assert "10\N{NARROW NO-BREAK SPACE}%" in words


def test_pyqtgraph_is_imported_for_the_first_curve_and_not_before(desk: Desk) -> None:
    plots = [name for name in sys.modules if name == "pyqtgraph"]
    desk.open_and_answer()
    desk.press(Qt.Key.Key_3, CONTROL)
    assert [name for name in sys.modules if name == "pyqtgraph"] == plots
    assert panel(desk).deletion._plot is None


def colours_near(plot: Any, x: float, y: float) -> set[str]:
    """What is painted within two pixels of a place of the plot."""
    view = plot._plot
    at = view.mapFromScene(view.getPlotItem().getViewBox().mapViewToScene(QPointF(x, y)))
    image = view.grab().toImage()
    around = [(at.x() + across, at.y() + down) for across in range(-2, 3) for down in range(-2, 3)]
    return {image.pixelColor(*each).name().upper() for each in around}


@pytest.mark.parametrize("theme", [ThemeName.DARK, ThemeName.LIGHT])
def test_the_chosen_heatmap_s_curve_lies_on_top_in_the_model_s_colour(
    checked: Desk, theme: ThemeName
) -> None:
    checked.window.theme.use(theme)
    colours = checked.window.theme.tokens
    # Its curve runs from (0.5, 0.2) to (1, 0.1); nothing runs beneath it.
    assert colours.model in colours_near(panel(checked).deletion, 0.75, 0.15)
    assert colours_near(panel(checked).deletion, 0.75, 0.06) == {colours.panel}
    checked.window.theme.use(ThemeName.DARK)


def test_a_row_chooses_the_view_and_its_measures(checked: Desk) -> None:
    table = panel(checked).table
    table.setCurrentCell(2, 0)
    assert page(checked).choice.chosen_source is not None
    assert page(checked).choice.chosen_source.criterion is Criterion.RELEVANCE
    assert "Measures of LRP" in said(checked)


def test_beside_the_bare_picture_the_measures_are_those_of_the_heatmap_in_use(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.presenter.choose_criterion(Criterion.OMEGA)
    desk.engine.give_answer()
    desk.press(Qt.Key.Key_3, CONTROL)
    desk.click(panel(desk).check_button)
    give(desk)
    assert page(desk).choice.chosen_source is None
    assert "Measures of ω" in said(desk)


def test_a_chosen_view_marks_its_row(checked: Desk) -> None:
    view = next(each for each in page(checked).shown if each.words == "ω")
    checked.qtbot.mouseClick(view.pane, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert panel(checked).table.currentRow() == 0
    assert "Measures of ω" in said(checked)


def test_the_slider_scrubs_both_plots_and_the_views_by_the_check_s_own_order(
    checked: Desk,
) -> None:
    page(checked).bar.removed.setValue(50)
    for plot in (panel(checked).deletion, panel(checked).insertion):
        assert plot._line.isVisible()
        assert plot._line.value() == 0.5
    assert "50\N{NARROW NO-BREAK SPACE}% removed" in said(checked)
    # The order given goes from left to right: π's own would not.
    view = next(each for each in page(checked).shown if each.words == "π")
    assert view.pane.removed is not None
    black = view.pane.removed.order.black(0.5, revealed=False)
    assert black[:, :30].all()
    assert not black[:, 30:].any()


def test_a_drag_in_a_plot_moves_the_slider(checked: Desk) -> None:
    panel(checked).deletion._line.setValue(0.3)
    assert page(checked).bar.removed.value() == 30
    assert panel(checked).insertion._line.value() == 0.3


def test_the_orders_files_are_let_go(checked: Desk) -> None:
    released = [name for name in checked.engine.said.released if "order-" in name]
    assert len(released) == 3


def test_another_picture_ends_the_check_of_the_one_before(compare: Desk) -> None:
    compare.click(panel(compare).check_button)
    asked = compare.engine.last("truth")
    compare.window.open(compare.picture("other.png"))
    compare.engine.give_picture(content="d")
    assert asked.id in compare.engine.said.cancelled
    compare.engine.truth_checked.emit(TruthChecked(asked.id, check(), ()))
    compare.engine.give_answer()
    compare.press(Qt.Key.Key_3, CONTROL)
    assert page(compare).truth.checked is None


def test_a_check_goes_on_while_another_tab_is_looked_at(compare: Desk) -> None:
    compare.click(panel(compare).check_button)
    asked = compare.engine.last("truth")
    compare.press(Qt.Key.Key_2, CONTROL)
    compare.engine.progressed.emit(Progress(asked.id, "Checking the heatmap", 12, 40))
    assert asked.id not in compare.engine.said.cancelled
    compare.press(Qt.Key.Key_3, CONTROL)
    assert "30\N{NARROW NO-BREAK SPACE}%" in said(compare)
    compare.press(Qt.Key.Key_2, CONTROL)
    give(compare)
    compare.press(Qt.Key.Key_3, CONTROL)
    assert page(compare).truth.checked is not None
    assert "0.27" in panel(compare).table.item(1, 1).text()
    assert compare.engine.count("truth") == 1


def test_a_check_that_another_picture_stopped_says_so(compare: Desk) -> None:
    compare.click(panel(compare).check_button)
    asked = compare.engine.last("truth")
    compare.press(Qt.Key.Key_2, CONTROL)
    compare.window.open(compare.picture("other.png"))
    compare.engine.give_picture(content="d")
    assert asked.id in compare.engine.said.cancelled
    compare.window.open(compare.picture())
    compare.engine.give_picture()
    compare.engine.give_answer()
    compare.press(Qt.Key.Key_3, CONTROL)
    assert "It was stopped when something else was shown." in said(compare)
    assert panel(compare).check_button.isEnabled()


def test_maps_no_better_than_random_order_are_told_so(compare: Desk) -> None:
    compare.click(panel(compare).check_button)
    asked = compare.engine.last("truth")
    true = check(*ALL)
    random = true.random_deletion
    flat = Curve(random.shares, random.mean, random.area)
    parts = tuple(replace(part, deletion=flat, insertion=flat) for part in true.parts)
    compare.engine.truth_checked.emit(TruthChecked(asked.id, replace(true, parts=parts), ()))
    assert "No better than random order on this photograph." in said(compare)
    assert truth_words.no_better(true) == ""
    one = (replace(parts[0], deletion=true.parts[0].deletion), *parts[1:])
    assert truth_words.no_better(replace(true, parts=one)) == ""


def test_a_refusal_is_said_in_its_words(compare: Desk) -> None:
    compare.click(panel(compare).check_button)
    compare.engine.refuse(compare.engine.last("truth"), "It was not.", "For this.", "Do that.")
    assert "It was not. For this. Do that." in said(compare)
    assert panel(compare).check_button.isVisible()


def test_an_ungradable_photograph_has_nothing_to_check(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=None, reasons=(Reason("Too dark.", "Retake."),))
    desk.press(Qt.Key.Key_3, CONTROL)
    assert "cannot be graded" in said(desk)
    assert not panel(desk).check_button.isEnabled()


def test_pi_of_the_photograph_is_checked_alone(compare: Desk) -> None:
    page(compare).show_photograph_criterion(True)
    page(compare).choose_criterion(Criterion.PI_PHOTOGRAPH)
    compare.click(panel(compare).check_button)
    assert compare.engine.last("truth").what["criteria"] == (Criterion.PI_PHOTOGRAPH,)


@pytest.mark.parametrize(("name", "kind", "expected"), [
    ("curves", "SVG (*.svg)", "curves.svg"), ("curves.png", "PNG (*.png)", "curves.png"),
])  # fmt: skip
def test_the_figure_is_exported_where_the_person_says(
    checked: Desk, monkeypatch: pytest.MonkeyPatch, name: str, kind: str, expected: str
) -> None:
    chosen = str(checked.folder / name)
    proposed: list[str] = []

    def choose(_: object, __: object, usual: str, *___: object) -> tuple[str, str]:
        proposed.append(usual)
        return chosen, kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    checked.click(panel(checked).export_button)
    shown = checked.window.presenter.picture.path
    assert proposed == [str(shown.with_name(f"{shown.stem} truth check.png"))]
    asked = checked.engine.last("draw-truth").what
    assert asked["to"] == checked.folder / expected
    assert asked["check"] == page(checked).truth.checked


def test_no_file_is_written_where_the_person_thinks_better_of_it(
    checked: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    run(checked, "truth-export")
    assert checked.engine.count("draw-truth") == 0


def test_a_folder_that_cannot_be_written_is_told(checked: Desk, tmp_path: Path) -> None:
    monkey = pytest.MonkeyPatch()
    monkey.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "x.png"), ""))
    run(checked, "truth-export")
    monkey.undo()
    checked.engine.refuse(
        checked.engine.last("draw-truth"), "“x.png” was not saved.", "No.", "Yes."
    )
    assert "“x.png” was not saved." in checked.words()


def test_what_the_reader_marked_is_sent_along(compare: Desk) -> None:
    box = Rectangle(id="a", points=((100.0, 50.0, 0.0), (140.0, 80.0, 0.0)))
    compare.window.photographs.store.add("c" * 64, box)
    compare.click(panel(compare).check_button)
    (line,) = compare.engine.last("truth").what["lesions"]
    assert sorted(line) == [(100, 50), (100, 80), (140, 50), (140, 80)]


def test_an_eye_whose_curves_tell_little_is_said_to_be_one(checked: Desk) -> None:
    assert "tell little" not in said(checked)
    panel(checked).show_state(replace(check(), probability=0.12))
    assert "The curves tell little here" in said(checked)
