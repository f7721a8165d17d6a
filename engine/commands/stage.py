"""``analyse --question stage``: one photograph, its stages, and one stage's heatmap."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.answers import Criterion, Heatmap
from engine.commands import printed
from engine.commands.console import device_setting, tell, work
from engine.stage_answers import StageAnswer, StageShare
from engine.telling import stage_words, words
from engine.telling.answer_json import heatmap_json

Place = Annotated[
    int | None,
    typer.Option(min=0, help="With --question stage: whose heatmap, from 0; else the likeliest's."),
]


def check_options(stage: int | None, heatmap: Path | None) -> None:
    """Raise ``typer.BadParameter`` where an option could do nothing."""
    if stage is not None and heatmap is None:
        raise typer.BadParameter("--stage is whose heatmap is drawn: it goes with --heatmap.")


def analyse(
    picture: Path,
    pack: str,
    criterion: Criterion | None,
    heatmap: Path | None,
    stage: int | None,
    device: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Ask about the photograph's stage and print the answer."""
    from engine.followup.eyes_near import in_force
    from engine.images.photograph import open_picture
    from engine.packs import store
    from engine.packs.pack import load
    from engine.questions import stage as question

    with work(quiet) as task:
        known = in_force(open_picture(picture), picture, task)
        photograph = known.photograph
        chosen = load(store.find(pack, question.QUESTION))
        setting = device_setting(device)
        asked = (photograph, chosen, criterion, setting, task, stage)
        said, found = question.answer(*asked, with_map=heatmap is not None)
        file = printed.write_heatmap(heatmap, photograph, said, found) if heatmap else None
        result = answer_json(said, found, file) | {"eye": printed.eye_json(known)}
        tell(result, _in_words(said, file, printed.eye_words(known)), as_json)


def answer_json(answer: StageAnswer, heatmap: Heatmap | None, file: Path | None) -> dict[str, Any]:
    """An answer as the one JSON object; ``file`` is where its heatmap lies."""
    interval, explained = answer.interval, answer.explained
    return {
        "question": answer.question,
        "scale": answer.scale,
        "stages": _stages(answer.stages),
        "expected_stage": answer.expected_stage,
        "interval": [interval.low, interval.high] if interval else None,
        "level": interval.level if interval else 0.9,
        "heads": {
            str(head.head): {
                "stages": _stages(head.stages),
                "expected_stage": head.expected_stage,
            }
            for head in answer.heads
        },
        "heads_agree": answer.heads_agree if answer.heads else None,
        "reason": " ".join(reason.why for reason in answer.reasons) or None,
        "pack": asdict(answer.pack),
        "criterion": str(answer.criterion) if heatmap else None,
        "heatmap": heatmap_json(heatmap, file, answer.resolution),
        "explained": None if explained is None else answer.stages[explained].name,
        "device": answer.device,
        "warnings": list(answer.warnings),
        "notes": list(answer.notes),
    }


def _stages(stages: tuple[StageShare, ...]) -> list[dict[str, Any]]:
    return [asdict(stage) for stage in stages]


def _in_words(answer: StageAnswer, file: Path | None, eye: Sequence[str]) -> str:
    lines = [f"{stage_words.likeliest_words(answer)}."] if answer.stages else [words.REFUSED]
    lines += [f"{reason.why} {reason.advice}" for reason in answer.reasons]
    if answer.stages:
        lines += [
            stage_words.share_words(answer.scale, answer.stages, place)
            for place in range(len(answer.stages))
        ]
        lines += [stage_words.expected_sentence(answer), stage_words.heads_sentences(answer)]
    if differ := stage_words.heads_words(answer):
        lines += [f"{differ}."]
    lines += [f"Pack {words.pack_words(answer.pack)}, on {answer.device}."]
    lines += [*answer.warnings, *answer.notes, *eye, *([f"Heatmap: {file}"] if file else [])]
    return "\n".join([*lines, words.STRIP])
