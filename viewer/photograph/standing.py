"""How what the model says stands to what is on the screen."""

from enum import Enum, auto


class Standing(Enum):
    """How what the model says stands to what is shown."""

    NO_PICTURE = auto()
    NO_PACK = auto()
    ASKING = auto()
    ANSWERED = auto()
    STALE = auto()
    NOT_ANSWERED = auto()
    HIDDEN = auto()
    """In *Reading first*, until the reader has signed."""
