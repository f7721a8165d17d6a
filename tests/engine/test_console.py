import subprocess
import sys

READING_AHEAD = """
from threading import Event, Thread
from engine.console import warn, work
from engine.images.overheard import overheard

begun, told = Event(), Event()

def read():
    with overheard():
        begun.set()
        told.wait(20)

with work():
    reader = Thread(target=read)
    reader.start()
    begun.wait(20)
    warn("One of them was refused.")
    told.set()
    reader.join()
"""


def test_what_a_command_says_is_read_while_a_picture_is_opened_ahead() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", READING_AHEAD], capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "One of them was refused.\n")
