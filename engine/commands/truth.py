"""``analyse --truth``: whether the heatmap of an answer is true, as JSON, words and a figure."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from engine.answers import RetinopathyAnswer
from engine.commands.outputs import check_file, same
from engine.errors import Refusal
from engine.telling import truth_words

if TYPE_CHECKING:
    from engine.faithfulness.overlap import Marked
    from engine.packs.pack import Pack
    from engine.pictures import Photograph
    from engine.task import Task
    from engine.truth_check import TruthCheck

_FIGURES = {".png", ".svg"}


@dataclass(frozen=True)
class Checked:
    """``json`` has the one key ``truth``; None in it where the photograph has no heatmap."""

    json: dict[str, Any]
    lines: tuple[str, ...] = ()


def check_options(picture: Path, figure: Path | None, marked: Path | None) -> None:
    """Raise ``typer.BadParameter`` for a figure that cannot be written, or not without loss."""
    if figure is None:
        return
    if figure.suffix.lower() not in _FIGURES:
        raise typer.BadParameter(f"{figure.name} ends in neither .png nor .svg.")
    written = (figure, figure.with_suffix(".json"))
    if any(same(each, given) for each in written for given in (picture, marked) if given):
        raise typer.BadParameter(f"{figure.name} would be written over what was given.")
    from engine.reports import truth_figure

    for each in written:
        check_file(each, truth_figure.is_one)


def check(
    photograph: "Photograph",
    answer: RetinopathyAnswer,
    pack: "Pack",
    device: str,
    marked: Path | None,
    figure: Path | None,
    task: "Task",
    checkpoint: str,
) -> Checked:
    """Check the heatmap of an answer; an ungradable photograph has none.

    Raises:
        Refusal: the mask does not fit the photograph, or as ``questions.truth.check`` does.
        OSError: the figure cannot be written.
    """
    from engine.questions import truth

    if answer.probability is None:
        return Checked({"truth": None})
    lesions = None if marked is None else _mask(marked, photograph)
    found, _ = truth.check(photograph, pack, [answer.criterion], device, task, lesions, checkpoint)
    file = None
    if figure is not None:
        from engine.reports import truth_figure

        truth_figure.save(figure, found)
        file = str(figure)
    return Checked({"truth": {**_json(found), "figure": file}}, tuple(_lines(found, file)))


def _mask(path: Path, photograph: "Photograph") -> "Marked":
    from engine.evaluation.lesion_masks import Masks
    from engine.evaluation.lesion_truth import LesionType
    from engine.faithfulness.overlap import Mask

    if not path.is_file():
        raise Refusal(
            "The heatmap was not checked.", f"There is no file {path.name}.", "Name a mask."
        )
    height, width = photograph.pixels.shape[:2]
    # One mask of any type is read as the sets' own are.
    found = Masks({LesionType.OTHER: (path,)}).confidence(LesionType.OTHER, (height, width))
    assert found is not None
    return Mask(found > 0)


def _json(found: "TruthCheck") -> dict[str, Any]:
    from engine.reports import truth_figure

    return truth_figure.as_json(found)


def _lines(found: "TruthCheck", figure: str | None) -> list[str]:
    (part,) = found.parts
    name, deletion, insertion = truth_words.row(part, ())
    random = truth_words.random_row(found)
    told = truth_words.measures(found, part)
    lines = [truth_words.TITLE, *(f"{each.name}: {each.figure}. {each.meaning}" for each in told)]
    lines += [
        f"{name}: deletion area {deletion}, at random {random[1]}; insertion area {insertion}, "
        f"at random {random[2]}. {truth_words.room(found)}",
    ]
    lines += [truth_words.REMOVED, truth_words.CAUTION, *found.warnings]
    return [*lines, *([f"Figure: {figure}"] if figure else [])]
