"""One thread beside the window's, for what a disk or a large picture would hold up."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

logger = logging.getLogger(__name__)


class Worker:
    """Runs calls one after the other.

    Python's own thread and no QThreadPool: Qt's waits in its destructor, with the interpreter
    locked, for calls that need the interpreter, and the process then hangs for ever.
    """

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=name)

    def start(self, call: Callable[[], object]) -> None:
        """Run ``call`` when those before it are done; returns at once."""
        self._threads.submit(call).add_done_callback(_tell)

    def wait(self) -> None:
        """Wait until all calls are done."""
        self._threads.submit(lambda: None).result()


def _tell(done: Future[object]) -> None:
    fault = done.exception()
    # A call may outlive the window that it was to tell.
    if fault is not None and "already deleted" not in str(fault):
        logger.error("a worker's call ended with %s", type(fault).__name__)
