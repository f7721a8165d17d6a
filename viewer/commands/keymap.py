"""Which keys each command has: the table's own, or those that a person chose instead."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from PySide6.QtGui import QKeySequence

from viewer.command import Command, Where


class Keymap:
    """The keys in force. Choices that are no keys, or that clash, give way to the table's own."""

    def __init__(
        self, commands: Sequence[Command], chosen: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._commands = tuple(commands)
        named = {command.name: command for command in commands}
        self._chosen = {
            name: tuple(_normal(key) for key in keys)
            for name, keys in (chosen or {}).items()
            if name in named and all(is_key(key, named[name]) for key in keys)
        }
        while self._chosen and (clash := next(self._clashes(), None)):
            # The table itself holds no clash (a test), so one of the two was chosen.
            one, other = clash
            del self._chosen[other.name if other.name in self._chosen else one.name]

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The keys that differ from the table, by the commands' names."""
        return dict(self._chosen)

    def keys(self, command: Command) -> tuple[str, ...]:
        """The keys of a command, in Qt's portable text."""
        return self._chosen.get(command.name, tuple(_normal(key) for key in command.keys))

    def owner(self, key: str, among: Command) -> Command | None:
        """The other command that has this key where ``among`` acts, or None."""
        wanted = _normal(key)
        return next(
            (
                other
                for other in self._commands
                if other is not among and overlap(other, among) and wanted in self.keys(other)
            ),
            None,
        )

    def with_keys(self, command: Command, keys: Iterable[str]) -> "Keymap":
        """This map with other keys for one command; its own of the table are no choice."""
        new = tuple(_normal(key) for key in keys)
        chosen = {name: old for name, old in self._chosen.items() if name != command.name}
        if new != tuple(_normal(key) for key in command.keys):
            chosen[command.name] = new
        return Keymap(self._commands, chosen)

    def _clashes(self) -> Iterator[tuple[Command, Command]]:
        for one, other in combinations(self._commands, 2):
            if overlap(one, other) and set(self.keys(one)) & set(self.keys(other)):
                yield one, other


def overlap(one: Command, other: Command) -> bool:
    """Whether there is a place where the keys of both act."""
    both = {one.where, other.where}
    return both not in (
        {Where.PHOTOGRAPH, Where.VOLUME},
        {Where.COMPARE, Where.VOLUME},
        {Where.EYES, Where.VOLUME},
        {Where.EYES, Where.COMPARE},
    )


def is_key(key: str, command: Command) -> bool:
    """Whether a command can have this key; a held one takes single keys without modifiers."""
    sequence, text = QKeySequence.fromString(key), _normal(key)
    if sequence.count() != 1 or not text or "Unknown" in text:
        return False
    return command.let_go is None or not text.startswith(("Ctrl+", "Alt+", "Shift+", "Meta+"))


@cache
def _normal(key: str) -> str:
    return QKeySequence.fromString(key).toString(QKeySequence.SequenceFormat.PortableText)
