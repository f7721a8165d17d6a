"""An eye that is called not referable without its fovea is cautioned."""

from on_screen import words_of
from window_desk import Desk

from engine.answers import Landmarks
from engine.geometry import Circle
from engine.telling.cautions import NO_MACULA


def test_an_eye_called_not_referable_without_a_fovea_is_cautioned(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=0.05)
    said = desk.window.photographs.model_block
    assert "fovea" not in words_of(said)
    desk.engine.give_landmarks(Landmarks(disc=Circle(300, 300, 40)))
    assert "No fovea was found." in words_of(said)
    desk.window.photographs.regions.marks.place(fovea=(500.0, 300.0))
    assert "fovea" not in words_of(said)
    desk.window.photographs.regions.marks.place(fovea=(200.0, 300.0))
    assert "The fovea lies near the edge" in words_of(said)
    desk.window.photographs.regions.marks.as_found()
    assert "No fovea was found." in words_of(said)
    desk.window.presenter.exports.copy()
    assert desk.engine.last("draw").what["answer"].warnings == (NO_MACULA,)
    desk.window.open(desk.picture("next.png"))
    desk.engine.give_picture(content="b")
    desk.engine.give_answer()
    desk.engine.give_landmarks(Landmarks())
    assert "fovea" not in words_of(said), "it is referable anyway"


def test_where_the_reader_placed_the_disc_it_is_not_said_that_no_fovea_was_found(
    desk: Desk,
) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=0.05)
    marks = desk.window.photographs.regions.marks
    marks.place(disc=Circle(300, 300, 40))
    desk.engine.give_landmarks(Landmarks(notes=("No optic disc was found.",)))
    said = desk.window.photographs.model_block
    assert marks.landmarks.disc is not None
    assert "No fovea was found." not in words_of(said), "without a disc it was not looked for"
