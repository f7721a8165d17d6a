"""Volumes for a view, and where its panes show them."""

import numpy as np
from slice_desk import SIZE, grid

from engine.pictures import VolumeFacts
from viewer.panes.volume_view import VolumeView
from viewer.seen.hanging import Axis

AXIAL, CORONAL, SAGITTAL, OTHER = (0, Axis.Z), (0, Axis.Y), (0, Axis.X), (1, Axis.Z)


def mr_facts(**more) -> VolumeFacts:
    told = {"modality": "MR", "value_range": (0.0, 1000.0), "frame_of_reference": "1.2"}
    return VolumeFacts(more.pop("lies", grid()), **{**told, **more})


def noise(size=SIZE, frames: int = 1) -> np.ndarray:
    values = np.random.default_rng(5).integers(0, 1000, (frames, *size[::-1]))
    return values.astype(np.int16)


def seats_seen(view: VolumeView) -> list:
    return [seat for seat, pane in view.panes.items() if pane.isVisible()]


def place_of(pane, voxel) -> tuple[int, int]:
    """Where a voxel's middle is seen, logical pixels of its pane."""
    x, y = np.rint(pane.place(np.array([voxel], float))[0]).astype(int).tolist()
    return x, y
