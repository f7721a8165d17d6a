"""Where a model looked, for the command line: regions with their places, disc and fovea."""

from typing import Any

from engine import region_json, region_words
from engine.answers import Heatmap, Landmarks, Regions, RetinopathyAnswer
from engine.findings.landmarks import landmarks_of
from engine.findings.regions import find_regions
from engine.pictures import Photograph
from engine.positions import eye_of


def look(
    photograph: Photograph, answer: RetinopathyAnswer, heatmap: Heatmap | None, threshold: float
) -> tuple[Landmarks, Regions | None]:
    """Disc and fovea of a photograph, and its heatmap's regions; None where there is no heatmap."""
    landmarks = landmarks_of(photograph.pixels)
    if heatmap is None or answer.assessed is None:
        return landmarks, None
    return landmarks, find_regions(
        heatmap, answer.assessed, photograph.pixels, landmarks, threshold=threshold
    )


def as_json(landmarks: Landmarks, found: Regions | None) -> dict[str, Any]:
    """``regions`` (null without a heatmap) and ``landmarks``, in photograph pixels."""
    return {
        "regions": None if found is None else region_json.regions_json(found),
        "landmarks": region_json.landmarks_json(landmarks),
    }


def lines(landmarks: Landmarks, found: Regions | None) -> list[str]:
    """The same for people, one line a region."""
    if found is None:
        return ["No heatmap, so no regions."]
    eye = eye_of(landmarks)
    told = [f"Regions the model looked at, from {found.threshold:.2f} of the scale:"]
    if counts := region_words.counts_words(found.kinds):
        told = [f"Lesions that the network drew, {found.threshold:.2f} sure or more: {counts}:"]
    for number, region in enumerate(found.regions, 1):
        parts = (
            region_words.share_words(region.share),
            region_words.place_words(region.position, eye),
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
    )
    return [*told, left_out, *landmarks.notes]
