"""The window's side of the engine: asked, cancelled, killed at every stage, and gone on with."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtTest import QTest
from told import FAKE, Told, kill, name

from engine import folders
from engine.answers import Criterion, Look, Together
from engine.service.messages import PROTOCOL, PictureFile
from viewer.client import engine
from viewer.client.engine import EngineClient, EngineState
from viewer.client.log import EngineLog


def ask(told: Told, photo: Path, pack: str, pane: str = "one", device: str = "automatic") -> int:
    return told.client.ask(
        pane=pane,
        picture=PictureFile(str(photo)),
        pack=pack,
        criterion=Criterion.PI,
        device=device,
    )


# ---- asked


def test_a_photograph_is_mapped_read_only(told: Told, photo: Path) -> None:
    opened = told.last_word(told.client.open(photo))
    pixels = told.client.mapped(opened.file)
    with Image.open(photo) as truth:
        np.testing.assert_array_equal(pixels, np.asarray(truth))
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def test_the_chip_says_starting_then_ready(told: Told) -> None:
    told.client.start()
    told.ready()
    assert told.states == [
        (EngineState.STARTING, "Engine starting"),
        (EngineState.READY, "Engine ready"),
    ]


def test_a_question_is_answered(told: Told, photo: Path) -> None:
    answered = told.last_word(ask(told, photo, "good"))
    assert answered.answer.pack.name == "good"
    assert told.client.mapped(answered.heatmap.file).shape == (3, 4)


def test_two_eyes_are_answered_together_and_let_go(told: Told, photo: Path) -> None:
    other = photo.with_name("other.png")
    Image.new("RGB", (9, 6), "red").save(other)
    number = told.client.ask_together(
        pane="pair",
        together=Together.PAIR,
        pictures=[PictureFile(str(photo)), PictureFile(str(other))],
        pack="good",
        criterion=Criterion.PI,
        device="processor",
    )
    word = told.last_word(number)
    assert word.answer.together is Together.PAIR
    files = [heatmap.file for heatmap in word.heatmaps]
    assert [told.client.mapped(file).shape for file in files] == [(3, 4), (3, 4)]
    for file in files:
        told.client.release(file)
    told.until(lambda: not any(Path(file).exists() for file in files))


def test_a_pack_is_installed(told: Told) -> None:
    word = told.last_word(told.client.install_pack(Path("/somewhere/better.llpack")))
    assert word.installed == "better.llpack"


def test_a_released_heatmap_is_deleted(told: Told, photo: Path) -> None:
    file = told.last_word(ask(told, photo, "good")).heatmap.file
    told.client.release(file)
    told.until(lambda: not Path(file).exists())


def test_a_heatmap_is_drawn_though_it_was_released_meanwhile(
    told: Told, photo: Path, tmp_path: Path
) -> None:
    answered = told.last_word(ask(told, photo, "good"))
    to = tmp_path / "drawn.png"
    number = told.client.draw(
        picture=PictureFile(str(photo)),
        answer=answered.answer,
        heatmap=answered.heatmap,
        look=Look(0.5, 0.1, "azure"),
        to=to,
    )
    told.client.release(answered.heatmap.file)
    assert name(told.last_word(number)) == "Drawn"
    assert to.read_text() == f"{photo.name} {np.arange(12).sum():.1f}"
    told.until(lambda: not Path(answered.heatmap.file).exists())


def test_a_name_that_is_no_text_is_refused_after_the_call(told: Told, tmp_path: Path) -> None:
    number = told.client.open(tmp_path / os.fsdecode(b"eye\xff.jpg"))
    assert told.last_words == []
    assert "no text" in told.last_word(number).why


def test_a_stray_engine_in_the_cache_folder_is_not_run(
    qtbot: Any, photo: Path, cache_folder: Path, tmp_path: Path
) -> None:
    stray = cache_folder / "engine" / "service"
    stray.mkdir(parents=True)
    for folder in (stray.parent, stray):
        (folder / "__init__.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'a')")
    told = Told(EngineClient(), qtbot)
    assert name(told.last_word(told.client.open(photo))) == "Opened"
    told.client.close()
    assert not (tmp_path / "sprung").exists()


# ---- killed


@pytest.mark.parametrize("stage", ["hello", "ready", "open", "answer", "write", "draw"])
def test_an_engine_killed_at_any_stage_is_started_anew_and_asked_once_more(
    told: Told, photo: Path, control: Path, tmp_path: Path, stage: str
) -> None:
    (control / f"hold-{stage}").touch()
    opening = told.client.open(photo)
    asking = ask(told, photo, "good")
    drawing = told.client.draw(
        picture=PictureFile(str(photo)),
        answer=None,
        heatmap=None,
        look=Look(0.5, 0.1, "azure"),
        to=tmp_path / "drawn.png",
    )
    told.until((control / f"held-{stage}").exists)
    kill(told)
    assert name(told.last_word(opening)) == "Opened"
    assert name(told.last_word(asking)) == "Answered"
    assert name(told.last_word(drawing)) == "Drawn"
    assert len(told.restarts) == 1
    assert name(told.last_word(told.client.open(photo))) == "Opened"


def test_an_engine_killed_while_idle_is_started_anew(told: Told, photo: Path) -> None:
    told.client.start()
    told.ready()
    kill(told)
    told.until(lambda: told.restarts)
    assert name(told.last_word(told.client.open(photo))) == "Opened"


def test_a_restart_is_not_settled_before_what_is_asked_once_more_is_over(
    told: Told, photo: Path
) -> None:
    asked = ask(told, photo, "patient")
    told.until(lambda: any(p.what == "Asking the network" for p in told.progress))
    kill(told)
    told.until(lambda: told.restarts)
    told.ready()
    told.last_word(told.client.open(photo))
    assert told.settled == []
    told.client.cancel(asked)
    told.until(lambda: told.settled)
    assert told.last_words[-1].id == asked


def test_a_restart_with_nothing_asked_is_settled_when_the_engine_is_ready(told: Told) -> None:
    told.client.start()
    told.ready()
    kill(told)
    told.until(lambda: told.settled)
    assert told.states[-1][0] is EngineState.READY
    told.client.close()
    assert told.settled == [0]


def test_a_file_that_crashed_its_decoder_twice_is_refused_after_the_engine_came_back_too(
    told: Told, tmp_path: Path, control: Path
) -> None:
    deadly = tmp_path / "deadly.png"
    deadly.write_text("crash ")
    assert "crashed the decoder 2 times" in told.last_word(told.client.open(deadly)).why
    kill(told)
    told.until(lambda: told.restarts)
    assert "crashed the decoder 2 times" in told.last_word(told.client.open(deadly)).why
    assert len((control / "tries").read_text().split()) == 2


def test_a_restart_is_said_with_its_time_and_what_is_asked_again(told: Told, photo: Path) -> None:
    ask(told, photo, "patient")
    told.until(lambda: any(p.what == "Asking the network" for p in told.progress))
    kill(told)
    told.until(lambda: told.restarts)
    state, words = told.states[-1]
    assert state is EngineState.RESTARTED
    assert re.fullmatch(r"Engine restarted \d\d:\d\d", words)
    assert re.fullmatch(
        r"The engine stopped unexpectedly at \d\d:\d\d and was started again\. "
        r"One request is asked once more\.",
        told.restarts[0],
    )


def test_a_question_that_crashes_the_engine_twice_is_given_up_and_no_other(
    told: Told, photo: Path
) -> None:
    told.client.start()
    told.ready()
    deadly = ask(told, photo, "crash", pane="left")
    harmless = ask(told, photo, "good", pane="right")
    refused = told.last_word(deadly)
    assert photo.name in refused.what
    assert "2 times" in refused.why
    assert "processor" in refused.advice
    assert name(told.last_word(harmless)) == "Answered"
    assert len(told.restarts) == 2


def test_the_processor_is_not_offered_where_it_was_used(told: Told, photo: Path) -> None:
    refused = told.last_word(ask(told, photo, "crash", device="processor"))
    assert "processor" not in refused.advice


def test_an_array_that_is_shown_outlives_its_engine_and_what_it_left_is_deleted(
    told: Told, photo: Path, control: Path
) -> None:
    shown = told.last_word(ask(told, photo, "good")).heatmap.file
    (control / "hold-write").touch()
    again = ask(told, photo, "good")
    told.until((control / "held-write").exists)
    kill(told)
    later = told.last_word(again).heatmap.file
    assert told.client.mapped(shown).shape == (3, 4)
    halves = [p for p in Path(shown).parent.iterdir() if p.read_bytes().endswith(b"half a")]
    assert halves == []
    told.client.release(shown)
    assert not Path(shown).exists()
    assert Path(later).exists()


# ---- cancelled


def test_a_cancel_is_said_at_once(told: Told, photo: Path) -> None:
    number = ask(told, photo, "patient")
    told.begun(number, "Asking the network")
    told.client.cancel(number)
    assert told.states[-1] == (EngineState.STOPPING, "Stopping")


def test_a_cancel_that_is_heeded_leaves_the_engine(told: Told, photo: Path) -> None:
    number = ask(told, photo, "patient")
    told.begun(number, "Asking the network")
    engine = told.client.process_number
    told.client.cancel(number)
    assert name(told.last_word(number)) == "Gone"
    assert told.client.process_number == engine
    assert told.states[-1] == (EngineState.READY, "Engine ready")


def test_a_cancel_that_is_not_heeded_kills_the_engine(
    told: Told, photo: Path, await_end: Callable[[int], None]
) -> None:
    number = ask(told, photo, "deaf", pane="left")
    told.begun(number, "Asking the network")
    waiting = ask(told, photo, "good", pane="right")
    engine = told.client.process_number
    told.client.cancel(number)
    assert name(told.last_word(number)) == "Gone"
    await_end(engine)
    assert name(told.last_word(waiting)) == "Answered"
    assert "not wanted any more" in told.restarts[0]


def test_what_nobody_waits_for_has_more_time_to_end(
    told: Told, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 50)
    monkeypatch.setattr(engine, "OVERTAKEN_PATIENCE", 1000)
    number = ask(told, photo, "deaf", pane="left")
    told.begun(number, "Asking the network")
    process = told.client.process_number
    told.client.drop(number)
    waiting = ask(told, photo, "good", pane="right")
    QTest.qWait(200)
    assert told.client.process_number == process
    assert all(state is not EngineState.STOPPING for state, _ in told.states)
    assert name(told.last_word(waiting)) == "Answered"  # by a new engine, when patience is over
    assert name(told.last_word(number)) == "Gone"


def test_a_request_is_cancelled_before_the_engine_is_there(
    told: Told, photo: Path, control: Path
) -> None:
    (control / "hold-hello").touch()
    number = told.client.open(photo)
    told.client.cancel(number)
    assert name(told.last_word(number)) == "Gone"


def test_a_crash_while_a_cancel_is_under_way_ends_the_request_once(told: Told, photo: Path) -> None:
    number = ask(told, photo, "deaf")
    told.begun(number, "Asking the network")
    told.client.cancel(number)
    kill(told)
    assert name(told.last_word(number)) == "Gone"
    assert "stopped unexpectedly" in told.restarts[0]
    assert name(told.last_word(told.client.open(photo))) == "Opened"


# ---- engines that are none


def test_an_engine_that_cannot_start_is_said_after_the_call(make: Any, photo: Path) -> None:
    told = make("/no/such/program")
    number = told.client.open(photo)
    assert told.last_words == []
    assert "could not be started" in told.last_word(number).why
    assert told.states[-1] == (EngineState.OFF, "Engine off")


def test_an_engine_that_always_ends_is_not_started_for_ever(make: Any, photo: Path) -> None:
    told = make(sys.executable, "-c", "pass")
    refused = told.last_word(told.client.open(photo))
    assert "5 times" in refused.why
    assert told.states[-1] == (EngineState.OFF, "Engine off")


def test_an_engine_that_talks_nonsense_is_not_started_for_ever(make: Any, photo: Path) -> None:
    told = make(sys.executable, "-c", "print('nonsense', flush=True); input()")
    assert name(told.last_word(told.client.open(photo))) == "Refused"


HELLO = '{"type":"hello","version":"%s","protocol":%d}'


def test_an_engine_of_another_version_is_said_with_both_versions(make: Any, photo: Path) -> None:
    from importlib.metadata import version

    told = make(sys.executable, "-c", f"print('{HELLO % ('0.0.7', 1)}', flush=True); input()")
    refused = told.last_word(told.client.open(photo))
    assert "0.0.7" in refused.why
    assert version("lesionlens") in refused.why


def test_an_engine_of_another_protocol_is_refused(make: Any, photo: Path) -> None:
    from importlib.metadata import version

    hello = HELLO % (version("lesionlens"), 99)
    told = make(sys.executable, "-c", f"print('{hello}', flush=True); input()")
    refused = told.last_word(told.client.open(photo))
    assert name(refused) == "Refused"
    # Two versions that are alike would not say what differs.
    assert "of different installations" in refused.why


def test_lines_in_pieces_and_several_at_once_are_told_apart(make: Any, photo: Path) -> None:
    from importlib.metadata import version

    progress = '{"type":"progress","id":1,"what":"%s","done":0,"total":0}'
    script = f"""
import sys
def say(text):
    sys.stdout.write(text); sys.stdout.flush()
hello = '{HELLO % (version("lesionlens"), PROTOCOL)}' + chr(10)
say(hello[:20]); say(hello[20:])
sys.stdin.readline()
one, two, three = ('{progress % "one"}', '{progress % "two"}', '{progress % "three"}')
say(one + chr(10) + two + chr(10) + three[:9])
sys.stdin.readline()
say(three[9:] + chr(10) + '{{"type":"gone","id":1,"why":"done"}}' + chr(10))
"""
    told = make(sys.executable, "-c", script)
    number = told.client.open(photo)
    told.until(lambda: len(told.progress) == 2)
    # A second line to read lets it go on.
    told.client.install_pack(photo)
    assert name(told.last_word(number)) == "Gone"
    assert [p.what for p in told.progress] == ["one", "two", "three"]


# ---- the end


def test_closing_leaves_no_process_and_no_array(
    told: Told,
    photo: Path,
    tmp_path: Path,
    control: Path,
    cache_folder: Path,
    await_end: Callable[[int], None],
) -> None:
    told.last_word(told.client.open(photo))
    ask(told, photo, "deaf")
    hanging = tmp_path / "hangs.jpg"
    hanging.write_bytes(b"hang ")
    told.client.open(hanging)
    told.until(lambda: (control / "tries").read_text().count("\n") == 2)
    engine = told.client.process_number
    told.client.close()
    await_end(engine)
    for decoder in (control / "tries").read_text().split():
        await_end(int(decoder))
    assert list((cache_folder / "exchange").iterdir()) == []


def test_an_array_may_be_released_after_closing(
    told: Told, photo: Path, cache_folder: Path
) -> None:
    file = told.last_word(told.client.open(photo)).file
    told.client.close()
    told.client.release(file)
    assert list((cache_folder / "exchange").iterdir()) == []


WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from engine import folders
from engine.answers import Criterion
from engine.service.messages import PROTOCOL, PictureFile
from viewer.client.engine import EngineClient
application = QCoreApplication([])
client = EngineClient(command=sys.argv[3:])
client.open(Path(sys.argv[1]))
client.ask(pane="one", picture=PictureFile(sys.argv[2]), pack="deaf", criterion=Criterion.PI,
           device="automatic")
client.progressed.connect(
    lambda p: p.what == "Asking the network" and print(client.process_number, flush=True)
)
application.exec()
"""


def test_a_killed_window_leaves_no_process(
    photo: Path, tmp_path: Path, control: Path, await_end: Callable[[int], None]
) -> None:
    hanging = tmp_path / "hangs.jpg"
    hanging.write_bytes(b"hang ")
    arguments = (str(hanging), str(photo), sys.executable, "-P", str(FAKE), str(control))
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW, *arguments], stdout=subprocess.PIPE, text=True
    ) as window:
        assert window.stdout is not None
        engine = int(window.stdout.readline())
        while (control / "tries").read_text().count("\n") < 2:
            os.sched_yield()
        window.kill()
    await_end(engine)
    for decoder in (control / "tries").read_text().split():
        await_end(int(decoder))


def test_the_log_keeps_what_the_engine_says_and_no_file_name(told: Told, photo: Path) -> None:
    told.last_word(ask(told, photo, "raise"))
    told.client.close()
    text = (folders.logs() / "engine.log").read_text("utf-8")
    assert "ValueError" in text
    assert "Doe" not in text


def test_without_a_folder_for_logs_nothing_is_kept_and_nothing_printed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    log = EngineLog(tmp_path / "file" / "log")
    log.keep(b"What the engine said.")
    log.close()
    assert capfd.readouterr().err == ""


def test_the_client_brings_in_nothing_heavy() -> None:
    code = "import sys, viewer.client.engine; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"torch", "torchvision", "sklearn", "SimpleITK", "cv2", "PIL"} & set(modules)
