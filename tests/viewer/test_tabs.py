"""Tabs: a page is made when it is first shown, and what belongs to the picture waits meanwhile."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from viewer import tabs
from viewer.notices import Notice
from viewer.tabs import READ, Tab
from viewer.window import Window

OTHER = "other"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[QWidget]:
    """The pages that were made of a tab beside Read."""
    pages: list[QWidget] = []

    def make(window: Window) -> QWidget:
        page = QWidget()
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        pages.append(page)
        return page

    monkeypatch.setattr(tabs, "TABS", (Tab(OTHER, "Other", "Ctrl+9", "Shows another.", make),))
    return pages


def test_a_page_is_made_when_it_is_first_shown_and_only_then(desk, made) -> None:
    assert made == []
    desk.window.tabs.show_tab(OTHER)
    desk.window.tabs.show_tab(READ)
    desk.window.tabs.show_tab(OTHER)
    assert len(made) == 1
    assert made[0].isVisible()


def test_the_pictures_commands_wait_until_it_is_looked_at_again(desk, made) -> None:
    desk.open_and_answer()
    by_name = desk.window.actions_.by_name
    assert by_name["fit"].isEnabled()
    desk.window.tabs.show_tab(OTHER)
    assert not by_name["fit"].isEnabled()
    desk.window.tabs.show_tab(READ)
    assert by_name["fit"].isEnabled()
    assert desk.window.photographs.pane.hasFocus()


def test_to_open_a_picture_is_to_read_it(desk, made) -> None:
    desk.window.tabs.show_tab(OTHER)
    desk.window.open(desk.picture())
    assert desk.window.tabs.reading


def test_rows_lie_over_the_tab_on_top(desk, made) -> None:
    desk.window.tabs.show_tab(OTHER)
    desk.window.tell(Notice("topic", "Something happened.", "", "x"))
    rows = desk.window.rows
    assert rows.isVisible()
    assert rows.parentWidget() is made[0]
    desk.window.tabs.show_tab(READ)
    assert rows.isVisible()
    assert not rows.geometry().isEmpty()


def test_what_the_strip_says_of_the_picture_is_said_beside_it_alone(desk, made) -> None:
    desk.open_and_answer()
    desk.window.strip.said.show_words("OD at the left")
    desk.window.tabs.show_tab(OTHER)
    assert not desk.window.strip.said.isVisible()
    desk.window.tabs.show_tab(READ)
    assert desk.window.strip.said.isVisible()


def test_visits_that_are_counted_while_another_tab_is_on_top_are_told_on_the_read_tab(
    desk, made
) -> None:
    desk.open_and_answer()
    desk.window.tabs.show_tab(OTHER)
    desk.window.strip.show_patient("A1 · 2 visits")
    assert not desk.window.strip.patient.isVisible()
    desk.window.tabs.show_tab(READ)
    assert desk.window.strip.patient.isVisible()
