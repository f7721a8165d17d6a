"""What a person chose to compare, and what is shown of it: decisions without widgets."""

from engine.answers import Criterion
from viewer.compare.sources import SIGNS, Source, by_criteria, by_packs, two_of
from viewer.photograph.presenter import Presenter


class Choice:
    """Criteria of one pack or two packs, side by side or parted by a line, and the chosen view.

    ``chosen`` counts the views from the bare picture, 0; ``right_chosen`` is the side of the line.
    ``with_photograph`` is whether π of the photograph has a view, None where there is room for it,
    which ``has_room`` tells.
    """

    def __init__(self, presenter: Presenter) -> None:
        self._presenter = presenter
        self.by_packs = self.swiping = False
        self.with_photograph: bool | None = None
        self.has_room = False
        self.chosen = 0
        self.right_chosen = True
        self._pair: tuple[Source, ...] = ()
        self._sides: tuple[Source | None, ...] = ()

    # ---- what follows from it

    @property
    def shows_photograph_criterion(self) -> bool:
        """Whether π of the photograph has a view."""
        return self.has_room if self.with_photograph is None else self.with_photograph

    @property
    def offered(self) -> tuple[Source, ...]:
        """All that a view can show."""
        presenter = self._presenter
        if presenter.pack is None:
            return ()
        if self.by_packs:
            return by_packs(presenter.packs, presenter.criterion)
        return by_criteria(presenter.pack)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What the views side by side show, without the bare picture."""
        pack = self._presenter.pack
        if pack is None:
            return ()
        if self.by_packs:
            return two_of(self.offered, pack, self._pair)
        photograph = self.shows_photograph_criterion
        return tuple(
            source
            for source in self.offered
            if photograph or source.criterion is not Criterion.PI_PHOTOGRAPH
        )

    @property
    def sides(self) -> tuple[Source | None, ...]:
        """What lies left and right of the line, None for the bare picture; () without a pack."""
        offered = (None, *self.offered)
        if len(self._sides) == 2 and all(side in offered for side in self._sides):
            return self._sides
        sources = self.sources
        return sources[:2] if len(sources) > 1 else (None, *sources) if sources else ()

    @property
    def wanted(self) -> tuple[Source, ...]:
        """What must be asked for what is shown."""
        if not self.swiping:
            return self.sources
        return tuple(side for side in self.sides if side is not None)

    @property
    def can_be_scaled(self) -> bool:
        """Whether what is shown can have one scale: two packs' maps in the same unit, which is
        not fixed as that of drawn lesions is.
        """
        shown = {source.criterion for source in self.wanted}
        return self.by_packs and len(shown) == 1 and Criterion.LESIONS not in shown

    @property
    def chosen_source(self) -> Source | None:
        """What the chosen view shows; None for the bare picture."""
        if self.swiping:
            return self.sides[int(self.right_chosen)] if self.sides else None
        shown = (None, *self.sources)
        return shown[min(self.chosen, len(shown) - 1)]

    def in_use(self, source: Source | None) -> bool:
        """Whether the Read tab shows this."""
        pack = self._presenter.pack
        if source is None or pack is None:
            return False
        return source.key == Source(pack, self._presenter.criterion).key

    def words(self, source: Source | None) -> str:
        """A source as a chooser names it."""
        if source is None:
            return "Picture"
        if self.by_packs:
            return source.pack_words
        sign, name = SIGNS[source.criterion]
        return f"{sign}  {name}"

    def criterion_words(self, source: Source | None) -> str:
        """The criterion of a pack's map where packs differ in it, else empty."""
        differ = len({each.criterion for each in self.offered}) > 1
        return SIGNS[source.criterion][0] if source and self.by_packs and differ else ""

    # ---- what a person does

    def compare_packs(self, by_packs: bool) -> None:
        """Packs and checkpoints, or the criteria of one pack."""
        if by_packs != self.by_packs:
            self.by_packs, self.chosen, self._sides = by_packs, 0, ()

    def choose_pack(self, number: int, offered: int) -> None:
        """Let a view show another of what is offered."""
        pair = list(self.sources)
        pair[number - 1] = self.offered[offered]
        self._pair = tuple(pair)

    def choose_side(self, side: int, offered: int) -> None:
        """Let a side of the line show another; ``offered`` 0 is the bare picture."""
        sides = list(self.sides)
        sides[side] = (None, *self.offered)[offered]
        self._sides = tuple(sides)
