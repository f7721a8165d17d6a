"""What a stage pack said of a drawn photograph."""

from engine.answers import Criterion, Interval, PackReference
from engine.stage_answers import Head, HeadAnswer, StageAnswer, StageShare

ICDR = ("none", "mild", "moderate", "severe", "proliferative")


def shares(names, grades, parts) -> tuple[StageShare, ...]:
    return tuple(StageShare(*each) for each in zip(names, grades, parts, strict=True))


def head(which: Head, *parts: float) -> HeadAnswer:
    mean = sum(place * part for place, part in enumerate(parts))
    return HeadAnswer(which, shares(ICDR, range(5), parts), mean)


ANSWER = StageAnswer(
    question="stage",
    scale="ICDR",
    stages=shares(ICDR, range(5), (0.04, 0.11, 0.62, 0.18, 0.05)),
    expected_stage=2.09,
    interval=Interval(1.81, 2.42),
    heads=(head(Head.VISION, 0.1, 0.2, 0.4, 0.2, 0.1), head(Head.LSTM, 0, 0, 0.8, 0.1, 0.1)),
    pack=PackReference("stages", "1.0.0", "d" * 64),
    criterion=Criterion.PI,
    explained=2,
    assessed=None,
    resolution=None,
    device="processor",
)
