"""Devices in words, as torch and the settings spell them."""

_WORDS = {"automatic": "automatic", "processor": "processor", "cpu": "processor"}


def device_words(name: str) -> str:
    """A device as a person reads it: "processor", "graphics card 1"."""
    if name in _WORDS:
        return _WORDS[name]
    kind, _, number = name.partition(":")
    return f"graphics card {number}".strip() if kind == "cuda" else name
