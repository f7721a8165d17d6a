"""A window that ends leaves no process and no array, and its log no name."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from told import FAKE, Told, ask

from engine import folders
from viewer.client.log import EngineLog


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
