"""A share of what was counted, with its exact interval, and how many are few."""

from dataclasses import dataclass

from engine.answers import Interval

LEVEL = 0.95

FEW = 30
"""decided: with fewer of a class, intervals that lean on the normal distribution are not used, and
a note says that the figures tell little."""


@dataclass(frozen=True)
class Counted:
    """``found`` of ``total``, and the interval of the share behind them."""

    found: int
    total: int
    interval: Interval

    @property
    def share(self) -> float:
        """What part was found, 0 to 1."""
        return self.found / self.total


def counted(found: int, total: int, level: float = LEVEL) -> Counted:
    """So many of ``total``, at least 1, with the exact interval: also all of eight may be chance.

    Source: C. Clopper and E. Pearson, Biometrika 26 (1934). Its coverage is never below ``level``.
    """
    # Beside an answer: scipy.stats takes twice as long to load.
    from scipy.special import betaincinv

    beyond = (1 - level) / 2
    low = betaincinv(found, total - found + 1, beyond) if found else 0.0
    high = betaincinv(found + 1, total - found, 1 - beyond) if found < total else 1.0
    return Counted(found, total, Interval(float(low), float(high), level))
