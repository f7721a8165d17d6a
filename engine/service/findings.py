"""What pictures and their heatmaps hold, as messages: disc and fovea are found once and kept."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.answers import Landmarks, PackReference, Region
from engine.errors import Refusal
from engine.pictures import Laterality, Photograph
from engine.service.exchange import Exchange, mapped
from engine.service.messages import (
    CompareVisits,
    FindLandmarks,
    FindRegions,
    LandmarksFound,
    RegionFound,
    RegionsFound,
    SeenThen,
    VisitsCompared,
)
from engine.task import Task
from engine.telling.words import pack_words

if TYPE_CHECKING:
    from engine.followup.compare import Then
    from engine.learning.stage_calibration import StageCalibration

_KEPT = 1024
"""Pictures whose disc and fovea are remembered: some 200 bytes each."""


class Findings:
    """Finds within pictures; used by one lane."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._landmarks: OrderedDict[tuple[str, Laterality | None], Landmarks] = OrderedDict()

    def find(
        self, message: FindLandmarks | FindRegions, picture: Photograph, task: Task
    ) -> LandmarksFound | RegionsFound:
        """What was asked for. Raises ``Cancelled``."""
        if isinstance(message, FindLandmarks):
            return LandmarksFound(message.id, self._landmarks_of(picture, task, message.eye))
        return self._regions(message, picture)

    def _landmarks_of(
        self, picture: Photograph, task: Task, eye: Laterality | None = None
    ) -> Landmarks:
        key = picture.content_hash, eye or picture.laterality
        found = self._landmarks.get(key)
        if found is None:
            from engine.findings.landmarks import landmarks_of

            task.progress("Looking for disc and fovea", 0, 0)
            found = landmarks_of(picture.pixels, key[1])
            self._landmarks[key] = found
            if len(self._landmarks) > _KEPT:
                self._landmarks.popitem(last=False)
        return found

    def compare(
        self, message: CompareVisits, earlier: Photograph, later: Photograph, task: Task
    ) -> VisitsCompared:
        """What changed between two pictures of one eye. Raises ``Cancelled``."""
        from engine.followup.compare import compare

        then, now = (
            self._then(each, picture, task)
            for each, picture in ((message.earlier, earlier), (message.later, later))
        )
        found = compare(then, now, message.threshold, _calibration_of, task)
        return VisitsCompared(
            message.id,
            found.change,
            tuple(map(_sent, found.earlier)),
            tuple(map(_sent, found.later)),
        )

    def _then(self, seen: SeenThen, picture: Photograph, task: Task) -> "Then":
        from engine.followup.compare import Then

        height, width = picture.pixels.shape[:2]
        file = seen.heatmap
        heatmap = file.heatmap(mapped(file.file), (height, width)) if file else None
        found = self._landmarks_of(picture, task, seen.eye)
        landmarks = replace(found, disc=seen.disc or found.disc, fovea=seen.fovea or found.fovea)
        return Then(picture.pixels, landmarks, heatmap, seen.assessed, seen.stage)

    def _corners(self, regions: Sequence[Region]) -> str:
        """The file with the corners of their outlines; empty where there is no region."""
        lines = [line for region in regions for line in region.outline]
        return self._exchange.write(np.concatenate(lines).astype(np.float32)) if lines else ""

    def _regions(self, message: FindRegions, picture: Photograph) -> RegionsFound:
        from engine.findings.regions import find_regions

        height, width = picture.pixels.shape[:2]
        heatmap = message.heatmap.heatmap(mapped(message.heatmap.file), (height, width))
        # Without landmarks: the window places regions itself, anew when the reader corrects them.
        found = find_regions(
            heatmap, message.assessed, picture.pixels, Landmarks(), threshold=message.threshold
        )
        return RegionsFound(
            message.id,
            tuple(_sent(region) for region in found.regions),
            self._corners(found.regions),
            found.threshold,
            found.specks,
            found.specks_share,
            found.rest,
            found.rest_share,
            found.kinds,
        )


def _calibration_of(reference: PackReference) -> "StageCalibration":
    """The calibration of the very pack that answered. Raises ``Refusal``."""
    from engine.packs import store
    from engine.packs.pack import load

    for summary in store.list_packs():
        if summary.sha256 == reference.sha256:
            part = load(Path(summary.path)).manifest.stages
            if part is not None:
                return part.calibration
    raise Refusal(
        "The pack is not on this computer any more.",
        f"Its calibration is needed, and {pack_words(reference)} is not here.",
        "Install it again, or re-read the pictures with another one.",
    )


def _sent(region: Region) -> RegionFound:
    return RegionFound(
        region.share,
        region.peak,
        region.centre,
        region.summit,
        region.box,
        region.thumbnail,
        tuple(len(line) for line in region.outline),
        region.extent,
        region.area,
        region.tint,
        region.kind,
    )
