"""The check of a heatmap over the door: it comes with its orders, and stops when asked."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.answers import Criterion
from engine.service.messages import (
    Cancel,
    CheckTruth,
    Drawn,
    DrawTruth,
    Gone,
    PictureFile,
    Progress,
    TruthChecked,
)


def asked(number: int, photo: Path, pack: str, *criteria: Criterion) -> CheckTruth:
    picture = PictureFile(str(photo))
    outline = ((1.0, 1.0), (4.0, 1.0), (4.0, 4.0))
    return CheckTruth(
        number, "truth", picture, pack, criteria or (Criterion.PI,), "processor", (outline,)
    )


def test_a_check_comes_with_the_order_of_every_map_s_pixels(engine: Any, photo: Path) -> None:
    engine.send(asked(1, photo, "good", Criterion.PI, Criterion.OMEGA))
    word = engine.last_word(1)
    assert isinstance(word, TruthChecked)
    assert [part.criterion for part in word.check.parts] == [Criterion.PI, Criterion.OMEGA]
    assert [order.criterion for order in word.orders] == [Criterion.PI, Criterion.OMEGA]
    for order in word.orders:
        np.testing.assert_allclose(np.load(order.file).max(), 1)
        assert order.way_back == ((2, 0, 5), (0, 2, 7), (0, 0, 1))


def test_a_check_that_is_cancelled_ends_and_an_answer_does_not_wait_for_it(
    engine: Any, photo: Path
) -> None:
    engine.send(asked(1, photo, "patient"))
    engine.begun(1, "Checking the heatmap")
    engine.ask(2, photo, "good")
    assert engine.last_word(2).answer.probability == 0.7
    engine.send(Cancel(1))
    assert isinstance(engine.last_word(1), Gone)


def test_a_newer_check_replaces_an_older_one(engine: Any, photo: Path) -> None:
    engine.send(asked(1, photo, "patient"))
    engine.begun(1, "Checking the heatmap")
    engine.send(asked(2, photo, "good"))
    assert isinstance(engine.last_word(1), Gone)
    assert isinstance(engine.last_word(2), TruthChecked)


def test_its_figure_is_drawn(engine: Any, photo: Path, tmp_path: Path) -> None:
    engine.send(asked(1, photo, "good"))
    check = engine.last_word(1).check
    engine.send(DrawTruth(2, check, str(tmp_path / "figure.png")))
    assert isinstance(engine.last_word(2), Drawn)
    assert (tmp_path / "figure.png").read_text() == "good 1"


def test_progress_is_told(engine: Any, photo: Path) -> None:
    engine.send(asked(1, photo, "good"))
    told = []
    while not isinstance(message := engine.receive(), TruthChecked):
        told.append(message)
    assert any(isinstance(each, Progress) and (each.done, each.total) == (1, 7) for each in told)
