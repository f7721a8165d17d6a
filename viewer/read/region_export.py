"""Regions and drawings leave the window as JSON: what ``analyse --regions`` tells, and the reader.

Decided: landmarks and places are those in force, so the reader's where they moved one; under
``reader`` stands what of it all is theirs.
"""

from typing import Any

import msgspec

from engine import drawings
from engine.records.regions import Verdict
from engine.telling import region_json
from engine.telling.answer_json import answer_json
from viewer.photograph.export import Exported
from viewer.photograph.presenter import Presenter
from viewer.photograph.standing import Standing
from viewer.read.regions import RegionDesk
from viewer.regions.shown import Listed


class RegionExports:
    """Puts together what is shown now."""

    def __init__(self, presenter: Presenter, desk: RegionDesk) -> None:
        self._presenter = presenter
        self._desk = desk

    def told(self, exported: Exported) -> dict[str, Any]:
        """The one object: an answer, regions, landmarks, and what the reader said and drew.

        Without an answer that may be told, its parts are left out.
        """
        presenter, desk = self._presenter, self._desk
        opened = exported.picture.opened
        told: dict[str, Any] = {"picture": {"name": opened.name, "sha256": opened.content_hash}}
        is_first = exported.picture is presenter.picture
        hidden = presenter.standing is Standing.HIDDEN
        if exported.answer is not None and not hidden:
            told |= answer_json(exported.answer, presenter.heatmap if is_first else None, None)
        found = desk.list.found if is_first else None
        rows = desk.list.rows
        told["regions"] = None
        if found is not None:
            listed = [
                region_json.placed_json(row.number, row.region, row.position, row.outline)
                for row in rows
            ]
            told["regions"] = region_json.list_json(found, listed)
            told["regions"] |= {"of": _of(rows)}
        told["landmarks"] = self._landmarks() if is_first else None
        told["reader"] = self._by_reader(opened.content_hash, rows if found is not None else ())
        return told

    def _landmarks(self) -> dict[str, Any]:
        """Disc and fovea in force, noting where the disc speaks against the eye in force."""
        marks = self._desk.marks
        told, doubt = region_json.landmarks_json(marks.landmarks), marks.which.doubt
        return told | {"notes": [*told["notes"], *([doubt] if doubt else [])]}

    def _by_reader(self, subject: str, rows: tuple[Listed, ...]) -> dict[str, Any]:
        desk = self._desk
        yours = desk.marks.placed if desk.marks.subject == subject else None
        return {
            "regions": [
                {"number": row.number, "verdict": str(row.verdict), "name": row.tag}
                for row in rows
                if row.tag or row.verdict is not Verdict.OPEN
            ],
            "disc": None if yours is None else msgspec.to_builtins(yours.disc),
            "fovea": None if yours is None else msgspec.to_builtins(yours.fovea),
            "drawings": [
                drawings.to_json(drawing) for drawing in desk.marking.drawings.of(subject)
            ],
        }


def _of(rows: tuple[Listed, ...]) -> dict[str, str] | None:
    """Whose heatmap was cut: a stage that is explained has another pack's than the answer."""
    if not rows:
        return None
    return {"pack": rows[0].seen.pack, "criterion": rows[0].seen.criterion}
