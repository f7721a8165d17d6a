"""A real engine process whose questions do what the pack's name says. Not a test.

``python -P fake_engine.py CONTROL SESSION``. A file ``hold-…`` in CONTROL makes the first process
that comes by stop there for good; it is taken away, and ``held-…`` with the process's number is
written.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.answers import (
    Basis,
    Criterion,
    Decision,
    Heatmap,
    Interval,
    JointAnswer,
    Look,
    Mark,
    PackReference,
    PackSummary,
    RetinopathyAnswer,
)
from engine.errors import Refusal
from engine.geometry import scaling
from engine.pictures import Photograph
from engine.records.forms import SignedReading
from engine.service import exchange, memory
from engine.service.__main__ import run
from engine.service.abilities import Abilities
from engine.service.messages import AskStage, AskTogether, CheckTruth, Ready
from engine.stage_answers import Head, HeadAnswer, StageAnswer, StageShare
from engine.task import Task
from engine.truth_check import (
    Agreement,
    CriterionTruth,
    Curve,
    RandomCurve,
    RemovalOrder,
    Stability,
    TruthCheck,
)

CONTROL = Path(sys.argv[1])
DECODER = (sys.executable, "-P", str(Path(__file__).with_name("fake_decoder.py")), str(CONTROL))

GOOD = PackSummary("good", "1", "A good pack", "retinopathy", "", "good", False)


def hold(stage: str) -> None:
    try:
        (CONTROL / f"hold-{stage}").unlink()
    except FileNotFoundError:
        return
    scratch = CONTROL / f".held-{stage}"
    scratch.write_text(str(os.getpid()))
    scratch.rename(CONTROL / f"held-{stage}")
    threading.Event().wait()


def prepare() -> Ready:
    hold("ready")
    return Ready("cuda:0", "It is a test.", ("processor", "cuda:0"), (GOOD,))


def answer(
    photograph: Photograph,
    pack: str,
    checkpoint: str,
    criterion: Criterion,
    device: str,
    task: Task,
) -> tuple[RetinopathyAnswer, Heatmap | None]:
    hold("answer")
    match pack:
        case "patient":
            while True:
                task.check()
                threading.Event().wait(0.01)
        case "deaf":
            threading.Event().wait()
        case "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise ValueError(f"{photograph.name.split()[0]} in {photograph.name!r}")
        case "refuse":
            raise Refusal("This.", "That.", "Do.")
        case "noisy":
            sys.stdout.write("noise by print\n")
            sys.stdout.flush()
            os.write(1, b'{"noise": "by a library"\n')
    said = RetinopathyAnswer(
        question="retinopathy",
        decision=Decision.REFERABLE,
        probability=0.7,
        interval=None,
        operating_point=0.5,
        pack=PackReference(pack, "1", ""),
        criterion=criterion,
        assessed=None,
        resolution=2.0,
        device=device,
        checkpoint=checkpoint,
    )
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    if pack == "signed":
        signed = values - 6
        return said, Heatmap(np.abs(signed), scaling(2.0, 5.0, 7.0), (6, 9), signed)
    return said, Heatmap(values, scaling(2.0, 5.0, 7.0), (6, 9))


def together(
    pictures: Sequence[Photograph | Refusal], asked: AskTogether, task: Task
) -> tuple[JointAnswer, tuple[Heatmap | None, ...]]:
    found = [
        (None, None)
        if isinstance(picture, Refusal)
        else answer(picture, asked.pack, "", asked.criterion, asked.device, task)
        for picture in pictures
    ]
    said = JointAnswer(
        question="retinopathy",
        together=asked.together,
        basis=Basis.WORST,
        said=" ".join(picture.why for picture in pictures if isinstance(picture, Refusal)),
        decision=Decision.REFERABLE,
        probability=0.7,
        interval=None,
        operating_point=0.5,
        worst=0,
        photographs=tuple(said for said, _ in found),
        pack=PackReference(asked.pack, "1", ""),
        criterion=asked.criterion,
        device=asked.device,
    )
    return said, tuple(heatmap for _, heatmap in found)


def draw(
    photograph: Photograph,
    _answer: RetinopathyAnswer | None,
    heatmap: Heatmap | None,
    _look: Look,
    _marks: Sequence[Mark],
    to: Path,
    _stage: StageAnswer | None,
    _reading: SignedReading | None,
) -> None:
    hold("draw")
    to.write_text(f"{photograph.name} {None if heatmap is None else heatmap.values.sum()}")


def check_truth(
    _photograph: Photograph, asked: CheckTruth, task: Task
) -> tuple[TruthCheck, tuple[RemovalOrder, ...]]:
    task.progress("Checking the heatmap", 1, 7)
    while asked.pack == "patient":
        task.check()
        threading.Event().wait(0.01)
    curve = Curve((0.0, 1.0), (0.7, 0.1), 0.4)
    even = RandomCurve((0.0, 1.0), (0.7, 0.1), (0.7, 0.1), (0.7, 0.1), 0.4, 0.4, 0.4, 1)
    alike = Agreement(1.0, 1.0)
    stable = Stability(alike, alike, 5.0)
    parts = tuple(
        CriterionTruth(each, curve, curve, stable, (alike,), 0.5, 0.5, None)
        for each in asked.criteria
    )
    pack = PackReference(asked.pack, "1", "")
    check = TruthCheck(pack, asked.device, 0.7, 0.1, 0.5, parts, even, even, 1.0)
    shares = np.arange(1, 13, dtype=np.float32).reshape(3, 4) / 12
    orders = (RemovalOrder(each, shares, scaling(2.0, 5.0, 7.0), (6, 9)) for each in asked.criteria)
    return check, tuple(orders)


def draw_truth(check: TruthCheck, to: Path) -> None:
    to.write_text(f"{check.pack.name} {len(check.parts)}")


def install(path: Path) -> PackSummary:
    hold("install")
    return PackSummary(path.name, "1", "", "retinopathy", "", str(path), False)


write = exchange.Exchange.write


def write_or_hold(self: exchange.Exchange, values: Any) -> str:
    if (CONTROL / "hold-write").exists():
        self.fresh().write_bytes(b"\x93NUMPY half a")
    hold("write")
    return write(self, values)


exchange.Exchange.write = write_or_hold  # type: ignore[method-assign]

room = memory.room


def told_room(folder: Path) -> memory.Room:
    told = CONTROL / "room"
    return memory.Room(int(told.read_text()), False) if told.exists() else room(folder)


memory.room = told_room


def stage(
    photograph: Photograph, asked: AskStage, task: Task
) -> tuple[StageAnswer, Heatmap | None]:
    said, heatmap = answer(photograph, asked.pack, "", asked.criterion, asked.device, task)
    shares = (StageShare("none", 0.0, 0.3), StageShare("late", 4.0, 0.7))
    told = StageAnswer(
        "stage", "ICDR", shares, 2.8, Interval(2.5, 3.0),
        (HeadAnswer(Head.VISION, shares, 2.8), HeadAnswer(Head.LSTM, shares, 2.8)),
        said.pack, asked.criterion, asked.stage, said.assessed, said.resolution, said.device,
    )  # fmt: skip
    return told, heatmap


hold("hello")
run(
    Path(sys.argv[2]),
    Abilities(
        prepare,
        {"retinopathy": answer},
        draw,
        install,
        lambda: (GOOD,),
        {"retinopathy": together},
        check_truth=check_truth,
        draw_truth=draw_truth,
        stage=stage,
    ),
    DECODER,
)
