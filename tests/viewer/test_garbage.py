"""A widget that nobody holds is destroyed by the window's thread, and by no other."""

import gc
import threading

import pytest
from PySide6.QtWidgets import QWidget

from viewer.garbage import GarbageCollection, collect_due


@pytest.fixture
def collection(qapp):
    started = GarbageCollection()
    yield started
    started.stop()
    gc.disable()


class Cycle(QWidget):
    """A widget that holds itself, as one does that connects a signal to a lambda over itself."""

    ended_in: list[int]

    def __init__(self, ended_in: list[int]) -> None:
        super().__init__()
        self.itself = self
        self.ended_in = ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.get_ident())


def make_much() -> list[list[object]]:
    return [[{}] for _ in range(200_000)]


def test_a_worker_that_makes_much_destroys_no_widget(collection, qtbot) -> None:
    ended: list[int] = []
    Cycle(ended)
    worker = threading.Thread(target=make_much)
    worker.start()
    worker.join()
    assert ended == []
    lasting = make_much()
    qtbot.waitUntil(lambda: ended == [threading.get_ident()], timeout=5000)
    assert lasting


def test_without_it_a_worker_would(qapp) -> None:
    ended: list[int] = []
    gc.enable()
    Cycle(ended)
    worker = threading.Thread(target=make_much)
    worker.start()
    worker.join()
    gc.disable()
    assert ended and ended != [threading.get_ident()]


def test_nothing_is_collected_before_it_is_due(qapp) -> None:
    gc.collect()
    ended: list[int] = []
    Cycle(ended)
    collect_due()
    assert ended == []
    gc.collect()
    assert len(ended) == 1
