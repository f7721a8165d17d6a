"""A Siemens header within a header."""

from struct import pack


def csa(tags: dict[str, list[str]]) -> bytes:
    """A Siemens header: by name, how many values of which kind, and each with its length."""
    content = b"SV10\4\3\2\1" + pack("<II", len(tags), 77)
    for name, values in tags.items():
        count = len(values)
        content += pack("<64si4siii", name.encode(), count, b"DS\0\0", 0, count, 77)
        for value in values:
            text = value.encode() + b"\0"
            content += pack("<iiii", len(text), len(text), 77, len(text))
            content += text + bytes(-len(text) % 4)
    return content
