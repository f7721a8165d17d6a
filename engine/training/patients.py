"""Which pictures are of one patient, as far as names of files and folders tell, and tables."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.evaluation.lesion_truth import Labelled
from engine.eyes.names import eye_name

_EYE = r"(?:left|right|od|os|re|le|l|r)"
_EYE_LAST = re.compile(rf"[-_ .]+{_EYE}(?:[-_ .]*\d+)?$", re.IGNORECASE)
_EYE_FIRST = re.compile(rf"^{_EYE}[-_ .]+", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|[-_ .])((?:patient|pat|subject|sub|person|case|p)[-_ ]?\d+)(?![^-_ .])", re.IGNORECASE
)


_COPIED = re.compile(
    r"(?:[-_ ]*\(\d+\)|[-_ ]+\(?(?:copy|copie|copia|kopie|kopia)\)?(?:[-_ ]*\(?\d+\)?)?)+$",
    re.IGNORECASE,
)
_COPY_OF = re.compile(r"^copy of ", re.IGNORECASE)


def patient_of(picture: Path, folder: Path) -> str:
    """The patient of a picture in a class's ``folder``, by its subfolder or its name.

    Decided: a subfolder is a patient with all that lies in it: folders within may be visits or
    eyes, and a patient on both sides of a split is worse than two taken for one. In a name "p012",
    "patient 12", "subject-3" and the like are, and so is what is left of a name without its eye
    ("12_left", "OD-12", "Image_01L"). Any other name is a patient of its own: a number alone may
    count pictures.
    """
    return told_patient(picture, folder) or picture.stem


def told_patient(picture: Path, folder: Path) -> str:
    """The patient as ``patient_of`` has it, where subfolder or name tell; else empty."""
    inside = picture.relative_to(folder).parent
    if inside.parts:
        return inside.parts[0]
    named = _NAMED.search(picture.stem)
    if named:
        return named[1].casefold()
    rest = _EYE_FIRST.sub("", _EYE_LAST.sub("", picture.stem))
    if rest == picture.stem:
        # Wherever else a name says the eye: "Image_01L", "12_left_macula", "12_links".
        rest = eye_name(picture.name).rest
    return "" if rest == picture.stem else rest


def shared_folder(pictures: Sequence[Path], folder: Path, depth: int) -> Path:
    """The folder, ``depth`` below ``folder``, that all these pictures lie in."""
    return folder.joinpath(*pictures[0].relative_to(folder).parts[:depth])


def shared_depth(classes: Mapping[Path, Sequence[Path]]) -> int:
    """How deep the pictures of each folder of a class lie in one subfolder, which is no patient."""
    places = [
        {picture.relative_to(folder).parts[:-1] for picture in pictures}
        for folder, pictures in classes.items()
    ]
    depth = 0
    # In one class alone it is a patient.
    while all(len({place[depth : depth + 1] for place in each}) == 1 for each in places):
        if any(len(place) <= depth for each in places for place in each):
            break
        depth += 1
    return depth


def uncopied(picture: Path) -> tuple[Path, str]:
    """A picture's folder and its name without what a system adds to a copy's: "a (1)", "a copy"."""
    rest = _COPIED.sub("", _COPY_OF.sub("", picture.stem))
    return picture.parent, (rest or picture.stem).casefold()


def by_name(photographs: Sequence[Path], patients: NDArray[np.str_]) -> list[tuple[str, str]]:
    """Each photograph's name, without its ending, and its patient, both (n,)."""
    return [(path.stem, each) for path, each in zip(photographs, patients.tolist(), strict=True)]


def learnt_first(
    marked: Iterable[Labelled], told: Mapping[str, str], learnt: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """The patients of photographs with marked lesions, by name: as ``told``, or as ``learnt`` has.

    One that is learnt from is its own patient's there, whatever else a table tells: else the
    networks that have learnt from it would judge it. Raises ``Refusal`` where that is another whom
    they know, for then it may as well be another photograph of the same name.
    """
    patient_of = dict(learnt)
    names, patients = {picture.name for picture in marked}, set(patient_of.values())
    known = {name: patient for name, patient in patient_of.items() if name in names}
    for name, patient in known.items():
        if told.get(name, patient) != patient and told[name] in patients:
            raise Refusal(
                "The maps cannot be measured on the marked lesions.",
                f"Two tables give {name} to two different patients, and both were learnt from.",
                "Call its patient alike in both, or the photograph otherwise in one.",
            )
    return dict(told) | known
