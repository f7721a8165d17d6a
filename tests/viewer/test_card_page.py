"""A pack's card in the window: in the house's letters, and never wider than its page."""

from importlib.resources import files

import pytest
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

import resources
from viewer.panels.pages import CardPage
from viewer.theme import tokens
from viewer.theme.theme import Theme

PACKS = ("retinopathy-lesions", "retinopathy-net-b")


@pytest.mark.parametrize("name", PACKS)
def test_a_cards_headings_are_in_the_houses_sizes_and_nothing_is_cut(
    qtbot, qapp: QApplication, name: str
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    written = files(resources).joinpath("packs", name, "card.md").read_text("utf-8")
    page = CardPage(window, Theme(qapp), "A pack", written)
    page.show()
    text = page.findChild(QTextBrowser)
    assert text.horizontalScrollBar().maximum() == 0
    document, sizes = text.document(), {}
    for number in range(document.blockCount()):
        block = document.findBlockByNumber(number)
        if level := block.blockFormat().headingLevel():
            sizes[level] = block.begin().fragment().charFormat().font().pixelSize()
    assert sizes == {1: tokens.HEADLINE.pixels, 2: tokens.TITLE.pixels}
