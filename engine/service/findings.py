"""What a picture or its heatmap holds, as messages: disc and fovea are found once and kept."""

from collections import OrderedDict

import numpy as np

from engine.answers import Landmarks, Region
from engine.pictures import Photograph
from engine.service.exchange import Exchange, mapped
from engine.service.messages import (
    FindLandmarks,
    FindRegions,
    LandmarksFound,
    RegionFound,
    RegionsFound,
)
from engine.task import Task

_KEPT = 1024
"""Pictures whose disc and fovea are remembered: some 200 bytes each."""


class Findings:
    """Finds within pictures; used by one lane."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._landmarks: OrderedDict[str, Landmarks] = OrderedDict()

    def find(
        self, message: FindLandmarks | FindRegions, picture: Photograph, task: Task
    ) -> LandmarksFound | RegionsFound:
        """What was asked for. Raises ``Cancelled``."""
        if isinstance(message, FindLandmarks):
            return LandmarksFound(message.id, self._landmarks_of(picture, task))
        return self._regions(message, picture)

    def _landmarks_of(self, picture: Photograph, task: Task) -> Landmarks:
        found = self._landmarks.get(picture.content_hash)
        if found is None:
            from engine.findings.landmarks import landmarks_of

            task.progress("Looking for disc and fovea", 0, 0)
            found = landmarks_of(picture.pixels)
            self._landmarks[picture.content_hash] = found
            if len(self._landmarks) > _KEPT:
                self._landmarks.popitem(last=False)
        return found

    def _regions(self, message: FindRegions, picture: Photograph) -> RegionsFound:
        from engine.findings.regions import find_regions

        height, width = picture.pixels.shape[:2]
        heatmap = message.heatmap.heatmap(mapped(message.heatmap.file), (height, width))
        # Without landmarks: the window places regions itself, anew when the reader corrects them.
        found = find_regions(
            heatmap, message.assessed, picture.pixels, Landmarks(), threshold=message.threshold
        )
        lines = [line for region in found.regions for line in region.outline]
        file = self._exchange.write(np.concatenate(lines).astype(np.float32)) if lines else ""
        return RegionsFound(
            message.id,
            tuple(_sent(region) for region in found.regions),
            file,
            found.threshold,
            found.specks,
            found.specks_share,
            found.rest,
            found.rest_share,
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
    )
