"""The reader's form: what is missing, what is worst, and that a signature stays."""

import pytest

from engine.pictures import Laterality
from engine.records.forms import (
    Fault,
    Filled,
    Form,
    Oedema,
    Outcome,
    Quality,
    ReadingMode,
    Signed,
    worst_eye,
)
from engine.records.readings import Reading, Redone, Undone, fold

R, L = Laterality.RIGHT, Laterality.LEFT
WHOLE = Form(Quality.GOOD, None, 2, Oedema.NO, Outcome.REFER)


def signed(name: str, form: Form = WHOLE) -> Signed:
    return Signed(name, form, ReadingMode.ASSISTED)


def test_an_empty_form_names_all_that_is_missing() -> None:
    assert Form().missing == ("picture quality", "retinopathy stage", "macular oedema", "outcome")
    assert WHOLE.missing == ()


def test_an_ungradable_picture_needs_a_reason_and_no_stage() -> None:
    form = Form(Quality.UNGRADABLE, outcome=Outcome.RETAKE)
    assert form.missing == ("what is wrong with the picture",)
    assert Form(Quality.UNGRADABLE, Fault.BLUR, outcome=Outcome.RETAKE).missing == ()


@pytest.mark.parametrize(
    ("grade", "oedema", "referable"),
    [
        (0, Oedema.NO, False),
        (1, Oedema.NO, False),
        (1, Oedema.YES, True),
        (2, Oedema.NO, True),
        (None, None, None),
    ],
)
def test_stage_two_or_oedema_is_referable(
    grade: int | None, oedema: Oedema | None, referable: bool | None
) -> None:
    assert Form(Quality.GOOD, None, grade, oedema).is_referable is referable


def test_a_form_is_what_was_filled_in_last_and_undo_goes_back() -> None:
    first, second = Form(Quality.GOOD), Form(Quality.GOOD, grade=3)
    reading = fold([Filled("1", first), Filled("2", second)])
    assert reading.form == second
    assert reading.after(Undone("2")).form == first
    assert reading.after(Undone("2")).after(Redone("2")).form == second


def test_a_signature_is_not_undone_nor_what_came_before_it() -> None:
    reading = fold([Filled("1", WHOLE), signed("2")])
    assert reading.is_signed
    assert reading.to_undo is None
    assert reading.after(Undone("1")) == reading
    assert reading.after(Undone("2")) == reading


def test_an_amendment_keeps_the_first_signature() -> None:
    other = Form(Quality.GOOD, None, 3, Oedema.NO, Outcome.URGENT)
    reading = fold([Filled("1", WHOLE), signed("2"), Filled("3", other)])
    assert not reading.is_signed
    assert reading.after(Undone("3")).is_signed
    amended = reading.after(signed("4", other))
    assert [each.form for each in amended.signed] == [WHOLE, other]
    assert amended.is_signed


def test_an_unread_picture_has_an_empty_form() -> None:
    assert Reading().form == Form()
    assert not Reading().is_signed


@pytest.mark.parametrize(
    ("right", "left", "words"),
    [
        (Form(grade=1), Form(grade=3), "OS stage 3, severe"),
        (Form(grade=2, oedema=Oedema.YES), Form(grade=2), "OD stage 2, moderate, with macular"),
        (Form(grade=2), Form(grade=2), "both eyes stage 2, moderate"),
        (Form(grade=0), Form(Quality.UNGRADABLE), "OD stage 0, none; OS ungradable"),
        (Form(grade=0), Form(), "OD stage 0, none; OS not read"),
        (Form(Quality.UNGRADABLE, grade=4), Form(), "OD ungradable"),
    ],
)
def test_the_worst_eye_is_the_higher_stage(right: Form, left: Form, words: str) -> None:
    worst = worst_eye({R: right, L: left})
    assert worst is not None
    assert worst.words.startswith(words)


def test_there_is_no_worst_eye_before_any_was_read() -> None:
    assert worst_eye({R: Form(), L: Form(note="later")}) is None
