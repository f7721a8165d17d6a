"""Where a model looked, for the command line: regions with their places, disc and fovea."""

from dataclasses import dataclass, replace
from typing import Any

from engine.answers import Heatmap, Landmarks, Regions, RetinopathyAnswer
from engine.eyes.which import which_eye
from engine.findings.landmarks import landmarks_of
from engine.findings.regions import find_regions
from engine.pictures import Laterality, Photograph
from engine.telling import region_json, region_words
from engine.telling.positions import eye_of


@dataclass(frozen=True, eq=False)
class LookedAt:
    """Disc and fovea of a photograph, which ``eye`` it is by all that tells, and the regions of its
    heatmap; None where there is no heatmap.
    """

    landmarks: Landmarks
    eye: Laterality | None
    regions: Regions | None

    @property
    def json(self) -> dict[str, Any]:
        """``regions`` (null without a heatmap) and ``landmarks``, in photograph pixels."""
        return {
            "regions": None if self.regions is None else region_json.regions_json(self.regions),
            "landmarks": region_json.landmarks_json(self.landmarks),
        }

    @property
    def lines(self) -> list[str]:
        """The same for people, one line a region."""
        found = self.regions
        if found is None:
            return ["No heatmap, so no regions."]
        told = [f"Regions the model looked at, from {found.threshold:.2f} of the scale:"]
        if counts := region_words.counts_words(found.kinds):
            told = [f"Lesions that the network drew, {found.threshold:.2f} sure or more: {counts}:"]
        for number, region in enumerate(found.regions, 1):
            parts = (
                region_words.share_words(region),
                region_words.place_words(region.position, self.eye),
                region_words.clock_words(region.position),
                region_words.size_words(region.position),
                region_words.looks_words(region),
            )
            told.append(f"{number:>4}  {', '.join(part for part in parts if part)}")
        if not found.regions:
            told.append("      none")
        left_out = region_words.left_out_words(
            found.threshold,
            sum(region.share for region in found.regions),
            (found.specks, found.specks_share),
            (found.rest, found.rest_share),
            shares=not found.kinds,
        )
        return [*told, left_out, *self.landmarks.notes]


def look(
    photograph: Photograph, answer: RetinopathyAnswer, heatmap: Heatmap | None, threshold: float
) -> LookedAt:
    """Disc, fovea and regions of a photograph with its answer.

    Where the disc lies as in another eye than header or name say, a note of the landmarks says so.
    """
    landmarks = landmarks_of(photograph.pixels, photograph.laterality)
    # Reading the file told header from name already; either way it is the word in force.
    which = which_eye(photograph.name, header=photograph.laterality, disc=eye_of(landmarks))
    if which.doubt:
        landmarks = replace(landmarks, notes=(*landmarks.notes, which.doubt))
    regions = None
    if heatmap is not None and answer.assessed is not None:
        pixels = photograph.pixels
        regions = find_regions(heatmap, answer.assessed, pixels, landmarks, threshold=threshold)
    return LookedAt(landmarks, which.laterality, regions)
