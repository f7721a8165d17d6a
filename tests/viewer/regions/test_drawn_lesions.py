"""A pack that draws lesions in the window: its criterion, its scale, its kinds."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from window_desk import DRAWING, FIRST, Desk, a_region

from engine.answers import Criterion, Heatmap
from engine.settings import Settings
from viewer.panels.region_rows import told
from viewer.panels.strip import Strip
from viewer.seen.heatmap import HeatmapLayer
from viewer.tools.probe import probe

THIN = "\N{NARROW NO-BREAK SPACE}"


def offered(desk: Desk) -> list[str]:
    chooser = desk.window.photographs.heatmap_block.criterion
    return [chooser.itemText(at) for at in range(chooser.count())]


@pytest.fixture
def drawing(early_desk: Desk) -> Desk:
    """A photograph with its drawn lesions; another pack is at hand."""
    early_desk.engine.get_ready(DRAWING, FIRST)
    early_desk.open_and_answer()
    return early_desk


def test_who_has_chosen_no_criterion_gets_the_packs_usual_one(drawing: Desk) -> None:
    presenter = drawing.window.presenter
    assert presenter.criterion is Criterion.LESIONS
    assert drawing.engine.last("ask").what["criterion"] is Criterion.LESIONS
    presenter.choose_pack(FIRST)
    assert drawing.engine.last("ask").what["criterion"] is Criterion.PI
    assert presenter.settings.criterion == Settings().criterion


def test_a_chosen_criterion_stays_where_a_pack_has_it_and_falls_back_where_not(
    drawing: Desk,
) -> None:
    presenter = drawing.window.presenter
    presenter.choose_pack(FIRST)
    presenter.choose_criterion(Criterion.RELEVANCE)
    presenter.choose_pack(DRAWING)
    assert presenter.criterion is Criterion.LESIONS
    assert presenter.answer is not None and presenter.answer.criterion is Criterion.LESIONS
    presenter.choose_pack(FIRST)
    assert presenter.criterion is Criterion.RELEVANCE


def test_who_goes_back_to_a_packs_usual_criterion_gets_every_packs_usual_one(
    drawing: Desk,
) -> None:
    presenter = drawing.window.presenter
    presenter.choose_pack(FIRST)
    presenter.choose_criterion(Criterion.OMEGA)
    presenter.choose_criterion(Criterion.PI)
    presenter.choose_pack(DRAWING)
    assert presenter.criterion is Criterion.LESIONS


def test_the_chooser_offers_what_the_pack_has_alone(drawing: Desk) -> None:
    assert offered(drawing)[0] == "Drawn lesions"
    assert not any("Relevance" in name for name in offered(drawing))
    drawing.window.presenter.choose_pack(FIRST)
    assert "Drawn lesions" not in offered(drawing)
    assert any("Relevance" in name for name in offered(drawing))


def test_no_criterion_is_told_before_the_engine_has_told_the_packs(early_desk: Desk) -> None:
    early_desk.window.open(early_desk.picture("eye.png"))
    early_desk.engine.give_picture()
    chooser = early_desk.window.photographs.heatmap_block.criterion
    assert not chooser.isVisible()
    early_desk.engine.get_ready(DRAWING)
    assert chooser.isVisible()
    assert chooser.currentText() == "Drawn lesions"


def test_v_goes_round_the_criteria_of_the_pack(drawing: Desk) -> None:
    seen = []
    for _ in range(4):
        drawing.press(Qt.Key.Key_V)
        seen.append(drawing.window.presenter.criterion)
    assert seen == [*DRAWING.criteria[1:], Criterion.LESIONS]


def test_drawn_lesions_are_laid_on_as_sure_as_the_network_is(drawing: Desk) -> None:
    state = drawing.window.photographs.first.state
    assert state.heatmap is not None
    assert state.heatmap.values.max() == 0.5
    assert state.legend is not None and state.legend.chance


def test_a_chance_is_not_scaled_by_another_map() -> None:
    values = np.full((4, 4), 0.3, np.float32)
    chance = Heatmap(values, np.eye(3), (4, 4), chance=True)
    assert HeatmapLayer.of(chance, 0.3).values.max() == np.float32(0.3)
    assert HeatmapLayer.of(replace(chance, chance=False), 0.3).values.max() == 1


def test_the_wheel_over_the_chooser_of_criteria_does_not_take_the_focus(drawing: Desk) -> None:
    chooser = drawing.window.photographs.heatmap_block.criterion
    assert not chooser.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus


def test_the_pointer_tells_the_lesion_and_how_sure(drawing: Desk) -> None:
    state = drawing.window.photographs.first.state
    assert state.view is not None and state.heatmap is not None and state.pixels is not None
    said = []
    for place in ((470.0, 250.0), (520.0, 250.0)):
        x, y, _ = state.view.to_screen @ (*place, 1.0)
        found = probe(state.pixels, state.view, state.heatmap, (x, y))
        assert found is not None
        strip = drawing.window.findChild(Strip)
        strip.show_probe(found)
        said.append(strip.pointer.text())
    assert said[0].endswith(f"microaneurysm, 50{THIN}% sure of a lesion")
    assert said[1].endswith(f"haemorrhage, 50{THIN}% sure of a lesion")


def test_regions_tell_their_kind_and_are_counted(drawing: Desk) -> None:
    small = a_region(400, 150, 60, 0.4, kind="microaneurysm", peak=0.83)
    counts = (("microaneurysm", 2), ("haemorrhage", 1), ("soft exudate", 0), ("new vessels", 1))
    drawing.engine.give_regions(small, kinds=counts)
    regions = drawing.window.photographs.regions
    (row,) = regions.list.rows
    assert f"microaneurysm, 83{THIN}% sure of a lesion" in told(row, None)
    assert "guess" not in told(row, None) and "evidence" not in told(row, None)
    assert "%" not in regions.block._left_out.text()
    words = regions.block._kinds.text()
    assert words == "2 microaneurysms, 1 haemorrhage, new vessels in 1 place"
    (mark,) = regions.exported(drawing.window.photographs.first)
    assert mark.words == ("microaneurysm",)


def test_an_eye_without_lesions_says_so(drawing: Desk) -> None:
    drawing.engine.give_regions(kinds=(("microaneurysm", 0), ("haemorrhage", 0)))
    assert drawing.window.photographs.regions.block._kinds.text() == "No lesion"


def test_regions_of_a_pack_without_kinds_are_not_counted_by_kind(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.give_regions(a_region(400, 150))
    assert desk.window.photographs.regions.block._kinds.isHidden()
