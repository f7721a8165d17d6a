"""The table of commands: no key twice, every command explained."""

from collections import Counter

from PySide6.QtGui import QKeySequence

from viewer.commands import COMMANDS


def test_no_key_belongs_to_two_commands() -> None:
    keys = Counter(
        QKeySequence.fromString(key).toString() for command in COMMANDS for key in command.keys
    )
    assert [key for key, times in keys.items() if times > 1] == []


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
