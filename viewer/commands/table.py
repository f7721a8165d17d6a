"""Every command in one table: name, words, key, what it does, when it may.

Menus, tool bar, keys, the help page and the test against clashes come from it; nothing is wired a
second time elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.command import Bar, Command, Menu, Where
from viewer.commands.compare import COMPARE_COMMANDS, comparing
from viewer.commands.mask import MASK_COMMANDS
from viewer.commands.reading import READING_COMMANDS, SAVE_READINGS, seeks, with_photograph
from viewer.commands.region import REGION_COMMANDS, SAVE_REGIONS
from viewer.commands.slab import SLAB_COMMANDS
from viewer.commands.stage import STAGE_COMMANDS
from viewer.commands.timeline import TIMELINE_COMMANDS
from viewer.commands.training import TRAINING_COMMANDS
from viewer.commands.truth import TRUTH_COMMANDS
from viewer.commands.view import VIEW_COMMANDS, with_picture
from viewer.commands.volume import VOLUME_COMMANDS, with_volume
from viewer.tabs import TAB_COMMANDS

if TYPE_CHECKING:
    from viewer.window import Window


def _with_reader(window: Window) -> bool:
    """May where what the reader did is seen: on the Read tab."""
    return with_photograph(window) or with_volume(window)


def with_neighbours(window: Window) -> bool:
    """May while there is more than one picture to go to."""
    return (window.tabs.reading or comparing(window)) and window.on_top.place[1] > 1


def _with_photographs(window: Window) -> bool:
    """May while there is more than one photograph to go to."""
    shown = window.tabs.reading or comparing(window)
    return shown and window.presenter.shown.place[1] > 1


COMMANDS: tuple[Command, ...] = (
    Command(
        "open",
        "Open…",
        ("Ctrl+O",),
        "Opens a photograph, a DICOM or NIfTI file, a ZIP of CT or MR.",
        lambda window: window.doors.choose_picture(),
        menu=Menu.FILE,
        icon="folder-open",
        bar=Bar.TOOLS,
    ),
    Command(
        "open-folder",
        "Open folder…",
        ("Ctrl+Shift+O",),
        "Opens a folder: its photographs, or its series to choose from.",
        lambda window: window.doors.choose_folder(),
        menu=Menu.FILE,
    ),
    Command(
        "series-list",
        "Series…",
        ("Ctrl+L",),
        "Shows the list of the series that were found.",
        lambda window: window.volumes.show_list(),
        may=lambda window: window.found > 1,
        menu=Menu.FILE,
    ),
    Command(
        "save-picture",
        "Save picture…",
        ("Ctrl+E",),
        "Saves the picture as it is annotated, with the strip, as a PNG file.",
        lambda window: window.on_top.save_picture(),
        may=with_picture,
        menu=Menu.FILE,
        icon="device-floppy",
        bar=Bar.TOOLS_END,
        gap_before=True,
    ),
    Command(
        "copy-picture",
        "Copy picture",
        ("Ctrl+C",),
        "Copies the picture as it is annotated, with the strip, to the clipboard.",
        lambda window: window.on_top.copy_picture(),
        may=with_picture,
        menu=Menu.FILE,
        icon="copy",
        bar=Bar.TOOLS_END,
    ),
    SAVE_REGIONS,
    SAVE_READINGS,
    Command(
        "add-pack",
        "Add pack…",
        (),
        "Checks a pack and adds it to the packs on this computer.",
        lambda window: window.doors.choose_pack(),
        menu=Menu.FILE,
        icon="package-import",
        gap_before=True,
    ),
    Command(
        "previous-picture",
        "Previous picture",
        ("Left", "PgUp"),
        "Opens the picture before this one, or the series.",
        lambda window: window.on_top.step(-1),
        may=with_neighbours,
        menu=Menu.FILE,
        where=Where.PICTURE,
        icon="chevron-left",
        bar=Bar.STEP,
        gap_before=True,
        now=lambda window: "Previous series" if window.shows_volume else "Previous picture",
    ),
    Command(
        "next-picture",
        "Next picture",
        ("Right", "PgDown"),
        "Opens the picture after this one, or the series.",
        lambda window: window.on_top.step(1),
        may=with_neighbours,
        menu=Menu.FILE,
        where=Where.PICTURE,
        icon="chevron-right",
        bar=Bar.STEP,
        now=lambda window: "Next series" if window.shows_volume else "Next picture",
    ),
    Command(
        "first-picture",
        "First picture",
        ("Home",),
        "Opens the first picture of the folder.",
        lambda window: window.presenter.walk.go_to_end(last=False),
        may=_with_photographs,
        menu=Menu.FILE,
        where=Where.PHOTOGRAPH,
    ),
    Command(
        "last-picture",
        "Last picture",
        ("End",),
        "Opens the last picture of the folder.",
        lambda window: window.presenter.walk.go_to_end(last=True),
        may=_with_photographs,
        menu=Menu.FILE,
        where=Where.PHOTOGRAPH,
    ),
    *VIEW_COMMANDS,
    *VOLUME_COMMANDS,
    *MASK_COMMANDS,
    *SLAB_COMMANDS,
    *COMPARE_COMMANDS,
    *TRAINING_COMMANDS,
    *TRUTH_COMMANDS,
    Command(
        "undo",
        "Undo",
        ("Ctrl+Z",),
        "Takes back what you drew, changed, removed or said last.",
        lambda window: window.on_top.reader.undo(),
        may=lambda window: _with_reader(window) and window.on_top.reader.can_undo,
        menu=Menu.EDIT,
        icon="arrow-back-up",
        bar=Bar.TOP,
    ),
    Command(
        "redo",
        "Redo",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "Does again what was taken back.",
        lambda window: window.on_top.reader.redo(),
        may=lambda window: _with_reader(window) and window.on_top.reader.can_redo,
        menu=Menu.EDIT,
        icon="arrow-forward-up",
        bar=Bar.TOP,
    ),
    *READING_COMMANDS,
    *TIMELINE_COMMANDS,
    *REGION_COMMANDS,
    *STAGE_COMMANDS,
    *TAB_COMMANDS,
    Command(
        "rail",
        "Rail at the left",
        ("Ctrl+B",),
        "Unfolds or folds the small pictures at the left.",
        lambda window: window.preferences.change(rail=not window.preferences.settings.rail),
        may=lambda window: window.has_rail,
        menu=Menu.VIEW,
        on=lambda window: window.preferences.settings.rail,
        gap_before=True,
    ),
    Command(
        "limits",
        "Limits of the packs",
        (),
        "Shows or folds what must be known of every answer of the packs.",
        lambda window: window.photographs.unfold_limits(not window.preferences.settings.limits),
        may=with_photograph,
        menu=Menu.VIEW,
        where=Where.EYES,
        on=lambda window: window.preferences.settings.limits,
    ),
    Command(
        "hide-names",
        "Hide names",
        ("Ctrl+Shift+N",),
        "Keeps patients' names off the screen, or shows them.",
        lambda window: window.preferences.change(
            hide_names=not window.preferences.settings.hide_names
        ),
        menu=Menu.VIEW,
        on=lambda window: window.preferences.settings.hide_names,
    ),
    Command(
        "theme",
        "Light or dark",
        (),
        "Changes between the dark and the light theme.",
        lambda window: window.pages.turn_theme(),
        menu=Menu.VIEW,
        icon="sun",
        bar=Bar.TOP,
        gap_before=True,
    ),
    Command(
        "full-screen",
        "Full screen",
        ("F11",),
        "Fills the screen, and again: back to a window.",
        lambda window: window.turn_full_screen(),
        menu=Menu.VIEW,
    ),
    Command(
        "to-picture",
        "Back to the picture",
        ("Esc",),
        "Ends a search, or drops what was begun, then the tool, and gives the keys back to the "
        "picture.",
        lambda window: window.on_top.escape(),
        may=lambda window: with_picture(window) or seeks(window),
    ),
    Command(
        "command-box",
        "Find or run…",
        ("Ctrl+K",),
        "Finds every command by its words and does it.",
        lambda window: window.habits.show_command_box(),
        menu=Menu.VIEW,
        icon="search",
        bar=Bar.TOP,
    ),
    Command(
        "help",
        "Keys and mouse",
        ("F1", "?"),
        "Shows every command with its key, and changes what keys and mouse do.",
        lambda window: window.habits.show_page(),
        menu=Menu.HELP,
        icon="help-circle",
        bar=Bar.TOP,
    ),
    Command(
        "about",
        "About LesionLens",
        (),
        "Shows the version, the device and the licence.",
        lambda window: window.pages.show_about(),
        menu=Menu.HELP,
        icon="info-circle",
    ),
    Command(
        "settings",
        "Settings",
        ("Ctrl+,",),
        "Shows the settings: device, theme, reset.",
        lambda window: window.pages.show_settings(),
        menu=Menu.FILE,
        icon="settings",
        bar=Bar.TOP,
    ),
    Command(
        "quit",
        "Quit",
        ("Ctrl+Q",),
        "Closes the window and ends the engine.",
        lambda window: window.close(),
        menu=Menu.FILE,
        gap_before=True,
    ),
)
