"""What a person set, kept as TOML in the config folder.

A damaged file is set aside with a sentence and never fatal: settings are a comfort, not data.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import tomli_w
from msgspec import Meta, Struct

from engine import folders

FILE = "settings.toml"
FORMAT = 2
"""Of the file; the first had no number."""
RECENT = 10
"""How many pictures the list of recent ones holds."""

_CRITERIA = "^(|pi|omega|relevance|pi_photograph|lesions)$"

Part = Annotated[float, Meta(ge=0.0, le=1.0)]


class Settings(Struct, frozen=True, forbid_unknown_fields=False):
    """Everything that is kept; every field has the value that a first start has.

    ``format`` tells files apart that were written when a field meant something else.
    ``device`` is "automatic", "processor" or "cuda:N". ``criterion`` is an ``answers.Criterion``,
    or "" for the pack's usual one, ``theme`` "dark" or "light"; ``opacity`` and ``threshold`` are
    from 0 to 1. ``recent`` holds paths, newest first. ``pack`` is the path of the pack that was
    chosen last, ``stage_pack`` that of the one that tells stages, or "none". ``geometry`` is the
    window's own state, as text. ``keys`` are those that a person chose, by the commands' names,
    ``mouse`` what movements of the mouse do instead of the usual. ``layouts`` are those last used,
    by the kind of study. ``hide_names`` keeps patients' names off the screen; ``rail`` is whether
    the rail of series is unfolded, ``landmarks`` whether disc and fovea are marked,
    ``all_regions`` whether every region is drawn. ``reading`` is
    a ``records.forms.ReadingMode``, ``form`` is whether the reading form is unfolded, ``limits``
    whether what packs say of all their answers is; ``limits_told`` are beginnings of the seals of
    packs that have told it.
    """

    format: int = FORMAT
    device: Annotated[str, Meta(pattern=r"^(automatic|processor|cuda:\d+)$")] = "automatic"
    theme: Annotated[str, Meta(pattern="^(dark|light)$")] = "dark"
    criterion: Annotated[str, Meta(pattern=_CRITERIA)] = ""
    colour_map: Annotated[str, Meta(pattern="^(azure|ember)$")] = "azure"
    opacity: Part = 0.72
    threshold: Part = 0.1
    pack: str = ""
    stage_pack: str = ""
    recent: tuple[str, ...] = ()
    geometry: str = ""
    keys: dict[str, tuple[str, ...]] = {}
    mouse: dict[str, str] = {}
    layouts: dict[str, str] = {}
    hide_names: bool = False
    rail: bool = True
    landmarks: bool = True
    all_regions: bool = False
    reading: Annotated[str, Meta(pattern="^(assisted|reading first)$")] = "assisted"
    form: bool = False
    limits: bool = False
    limits_told: tuple[str, ...] = ()

    def with_recent(self, path: Path) -> "Settings":
        """These settings with ``path`` as the newest recent picture."""
        newest = str(path)
        others = tuple(entry for entry in self.recent if entry != newest)
        return msgspec.structs.replace(self, recent=(newest, *others)[:RECENT])


@dataclass(frozen=True)
class Loaded:
    """Settings as read, with a sentence if the file was damaged and set aside."""

    settings: Settings
    fault: str = ""


def load(folder: Path | None = None) -> Loaded:
    """Read the settings from ``folder``, the config folder if None; damage never raises."""
    path = (folder or folders.config()) / FILE
    try:
        told = _with_choices_alone(msgspec.toml.decode(path.read_bytes()))
        return Loaded(msgspec.convert(told, Settings))
    except FileNotFoundError:
        return Loaded(Settings())
    except (msgspec.MsgspecError, ValueError):
        return Loaded(Settings(), _set_aside(path))
    except OSError as fault:
        said = f"{path.parent}: {folders.reason(fault)}"
        return Loaded(
            Settings(), f"The settings could not be read ({said}); the usual ones are in force."
        )


def save(settings: Settings, folder: Path | None = None) -> None:
    """Write the settings whole. Raises ``OSError`` if the folder cannot be written."""
    path = folders.made(folder or folders.config()) / FILE
    text = tomli_w.dumps(msgspec.to_builtins(settings))
    folders.write_whole(path, lambda file: file.write(text.encode()))


def reset(folder: Path | None = None) -> bool:
    """Forget the settings; True if there were any."""
    path = (folder or folders.config()) / FILE
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def _with_choices_alone(told: dict[str, Any]) -> dict[str, Any]:
    """What a file tells, without what nobody chose.

    The first files held π as soon as anything was saved: there it is no person's word, and must
    not win over a pack's usual criterion.
    """
    if "format" not in told and told.get("criterion") == "pi":
        return {name: value for name, value in told.items() if name != "criterion"}
    return told


def _set_aside(path: Path) -> str:
    aside = path.with_suffix(".damaged.toml")
    try:
        path.replace(aside)
    except OSError:
        return "The settings file was damaged; the usual settings are in force."
    return (
        f"The settings file was damaged and is kept as {aside.name}; "
        "the usual settings are in force."
    )
