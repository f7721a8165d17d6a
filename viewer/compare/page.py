"""The Compare tab: the photograph under several criteria, packs or checkpoints at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from engine.answers import Criterion
from viewer.command import Where
from viewer.commands.compare import MENU, SHARED
from viewer.compare import heads
from viewer.compare.answers import Answers, Given
from viewer.compare.choice import Choice
from viewer.compare.export import Exports
from viewer.compare.frame import CompareFrame
from viewer.compare.laying import Laying
from viewer.compare.linked import Linked
from viewer.compare.pane import ComparePane
from viewer.compare.removed import Order
from viewer.compare.sources import Source
from viewer.compare.swipe import STEP
from viewer.compare.truth import Truth
from viewer.compare.view import View
from viewer.photograph.readings import Picture
from viewer.seen.preparation import Prepared
from viewer.tools.probe import Probe

if TYPE_CHECKING:
    from viewer.window import Window


class ComparePage(CompareFrame):
    """Acts like the photograph's desk for the commands that both share."""

    choice: Choice
    laying: Laying
    views_linked: Linked
    red_free: bool
    texts: bool

    removed_changed = Signal(float, bool)
    """The share that is removed, 0 to 1, and whether that share alone is shown instead."""
    followed = Signal()
    """What is shown may be another: picture, pack, criterion, or nothing because nobody looks."""
    source_chosen = Signal(object)
    """A ``Source``, or None for the bare picture."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window.theme, window.actions_)
        self._window = window
        self._presenter = window.presenter
        self.choice = Choice(window.presenter)
        self.texts = True
        self.red_free = False
        self._picture: Picture | None = None
        self._built: tuple[Source, ...] = ()
        self.views_linked = Linked(self)
        self.answers = Answers(window.client, window.presenter, self)
        self.exports = Exports(self)
        self.views: list[View] = []
        read = window.photographs.first
        self.laying = Laying(
            self.choice, self.answers, self.swipe, lambda: read.state.captions, self
        )
        self._join(self.swipe.pane)
        self._connect()
        for name in SHARED:
            self.addAction(window.actions_.by_name[name])
        self.truth = Truth(window, self)

    def _connect(self) -> None:
        window, presenter, swipe = self._window, self._presenter, self.swipe
        # Of another picture too, once the Read tab has asked about it.
        presenter.standing_changed.connect(self._follow)
        presenter.packs_changed.connect(self._follow)
        window.photographs.reading.changed.connect(self._follow)
        presenter.look_changed.connect(self._show_look)
        window.photographs.first.prepared.connect(self._take_prepared)
        self.answers.changed.connect(self._on_answer)
        self.bar.removed_changed.connect(self.remove)
        self.bar.use_wanted.connect(self.use_for_reading)
        self.exports.noticed.connect(window.tell)
        self.grid.resized.connect(self._measure)
        self.open_wanted.connect(lambda: window.doors.choose_picture())
        self.pack_wanted.connect(lambda: window.doors.choose_pack())
        swipe.left.chosen.connect(lambda number: self._choose_side(0, number))
        swipe.right.chosen.connect(lambda number: self._choose_side(1, number))
        swipe.pane.side_pressed.connect(self._press_side)

    def _join(self, pane: ComparePane) -> None:
        """Lead what a hand does on one view to all of them, and the window's held keys to it."""
        self.views_linked.add(pane)
        pane.probed.connect(lambda found: self._probe(pane, found))
        pane.opacity_stepped.connect(
            lambda steps: self._presenter.preferences.step_opacity(steps / 100)
        )
        pane.picture_stepped.connect(self._window.on_top.step)
        pane.menu_asked.connect(self._show_menu)
        self._window.held.add(pane, Where.PHOTOGRAPH)

    # ---- what the commands do, as on the photograph's desk

    @property
    def pane(self) -> ComparePane:
        """The view that was chosen."""
        if self.choice.swiping or not self.shown:
            return self.swipe.pane
        return self.shown[min(self.choice.chosen, len(self.shown) - 1)].pane

    def zoom_by(self, factor: float) -> None:
        """Zoom about the middle."""
        self.pane.zoom_by(factor, QPointF(self.pane.rect().center()))

    def hold_hidden(self, held: bool) -> None:
        """Hide the heatmaps, and show what was removed, while the key is held."""
        for pane in self.views_linked.panes:
            pane.hold_hidden(held)

    def hold_red_free(self, held: bool) -> None:
        """Red-free while the key is held; the other way round while it is kept."""
        for pane in self.views_linked.panes:
            pane.hold_red_free(held != self.red_free)

    def keep_red_free(self, red_free: bool) -> None:
        """Red-free until told otherwise."""
        self.red_free = red_free
        self.hold_red_free(False)

    def show_texts(self, texts: bool) -> None:
        """Show or hide the words over the views."""
        self.texts = texts
        for pane in self.views_linked.panes:
            pane.show_texts(texts)

    def next_criterion(self) -> None:
        """Choose the next view."""
        if self.shown:
            self._choose((self.choice.chosen + 1) % len(self.shown))

    def reset(self) -> None:
        """The whole picture in all views, in colour, with the usual heatmaps, nothing removed."""
        self.keep_red_free(False)
        self._presenter.show_heatmap(True)
        self._presenter.preferences.reset_look()
        self.reveal(False)
        self.remove(0.0)
        self.swipe.pane.move_line(0.5)
        for pane in self.views_linked.panes:
            pane.reset()

    # ---- what the tab's own commands do

    def compare_packs(self, by_packs: bool) -> None:
        """Packs and checkpoints beside each other, or the criteria of one pack."""
        self.choice.compare_packs(by_packs)
        self._rebuild()

    def show_swipe(self, swiping: bool) -> None:
        """Two maps in one view, parted by a line; or all of them side by side."""
        before = self.pane
        self.choice.swiping = swiping
        self._rebuild()
        self.views_linked.look_as(before)
        self.pane.setFocus()

    def link(self, linked: bool) -> None:
        """Let the views move together, from now on to where the chosen one looks."""
        self.views_linked.link(linked, self.pane)

    def scale_alike(self, same: bool) -> None:
        """Both packs' maps on one scale, or each on its own."""
        self.laying.same_scale = same
        self.laying.lay(self.shown)

    def show_photograph_criterion(self, shown: bool) -> None:
        """Give π of the photograph a view, or take it away."""
        self.choice.with_photograph = shown
        self._rebuild()

    def reveal(self, revealed: bool) -> None:
        """Show the share that is removed, and black out all else."""
        self.laying.revealed = revealed
        self.remove(self.laying.share)

    def remove(self, share: float) -> None:
        """Black out a share of the picture, the strongest evidence first."""
        self.laying.share = share
        self.laying.black_out()
        self.bar.tell_removed(share, revealed=self.laying.revealed)
        self.removed_changed.emit(share, self.laying.revealed)

    def step_line(self, steps: int) -> None:
        """Move the line between two maps."""
        self.swipe.pane.move_line(self.swipe.pane.line + steps * STEP)

    def use_for_reading(self) -> None:
        """Read with the criterion, or the pack, of the chosen view from now on."""
        source = self.choice.chosen_source
        if source is not None and self.choice.by_packs:
            self._presenter.choose_pack(source.pack)
        elif source is not None:
            self._presenter.choose_criterion(source.criterion)
        self._window.actions_.refresh()

    def choose_criterion(self, criterion: Criterion) -> None:
        """Choose the view of a criterion; the keys stay where they are."""
        for number, view in enumerate(self.shown):
            if view.source is not None and view.source.criterion is criterion:
                self.choice.chosen = number
                self._show_heads()
                self.source_chosen.emit(view.source)
                return

    def take_order(self, criterion: Criterion, order: Order) -> None:
        """The order in which a check has removed the pixels of a criterion's map."""
        for source in self.choice.sources:
            if source.criterion is criterion and not self.choice.by_packs:
                self.laying.orders.take(source, order)

    # ---- what is looked at

    @property
    def sealed(self) -> bool:
        """Whether the model's word waits for the reader's signature."""
        picture, reading = self._picture, self._window.photographs.reading
        return picture is not None and reading.veils(picture.opened.content_hash)

    @property
    def shown(self) -> list[View]:
        """The views side by side, the bare picture first."""
        return self.views[: 1 + len(self._built)]

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks: what is missing is asked."""
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the Read tab has the engine."""
        super().hideEvent(event)
        self.answers.rest()
        self.followed.emit()

    def _measure(self) -> None:
        """There may be room for another view, or for one less."""
        self.choice.has_room = self.grid.has_room(len(self.choice.offered))
        if self.isVisible() and self.choice.sources != self._built:
            self._rebuild()

    def _follow(self) -> None:
        """Another picture, pack or criterion in force."""
        if not self.isVisible():
            return
        picture = self._presenter.picture
        if picture is not self._picture:
            self._picture = picture
            self.laying.show_picture(picture)
            pixels = None if picture is None else self._window.photographs.first.state.pixels
            if pixels is not None:
                self.grid.aspect = pixels.shape[1] / pixels.shape[0]
            self._share_picture(self.views_linked.panes)
            self.keep_red_free(False)
        self._rebuild()

    def _rebuild(self) -> None:
        """Another number of views, or other sources in them."""
        sources = self._built = self.choice.sources
        while len(self.views) < 1 + len(sources):
            self._add_view()
        for view, source in zip(self.views, (None, *sources), strict=False):
            view.source = source
        sealed = self.sealed
        ready = self._picture is not None and bool(sources) and not sealed
        self.bar.setVisible(self._picture is not None and not sealed)
        known = self._presenter.packs_known
        self.empty.tell(no_picture=self._picture is None, known=known, sealed=sealed)
        alone, swiping = self.choice.by_packs and len(sources) == 1, self.choice.swiping
        self.lay_out(self.shown, ready=ready, swiping=swiping, alone=alone, known=known)
        self.answers.want(self._picture if ready else None, self.choice.wanted)
        self.laying.lay(self.shown)
        self._show_look()
        self._show_heads()
        self.setFocusProxy(self.pane)
        self._window.actions_.refresh()
        self.bar.show_for(scaled=self.choice.can_be_scaled, swiping=swiping)
        self.followed.emit()

    def _add_view(self) -> None:
        view, number = View(self._window.theme, self.answers), len(self.views)
        self.views.append(view)
        view.pane.set_marks(lead=number == 0)
        view.pane.pressed.connect(lambda: self._choose(number))
        view.header.chosen.connect(lambda which: self._choose_pack(number, which))
        self._share_picture((view.pane,))
        self._join(view.pane)

    def _share_picture(self, panes: Sequence[ComparePane]) -> None:
        read = self._window.photographs.first.state
        for pane in panes:
            pane.share(read if self._picture is not None else type(read)())
            pane.show_texts(self.texts)

    def _take_prepared(self, prepared: Prepared) -> None:
        for pane in self.views_linked.panes:
            pane.take_prepared(prepared)

    def _on_answer(self, source: Source) -> None:
        if self.isVisible():
            self.laying.lay(self.shown)
            self.laying.prepare(source)
            self._show_heads()

    def _show_look(self) -> None:
        for pane in self.views_linked.panes:
            pane.set_look(self._presenter.look)

    def _show_heads(self) -> None:
        told = any(self.given(view.source) is not None for view in self.shown)
        if told and self._picture is not None and not self.sealed:
            self._window.photographs.store.tell_shown(self._picture.opened.content_hash)
        for number, view in enumerate(self.shown):
            heads.show_head(view, self.choice)
            view.pane.set_marks(chosen=number == self.choice.chosen)
        swipe = self.swipe
        for head, side in zip((swipe.left, swipe.right), self.choice.sides, strict=False):
            heads.show_side_head(head, side, self.given(side), self.choice)
        heads.show_use(self.bar, self.choice)

    def given(self, source: Source | None) -> Given | None:
        """The answer of a source, None where there is none yet."""
        return self.laying.given(source)

    # ---- what a person chooses

    def _choose(self, number: int) -> None:
        self.choice.chosen = number
        self._show_heads()
        self.setFocusProxy(self.pane)
        self.pane.setFocus()
        self.source_chosen.emit(self.choice.chosen_source)

    def _choose_pack(self, number: int, which: int) -> None:
        self.choice.choose_pack(number, which)
        self._rebuild()

    def _choose_side(self, side: int, number: int) -> None:
        self.choice.choose_side(side, number)
        self._rebuild()

    def _press_side(self, right: bool) -> None:
        self.choice.right_chosen = right
        self._show_heads()
        self.source_chosen.emit(self.choice.chosen_source)

    # ---- moving and pointing

    def _probe(self, over: ComparePane, found: Probe | None) -> None:
        at = None if found is None else (float(found.x), float(found.y))
        self.views_linked.point(over, at)
        layers = self.laying.layers(self.shown)
        by_packs = self.choice.by_packs
        said = "" if found is None else heads.probe_words(found, layers, by_packs=by_packs)
        self._window.strip.show_pointer(said)

    def _show_menu(self, at: QPoint) -> None:
        self._window.menu(MENU).popup(at)
