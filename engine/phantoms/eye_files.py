"""A drawn eye on disk: the picture, its lesions' masks, and what is true of it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.errors import Refusal
from engine.folders import write_whole
from engine.phantoms.eye import Lesion, PhantomEye, draw_eye
from engine.pictures import Laterality

# The folder of masks of METHODS Q7.2: HE is haemorrhages there, EX hard exudates. Vessels that
# do not belong are ours, and decided: blood before the retina counts as a haemorrhage, as IDRiD
# marks it.
_MASKS: dict[str, tuple[Lesion, ...]] = {
    "MA": (Lesion.MICROANEURYSM,),
    "HE": (Lesion.HAEMORRHAGE, Lesion.PRERETINAL_HAEMORRHAGE),
    "EX": (Lesion.HARD_EXUDATE,),
    "SE": (Lesion.SOFT_EXUDATE,),
    "NV": (Lesion.NEW_VESSELS, Lesion.MICROVASCULAR),
}
_MARK = "LesionLens, drawn eye"
"""In every file of a drawn eye before what it shows, so that only such files are written over."""
_ENOUGH = 512
"""So many bytes from a file's start hold it."""
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def write(
    out: Path,
    seed: int,
    *,
    severity: int | None = None,
    laterality: Laterality | None = None,
    width: int = 1400,
) -> tuple[Path, ...]:
    """Draw the eye of ``seed`` and write it as ``out``, a .png or .jpg; the written paths.

    Beside NAME.png lie NAME_MA.png, NAME_HE.png, NAME_EX.png, NAME_SE.png and NAME_NV.png (255 on a
    lesion; none is left out, so that an eye without lesions has its truth too) and
    NAME_truth.json. A drawn eye that lies there is written over. Raises Refusal if ``out`` has
    another ending, its folder is not there, or one of these names is taken by another file.
    """
    ending = out.suffix.lower()
    if ending not in _FORMATS:
        raise Refusal(
            f"{out.name} cannot be written.",
            f"A drawn eye is a .png or .jpg picture, and this name ends in "
            f"{out.suffix or 'nothing'}.",
            "Choose a name that ends in .png.",
        )
    if not out.parent.is_dir():
        raise Refusal(
            f"{out.name} cannot be written.",
            f"The folder {out.parent.name} is not there.",
            "Make the folder first, or choose another one.",
        )
    masks = {short: out.with_name(f"{out.stem}_{short}.png") for short in _MASKS}
    told = out.with_name(f"{out.stem}_truth.json")
    for path in (out, *masks.values(), told):
        _check_free(path)
    eye = draw_eye(seed, severity=severity, laterality=laterality, width=width)
    _save(out, eye.pixels, _FORMATS[ending])
    for short, kinds in _MASKS.items():
        mask = np.logical_or.reduce([eye.lesions[kind] for kind in kinds])
        _save(masks[short], mask.astype(np.uint8) * np.uint8(255), "PNG")
    text = json.dumps({"program": _MARK, **truth(eye, seed)}, indent=2) + "\n"
    write_whole(told, lambda file: file.write(text.encode()))
    return (out, *masks.values(), told)


def truth(eye: PhantomEye, seed: int) -> dict[str, object]:
    """What is true of a drawn eye, ready for JSON; places and lengths in pixels of its picture."""
    unit = eye.field.radius
    return {
        "seed": seed,
        "laterality": eye.laterality.value,
        "severity": eye.severity,
        "referable": eye.referable,
        "field": asdict(eye.field),
        "disc": asdict(eye.disc),
        "fovea": {"x": eye.fovea[0], "y": eye.fovea[1]},
        "lesions": [
            {
                "kind": mark.kind.value,
                "x": round(eye.field.x + mark.x * unit, 2),
                "y": round(eye.field.y + mark.y * unit, 2),
                "radius": round(mark.radius * unit, 2),
            }
            for mark in eye.marks
        ],
    }


def _check_free(path: Path) -> None:
    """Raises Refusal where a file lies that is none of a drawn eye's."""
    try:
        with path.open("rb") as file:
            ours = _MARK.encode() in file.read(_ENOUGH)
    except FileNotFoundError:
        return
    except OSError:
        ours = False
    if not ours:
        raise Refusal(
            "The eye was not drawn.",
            f"{path.name} is there already, and it is no drawn eye.",
            "Choose another name, or move that file away first.",
        )


def _save(path: Path, pixels: NDArray[np.uint8], form: str) -> None:
    image = Image.fromarray(pixels)

    def put(file: BinaryIO) -> None:
        # Colour at every pixel: a JPEG's usual half would smear the lesions.
        if form == "JPEG":
            image.save(file, form, quality=95, subsampling=0, comment=_MARK)
        else:
            info = PngInfo()
            info.add_text("Software", _MARK)
            image.save(file, form, pnginfo=info)

    write_whole(path, put)
