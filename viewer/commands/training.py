"""The commands about training: rows of the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.command import Command, Menu

if TYPE_CHECKING:
    from viewer.window import Window


def _choose(window: Window) -> None:
    from viewer.training.page import TrainingPage

    window.tabs.show_tab("train")
    page = window.tabs.page("train")
    if isinstance(page, TrainingPage):
        page.choose()


TRAINING_COMMANDS: tuple[Command, ...] = (
    Command(
        "train-folder",
        "Train on a folder…",
        (),
        "Checks a folder by class, to train a network on it.",
        _choose,
        menu=Menu.FILE,
    ),
    Command(
        "train-pause",
        "Pause training",
        (),
        "Lets the training wait, or go on.",
        lambda window: window.training.pause_or_go_on(),
        may=lambda window: window.training.state in ("running", "paused"),
        on=lambda window: window.training.state == "paused",
        menu=Menu.TOOLS,
        gap_before=True,
    ),
    Command(
        "train-stop",
        "Stop training",
        (),
        "Ends the training, and keeps the best round so far where there is one.",
        lambda window: window.training.stop(),
        may=lambda window: window.training.state in ("running", "paused"),
        menu=Menu.TOOLS,
    ),
)
