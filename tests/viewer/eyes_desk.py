"""A window on a folder of both eyes' photographs."""

from PySide6.QtCore import Qt
from window_desk import Desk, an_answer


def open_eyes(desk: Desk, *names: str) -> None:
    """A folder of photographs, the first one on the screen and answered."""
    paths = [desk.picture(name) for name in names]
    desk.window.open(*paths)
    desk.engine.give_picture(content="a")
    desk.engine.give_answer()


def show_both(desk: Desk, *names: str) -> None:
    """The same, with the other eye beside it, and answers of both."""
    open_eyes(desk, *names)
    desk.press(Qt.Key.Key_E)
    desk.engine.give_picture(content="b")
    desk.engine.give_pair(an_answer(), an_answer(probability=0.12, low=0.05, high=0.2))


def fill(desk: Desk, grade: int) -> None:
    """A reading of the eye with the ring that can be signed."""
    block = desk.window.photographs.reading.block
    block.fields.quality.choose(0)
    block.fields.grade.choose(grade)
    block.fields.oedema.choose(0)
    block.fields.outcome.choose(2)
