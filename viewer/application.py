"""The window's process: one application, one window, one engine, until it closes."""

import logging
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from engine import folders, settings
from engine.service.sessions import Session
from viewer import notices
from viewer.client.engine import EngineClient
from viewer.first_paint import FirstPaint
from viewer.garbage import GarbageCollection
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName
from viewer.window import Window

logger = logging.getLogger(__name__)


def run(paths: list[Path], painted: Callable[[Window], object] | None = None) -> int:
    """Show the window, open the first of ``paths``, and stay until it is closed.

    ``painted`` is called when the first frame is on the screen, before the engine is started.
    """
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    # A session's folder: should this process be killed, the next start sweeps what it has drawn.
    try:
        scratch = Session(folders.cache())
    except OSError as fault:
        sys.stderr.write(f"{_no_room(fault)}\n")
        return 1
    application = QApplication([sys.argv[0]])
    application.setApplicationName("LesionLens")
    application.setDesktopFileName("lesionlens")
    loaded = settings.load()
    theme = Theme(application, ThemeName(loaded.settings.theme), dressed=False)
    client = EngineClient()
    window = Window(theme, client, loaded, scratch.folder)
    if scratch.makeshift:
        window.tell(notices.makeshift(folders.cache(), scratch.makeshift, scratch.folder.parent))
    theme.dress()
    garbage = GarbageCollection()
    sys.excepthook = Hook(window)
    first = FirstPaint(window)
    if painted is not None:
        first.painted.connect(lambda: painted(window))
    # The engine starts after the first frame, so that it does not take its processor away.
    first.painted.connect(lambda: _begin(window, client, paths))
    window.show()
    code = application.exec()
    garbage.stop()
    sys.excepthook = sys.__excepthook__
    scratch.close()
    return code


def _no_room(fault: OSError) -> str:
    return (
        "The window cannot be opened. Pictures that are open lie in a folder while they are shown, "
        f"and neither {folders.cache()} nor the system's temporary folder can be written: "
        f"{folders.reason(fault)}. Make one of them writable."
    )


def _begin(window: Window, client: EngineClient, paths: list[Path]) -> None:
    if window.isVisible():
        client.start()
        window.training.find()
        if paths:
            window.open(*paths)
        else:
            # The first picture is then shown at once: most of its page's making is its import.
            Thread(target=import_module, args=("viewer.read.page",), daemon=True).start()


class Hook:
    """What nobody foresaw becomes a row with a report, and the window goes on."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def __call__(
        self, kind: type[BaseException], _: BaseException, trace: TracebackType | None
    ) -> None:
        """Take over ``sys.excepthook``."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        report = report_of(kind, trace)
        logger.error("unforeseen: %s", report)
        detail = "The window goes on. The report holds no names."
        self._window.tell(notices.our_fault(report, detail))


def report_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Where it happened, by file of the program, line and kind; never the words of the fault.

    A fault's own words may hold a path, and so a patient's name.
    """
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]
    return "\n".join((kind.__name__, *places))
