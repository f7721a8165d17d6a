"""How a file's elements and its picture are written, by the name of its transfer syntax."""

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
GE_BIG_ENDIAN_PICTURE = "1.2.840.113619.5.2"
"""GE's own: implicit little endian, and only the picture's numbers stand big endian."""

_PLAIN = frozenset((IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN, GE_BIG_ENDIAN_PICTURE))
_IMPLICIT = frozenset((IMPLICIT, GE_BIG_ENDIAN_PICTURE))
_STANDARD = "1.2.840.10008.1.2."
_FILMS = range(100, 110)
_ELSEWHERE = ("94", "95", "204", "205")
"""JPIP: only the address of the picture stands in the file."""


def holds_plain_numbers(syntax: str | None) -> bool:
    """Whether the picture stands there uncompressed, number by number."""
    return syntax is None or syntax in _PLAIN


def is_implicit(syntax: str) -> bool:
    """Whether elements are written without their value representations."""
    return syntax in _IMPLICIT


def is_film(syntax: str | None) -> bool:
    """Whether the picture is a film: MPEG-2, H.264 or H.265."""
    family, _, last = (syntax or "").removeprefix(_STANDARD).partition(".")
    return family == "4" and last.partition(".")[0] in map(str, _FILMS)


def is_elsewhere(syntax: str | None) -> bool:
    """Whether the file only says where its picture can be asked for."""
    return (syntax or "").removeprefix(_STANDARD) in {f"4.{last}" for last in _ELSEWHERE}
