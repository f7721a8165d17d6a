"""How a pack's card stands on its page: the house's letters, room between its parts, ruled tables.

Qt sets Markdown like a screen of text: large headings, paragraphs without room, tight tables.
"""

import re

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QBrush,
    QColor,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableCell,
)

from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

_INTERVAL = re.compile(r"(?<=[\d%]) to (?=[-+]?\d)")
_MARGIN = 12.0
_BEFORE_HEADING, _AFTER_HEADING, _AFTER_TEXT, _AFTER_POINT = 16.0, 4.0, 8.0, 4.0
_AROUND_TABLE = 4.0
_BESIDE, _ABOVE = 8.0, 4.0
"""Within a cell, beside its words and above them."""
_WHOLE = QTextLength(QTextLength.Type.PercentageLength, 99)
"""The width of a table that fills its page: by 100, Qt rounds columns to a pixel more."""
_LINE = 125.0
"""A line's height in per cent of its letters'."""


def laid_out(markdown: str, theme: Theme, width: int, parent: QObject) -> QTextDocument:
    """A card for a page whose text has ``width`` logical pixels, or more."""
    document = QTextDocument(parent)
    document.setDefaultFont(lettering.font(tokens.BODY))
    document.setMarkdown(_INTERVAL.sub("\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}", markdown))
    document.setDocumentMargin(_MARGIN)
    document.setIndentWidth(_MARGIN)
    # Not within words: a heading of a column is read whole.
    whole_words = document.defaultTextOption()
    whole_words.setWrapMode(QTextOption.WrapMode.WordWrap)
    document.setDefaultTextOption(whole_words)
    for table in _tables(document):
        _set_table(table)
    block = document.begin()
    while block.isValid():
        _set_block(block, first=block == document.begin())
        block = block.next()
    rule(document, theme)
    for table in _tables(document):  # the document is still as wide as its widest line
        if document.documentLayout().frameBoundingRect(table).width() > width - 2 * _MARGIN:
            form = table.format()
            form.setWidth(_WHOLE)
            table.setFormat(form)
    return document


def rule(document: QTextDocument, theme: Theme) -> None:
    """Draw the lines under tables' rows in the colours of the theme in force."""
    for table in _tables(document):
        for cell in _cells(table):
            colour = theme.tokens.line if cell.row() else theme.tokens.edge
            drawn = cell.format().toTableCellFormat()
            drawn.setBottomBorder(1)
            drawn.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            drawn.setBottomBorderBrush(QBrush(QColor(colour)))
            cell.setFormat(drawn)


def _set_table(table: QTextTable) -> None:
    # A cell without words was joined to the one before it: Markdown joins none.
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            if cell.column() == column and cell.columnSpan() > 1:
                table.splitCell(row, column, 1, 1)
    form = table.format()
    form.setBorder(0)
    form.setBorderCollapse(True)
    form.setCellPadding(0)
    form.setCellSpacing(0)
    form.setTopMargin(_AROUND_TABLE)
    form.setBottomMargin(_AROUND_TABLE + _AFTER_TEXT)
    table.setFormat(form)
    for cell in _cells(table):
        padded = cell.format().toTableCellFormat()
        if not cell.row():
            padded.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBottom)
        padded.setTopPadding(_ABOVE)
        padded.setBottomPadding(_ABOVE)
        padded.setLeftPadding(_BESIDE)
        padded.setRightPadding(_BESIDE)
        cell.setFormat(padded)


def _set_block(block: QTextBlock, *, first: bool) -> None:
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    room = block.blockFormat()
    level = room.headingLevel()
    if level:
        letters = QTextCharFormat()
        letters.setFont(lettering.font(tokens.HEADLINE if level == 1 else tokens.TITLE))
        cursor.setCharFormat(letters)
        room.setTopMargin(0 if first else _BEFORE_HEADING)
        room.setBottomMargin(_AFTER_HEADING)
    elif cursor.currentTable() is None:
        room.setTopMargin(0)
        room.setBottomMargin(_AFTER_POINT if block.textList() else _AFTER_TEXT)
    room.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.setBlockFormat(room)


def _tables(document: QTextDocument) -> list[QTextTable]:
    frames = document.rootFrame().childFrames()
    return [frame for frame in frames if isinstance(frame, QTextTable)]


def _cells(table: QTextTable) -> list[QTextTableCell]:
    rows, columns = range(table.rows()), range(table.columns())
    return [table.cellAt(row, column) for row in rows for column in columns]
