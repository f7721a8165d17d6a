"""The engine as a process: what it says and when, and that it ends with its window."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.answers import Criterion, Together
from engine.pictures import Laterality
from engine.service.messages import (
    Answered,
    AnsweredTogether,
    Ask,
    AskTogether,
    Failed,
    Gone,
    Hello,
    Opened,
    PictureFile,
    Ready,
    Refused,
    Stop,
)

SHIPPED = (sys.executable, "-P", "-m", "engine.service")
ANSWERING = "Asking the network"
READING = "Reading the photograph"


def test_it_greets_before_torch_is_imported(session: Path) -> None:
    code = (
        "import sys, os\n"
        "from engine.service import __main__, channel\n"
        "from engine.service.abilities import SHIPPED\n"
        "from engine.service.decoders import COMMAND\n"
        "def tell(self, message):\n"
        "    sys.stderr.write(f'{type(message).__name__} {\"torch\" in sys.modules}')\n"
        "    sys.stderr.flush()\n"
        "    os._exit(0)\n"
        "channel.Channel.send = tell\n"
        "__main__.run(sys.argv[1], SHIPPED, COMMAND)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(session)], stdin=subprocess.DEVNULL, capture_output=True
    )
    assert told.stderr == b"Hello False"


def test_it_greets_first_and_is_ready_later(engine: Any) -> None:
    assert isinstance(engine.receive(), Hello)
    ready = engine.receive()
    assert isinstance(ready, Ready)
    assert ready.devices == ("processor", "cuda:0")


def test_it_greets_while_it_still_prepares(engine: Any, control: Path) -> None:
    (control / "hold-ready").touch()
    assert isinstance(engine.receive(), Hello)


def test_a_stray_engine_in_the_working_folder_is_not_run(
    start: Callable[..., Any], tmp_path: Path, photo: Path
) -> None:
    trap = tmp_path / "trap"
    marker = tmp_path / "sprung"
    for package in ("engine", "engine/service", "engine/images", "cv2", "msgspec"):
        (trap / package).mkdir(parents=True)
        (trap / package / "__init__.py").write_text(f"open({str(marker)!r}, 'a')")
    (trap / "engine/service/decoder.py").write_text(f"open({str(marker)!r}, 'a')")
    engine = start(*SHIPPED, folder=trap)
    engine.open(1, photo)
    assert isinstance(engine.last_word(1), Opened)
    assert not marker.exists()


def test_every_line_is_flushed(start: Callable[..., Any], monkeypatch: Any) -> None:
    # With PYTHONUNBUFFERED, as on many build machines, a missing flush would not be seen.
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    engine = start(*SHIPPED)
    assert isinstance(engine.receive(), Hello)
    assert engine.process.poll() is None


def test_a_library_that_prints_does_not_break_the_stream(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "noisy")
    assert isinstance(engine.last_word(1), Answered)


def test_a_decoder_that_prints_does_not_break_its_stream(engine: Any, tmp_path: Path) -> None:
    path = tmp_path / "noisy.jpg"
    path.write_bytes(b"noisy ")
    engine.open(1, path)
    assert isinstance(engine.last_word(1), Opened)


def test_an_opened_photograph_has_its_own_pixels(engine: Any, photo: Path) -> None:
    engine.open(1, photo)
    opened = engine.last_word(1)
    assert opened.name == photo.name
    with Image.open(photo) as truth:
        np.testing.assert_array_equal(np.load(opened.file), np.asarray(truth))


def test_a_heatmap_comes_as_an_array_with_its_way_back(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "good")
    answered = engine.last_word(1)
    assert answered.answer.probability == 0.7
    assert answered.heatmap.way_back == ((2, 0, 5), (0, 2, 7), (0, 0, 1))
    np.testing.assert_array_equal(
        np.load(answered.heatmap.file), np.arange(12, dtype=np.float32).reshape(3, 4)
    )


def test_a_signed_heatmap_keeps_its_sign_on_the_way(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "signed")
    told = engine.last_word(1).heatmap
    found = told.heatmap(np.load(told.file), (6, 9))
    expected = np.arange(12, dtype=np.float32).reshape(3, 4) - 6
    np.testing.assert_array_equal(found.signed, expected)
    np.testing.assert_array_equal(found.values, np.abs(expected))


def test_an_array_is_named_without_the_file_s_name(engine: Any, photo: Path) -> None:
    engine.open(1, photo)
    opened = engine.last_word(1)
    assert "Doe" not in opened.file
    assert "Jane" not in opened.file


def test_a_fault_of_our_own_names_no_patient_and_the_engine_goes_on(
    engine: Any, photo: Path
) -> None:
    engine.ask(1, photo, "raise")
    failed = engine.last_word(1)
    assert isinstance(failed, Failed)
    assert "ValueError" in failed.report
    assert "fake_engine.py" in failed.report
    assert "Doe" not in failed.report
    assert "Jane" not in failed.report
    engine.ask(2, photo, "good")
    assert isinstance(engine.last_word(2), Answered)


def test_a_refusal_comes_in_its_three_sentences(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "refuse")
    assert engine.last_word(1) == Refused(1, "This.", "That.", "Do.")


def test_a_checkpoint_that_is_asked_alone_is_told(engine: Any, photo: Path) -> None:
    engine.send(
        Ask(1, "one", "retinopathy", PictureFile(str(photo)), "good", Criterion.PI, "", "step-8")
    )
    assert engine.last_word(1).answer.checkpoint == "step-8"


def test_a_pair_is_answered_though_one_picture_cannot_be_read(
    engine: Any, photo: Path, tmp_path: Path
) -> None:
    files = (PictureFile(str(photo)), PictureFile(str(tmp_path / "nothing.jpg")))
    engine.send(
        AskTogether(1, "pair", "retinopathy", Together.PAIR, files, "good", Criterion.PI, "")
    )
    answered = engine.last_word(1)
    assert [each is None for each in answered.answer.photographs] == [False, True]
    assert [each is None for each in answered.heatmaps] == [False, True]
    assert answered.answer.said


def test_a_newer_question_about_two_eyes_replaces_the_older(engine: Any, photo: Path) -> None:
    for number, pack in ((1, "patient"), (2, "good")):
        files = (PictureFile(str(photo)),)
        engine.send(
            AskTogether(number, "pair", "retinopathy", Together.PAIR, files, pack, Criterion.PI, "")
        )
    assert isinstance(engine.last_word(1), Gone)
    assert isinstance(engine.last_word(2), AnsweredTogether)


def test_a_copy_under_another_name_is_opened_by_its_own(
    engine: Any, photo: Path, tmp_path: Path
) -> None:
    engine.open(1, photo)
    first = engine.last_word(1)
    copy = tmp_path / "x_right.jpg"
    copy.write_bytes(photo.read_bytes())
    for number in (2, 3):
        engine.open(number, copy)
        opened = engine.last_word(number)
        assert (opened.name, opened.laterality) == ("x_right.jpg", Laterality.RIGHT)
        assert opened.content_hash == first.content_hash
    engine.open(4, photo)
    assert engine.last_word(4).name == photo.name


def test_a_missing_file_is_refused(engine: Any, tmp_path: Path) -> None:
    engine.open(1, tmp_path / "nothing.jpg")
    assert isinstance(engine.last_word(1), Refused)


def test_the_end_of_stdin_ends_it_while_it_computes_without_looking(
    engine: Any, photo: Path
) -> None:
    engine.ask(1, photo, "deaf")
    engine.begun(1, ANSWERING)
    engine.hang_up()
    assert engine.process.wait(20) == 0


def test_stop_ends_it(engine: Any) -> None:
    engine.send(Stop())
    assert engine.process.wait(20) == 0


@pytest.mark.parametrize("end", ["killed", "hung up on"])
@pytest.mark.parametrize("state", ["hang", "stuck"])
def test_decoders_end_with_their_engine(
    engine: Any,
    tmp_path: Path,
    control: Path,
    await_end: Callable[[int], None],
    end: str,
    state: str,
) -> None:
    path = tmp_path / "hangs.jpg"
    path.write_text(f"{state} ")
    engine.open(1, path)
    decoder = _decoder_at_work(control)
    if end == "killed":
        engine.process.send_signal(signal.SIGKILL)
    else:
        engine.hang_up()
    await_end(decoder)


def _decoder_at_work(control: Path) -> int:
    while not (control / "tries").exists() or not (control / "tries").read_text():
        os.sched_yield()
    return int((control / "tries").read_text().split()[-1])


def test_a_control_c_in_the_terminal_does_not_end_it(engine: Any, photo: Path) -> None:
    engine.receive()
    engine.open(1, photo)
    engine.last_word(1)
    engine.process.send_signal(signal.SIGINT)
    engine.open(2, photo)
    assert isinstance(engine.last_word(2), Opened)


def test_it_gives_way_to_the_window(engine: Any, photo: Path) -> None:
    engine.open(1, photo)
    engine.last_word(1)
    assert (
        os.getpriority(os.PRIO_PROCESS, engine.process.pid)
        == os.getpriority(os.PRIO_PROCESS, 0) + 5
    )


def test_work_in_hand_ends_when_the_window_goes(engine: Any, photo: Path) -> None:
    engine.ask(1, photo, "patient")
    engine.begun(1, ANSWERING)
    engine.hang_up()
    assert isinstance(engine.last_word(1), Gone)
    assert engine.process.wait(20) == 0
