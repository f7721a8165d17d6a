"""What the reader signed, below the model's word on the annotated picture."""

from datetime import datetime

import numpy as np
import pytest
from annotating import ANSWER, LOOK, Line, photograph, texts
from PIL import ImageColor

from engine.answers import RetinopathyAnswer
from engine.records.forms import Fault, Form, Oedema, Outcome, Quality, SignedReading
from engine.reports import annotated, ink

NOTE = "Mrs Muster, see letter"
SIGNED = SignedReading(
    Form(Quality.USABLE, Fault.BLUR, 2, Oedema.NO, Outcome.EARLY, NOTE),
    datetime(2026, 3, 7, 9, 5).astimezone().isoformat(),
    "anna",
)


def test_a_signed_reading_is_told_apart_from_the_models_word(lines: list[Line]) -> None:
    plain = annotated.draw(photograph(), ANSWER, None, LOOK)
    before = texts(lines)
    lines.clear()
    page = annotated.draw(photograph(), ANSWER, None, LOOK, reading=SIGNED)
    told = texts(lines)
    assert set(before.splitlines()) < set(told.splitlines()), "the model's word stays as it is"
    assert "READER\nSigned 7 Mar 2026 at 09:05 under the account anna\nStage 2, moderate" in told
    assert (
        "No macular oedema. Outcome: early recall. Picture quality: usable, out of focus." in told
    )
    first = next(line for line in lines if line.text == "READER")
    assert first.base > max(line.base for line in lines if line.text in before and line.base < 130)
    assert page.height > plain.height
    edge = np.asarray(page)[photograph().pixels.shape[0] :, 0]
    reader, model = (np.array(ImageColor.getrgb(hue)) for hue in (ink.READER, ink.MODEL))
    marigold, azure = ((edge == hue).all(axis=1).nonzero()[0] for hue in (reader, model))
    assert len(marigold) and len(azure) and azure.max() < marigold.min()


def test_a_note_which_may_name_a_patient_does_not_leave_the_window(lines: list[Line]) -> None:
    annotated.draw(photograph(), ANSWER, None, LOOK, reading=SIGNED)
    assert "Muster" not in texts(lines)


@pytest.mark.parametrize("answer", [None, ANSWER])
def test_a_reading_that_was_changed_since_says_so(
    answer: RetinopathyAnswer | None, lines: list[Line]
) -> None:
    form = Form(Quality.UNGRADABLE, Fault.MEDIA, None, None, Outcome.RETAKE)
    annotated.draw(
        photograph(), answer, None, LOOK, reading=SignedReading(form, version=2, amended=True)
    )
    told = texts(lines)
    assert "READER\nSigned, version 2\nUngradable\n" in told
    assert "\nOutcome: retake. Picture quality: ungradable, cloudy media.\n" in told
    assert "The reader has changed this since and not signed it anew." in told
    assert lines[-2].base > lines[-3].base + 12, "no line runs into the strip"


@pytest.mark.parametrize("who", ["anna", "a.very.long.account.name" * 12])
def test_no_words_of_a_reading_run_over_the_edge(who: str, lines: list[Line]) -> None:
    form = Form(Quality.USABLE, Fault.SHADOW, 4, Oedema.CANNOT_TELL, Outcome.URGENT)
    reading = SignedReading(form, SIGNED.at, who, 12, amended=True)
    page = annotated.draw(photograph(90, 120), None, None, LOOK, reading=reading)
    assert all(line.right <= annotated.PAGE_WIDTH - 20 for line in lines)
    assert page.width == annotated.PAGE_WIDTH
