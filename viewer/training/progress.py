"""The panel beside a run: how far it is, pause and stop, what its numbers mean, and shipping it."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from engine import pack_names, run_notes, runs
from engine.runs import Measured, Seen
from engine.telling import words
from viewer.panels.parts import Block, Button, label
from viewer.panels.sight import bring_into_sight
from viewer.theme import icons
from viewer.theme.theme import Theme
from viewer.training.room import Shipment
from viewer.training.watch import Watched

STATES = {
    "begun": "Beginning",
    "running": "Running",
    "paused": "Paused",
    "stopping": "Stopping",
    "done": "Done",
    "stopped": "Stopped",
    "interrupted": "Interrupted",
    "cancelled": "Stopped",
    "refused": "Refused",
    "failed": "Failed",
}
_ENDED = {
    "interrupted": "Its process is gone. What it had learnt up to the last minute is kept.",
    "cancelled": "It was stopped before there was a pack. It can go on from there.",
    "failed": "Something went wrong here, and it is our fault. It can go on from its last minute.",
}
STOPPED = ("stopped", "cancelled")
"""By a person: with a best round, which is kept as a pack, or before there was one."""
_NO_BETTER = (
    "Nothing shows that it tells better than chance: the interval does not lie above {:g}, which a "
    "guess has."
)
_TIED = "\N{NO-BREAK SPACE}"
"""No line ends between a figure and what it counts."""
LEAST_USE = 20
ON_OFFER = "It can be chosen on the Read tab. Until then the pack used so far reads."


class RunBlock(Block):
    """State, bar, round, time left; Pause or Go on; Stop, which keeps the best round if any."""

    pause_wanted = Signal()
    go_on_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Run")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        head = QHBoxLayout()
        self.state = label("", "title")
        head.addWidget(self.state)
        self.device = label("", "chip")
        head.addWidget(self.device)
        head.addStretch()
        self.body.addLayout(head)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.body.addWidget(self._bar)
        self.round = label("", "strong", wrap=True)
        self.said = label("", "second", wrap=True)
        self.body.addWidget(self.round)
        self.figure = label("", "strong", wrap=True)
        self.doubt = label("", "second", wrap=True)
        self.body.addWidget(self.figure)
        self.body.addWidget(self.doubt)
        self.body.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.pause_button = Button(theme, "Pause", "player-pause", small=True)
        self.go_on_button = Button(theme, "Go on", "player-play", small=True)
        self.stop_button = Button(theme, "Stop", "square", small=True)
        self.pause_button.clicked.connect(self.pause_wanted)
        self.go_on_button.clicked.connect(self.go_on_wanted)
        self.stop_button.clicked.connect(self.stop_wanted)
        for button in (self.pause_button, self.go_on_button, self.stop_button):
            row.addWidget(button)
        row.addStretch()
        self.body.addLayout(row)

    def show_run(self, seen: Seen) -> None:
        """Show where it stands."""
        status, facts = seen.status, seen.facts
        self.state.setText(STATES.get(status.state, status.state))
        self.device.setText(facts.device)
        self.device.setVisible(bool(facts.device))
        waits = status.going_on and (status.part != runs.PART or bool(status.what))
        done, total = (status.done + status.share, status.total)
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(round(1000 * done / total) if total else 0)
        self._bar.setVisible(status.going_on or status.state == "begun")
        self.round.setText(_preparing(seen) if waits else _round_words(seen))
        self.round.setVisible(bool(self.round.text()))
        self.said.setText(_said(seen))
        self.said.setVisible(bool(self.said.text()))
        self._show_figure(seen.measured)
        # A cross-validation has no best round; nor has any run before its first is over.
        stop = "Stop" if seen.best is None else "Stop, keep best"
        self.stop_button.setText(f" {stop}")  # as ``Button`` keeps its words from its icon
        self.stop_button.setAccessibleName(stop)
        self._show_buttons(status.state)

    def _show_figure(self, measured: Measured | None) -> None:
        """What a cross-validation came to, and whether that may be chance."""
        self.figure.setText(measured_words(measured) if measured else "")
        doubted = measured and run_notes.chance(measured)
        self.doubt.setText(_NO_BETTER.format(measured.guess) if measured and doubted else "")
        for part in (self.figure, self.doubt):
            part.setVisible(bool(part.text()))

    def _show_buttons(self, state: str) -> None:
        shown = {
            self.pause_button: state == "running",
            self.go_on_button: state in ("paused", "interrupted", "failed", *STOPPED),
            # Pressed again it asks for the same.
            self.stop_button: state in ("running", "paused", "stopping"),
        }
        # The window's own word: it keeps its focus also while another window is in front.
        focused = self.window().focusWidget()
        had = next((button for button in shown if button is focused and not shown[button]), None)
        for button, visible in shown.items():
            if visible:
                button.show()
                if had is not None:  # before what has the focus goes: it would leave the page
                    button.setFocus()
                    had = None
        if had is not None:
            self.setFocus()
        for button, visible in shown.items():
            button.setVisible(visible)


class NotesBlock(Block):
    """What the numbers mean, in plain words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Plain words")
        self._theme = theme
        self._notes: tuple[str, ...] = ()
        self.body.addWidget(label("Plain words", "title"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.body.addLayout(self._rows)
        theme.changed.connect(self._fill)

    def show_notes(self, notes: tuple[str, ...]) -> None:
        """Say other notes."""
        self.setVisible(bool(notes))
        if notes != self._notes:
            self._notes = notes
            self._fill()

    @property
    def notes(self) -> tuple[str, ...]:
        """What it says."""
        return self._notes

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for note in self._notes:
            row = QWidget()
            across = QHBoxLayout(row)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(8)
            icon = label("")
            ratio = self.devicePixelRatioF()
            icon.setPixmap(icons.pixmap("info-circle", self._theme.tokens.text2, 16, ratio))
            across.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            across.addWidget(label(note, "second", wrap=True), 1)
            self._rows.addWidget(row)


class ShipBlock(Block):
    """A name and a written intended use; the pack is then offered on the Read tab."""

    ship_wanted = Signal(object)
    """A ``Shipment``."""
    use_wanted = Signal(object)
    """The path of a shipped pack that is to be in force."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Ship")
        self.run: Path | None = None
        """What it is filled in for."""
        self._shipped: Path | None = None
        # Only once the panel is laid out does it know how far it can be scrolled.
        self._sight = QTimer(self, singleShot=True, interval=0)
        self._sight.timeout.connect(self._come_into_sight)
        self.body.addWidget(label("Ship", "title"))
        self.makes = label("", "second", wrap=True)
        self.body.addWidget(self.makes)
        self.title = QLineEdit()
        self.title.setAccessibleName("Name of the pack")
        self.title.setPlaceholderText("Name of the pack")
        self.version = QLineEdit("1.0.0")
        self.version.setAccessibleName("Version of the pack")
        self.version.setPlaceholderText("Version")
        self.version.setFixedWidth(84)
        self.use = QPlainTextEdit()
        self.use.setAccessibleName("Intended use")
        self.use.setPlaceholderText("Intended use: what is it for, and for whom?")
        self.use.setTabChangesFocus(True)
        self.use.setFixedHeight(64)
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.version)
        self.body.addLayout(row)
        self.body.addWidget(self.use)
        self.doubt = label("", "strong", wrap=True)
        self.body.addWidget(self.doubt)
        self.doubt.hide()
        self.button = Button(theme, "Ship to Read", "package", kind="primary", small=True)
        self.button.clicked.connect(self._ship)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.said = label("", "second", wrap=True)
        self.body.addWidget(self.said)
        self.said.hide()
        self.use_button = Button(theme, "Use it for reading", "check", kind="primary", small=True)
        self.use_button.clicked.connect(self._use)
        self.body.addWidget(self.use_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.use_button.hide()
        for changed in (self.title.textChanged, self.version.textChanged, self.use.textChanged):
            changed.connect(self._allow)
        self._allow()

    def show_run(self, seen: Seen) -> None:
        """Offer it once there is something to ship."""
        self.setVisible(seen.shippable)
        # A cross-validation ships what its last rounds left, and no round of it is the best.
        what = "the run, with the figures of its folds" if seen.best is None else "the best round"
        self.makes.setText(f"Makes a pack of {what}, to be chosen on the Read tab.")
        self.doubt.setText(run_notes.doubt(seen))
        self.doubt.setVisible(bool(self.doubt.text()))
        if seen.shippable and self.run != seen.folder:
            self.run = seen.folder
            self.title.setText(seen.facts.title)
            self.said.setText(f"Shipped as {seen.shipped}." if seen.shipped else "")
            self.said.setVisible(bool(seen.shipped))
            self.use_button.hide()
        self.button.show_primary(not seen.shipped and self.use_button.isHidden())

    def offer(self, pack: Path) -> None:
        """The pack is there; what is read with changes only if the person says so."""
        self._shipped = pack
        self.say(ON_OFFER)
        self.button.show_primary(False)
        self.use_button.show()

    def _use(self) -> None:
        if self._shipped is not None:
            self.use.setFocus()  # before the button that has it is hidden
            self.use_button.hide()
            self.say("It is in force on the Read tab.")
            self.use_wanted.emit(self._shipped)

    def say(self, told: str) -> None:
        """What came of it; scrolled to, since it may stand beneath what the panel shows."""
        self.said.setText(told)
        self.said.show()
        self._allow()
        self._sight.start()

    def _come_into_sight(self) -> None:
        last = self.said if self.use_button.isHidden() else self.use_button
        bring_into_sight(self, last)

    def _allow(self) -> None:
        missing = (
            (not self.title.text().strip(), "Give it a name first."),
            (
                not pack_names.is_version(self.version.text().strip()),
                f"Give it a version first: {pack_names.MEANT['version']}.",
            ),
            (
                len(self.use.toPlainText().strip()) < LEAST_USE,
                f"Write the intended use first, in {LEAST_USE} letters or more.",
            ),
        )
        why = next((why for lacks, why in missing if lacks), "")
        self.button.setEnabled(not why)
        self.button.setToolTip(why)

    def _ship(self) -> None:
        self.use.setFocus()  # before the button that has it is disabled
        self.use_button.hide()
        self.say("Making the pack…")
        self.button.setEnabled(False)
        title = self.title.text().strip()
        name = "-".join(
            "".join(c if c.isalnum() and c.isascii() else " " for c in title).lower().split()
        )
        use = self.use.toPlainText().strip()
        version, doubted = self.version.text().strip(), bool(self.doubt.text())
        self.ship_wanted.emit(Shipment(title, name or "pack", version, use, doubted))


def step_words(watched: Watched) -> tuple[str, str, str, str]:
    """A line for each of the four steps."""
    seen = watched.seen
    facts, status = seen.facts, seen.status
    looking = "looking" if status.going_on or status.state == "begun" else ""
    data = f"{facts.fitting + facts.held_out} pictures" if facts.fitting else looking
    left = f", {len(facts.left_out)} left out" if facts.left_out else ""
    network = {"net_b": "Net B", "net_a": "Net A"}.get(facts.network, facts.network)
    sparse = ", sparse" if facts.nu else ""
    size, rounds = f"{facts.size}{_TIED}px", f"{facts.passes}{_TIED}rounds"
    plan = f"{network}, {size}, {rounds}{sparse}" if facts.size else ""
    run = _round_words(seen).split(",")[0] if seen.passes else STATES.get(status.state, "")
    ship = "a name and an intended use" if seen.shippable else "after the run"
    if seen.shipped:
        ship = f"as {seen.shipped}"
    return data + left, plan, run, ship


def measured_words(measured: Measured) -> str:
    """The figure of a cross-validation, with its interval and what it is of."""
    low, high = measured.interval
    return (
        f"{measured.figure[0].upper()}{measured.figure[1:]} {measured.value:.2f} "
        f"({low:.2f} to {high:.2f}), {measured.level * 100:.0f}{words.THIN}% interval, "
        "cross-validated on pictures not learnt from"
    )


def _round_words(seen: Seen) -> str:
    status, facts = seen.status, seen.facts
    if not facts.passes:
        return status.what
    going = status.going_on
    number = min(status.done + 1, facts.passes) if going else len(seen.passes)
    said = f"Round {number} of {facts.passes}"
    if (left := seen.seconds_left) is not None and status.state == "running":
        said += f", {words.time_left(left)}"
    return said


def _preparing(seen: Seen) -> str:
    status = seen.status
    if status.part == "phantoms":
        return f"Learning from drawn eyes: {status.done} of {status.total}"
    counts = status.total and status.part != runs.PART
    counted = f": {status.done} of {status.total}" if counts else "…"
    return f"{status.what or 'Starting'}{counted}"


def _said(seen: Seen) -> str:
    status = seen.status
    if status.going_on:
        begun = _clock(seen.facts.started)
        since = f"Started {begun}. " if begun else ""
        return (
            f"{since}You may read cases meanwhile: reading comes first. It goes on when this "
            "window is closed, and is found here again."
        )
    if status.said:
        return status.said
    if status.state in ("done", "stopped") and seen.best is not None:
        more = " It can go on from where it was stopped." if status.state == "stopped" else ""
        return f"Round {seen.best.number} is kept.{more}"
    return _ENDED.get(status.state, "")


def _clock(started: str) -> str:
    try:
        return f"{datetime.fromisoformat(started).astimezone():%H:%M}"
    except ValueError:
        return ""
