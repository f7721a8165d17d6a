"""Whether the packs' limits stand unfolded beside a photograph's answers."""

from collections.abc import Iterable

from viewer.preferences import Preferences

_SHORT = 16
"""So many letters of a pack's seal tell it apart."""
_MOST = 100
"""Packs of which it is kept that their limits were told."""


class PackLimits:
    """Unfolded as a person left them, and on the first photograph that a pack ever answers."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._first = ""

    def unfolded(self, content: str, seals: Iterable[str]) -> bool:
        """Whether they are told whole beside the answers of the packs with these ``seals``.

        ``content`` is the photograph's hash. That they were told to it is kept.
        """
        told = self._preferences.settings.limits_told
        fresh = [seal[:_SHORT] for seal in seals if seal[:_SHORT] not in told]
        if fresh:
            self._first = content
            self._preferences.keep(limits_told=(*told, *fresh)[-_MOST:])
        return self._preferences.settings.limits or self._first == content

    def unfold(self, unfolded: bool) -> None:
        """A person's own choice, from now on."""
        self._first = ""
        self._preferences.change(limits=unfolded)
