"""A pack's card in the window: in the house's letters, and never wider than its page."""

import re
from importlib.resources import files
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlock, QTextCursor, QTextTable
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

import resources
from viewer.panels.pages import CardPage
from viewer.panels.parts import Button
from viewer.theme import tokens
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName

PACKS = ("davis", "lesions", "net-b", "stages")


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def window(qtbot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def _shown(window: QWidget, theme: Theme, markdown: str) -> QTextBrowser:
    page = CardPage(window, theme, "A pack", markdown)
    page.show()
    return page.findChild(QTextBrowser)


def _card(name: str) -> str:
    return files(resources).joinpath("packs", f"retinopathy-{name}", "card.md").read_text("utf-8")


def _blocks(text: QTextBrowser) -> list[QTextBlock]:
    document = text.document()
    return [document.findBlockByNumber(number) for number in range(document.blockCount())]


_FROM_TO = re.compile(r"[\d.%]+\sto\s[-+]?[\d.%]+")


def _tables(text: QTextBrowser) -> list[QTextTable]:
    frames = text.document().rootFrame().childFrames()
    return [frame for frame in frames if isinstance(frame, QTextTable)]


@pytest.mark.parametrize("name", PACKS)
def test_a_cards_headings_are_in_the_houses_sizes(window: QWidget, theme: Theme, name: str) -> None:
    sizes = {}
    for block in _blocks(_shown(window, theme, _card(name))):
        if level := block.blockFormat().headingLevel():
            sizes[level] = block.begin().fragment().charFormat().font().pixelSize()
    assert sizes == {1: tokens.HEADLINE.pixels, 2: tokens.TITLE.pixels}


@pytest.mark.parametrize("name", PACKS)
def test_no_card_is_wider_than_its_page(window: QWidget, theme: Theme, name: str) -> None:
    text = _shown(window, theme, _card(name))
    for wider in range(0, 40):
        text.window().resize(880 + wider, 640)
        QApplication.processEvents()
        assert text.horizontalScrollBar().maximum() == 0, wider


@pytest.mark.parametrize("name", PACKS)
def test_no_word_and_no_interval_of_a_table_is_broken_over_two_lines(
    window: QWidget, theme: Theme, name: str
) -> None:
    text = _shown(window, theme, _card(name))
    for block in _blocks(text):
        if QTextCursor(block).currentTable() is None:
            continue
        layout, words = block.layout(), block.text()
        starts = [layout.lineAt(line).textStart() for line in range(1, layout.lineCount())]
        for start in starts:
            assert words[start - 1].isspace() or words[start - 1] in "-/", words
            assert not any(each.start() < start < each.end() for each in _FROM_TO.finditer(words))


def test_a_tables_cells_have_room_and_a_line_under_each_even_where_one_is_empty(
    window: QWidget, theme: Theme
) -> None:
    written = "| a | b | c | d |\n|---|---|---|---|\n| 1 |  |  | 4 |\n"
    (table,) = _tables(_shown(window, theme, written))
    for row, column in product(range(2), range(4)):
        cell = table.cellAt(row, column)
        form = cell.format().toTableCellFormat()
        assert cell.column() == column
        assert form.bottomBorder() == 1
        assert form.leftPadding() >= 8 <= form.rightPadding()


def test_a_tables_lines_follow_the_theme_while_a_card_is_open(
    window: QWidget, theme: Theme
) -> None:
    text = _shown(window, theme, "| a |\n|---|\n| 1 |\n")
    theme.use(ThemeName.LIGHT)
    (table,) = _tables(text)
    drawn = table.cellAt(1, 0).format().toTableCellFormat().bottomBorderBrush().color()
    assert drawn.name().upper() == tokens.LIGHT.line


def test_the_keys_on_close_are_shown_by_the_houses_ring(
    window: QWidget, theme: Theme, qtbot
) -> None:
    """Not by a grey patch within the button."""
    page = CardPage(window, theme, "A pack", "# A card")
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    close = page.findChild(Button)
    qtbot.keyClick(page.findChild(QTextBrowser), Qt.Key.Key_Tab)
    assert close.hasFocus()
    assert page.ring.isVisible()
    assert page.ring.geometry() == close.geometry().adjusted(-3, -3, 3, 3)
