"""What was drawn on a volume leaves the window as JSON, with its figures and without a name.

The form is that of a photograph's: what it was drawn on, and under ``reader`` what the reader did.
"""

from typing import Any

import msgspec
import numpy as np

from engine import drawings
from engine.drawings import Drawing
from engine.measured import Area, Region
from engine.space import to_patient
from viewer.drawings.marking import Marking
from viewer.seen.slice_state import ShownVolume


def drawings_json(marking: Marking, volume: ShownVolume) -> dict[str, Any]:
    """The one object: which series, and its drawings with their figures.

    Points are voxels (x, y, z) of the volume as it is shown, whose grid is told; ``patient`` are
    the same in LPS mm, null where that is not known. Of the header it holds the series' UID alone,
    by which the picture is found again where it came from.
    """
    facts = volume.facts
    told = {
        "sha256": facts.content_hash,
        "series_uid": volume.origin.series_uid or None,
        "modality": facts.modality,
        "unit": facts.unit,
        "size": list(facts.grid.size),
        "spacing": list(facts.grid.spacing),
        "repairs": [str(repair.kind) for repair in facts.repairs],
    }
    drawn = [_told(marking, volume, each) for each in marking.all_of(volume)]
    return {"volume": told, "reader": {"drawings": drawn}}


def _told(marking: Marking, volume: ShownVolume, drawing: Drawing) -> dict[str, Any]:
    affine, figures = volume.facts.grid.affine, marking.figures(volume, drawing)
    patient = None if affine is None else to_patient(affine, np.array(drawing.points)).tolist()
    plain: dict[str, Any] = drawings.to_json(drawing)
    frame = {"frame_name": volume.facts.frames[drawing.frame]} if volume.facts.frames else {}
    kind = {} if figures is None else {"measured": type(figures).__name__.lower()}
    told = msgspec.to_builtins(figures)
    if isinstance(figures, Region) and isinstance(figures.area, Area):
        told["area"]["unit"] += "²"
    return plain | frame | {"patient": patient} | kind | {"figures": told}
