"""Settings that are written while a person goes on."""

import threading
from pathlib import Path
from typing import Any

import pytest

from engine import folders
from engine import settings as kept
from engine.settings import Settings
from viewer.preferences import Preferences


def test_a_slider_s_many_steps_are_written_once_and_not_by_the_window_s_thread(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[float, int]] = []
    monkeypatch.setattr(
        kept, "save", lambda settings: written.append((settings.opacity, threading.get_ident()))
    )
    preferences = Preferences(Settings())
    for step in range(50):
        preferences.set_look(opacity=step / 100)
    qtbot.waitUntil(lambda: bool(written))
    ((opacity, thread),) = written
    assert opacity == 0.49
    assert thread != threading.get_ident()


def test_what_was_changed_last_is_written_before_the_window_is_gone() -> None:
    preferences = Preferences(Settings())
    preferences.set_look(opacity=0.3)
    preferences.save()
    assert kept.load().settings.opacity == 0.3


def test_settings_that_cannot_be_written_are_said_and_stay_in_force(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Settings, __: Path | None = None) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(kept, "save", refuse)
    preferences = Preferences(Settings())
    said: list[str] = []
    preferences.not_saved.connect(said.append)
    with qtbot.waitSignal(preferences.not_saved):
        preferences.set_look(opacity=0.3)
    assert said == [f"{folders.config()} cannot be written: Read-only file system."]
    assert preferences.settings.opacity == 0.3
    preferences.save()
    assert len(said) == 1
