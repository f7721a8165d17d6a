"""DiaretDB1 as it is published: four experts' markings, each with a confidence (METHODS Q7.2).

Version 2.1 has an XML file for each expert and photograph, version 1 the four already fused into a
grey map for each type of lesion. T. Kauppi et al., "DIARETDB1 diabetic retinopathy database and
evaluation protocol", MIUA 2007.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import own_mark
from engine.errors import Refusal
from engine.evaluation.lesion_masks import Masks, several
from engine.evaluation.lesion_truth import Confidence, Labelled, LeftOut, LesionSet, LesionType
from engine.images.beside import is_photograph

EXPERTS = 4

CONFIDENCES = {"low": 0.25, "medium": 0.75, "high": 1.0}
"""decided: printed are < 50 %, >= 50 % and 100 %; what was not marked is 0."""

_TYPES = {
    "hard_exudates": LesionType.HARD_EXUDATES,
    "soft_exudates": LesionType.SOFT_EXUDATES,
    "red_small_dots": LesionType.MICROANEURYSMS,
    "haemorrhages": LesionType.HAEMORRHAGES,
    "neovascularisation": LesionType.OTHER,
    "irma": LesionType.OTHER,
}
_FOLDERS = {
    "hardexudates": LesionType.HARD_EXUDATES,
    "softexudates": LesionType.SOFT_EXUDATES,
    "redsmalldots": LesionType.MICROANEURYSMS,
    "hemorrhages": LesionType.HAEMORRHAGES,
}
_FUSED = "ddb1_groundtruth"
_MARKED = re.compile(r"(?P<name>diaretdb1_image\d+)_(?P<expert>\d\d)(?P<plain>_plain)?\.xml", re.I)
_LARGEST = 20_000_000  # bytes; the published ones have some thousand

Shape = tuple[int, int]
Point = tuple[float, float]
Region = tuple[slice, slice, NDArray[np.bool_]]
"""Rows and columns of a window, and which of its pixels are meant."""


@dataclass(frozen=True)
class Experts:
    """One photograph's markings: a file for each expert."""

    paths: tuple[Path, ...]

    def confidence(self, kind: LesionType, shape: Shape) -> Confidence | None:
        """See ``lesion_truth.Markings``. Where an expert marked twice, the surer mark counts."""
        total = np.zeros(shape, np.float32)
        for path in self.paths:
            one = np.zeros(shape, np.float32)
            for marking, confidence in _marked(path, kind):
                rows, columns, inside = _region(marking, shape, path)
                part = one[rows, columns]
                np.maximum(part, np.float32(confidence) * inside, out=part)
            total += one
        return total / np.float32(len(self.paths)) if total.any() else None


def is_here(files: Iterable[Path]) -> bool:
    """Whether these are DiaretDB1's files."""
    return any(_MARKED.fullmatch(path.name) or _fused_type(path) for path in files)


def find(files: Iterable[Path]) -> LesionSet:
    """DiaretDB1's photographs among ``files`` with their markings, of either version."""
    paths = sorted(files, key=lambda path: (path.stem, str(path)))
    experts: dict[str, dict[str, Path]] = {}
    fused: dict[str, dict[LesionType, tuple[Path, ...]]] = {}
    photographs: list[Path] = []
    left_out: list[LeftOut] = []
    for path in paths:
        match = _MARKED.fullmatch(path.name)
        kind = _fused_type(path)
        if match:
            # The same markings lie there twice; the plain file names no style sheet.
            of_name = experts.setdefault(match["name"].lower(), {})
            if match["plain"] or match["expert"] not in of_name:
                of_name[match["expert"]] = path
        elif kind:
            fused.setdefault(path.stem, {})[kind] = (path,)
        elif own_mark.is_on(path):
            left_out.append(LeftOut(path, own_mark.WHY))
        elif is_photograph(path) and is_fundus(path):
            photographs.append(path)
    pictures: list[Labelled] = []
    called = Counter(path.stem.lower() for path in photographs)
    for path in photographs:
        if (count := called[path.stem.lower()]) > 1:
            left_out.append(LeftOut(path, several(count, path.stem)))
            continue
        marked = experts.get(path.stem.lower(), {})
        if len(marked) == EXPERTS:
            files_of = tuple(marked[expert] for expert in sorted(marked))
            pictures.append(Labelled(path.stem, path, Experts(files_of)))
        elif path.stem in fused:
            pictures.append(Labelled(path.stem, path, Masks(fused[path.stem], grey=True)))
        else:
            why = f"{len(marked)} experts' markings lie with it; {EXPERTS} are needed."
            left_out.append(LeftOut(path, why))
    return LesionSet(tuple(pictures), tuple(left_out))


def is_fundus(path: Path) -> bool:
    """No grey map of lesions, and no mask of the field: these have the photographs' names."""
    return "mask" not in path.parent.name.lower() and _fused_type(path) is None


def _fused_type(path: Path) -> LesionType | None:
    if path.parent.parent.name.lower() != _FUSED or not is_photograph(path):
        return None
    return _FOLDERS.get(path.parent.name.lower())


def _marked(path: Path, kind: LesionType) -> list[tuple[ElementTree.Element, float]]:
    """The regions of a type in one expert's file, with their confidences."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(path.name)
        markings = ElementTree.parse(path).getroot().iter("marking")
        of_kind = [each for each in markings if _TYPES.get(_text(each, "markingtype")) is kind]
        return [(each, CONFIDENCES[_text(each, "confidencelevel")]) for each in of_kind]
    except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
        raise _damaged(path) from error


def _region(marking: ElementTree.Element, shape: Shape, path: Path) -> Region:
    """The pixels whose centres lie in a marking: a polygon, a circle or an ellipse."""
    try:
        polygon = marking.find("polygonregion")
        if polygon is not None:
            return _polygon([_point(each) for each in polygon.findall("coords2d")], shape)
        circle = marking.find("circleregion")
        if circle is not None:
            radius = float(circle.findtext("radius", ""))
            return _ellipse(_centre(circle), (radius, radius), 0.0, shape)
        ellipse = marking.find("ellipseregion")
        if ellipse is None:
            raise ValueError("no region")
        radii = {each.get("direction"): float(each.text or "") for each in ellipse.iter("radius")}
        angle = float(np.deg2rad(float(ellipse.findtext("angle", ""))))
        return _ellipse(_centre(ellipse), (radii["x"], radii["y"]), angle, shape)
    except (ValueError, KeyError, cv2.error) as error:
        raise _damaged(path) from error


def _polygon(points: list[Point], shape: Shape) -> Region:
    filled = np.zeros(shape, np.uint8)
    corners = np.rint(np.array(points, np.float64).reshape(-1, 1, 2)).astype(np.int32)
    cv2.fillPoly(filled, [corners], (1,))
    return slice(None), slice(None), filled > 0


def _ellipse(centre: Point, radii: Point, angle: float, shape: Shape) -> Region:
    """``angle`` in radians, against the clock as the picture is seen."""
    # A mark of no extent is its own pixel.
    along, across = max(radii[0], 0.5), max(radii[1], 0.5)
    reach = max(along, across)
    rows, columns = (
        slice(max(int(np.floor(at - reach)), 0), max(min(int(np.ceil(at + reach)) + 1, size), 0))
        for at, size in ((centre[1], shape[0]), (centre[0], shape[1]))
    )
    x = np.arange(shape[1])[columns] - centre[0]
    y = np.arange(shape[0])[rows, None] - centre[1]
    u = x * np.cos(angle) - y * np.sin(angle)
    v = x * np.sin(angle) + y * np.cos(angle)
    return rows, columns, (u / along) ** 2 + (v / across) ** 2 <= 1


def _centre(region: ElementTree.Element) -> Point:
    found = region.find("centroid/coords2d")
    if found is None:
        raise ValueError("no centre")
    return _point(found)


def _point(element: ElementTree.Element) -> Point:
    x, y = (element.text or "").split(",")
    return float(x), float(y)


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(name) or "").strip().lower()


def _damaged(path: Path) -> Refusal:
    return Refusal(
        f"The markings {path.name} cannot be read.",
        "They are not as DiaretDB1 publishes them.",
        "Copy the file again from its source.",
    )
