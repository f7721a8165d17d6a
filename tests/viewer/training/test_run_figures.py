"""What a run's figures, curves and steps say, and where they are drawn."""

import json
from pathlib import Path

import pytest
import run_folders
from PySide6.QtGui import QFontMetrics
from training_desk import watch

from engine import runs
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.tokens import ThemeName
from viewer.training import steps


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
        run_folders.pack_in(tmp_path)
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


def test_a_step_whose_words_have_no_room_in_one_line_has_two(page, tmp_path: Path, qtbot) -> None:
    watch(page, run_folders.write(tmp_path, [0.7]))
    second = page.steps._steps[steps.PLAN]._second
    for width, lines in (
        (1900, ["Net B, 112\xa0px, 10\xa0rounds"]),
        (960, ["Net B, 112\xa0px,", "10\xa0rounds"]),
    ):
        page.resize(width, 560)
        qtbot.waitUntil(lambda lines=lines: second.text().split("\n") == lines)
        assert all(second.fontMetrics().horizontalAdvance(line) <= second.width() for line in lines)
        assert second.toolTip() == "Net B, 112\xa0px, 10\xa0rounds"
        assert second.geometry().bottom() < page.steps._steps[1].height()
    assert page.chooser.isVisible()
    longest = (
        "1234 pictures, 12 left out",
        "Net B, 448 px, 300 rounds, sparse",
        "Round 281 of 300",
        "a name and an intended use",
    )
    page.steps.show_step(steps.RUN, longest)
    shown = [each._second.text() for each in page.steps._steps]
    assert [words.replace("\n", " ") for words in shown] == list(longest)
    assert "\n" not in shown[steps.RUN]
    second.show_words("Net B, 112 px, 10 rounds, and more than two lines have room for")
    assert second.text().count("\n") == 1
    assert second.text().endswith("…")


def test_a_page_is_painted_in_both_themes(page, tmp_path: Path) -> None:
    watch(page, run_folders.write(tmp_path / "run", [0.6, 0.8]))
    grounds = []
    for name in ThemeName:
        page._theme.use(name)
        image = page.area_curves.grab().toImage()
        assert image.pixelColor(2, 2).name().upper() == page._theme.tokens.panel
        grounds.append(image)
    assert grounds[0] != grounds[1]
