"""What the window tells without being asked: one row each, never a box in the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Action:
    """A button in a row: its words, its icon, and what it does."""

    words: str
    do: Callable[[], object]
    icon: str = ""


@dataclass(frozen=True)
class Notice:
    """One row: what happened, and what it means. A newer one of the same ``topic`` replaces it.

    ``report`` is text that can be copied for those who mend the program; it holds no patient data.
    ``passing`` rows leave by themselves; the others stay until they are closed.
    """

    topic: str
    title: str
    detail: str = ""
    icon: str = "info-circle"
    action: Action | None = None
    report: str = ""
    passing: bool = False


@dataclass(frozen=True)
class Job:
    """Work under way, as its row shows it. ``total`` 0 means that the end is not known."""

    id: int
    title: str
    what: str = ""
    done: int = 0
    total: int = 0
    stopping: bool = False


ENGINE = "engine"
"""The topic of what is told of the engine itself."""

LOST = "lost"
"""That of why a file is not shown: told in the picture's place where it is seen, else in a row."""

OUR_FAULT = "Something went wrong here, and it is our fault"


COPIED = Notice("export", "The annotated picture is on the clipboard.", icon="check", passing=True)


def not_kept(folder: Path) -> Notice:
    """The row for a window that would close with something that ``folder`` did not take."""
    title = "What you said or drew last is not saved yet."
    detail = (
        f"{folder} did not take it: see that it has room and can be written, "
        "or close the window again to leave without it."
    )
    return Notice("records", title, detail, "alert-circle")


def makeshift(cache: Path, why: str, temporary: Path) -> Notice:
    """The row for a session whose arrays lie elsewhere."""
    title = "Pictures that are open lie in a temporary folder, which may have little room."
    detail = f"{cache} cannot be used: {why}. Until the window is closed they lie in {temporary}."
    return Notice("cache", title, detail, "alert-circle")


def saved(to: Path) -> Notice:
    """The row for a picture that was written; it leaves by itself."""
    return Notice("export", f"Saved as {to.name}.", str(to.parent), "check", passing=True)


def our_fault(report: str, detail: str, action: Action | None = None) -> Notice:
    """The row for what nobody foresaw."""
    return Notice(
        topic="fault",
        title=OUR_FAULT,
        detail=detail,
        icon="alert-triangle",
        action=action,
        report=report,
    )


def failed(report: str, again: Callable[[], object]) -> Notice:
    """The row for work that failed in the engine."""
    action = Action("Try again", again, "refresh")
    return our_fault(report, "Nothing was written. The rest goes on.", action)


def cancelled(title: str, again: Callable[[], object]) -> Notice:
    """The row for work that the person stopped."""
    action = Action("Run again", again, "refresh")
    title = f"{title}: cancelled by you {clock()}"
    return Notice("gone", title, "Nothing was written.", "square", action)


def gone(title: str, why: str, again: Callable[[], object]) -> Notice:
    """The row for work that ended without a result by itself."""
    return Notice("gone", title, why, "square", Action("Run again", again, "refresh"))


def clock() -> str:
    """The time of day as rows write it."""
    return datetime.now().astimezone().strftime("%H:%M")
