"""A stage pack and its answers, as tests of the window have them, and where a window tells them."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt
from window_desk import Desk

from engine.answers import Criterion, Interval, PackReference, PackSummary
from engine.geometry import Circle
from engine.stage_answers import Head, HeadAnswer, StageAnswer, StageShare
from viewer.panels.stages import StageSection
from viewer.photograph.readings import Picture
from viewer.photograph.stages import Stages

STAGES = PackSummary(
    "stages-first", "1.0.0", "Stages of retinopathy", "stage", "d" * 64, "/packs/stages", True,
    criteria=(Criterion.PI, Criterion.OMEGA, Criterion.PI_PHOTOGRAPH),
)  # fmt: skip
ICDR = ("none", "mild", "moderate", "severe", "proliferative")
SHARES = (0.04, 0.11, 0.62, 0.18, 0.05)
DAVIS_GRADES = {"NDR": 0.0, "SDR": 1.5, "PPDR": 3.0, "PDR": 4.0}


def shares(*parts: float) -> tuple[StageShare, ...]:
    """On the ICDR grades; four parts are Davis' stages."""
    grades = DAVIS_GRADES if len(parts) == 4 else {name: at for at, name in enumerate(ICDR)}
    return tuple(
        StageShare(name, float(grade), part)
        for (name, grade), part in zip(grades.items(), parts, strict=True)
    )


def a_stage_answer(
    *parts: float,
    vision: tuple[float, ...] = (),
    lstm: tuple[float, ...] = (),
    criterion: Criterion = Criterion.PI,
    explained: int | None = None,
    pack: PackSummary = STAGES,
) -> StageAnswer:
    """An answer as sketch 1 has it, where no parts are given."""
    parts = parts or SHARES
    stages = shares(*parts)
    heads = tuple(
        HeadAnswer(which, shares(*(said or parts)), _mean(shares(*(said or parts))))
        for which, said in ((Head.VISION, vision), (Head.LSTM, lstm))
    )
    made = StageAnswer(
        question="stage",
        scale="Davis" if len(parts) == 4 else "ICDR",
        stages=stages,
        expected_stage=_mean(stages),
        interval=Interval(_mean(stages) - 0.3, _mean(stages) + 0.3),
        heads=heads,
        pack=PackReference(pack.name, pack.version, pack.sha256),
        criterion=criterion,
        explained=explained,
        assessed=Circle(450, 300, 280),
        resolution=10.0,
        device="processor",
    )
    return replace(made, explained=made.likeliest if explained is None else explained)


def _mean(stages: tuple[StageShare, ...]) -> float:
    return sum(share.grade * share.probability for share in stages)


def stages_of(desk: Desk) -> Stages:
    return desk.window.photographs.stages


def section_of(desk: Desk) -> StageSection:
    return desk.window.photographs.model_block.stages


def picture_of(desk: Desk) -> Picture:
    picture = desk.window.presenter.picture
    assert picture is not None
    return picture


def open_and_stage(desk: Desk, name: str = "eye.png") -> None:
    """A photograph on the screen, with the answers of both packs."""
    desk.open_and_answer(name)
    desk.engine.give_stage(a_stage_answer())


def click_stage(desk: Desk, section: StageSection, part: float) -> None:
    bar = section.bar
    at = QPoint(round(bar.bar.left() + part * bar.bar.width()), bar.height() // 2)
    desk.qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)


def captions_of(desk: Desk) -> Any:
    return desk.window.photographs.first.state.captions
