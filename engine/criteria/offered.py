"""Which criteria a network can be asked for, by its name in ``networks.registry``."""

from engine.answers import PAPERS, Criterion

_OTHER = (Criterion.PI, Criterion.OMEGA, Criterion.PI_PHOTOGRAPH)
"""Relevance has rules for the papers' operators alone."""
_BY_NAME = {
    "lesions": (Criterion.LESIONS, *_OTHER),
    "stages": _OTHER,
}


def of_network(name: str) -> tuple[Criterion, ...]:
    """The criteria that the network ``name`` has, its usual one first."""
    return _BY_NAME.get(name, PAPERS)
