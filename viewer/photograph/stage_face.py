"""What is to be seen of what a stage pack said of one eye; no widgets."""

from dataclasses import dataclass

from engine.stage_answers import StageAnswer


@dataclass(frozen=True)
class StageFace:
    """One eye's stages as they stand: ``answer`` is None while it is made.

    ``made_by`` tells which pack. ``chosen`` is the stage whose heatmap is shown. ``nothing`` says
    why there is no answer, ``said`` what must be known of it, ``limits`` what of every answer of
    the pack.
    """

    answer: StageAnswer | None
    made_by: str = ""
    chosen: int | None = None
    nothing: str = ""
    said: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
