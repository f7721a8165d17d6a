"""What it looks at: the same held-out pictures after some rounds, side by side."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme
from viewer.training.watch import COLUMNS, Watched

_HEAD = 22
_GAP = 4
_SIDE = 16
_LEAST = 84
_NONE_YET = (
    "A few held-out pictures appear here, and after some rounds what the network looks at in them."
)
_NONE_IN_FOLDS = "A training in folds keeps no heatmaps of its rounds."


class LooksView(QWidget):
    """A row a picture: bare at the left, then its heatmap after each round that is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._watched: Watched | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_HEAD + 2 * (_LEAST + _GAP))
        self.setAccessibleName("What it looks at, same pictures every round")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Four rows of middling size."""
        return QSize(700, _HEAD + 4 * 130)

    def show_looks(self, watched: Watched) -> None:
        """Show what was drawn."""
        self._watched = watched
        names = [each.name for each in watched.seen.pinned]
        rounds = ", ".join(map(str, watched.columns))
        self.setAccessibleDescription(
            f"{len(names)} held-out pictures; heatmaps after round {rounds}." if rounds else ""
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Rounds above, pictures in rows, the newest round framed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = self._theme.tokens
        painter.fillRect(self.rect(), QColor(colours.panel))
        watched = self._watched
        if watched is None or not watched.pictures:
            painter.setPen(QColor(colours.text3))
            painter.setFont(lettering.font(tokens.SECOND))
            where = self.rect().adjusted(_SIDE, 0, -_SIDE, 0)
            in_folds = watched is not None and watched.seen.in_folds
            painter.drawText(
                where,
                Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
                _NONE_IN_FOLDS if in_folds else _NONE_YET,
            )
            return
        side = self._side(len(watched.pictures))
        newest = len(watched.columns) - 1
        self._write_head(painter, side)
        for row, picture in enumerate(watched.pictures):
            y = _HEAD + row * (side + _GAP)
            painter.drawImage(QRectF(_SIDE, y, side, side), picture)
            self._write_name(painter, watched, row, QRectF(_SIDE, y, side, side))
            for column, image in enumerate(watched.looks[row]):
                box = QRectF(_SIDE + (column + 1) * (side + _GAP), y, side, side)
                painter.drawImage(box, image)
                if column == newest:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    # One line stands out from the picture, the other from the page.
                    for ink, wide, out in ((tokens.OVER_TEXT, 2, -1), (colours.text1, 1, 0.5)):
                        painter.setPen(QPen(QColor(ink), wide))
                        painter.drawRect(box.adjusted(-out, -out, out, out))

    def heads(self) -> list[str]:
        """What stands above the columns: rounds, of which the newest may lie back."""
        columns = self._watched.columns if self._watched else ()
        rounds = [str(number) for number in columns]
        return ["picture", *(f"round {each}" for each in rounds[:1]), *rounds[1:]]

    def _side(self, rows: int) -> float:
        across = (self.width() - 2 * _SIDE - COLUMNS * _GAP) / (COLUMNS + 1)
        down = (self.height() - _HEAD) / rows - _GAP
        return max(min(across, down), 40.0)

    def _write_head(self, painter: QPainter, side: float) -> None:
        colours = self._theme.tokens
        words = self.heads()
        for column, said in enumerate(words):
            last = column == len(words) - 1 and column > 0
            painter.setFont(lettering.font(tokens.SMALL_STRONG if last else tokens.SECOND))
            painter.setPen(QColor(colours.text1 if last else colours.text2))
            painter.drawText(int(_SIDE + column * (side + _GAP)), 14, said)

    def _write_name(self, painter: QPainter, watched: Watched, row: int, box: QRectF) -> None:
        """Over the picture, in the picture's own ink with a halo."""
        pinned = watched.seen.pinned
        if row >= len(pinned):
            return
        painter.setFont(lettering.font(tokens.AXIS))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(
            pinned[row].name, Qt.TextElideMode.ElideMiddle, int(box.width() - 10)
        )
        kind = "referable" if pinned[row].referable else "not referable"
        # One word a line where both have no room.
        kinds = [kind] if metrics.horizontalAdvance(kind) < box.width() - 10 else kind.split()
        for line, words in enumerate((name, *kinds)):
            x, y = int(box.left() + 5), int(box.top() + 13 + 13 * line)
            painter.setPen(QColor(tokens.OVER_HALO))
            for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                painter.drawText(x + across, y + down, words)
            painter.setPen(QColor(tokens.OVER_TEXT))
            painter.drawText(x, y, words)
