"""Fixtures that all tests share."""

import gc
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# One thread for each worker: two workers of two threads each wait for one another on two cores
# (the tests of training, criteria and networks took 157 s so, and take 62 s now).
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def collected_by_the_window() -> None:
    """As in the window: once there was a widget, no other thread collects garbage.

    What the test before has left is destroyed and collected: it was not while pytest still held
    that test's arguments, and hundreds of closed windows had thousands of threads.
    """
    if "PySide6.QtWidgets" in sys.modules:
        gc.disable()
        from PySide6.QtCore import QCoreApplication, QEvent

        from viewer.garbage import collect_due

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        collect_due()


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Find reference data beside the checkout, or skip with a sentence."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"Reference data are not beside this checkout: {name}")
        return path

    return find


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test alone in which the user's folders lie."""
    home = tmp_path / "home"
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    return home


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own that takes 256 KiB, or skip with a sentence."""
    place = tmp_path / "small disk"
    place.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=256k", "none", str(place))
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("A small disk can be mounted on Linux and by root alone.")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def await_end() -> Callable[[int], None]:
    """Wait until a process that is not our child has ended."""

    def wait(number: int) -> None:
        try:
            handle = os.pidfd_open(number)
        except ProcessLookupError:
            return
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        assert poll.poll(20_000), f"process {number} lives on"
        os.close(handle)

    return wait


class _WindowsTogether(LoadScopeScheduling):
    """Give all windows to one worker: they share a screen, where one at a time is active.

    An own scheduler, because xdist 3.8's ``loadgroup`` does not group under pytest 9.
    """

    def _split_scope(self, nodeid: str) -> str:
        shown = nodeid.startswith("tests/viewer/") and not nodeid.startswith("tests/viewer/client/")
        return "windows" if shown else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _WindowsTogether:
    """Share the tests between workers; asked only where pytest is started with ``-n``."""
    return _WindowsTogether(config, log)
