"""Tokens keep the contrasts that they were chosen for; icons and type are all there."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from contrast import contrast
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from window_desk import Desk

from viewer.theme import icons, tokens
from viewer.theme import type as lettering
from viewer.theme.tokens import THEMES, Tokens

VIEWER = Path(__file__).parents[2] / "viewer"


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
@pytest.mark.parametrize("ink", ["text1", "text2", "text3", "model", "reader", "refer", "error"])
def test_text_can_be_read_on_every_ground(theme: Tokens, ink: str) -> None:
    for ground in (theme.window, theme.panel, theme.raised, theme.control):
        assert contrast(getattr(theme, ink), ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
def test_edges_and_the_main_button_stand_out(theme: Tokens) -> None:
    for ground in (theme.window, theme.panel, theme.raised, theme.control):
        assert contrast(theme.edge, ground) >= 3.0
    assert contrast(theme.primary, theme.on_primary) >= 4.5
    assert contrast(theme.text1, theme.window) >= 4.5


def test_every_icon_that_the_viewer_names_is_in_the_resources() -> None:
    there = {file.name.removesuffix(".svg") for file in (files("resources") / "icons").iterdir()}
    named = re.compile(
        r'(?:icon=|pixmap\(|\.icon\(|Notice\([^()]*|Button\([^()]*|Action\([^()]*)"([a-z][a-z0-9-]+)"'
    )
    used = set()
    for source in VIEWER.rglob("*.py"):
        used |= set(named.findall(source.read_text("utf-8")))
    not_icons = {
        "export",
        "pack",
        "readings",
        "refused",
        "gone",
        "engine",
        "settings",
        "drop",
        "fault",
        "ship",
    }
    not_icons |= {"primary", "plain"}
    assert used - not_icons <= there
    assert len(used & there) > 10


def test_no_icon_lies_there_unused() -> None:
    text = "".join(source.read_text("utf-8") for source in VIEWER.rglob("*.py"))
    names = [file.name for file in (files("resources") / "icons").iterdir()]
    icons_ = [name.removesuffix(".svg") for name in names if name.endswith(".svg")]
    assert [name for name in icons_ if f'"{name}"' not in text] == []


def test_an_icon_is_drawn_in_the_colour_that_was_asked(qapp: QApplication) -> None:
    image = icons.pixmap("square", "#ff0000", 24).toImage()
    inks = {
        QColor(image.pixelColor(x, y)).name()
        for x in range(24)
        for y in range(24)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert inks == {"#ff0000"}


def test_the_bundled_type_loads_and_its_figures_have_one_width(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontInfo, QFontMetricsF

    assert lettering.load()
    font = lettering.font(tokens.BODY)
    assert QFontInfo(font).family() == tokens.FAMILY
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance("1111") == pytest.approx(metrics.horizontalAdvance("8888"))


def test_the_window_has_the_program_s_mark_on_a_ground_of_its_own(desk: Desk) -> None:
    image = desk.window.windowIcon().pixmap(32, 32).toImage()
    inks = {image.pixelColor(x, y).name() for x in range(4, 28) for y in range(4, 28)}
    assert {tokens.DARK.window.lower(), tokens.DARK.text1.lower()} <= inks
    assert all(image.pixelColor(x, 16).alpha() == 255 for x in range(32))
