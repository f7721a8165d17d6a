"""The table of commands: every command explained; clashes are looked for in test_keymap."""

from PySide6.QtGui import QKeySequence

from viewer.commands.table import COMMANDS


def test_every_key_is_one_that_qt_understands() -> None:
    for command in COMMANDS:
        for key in command.keys:
            sequence = QKeySequence.fromString(key)
            assert sequence.count() == 1, command.name
            assert "Unknown" not in sequence.toString(), command.name


def test_every_command_has_its_own_name_and_a_sentence() -> None:
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)
    assert all(command.help.endswith(".") for command in COMMANDS)


def test_every_command_can_be_reached() -> None:
    for command in COMMANDS:
        assert command.keys or command.menu.value, command.name
