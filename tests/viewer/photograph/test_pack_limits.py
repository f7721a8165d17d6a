"""What holds for every answer of a pack is folded; what was said of this photograph never is."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QWidget
from stage_desk import STAGES, a_stage_answer
from window_desk import FIRST, SECOND, Desk

from engine.settings import load
from viewer.panels.model import ModelBlock

NOTES = ("Of eyes without it 9 % were called referable.", "It assumes 60 %.", "Trained on this.")


def _answered(desk: Desk, name: str, content: str, notes: tuple[str, ...] = NOTES) -> ModelBlock:
    desk.window.open(desk.picture(name))
    desk.engine.give_picture(content=content)
    desk.engine.give_answer(notes=notes, warnings=(f"{name} is small.",))
    return desk.window.photographs.model_block


def _read(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_they_are_told_whole_on_the_first_photograph_that_a_pack_ever_answers(desk: Desk) -> None:
    block = _answered(desk, "one.png", "a")
    assert all(note in _read(block) for note in NOTES)
    assert "one.png is small." in _read(block)
    _answered(desk, "two.png", "b")
    assert NOTES[0] not in _read(block)
    assert "two.png is small." in _read(block)
    assert block.limits.button.text() == " 3 limits"
    assert block.limits.button.accessibleName() == "Show 3 limits of this pack"


def test_another_pack_tells_its_own_on_its_first_photograph(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, SECOND)
    _answered(desk, "one.png", "a")
    block = _answered(desk, "two.png", "b")
    desk.window.presenter.choose_pack(SECOND)
    desk.engine.give_answer(notes=("Another limit.",))
    assert "Another limit." in _read(block)
    assert block.limits.button.text() == " 1 limit"


def test_a_photograph_that_the_pack_could_not_read_is_not_the_first(desk: Desk) -> None:
    desk.window.open(desk.picture("one.png"))
    desk.engine.give_picture(content="a")
    desk.engine.give_answer(probability=None)
    assert NOTES[0] in _read(_answered(desk, "two.png", "b"))


def test_what_a_person_chose_holds_for_the_next_photograph_and_session(desk: Desk) -> None:
    block = _answered(desk, "one.png", "a")
    desk.click(block.limits.button)
    assert NOTES[0] not in _read(block)
    _answered(desk, "two.png", "b")
    desk.click(block.limits.button)
    assert NOTES[0] in _read(block)
    _answered(desk, "three.png", "c")
    assert NOTES[0] in _read(block)
    desk.window.preferences.save()
    kept = load().settings
    assert kept.limits
    assert kept.limits_told == (FIRST.sha256[:16],)


def test_a_command_unfolds_them_too(desk: Desk) -> None:
    _answered(desk, "one.png", "a")
    block = _answered(desk, "two.png", "b")
    command = desk.window.actions_.by_name["limits"]
    command.trigger()
    assert NOTES[0] in _read(block)
    assert command.isChecked()
    command.trigger()
    assert NOTES[0] not in _read(block)


def test_a_stage_pack_s_are_folded_with_them_and_not_told_twice(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, STAGES)
    block = _answered(desk, "one.png", "a")
    stage = replace(a_stage_answer(), notes=("It told 67 %.", NOTES[2]))
    desk.engine.give_stage(stage)
    assert "It told 67 %." in _read(block)
    assert _read(block).count(NOTES[2]) == 1
    _answered(desk, "two.png", "b")
    desk.engine.give_stage(replace(stage, warnings=("The stage was read slowly.",)))
    assert "67 %" not in _read(block)
    assert "The stage was read slowly." in _read(block)


def test_as_many_are_listed_as_are_counted_and_a_warning_has_its_sign(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, STAGES)
    block = _answered(desk, "one.png", "a")
    warnings = ("The stage was read slowly.", "It learnt from this photograph.")
    desk.engine.give_stage(
        replace(a_stage_answer(), notes=("It told 67 %.", "It assumes 80 %."), warnings=warnings)
    )
    foot = block._stages_foot
    assert foot.limits.button.text() == " 2 limits"
    points = [each for each in foot.findChildren(QLabel) if each.isVisible() and each.text() == "•"]
    assert len(points) == 2
    signs = [each for each in foot.said.findChildren(QLabel) if not each.pixmap().isNull()]
    assert len(signs) == len(warnings)
    assert all(sign.isVisible() for sign in signs)
    assert foot.said.told == warnings


def test_beside_both_eyes_they_are_folded_too(desk: Desk) -> None:
    _answered(desk, "one.png", "a")
    _answered(desk, "two.png", "b")
    desk.window.photographs.both.turn()
    block = desk.window.photographs.both.block
    assert "two.png is small." in _read(block)
    assert NOTES[0] not in _read(block)
    desk.click(block.limits.button)
    assert NOTES[0] in _read(block)
