"""Asks whether the heatmaps that are compared are true, and keeps what was answered."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from engine.answers import Criterion, Decision
from engine.service.messages import Failed, Gone, OrderFile, Progress, Refused, TruthChecked
from engine.truth_check import TruthCheck
from viewer.compare.marked import Line, outlines
from viewer.compare.removed import Order
from viewer.compare.sources import Source
from viewer.notices import Notice, clock
from viewer.panels.truth import Checking, NotChecked, Refusing, State, TruthPanel
from viewer.panels.truth_plot import prepare
from viewer.photograph.readings import Picture
from viewer.worker import Worker

if TYPE_CHECKING:
    from viewer.compare.page import ComparePage
    from viewer.window import Window

KEPT = 8
"""Checks that are kept, each with an order of pixels for every heatmap."""

_TOLD_FROM = 0.05
"""Of a check: from this share on the time left is told."""

_PANE = "truth"

_Key = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Checked:
    check: TruthCheck
    orders: tuple[tuple[Criterion, Order], ...]


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What a check would be of: one pack's heatmaps of the picture that is shown."""

    picture: Picture
    source: Source
    criteria: tuple[Criterion, ...]
    lesions: tuple[Line, ...]
    key: _Key


class Truth(QObject):
    """Leads what the panel's hands want to the engine and the page, and their news to the panel."""

    def __init__(self, window: "Window", page: "ComparePage") -> None:
        super().__init__(page)
        self._window = window
        self._page = page
        self._client = window.client
        self._presenter = window.presenter
        self.panel = TruthPanel(window.theme)
        self._worker = Worker("curves")
        self._kept: OrderedDict[_Key, _Checked] = OrderedDict()
        self._over: dict[_Key, Refusing] = {}
        self._asked: tuple[int, _Key] | None = None
        self._progress = Checking("")
        self._begun = 0.0
        self._shown: State | None = None
        page.put_below(self.panel)
        self._connect()
        self.follow()

    def _connect(self) -> None:
        client, page, panel = self._client, self._page, self.panel
        client.progressed.connect(self._on_progress)
        client.truth_checked.connect(self._on_checked)
        client.refused.connect(self._on_refused)
        client.failed.connect(self._on_failed)
        client.gone.connect(self._on_gone)
        page.followed.connect(self.follow)
        self._presenter.standing_changed.connect(self._follow_hidden)
        page.source_chosen.connect(lambda _: self.follow())
        page.removed_changed.connect(lambda share, _: panel.show_share(share))
        panel.check_wanted.connect(self.check)
        panel.cancel_wanted.connect(self.cancel)
        panel.export_wanted.connect(self.export)
        panel.criterion_chosen.connect(page.choose_criterion)
        panel.share_chosen.connect(page.bar.show_removed)

    # ---- what a person does

    @property
    def checked(self) -> TruthCheck | None:
        """The check that is shown."""
        return self._shown if isinstance(self._shown, TruthCheck) else None

    def begin(self) -> None:
        """Check what is shown, unless that is done or under way."""
        wanted = self._wanted()
        if wanted is not None and wanted.key not in self._kept and not self._asks(wanted):
            self.check()

    def check(self) -> None:
        """Check what is shown, once more if it was checked."""
        wanted = self._wanted()
        if wanted is None or self._why_not():
            return
        self.cancel()
        self._worker.start(prepare)  # it is there before the first curve
        self._over.pop(wanted.key, None)
        self._kept.pop(wanted.key, None)
        number = self._client.check_truth(
            pane=_PANE,
            picture=wanted.picture.file,
            pack=wanted.source.pack.path,
            criteria=wanted.criteria,
            device=self._presenter.settings.device,
            lesions=wanted.lesions,
            checkpoint=wanted.source.checkpoint,
        )
        self._asked = (number, wanted.key)
        self._progress = Checking("Waiting for its turn")
        self.follow()

    def cancel(self) -> None:
        """Stop the check that is under way."""
        if self._asked is not None and not self._progress.stopping:
            self._progress = Checking(self._progress.what, stopping=True)
            self._client.cancel(self._asked[0])
            self.follow()

    def export(self) -> None:
        """Let the person choose where the figure goes; its numbers go beside it."""
        check, picture = self.checked, self._presenter.picture
        if check is None or picture is None:
            return
        to = self._window.doors.choose_figure(f"{picture.path.stem} truth check.png")
        if to is not None:
            self._draw(check, to)

    def _draw(self, check: TruthCheck, to: Path) -> None:
        number = self._client.draw_truth(check, to)
        self._presenter.jobs.begin(number, f"Drawing {to.name}", lambda: self._draw(check, to))

    # ---- what is shown

    def follow(self) -> None:
        """Show where it stands with what the page shows now; a check of something else ends."""
        wanted = self._wanted()
        may = wanted is not None and not self._page.sealed
        if self._asked is not None and not (may and wanted and self._asks(wanted)):
            self._leave()
        if not self._page.isVisible():  # it goes on while another tab is looked at
            return
        self.panel.setVisible(wanted is not None and not self._page.sealed)
        if wanted is None:
            return
        choice = self._page.choice
        in_use = next((source for source in choice.sources if choice.in_use(source)), None)
        if (told := choice.chosen_source or in_use) is not None:
            self.panel.show_chosen(told.criterion)
        self._show(self._state(wanted))

    def _follow_hidden(self) -> None:
        """Another picture on another tab; where the page is seen it says so itself."""
        if self._asked is not None and not self._page.isVisible():
            self.follow()

    def _state(self, wanted: _Wanted) -> State:
        if self._asks(wanted):
            return self._progress
        if (kept := self._kept.get(wanted.key)) is not None:
            return kept.check
        return self._over.get(wanted.key) or NotChecked(self._why_not())

    def _show(self, state: State) -> None:
        if state == self._shown:
            return
        grown = isinstance(state, TruthCheck) and self.checked is None
        self._shown = state
        self.panel.show_state(state)
        if isinstance(state, TruthCheck):
            self.panel.show_share(self._page.laying.share)
            for criterion, order in self._orders_of(state):
                self._page.take_order(criterion, order)
        if grown:
            self._page.share_height()
        self._window.actions_.refresh()

    def _orders_of(self, check: TruthCheck) -> tuple[tuple[Criterion, Order], ...]:
        return next((kept.orders for kept in self._kept.values() if kept.check is check), ())

    def _asks(self, wanted: _Wanted) -> bool:
        return self._asked is not None and self._asked[1] == wanted.key

    def _leave(self) -> None:
        """End a check of what is not shown any more, and say so where it is shown again."""
        if self._asked is not None:
            number, key = self._asked
            self._client.cancel(number)
            self._asked = None
            self._over[key] = Refusing("It was stopped when something else was shown.")

    def _wanted(self) -> _Wanted | None:
        presenter, choice = self._presenter, self._page.choice
        picture, sources = presenter.picture, choice.sources
        if picture is None or not sources:
            return None
        chosen = choice.chosen_source
        source = chosen or sources[0]
        criteria: tuple[Criterion, ...] = (source.criterion,)
        if not choice.by_packs and source.criterion is not Criterion.PI_PHOTOGRAPH:
            # Decided: π of the photograph is checked alone, never in one table with π.
            of_pack = (each.criterion for each in sources)
            criteria = tuple(each for each in of_pack if each is not Criterion.PI_PHOTOGRAPH)
        content, device = picture.opened.content_hash, presenter.settings.device
        lesions = outlines(self._window.photographs.store.of(content))
        pack = (source.pack.path, source.pack.sha256, source.checkpoint)
        key = (content, device, *pack, *criteria, str(lesions))
        return _Wanted(picture, source, criteria, lesions, key)

    def _why_not(self) -> str:
        """Why it cannot be asked now, in a sentence; empty if it can."""
        answer = self._presenter.answer
        if answer is not None and answer.decision is Decision.UNGRADABLE:
            return "This photograph cannot be graded, so there is no heatmap to check."
        return ""

    # ---- what the engine says

    def _on_progress(self, message: Progress) -> None:
        if self._asked is not None and message.id == self._asked[0]:
            if not message.done:
                self._begun = monotonic()
            before, share = self._progress, message.done / max(message.total, 1)
            left = before.left
            if share >= _TOLD_FROM:  # before it too little is over to tell
                left = (monotonic() - self._begun) * (1 - share) / share
            self._progress = Checking(
                message.what, message.done, message.total, before.stopping, left
            )
            self.follow()

    def _on_checked(self, message: TruthChecked) -> None:
        orders = tuple((each.criterion, self._order(each)) for each in message.orders)
        for each in message.orders:
            self._client.release(each.file)
        key = self._end(message.id)
        if key is None:
            return
        self._kept[key] = _Checked(message.check, orders)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.follow()

    def _order(self, file: OrderFile) -> Order:
        return Order(np.array(self._client.mapped(file.file)), np.array(file.way_back))

    def _on_refused(self, message: Refused) -> None:
        self._give_up(message.id, Refusing(message.what, message.why, message.advice))

    def _on_failed(self, message: Failed) -> None:
        ours = "Something went wrong here, and it is our fault."
        if self._give_up(message.id, Refusing(ours, "Nothing was checked.")):
            notice = Notice("fault", ours.rstrip("."), "The heatmaps were not checked.",
                            "alert-triangle", report=message.report)  # fmt: skip
            self._presenter.noticed.emit(notice)

    def _on_gone(self, message: Gone) -> None:
        stopped = self._progress.stopping
        words = f"Cancelled by you {clock()}." if stopped else f"Nothing was checked. {message.why}"
        self._give_up(message.id, Refusing(words))

    def _give_up(self, number: int, outcome: Refusing) -> bool:
        key = self._end(number)
        if key is None:
            return False
        self._over[key] = outcome
        self.follow()
        return True

    def _end(self, number: int) -> _Key | None:
        """What the check with this number was of; None if nobody waits for it."""
        if self._asked is None or self._asked[0] != number:
            return None
        key = self._asked[1]
        self._asked = None
        self._progress = Checking("")
        return key
