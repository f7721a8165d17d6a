"""What paths hold, remembered by the engine until it is killed, and listed anew then."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import Refusal
from engine.images.plan import Planned, files_of
from engine.listing import Listing
from engine.service.crashes import FileState, file_state
from engine.service.lanes import Work
from engine.service.messages import SeriesFile
from engine.service.names import as_text, is_text, no_text

if TYPE_CHECKING:
    from engine.images.catalogue import Catalogue, Scan

KEPT = 16
"""Listings that are kept, the least lately used goes first."""

_WAIT = 0.1


@dataclass(frozen=True)
class _Listed:
    """A catalogue, and how each file of it was when it was listed."""

    catalogue: "Catalogue"
    states: Mapping[str, FileState | None]


class Catalogues:
    """Lists paths; archives are unpacked into ``scratch``, where they stay for the session."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._listed: OrderedDict[tuple[str, ...], _Listed] = OrderedDict()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Import what the first listing needs."""
        from engine.images import catalogue  # noqa: F401

    def find(self, paths: tuple[str, ...], scan: "Scan", work: Work) -> Listing:
        """What the paths hold now. Raises ``Cancelled``, and what ``scan`` raises."""
        with self._alone(work):
            return self._list(paths, scan, work).catalogue.listing

    def planned(self, series: SeriesFile, scan: "Scan", work: Work) -> tuple[Planned, str]:
        """The way to read a listed series, and a text that another state of its files would change.

        Raises ``Refusal`` if its files have changed since they were listed, or are gone.
        """
        listed = self._listed.get(series.paths)
        if listed is None:
            with self._alone(work):
                listed = self._listed.get(series.paths) or self._list(series.paths, scan, work)
        planned = listed.catalogue.planned.get(series.key)
        if planned is None:
            raise _changed(Path(series.paths[0]), "It holds this series no more.")
        files = files_of(planned.plan)
        states = [file_state(Path(file)) for file in files]
        changed = [
            Path(file)
            for file, state in zip(files, states, strict=True)
            if state is None or state != listed.states.get(file)
        ]
        if changed:
            self._listed.pop(series.paths, None)
            others = f", as did {len(changed) - 1} more" if len(changed) > 1 else ""
            raise _changed(changed[0], f"Its size or its time of change is another{others}.")
        return planned, hashlib.sha256(repr((series.key, states)).encode()).hexdigest()

    def _list(self, paths: tuple[str, ...], scan: "Scan", work: Work) -> _Listed:
        from engine.images.catalogue import list_pictures

        catalogue = list_pictures([Path(path) for path in paths], self._scratch, work, scan)
        catalogue = replace(catalogue, listing=_tellable(catalogue.listing))
        files = {file for planned in catalogue.planned.values() for file in files_of(planned.plan)}
        listed = _Listed(catalogue, {file: file_state(Path(file)) for file in files})
        self._listed[paths] = listed
        self._listed.move_to_end(paths)
        if len(self._listed) > KEPT:
            self._listed.popitem(last=False)
        return listed

    @contextmanager
    def _alone(self, work: Work) -> Iterator[None]:
        """One listing at a time; who waits for another can be cancelled all the same."""
        while not self._lock.acquire(timeout=_WAIT):
            work.check()
        try:
            yield
        finally:
            self._lock.release()


def _changed(path: Path, why: str) -> Refusal:
    return Refusal(
        f"“{path.name}” has changed since it was listed.",
        why,
        "Open the file or folder again to see what it holds now.",
    )


def _tellable(listing: Listing) -> Listing:
    """The listing as a message can carry it: some systems allow names that are no text."""
    entries = tuple(entry for entry in listing.entries if is_text(entry.path))
    untold = [no_text(Path(entry.path)) for entry in listing.entries if not is_text(entry.path)]
    refused = [replace(each, path=as_text(each.path)) for each in (*listing.refused, *untold)]
    return Listing(entries, tuple(refused), listing.rest if is_text(listing.rest) else "")
