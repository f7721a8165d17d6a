"""What has been answered is laid over the views, and what is removed of them blacked out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from engine.answers import Heatmap
from viewer.compare.answers import Answers, Given
from viewer.compare.choice import Choice
from viewer.compare.orders import Orders
from viewer.compare.removed import Removed
from viewer.compare.sources import Source
from viewer.compare.swipe import SwipeView
from viewer.compare.view import View
from viewer.layers.captions import Captions
from viewer.photograph.readings import Picture
from viewer.seen.heatmap import HeatmapLayer


class Laying(QObject):
    """``read`` tells the photograph's name and which eye it is, as the Read tab has them.

    ``share`` is how much is removed, 0 to 1, ``revealed`` whether that alone is shown.
    """

    def __init__(
        self,
        choice: Choice,
        answers: Answers,
        swipe: SwipeView,
        read: Callable[[], Captions],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._choice = choice
        self._answers = answers
        self._swipe = swipe
        self._views: Sequence[View] = ()
        self.picture: Picture | None = None
        self.same_scale = self.revealed = False
        self.share = 0.0
        self.orders = Orders(self)
        self.orders.made.connect(self.black_out)
        swipe.card.cancel_wanted.connect(lambda: self._for_missing(answers.cancel))
        swipe.card.again_wanted.connect(lambda: self._for_missing(answers.ask_again))

    def show_picture(self, picture: Picture | None) -> None:
        """Another photograph is shown."""
        self.picture = picture
        self.orders.forget()

    def given(self, source: Source | None) -> Given | None:
        """The answer of a source, None where there is none yet."""
        outcome = None if source is None else self._answers.outcome(source)
        return outcome if isinstance(outcome, Given) else None

    def prepare(self, source: Source) -> None:
        """Have the order found in which this map's pixels are removed."""
        given = self.given(source)
        if given is not None and given.heatmap is not None:
            self.orders.want(source, given.heatmap)

    def lay(self, views: Sequence[View]) -> None:
        """Lay what has come over the views, and say how it stands with the others."""
        self._views = views
        scale = self._scale()
        for view in views:
            view.outcome = None if view.source is None else self._answers.outcome(view.source)
            given, pane = view.given, view.pane
            pane.set_captions(self._captions(view.source))
            pane.lay(_map(given), scale)
            pane.set_assessed(None if given is None else given.answer.assessed)
            pane.set_marks(shared=scale is not None)
            view.card.show_outcome(view.outcome)
        self._lay_sides(scale)
        for source in self._choice.wanted:
            self.prepare(source)
        self.black_out()

    def black_out(self) -> None:
        """Black out what is removed of each view; the bare picture stays whole, to see it there."""
        for view in self._views:
            view.pane.remove(self._removed(view.source))
            view.pane.set_marks(said=removed_words(self.share, revealed=self.revealed))
        sides = self._choice.sides
        if sides:
            self._swipe.pane.remove(self._removed(sides[0]))
            self._swipe.pane.remove_right(self._removed(sides[1]))

    def layers(self, views: Sequence[View]) -> list[tuple[Source | None, HeatmapLayer | None]]:
        """What is shown now, each with its map as it is laid."""
        if not self._choice.swiping:
            return [(view.source, view.pane.state.heatmap) for view in views]
        pane = self._swipe.pane
        maps = (pane.state.heatmap, pane.right.heatmap)
        return list(zip(self._choice.sides, maps, strict=False))

    def _lay_sides(self, scale: float | None) -> None:
        sides, pane = self._choice.sides, self._swipe.pane
        if not sides:
            return
        left, right = (self.given(side) for side in sides)
        pane.set_captions(self._captions(sides[0]))
        pane.lay(_map(left), scale)
        either = left or right
        pane.set_assessed(None if either is None else either.answer.assessed)
        pane.set_marks(shared=scale is not None)
        pane.lay_right(_map(right), scale, self._captions(sides[1]))
        missing = [side for side in sides if side is not None and not _map(self.given(side))]
        outcome = self._answers.outcome(missing[0]) if missing else None
        self._swipe.card.show_outcome(outcome if self._choice.swiping else None)

    def _for_missing(self, do: Callable[[Source], object]) -> None:
        for side in self._choice.wanted:
            if self.given(side) is None:
                do(side)

    def _scale(self) -> float | None:
        """The upper end of all maps where they have the same scale, else None."""
        if not (self._choice.can_be_scaled and self.same_scale):
            return None
        maps = [_map(self.given(source)) for source in self._choice.sources]
        return max((each.upper_end for each in maps if each), default=None)

    def _captions(self, source: Source | None) -> Captions:
        if self.picture is None:
            return Captions()
        criterion = None if source is None else source.criterion
        # Maps here are of Referable, whichever stage the Read tab explains.
        return replace(self._read(), pack="", criterion=criterion, resolution=None, of="")

    def _removed(self, source: Source | None) -> Removed | None:
        if source is None or (self.share == 0 and not self.revealed):
            return None
        order = self.orders.of(source)
        return None if order is None else Removed(order, self.share, self.revealed)


def removed_words(share: float, *, revealed: bool) -> str:
    """How much of the picture is gone or left: "12 % removed"; empty where it is whole."""
    if not share and not revealed:
        return ""
    return f"{round(100 * share)}\N{NARROW NO-BREAK SPACE}% {'shown' if revealed else 'removed'}"


def _map(given: Given | None) -> Heatmap | None:
    return None if given is None else given.heatmap
