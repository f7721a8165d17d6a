"""The commands for a stage's heatmap, in the table of ``commands``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.telling.stage_words import place_of, stage_words
from viewer.command import Command, Menu, Where
from viewer.commands.reading import with_photograph

if TYPE_CHECKING:
    from engine.stage_answers import StageAnswer
    from viewer.window import Window


def _told(window: Window) -> StageAnswer | None:
    picture = window.photographs.both.picture if with_photograph(window) else None
    if picture is None:
        return None
    return window.photographs.stages.answer(picture)


def _with_stage(window: Window) -> bool:
    return _told(window) is not None


def _is_explained(window: Window) -> bool:
    picture = window.photographs.both.picture if with_photograph(window) else None
    return picture is not None and window.photographs.stages.explained(picture) is not None


def _explain(digit: int) -> Command:
    # Decided: the digit is the one in the bar's part; "1–2" is reached by either.
    words = f"Explain stage {digit}"

    def place(window: Window) -> int | None:
        told = _told(window)
        return None if told is None else place_of(told.stages, digit)

    def now(window: Window) -> str:
        told, at = _told(window), place(window)
        return words if told is None or at is None else f"Explain {stage_words(told.stages, at)}"

    def do(window: Window) -> None:
        at = place(window)
        if at is not None:
            window.photographs.explain(at)

    return Command(
        f"explain-stage-{digit}",
        words,
        (f"Alt+{digit}",),
        "Shows the heatmap of the stage with this digit in its bar, and again: of Referable.",
        do,
        may=lambda window: place(window) is not None,
        where=Where.EYES,
        now=now,
    )


STAGE_COMMANDS: tuple[Command, ...] = (
    Command(
        "next-evidence",
        "Heatmap of the next stage",
        ("Shift+E",),
        "Shows the heatmap of the likeliest stage, then of the next; after all, of Referable.",
        lambda window: window.photographs.stages.step(window.photographs.both.picture),
        may=_with_stage,
        menu=Menu.HEATMAP,
        where=Where.EYES,
        gap_before=True,
    ),
    Command(
        "referable-evidence",
        "Heatmap of Referable",
        (),
        "Shows the heatmap of Referable again, in place of a stage's.",
        lambda window: window.photographs.stages.show_referable(window.photographs.both.picture),
        may=_is_explained,
        menu=Menu.HEATMAP,
        where=Where.EYES,
    ),
    *(_explain(digit) for digit in range(7)),
)
