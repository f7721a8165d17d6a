"""Which of the regions are drawn on the picture: the strongest, the chosen one, the pointed one.

Decided: a pack may find forty regions in one photograph, and forty numbers hide the eye that they
are about. The weaker ones stand in the list until somebody goes to them or wants all.
"""

from viewer.preferences import Preferences
from viewer.regions.shown import Listed, RegionList

MOST = 10
"""So many are drawn without being asked for."""


class DrawnRegions:
    """Of ``regions`` those on the picture; ``preferences`` tell whether that is all."""

    def __init__(self, regions: RegionList, preferences: Preferences) -> None:
        self._regions = regions
        self._preferences = preferences
        self.pointed = 0
        """The number of the row that the pointer rests on, 0 for none."""

    @property
    def rows(self) -> tuple[Listed, ...]:
        """Those that are drawn, most evidence first."""
        rows = self._regions.rows
        return tuple(row for row in rows if row.number == self.pointed or self._stays(row))

    @property
    def kept(self) -> tuple[Listed, ...]:
        """Those that an exported picture has: without one that the pointer alone calls."""
        return tuple(row for row in self.rows if self._stays(row))

    def _stays(self, row: Listed) -> bool:
        chosen = self._regions.chosen
        is_chosen = chosen is not None and row.number == chosen.number
        return row.number <= MOST or is_chosen or self._preferences.settings.all_regions

    @property
    def words(self) -> str:
        """How many of how many are drawn, where some may be left out; empty where none may."""
        rows = self._regions.rows
        if len(rows) <= MOST:
            return ""
        drawn = len(self.rows)
        if drawn == len(rows):
            return f"All {len(rows)} on the picture."
        return f"{drawn} of {len(rows)} on the picture; N goes on."
