"""A folder of photographs with marked lesions, whichever way they are marked (METHODS Q7.2)."""

from pathlib import Path

from engine.errors import Refusal
from engine.evaluation import diaretdb1, lesion_masks
from engine.evaluation.lesion_truth import LesionSet


def find(folder: Path) -> LesionSet:
    """The photographs in ``folder`` and its subfolders whose lesions are marked.

    DiaretDB1's own layout, or masks named as IDRiD's. Raises ``Refusal`` if there is none.
    """
    if not folder.is_dir():
        raise Refusal(
            "The lesions were not evaluated.",
            f"There is no folder {folder}.",
            "Name the folder of the photographs and their masks.",
        )
    files = [path for path in folder.rglob("*") if path.is_file()]
    find_in = diaretdb1.find if diaretdb1.is_here(files) else lesion_masks.find
    found = find_in(files)
    if not found.pictures:
        first = next(iter(found.left_out), None)
        raise Refusal(
            "The lesions were not evaluated.",
            f"No photograph in {folder.name} has a mask of its lesions that can be taken."
            + (f" Of {first.path.name}: {first.reason}" if first else ""),
            "Beside NAME.jpg lay NAME_MA.png, NAME_HE.png, NAME_EX.png or NAME_SE.png, or name a "
            "copy of DiaretDB1.",
        )
    return found
