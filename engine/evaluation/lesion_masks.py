"""A folder of photographs with a mask for each type of lesion, named as IDRiD names them (Q7.2).

Beside NAME.jpg, or anywhere else in the folder, lie NAME_MA.png (microaneurysms), NAME_HE.png
(haemorrhages), NAME_EX.png (hard exudates) and NAME_SE.png (soft exudates). What is not black is
marked. A missing mask means none of that type, if there is a mask at all. A mask's name may differ
from its photograph's in small and capital letters, or in how accents are spelt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine import own_mark
from engine.errors import Refusal
from engine.evaluation.lesion_truth import Confidence, Labelled, LeftOut, LesionSet, LesionType
from engine.images.beside import is_photograph
from engine.spelling import alike

_CODES = {
    "MA": LesionType.MICROANEURYSMS,
    "HE": LesionType.HAEMORRHAGES,
    "EX": LesionType.HARD_EXUDATES,
    "SE": LesionType.SOFT_EXUDATES,
    "NV": LesionType.OTHER,
    "IRMA": LesionType.OTHER,
}
_DISC = "OD"
_ANNOTATED = " annotated"  # what the window calls its export
_ENDINGS = (".png", ".tif", ".tiff", ".bmp", ".gif")  # what a mask survives unchanged
_NAMES = "NAME_MA.png, NAME_HE.png, NAME_EX.png or NAME_SE.png"


@dataclass(frozen=True)
class Masks:
    """Masks of one photograph. ``grey``: their values are confidences, 255 for certain."""

    paths: Mapping[LesionType, tuple[Path, ...]]
    grey: bool = False

    def confidence(self, kind: LesionType, shape: tuple[int, int]) -> Confidence | None:
        """See ``lesion_truth.Markings``."""
        read = [self._read(path, shape) for path in self.paths.get(kind, ())]
        return np.maximum.reduce(read) if read else None

    def _read(self, path: Path, shape: tuple[int, int]) -> Confidence:
        try:
            with Image.open(path) as mask:
                # The size is known before anything is decoded.
                if mask.size != (shape[1], shape[0]):
                    raise Refusal(
                        f"The mask {path.name} does not fit its photograph.",
                        f"It has {mask.width} x {mask.height} pixels, the photograph "
                        f"{shape[1]} x {shape[0]}.",
                        "Put a mask of the photograph's own size in its place.",
                    )
                plain = mask.convert("RGB") if mask.mode in {"P", "PA", "LA", "RGBA"} else mask
                values = np.asarray(plain)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise Refusal(
                f"The mask {path.name} cannot be read.",
                "It is no whole picture.",
                "Copy it again from its source.",
            ) from error
        highest = values.max(axis=2) if values.ndim == 3 else values
        return highest.astype(np.float32) / np.float32(255) if self.grey else highest != 0


def find(files: Iterable[Path]) -> LesionSet:
    """The photographs among ``files`` with their masks, and those that nothing is known of."""
    paths = sorted(files, key=lambda path: (path.stem, str(path)))
    stems = {alike(path.stem) for path in paths if is_photograph(path)}
    masks: dict[str, dict[LesionType, tuple[Path, ...]]] = {}
    photographs: dict[str, list[Path]] = {}
    left_out: list[LeftOut] = []
    unusable: dict[str, str] = {}
    spelt: dict[str, Path] = {}
    for path in paths:
        name, code = _named(path)
        kind = _CODES.get(code)
        if path.name.startswith("."):
            continue
        if path.suffix.lower() in _ENDINGS and name in stems and kind:
            of_name = masks.setdefault(name, {})
            of_name[kind] = (*of_name.get(kind, ()), path)
            other = spelt.setdefault(alike(path.stem), path)
            if other.stem != path.stem:
                unusable[name] = _either(other, path)
        elif path.suffix.lower() in _ENDINGS and name in stems and code == _DISC:
            continue  # the disc is no lesion; without its photograph it is a right eye's picture
        elif is_photograph(path) and name in stems and kind:
            # Left out alone it would say that nothing of its kind was marked.
            unusable[name] = _changed(path)
            left_out.append(LeftOut(path, unusable[name]))
        elif own_mark.is_on(path):
            left_out.append(LeftOut(path, own_mark.WHY))
        elif is_photograph(path):
            photographs.setdefault(alike(path.stem), []).append(path)
    pictures: list[Labelled] = []
    for name, found in photographs.items():
        if len(found) > 1:
            left_out += [LeftOut(path, several(len(found), path.stem)) for path in found]
        elif name in unusable:
            left_out.append(LeftOut(found[0], unusable[name]))
        elif name not in masks:
            left_out.append(LeftOut(found[0], _unlabelled(found[0].stem)))
        else:
            pictures.append(Labelled(found[0].stem, found[0], Masks(masks[name])))
    return LesionSet(tuple(pictures), tuple(left_out))


def without_masks(paths: Sequence[Path]) -> list[Path]:
    """Photographs by their names, without masks of others among them and annotated pictures.

    An annotated picture is told by its mark too: it may lie anywhere, by any name.
    """
    stems = {alike(path.stem) for path in paths}

    def beside(path: Path) -> bool:
        stem = alike(path.stem)
        if stem.endswith(_ANNOTATED) and stem.removesuffix(_ANNOTATED) in stems:
            return True
        name, code = _named(path)
        known = code in _CODES or code == _DISC
        return known and name in stems and path.suffix.lower() in _ENDINGS

    return [path for path in paths if not (beside(path) or own_mark.is_on(path))]


def _named(path: Path) -> tuple[str, str]:
    """The name, ``alike``, of the photograph that a mask would be of, and its code in capitals."""
    name, _, code = path.stem.rpartition("_")
    return alike(name), code.upper()


def several(count: int, name: str) -> str:
    """Why none of ``count`` pictures of one ``name`` is taken."""
    return f"There are {count} pictures {name}."


def _changed(path: Path) -> str:
    return f"Its mask {path.name} is no PNG, TIFF, BMP or GIF, in which a mask stays as it was."


def _either(one: Path, other: Path) -> str:
    return f"Which mask is its own cannot be told: {one.name} and {other.name} are named alike."


def _unlabelled(name: str) -> str:
    of, _, code = name.rpartition("_")
    if of and code.upper() in _CODES:
        return f"There is no photograph {of} that it could be a mask of."
    return f"It has no mask: none is called {_NAMES}."
