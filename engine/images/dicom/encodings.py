"""How a file's elements and its picture are written, by the name of its transfer syntax."""

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
GE_BIG_ENDIAN_PICTURE = "1.2.840.113619.5.2"
"""GE's own: implicit little endian, and only the picture's numbers stand big endian."""

_PLAIN = frozenset((IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN, GE_BIG_ENDIAN_PICTURE))
_IMPLICIT = frozenset((IMPLICIT, GE_BIG_ENDIAN_PICTURE))


def holds_plain_numbers(syntax: str | None) -> bool:
    """Whether the picture stands there uncompressed, number by number."""
    return syntax is None or syntax in _PLAIN


def is_implicit(syntax: str) -> bool:
    """Whether elements are written without their value representations."""
    return syntax in _IMPLICIT
