"""Two volumes in one view: linked by place, by hand or not at all."""

from pathlib import Path

import numpy as np
from hand_desk import drag, wheel
from slice_desk import grid
from view_desk import AXIAL, OTHER, mr_facts, noise, seats_seen

from engine.listing import Origin
from engine.pictures import Grid, VolumeFacts, grid_of
from engine.space import affine_of, to_patient, to_voxel
from viewer.panes.volume_view import VolumeView
from viewer.seen.arrangement import Layout


def _beside(view: VolumeView, facts: VolumeFacts) -> None:
    view.show_volume(noise(facts.grid.size), facts, Origin(), side=1)
    view.set_layout(Layout.BESIDE)


def _patient(pane) -> np.ndarray:
    state = pane.state
    return to_patient(state.facts.grid.affine, np.array([state.cross]))[0]


def test_two_volumes_of_one_space_show_the_same_place_and_say_so(view) -> None:
    lies = grid("LPS", (1.0, 1.0, 5.0), (40, 50, 14), (-35, 10, 395))
    _beside(view, mr_facts(lies=lies))
    left, right = view.panes[AXIAL], view.panes[OTHER]
    assert left.state.link == right.state.link == "Linked by patient position"
    wheel(left, -2)
    np.testing.assert_allclose(_patient(left), _patient(right))
    drag(right, (200, 300), (220, 280))
    np.testing.assert_allclose(_patient(left), _patient(right))
    nearest = to_voxel(lies.affine, _patient(left)[None])[0, 2]
    assert right.state.plane.index == round(nearest)


def test_volumes_that_share_nothing_are_linked_by_hand_alone(view) -> None:
    _beside(view, mr_facts(frame_of_reference="7", lies=grid(origin=(0, 0, 0))))
    left, right = view.panes[AXIAL], view.panes[OTHER]
    assert left.state.link == "Not linked"
    index = right.state.plane.index
    wheel(left, -2)
    assert right.state.plane.index == index
    view.link_here()
    assert left.state.link == right.state.link == "Linked by your offset"
    wheel(left, 1)
    assert right.state.plane.index == index + 1
    view.set_linked(False)
    assert right.state.link == "Not linked"
    wheel(left, 1)
    assert right.state.plane.index == index + 1


def test_beyond_the_other_series_the_view_says_so(view) -> None:
    lies = grid("LPS", origin=(-30.0, 12.0, 430.0), size=(60, 50, 5))
    _beside(view, mr_facts(lies=lies))
    view.panes[AXIAL].last()
    right = view.panes[OTHER]
    assert right.state.link == "Linked by patient position, beyond this series"
    assert view.panes[AXIAL].state.link == "Linked by patient position"


def test_the_same_plane_is_as_large_in_both(view) -> None:
    _beside(view, mr_facts(lies=grid("LPS", (1.0, 1.0, 5.0), (40, 50, 14), (-35, 10, 395))))
    left, right = view.panes[AXIAL], view.panes[OTHER]
    left.zoom_by(2.5)
    assert right.state.plane.scale == left.state.plane.scale


def test_the_second_volume_goes_and_so_does_its_view(view) -> None:
    _beside(view, mr_facts())
    view.clear(1)
    assert seats_seen(view) == [AXIAL]
    assert view.active.state.link == ""
    assert view.layouts == (Layout.ONE, Layout.THREE)


def _series(folder: Path) -> tuple[np.ndarray, Grid, str]:
    """A real series by its headers alone; values do not matter here."""
    import pydicom

    slices = [pydicom.dcmread(path, stop_before_pixels=True) for path in folder.glob("*.dcm")]
    across, down = np.split(np.array(slices[0].ImageOrientationPatient, float), 2)
    normal = np.cross(across, down)
    slices.sort(key=lambda each: float(np.dot(each.ImagePositionPatient, normal)))
    first, last = (np.array(slices[at].ImagePositionPatient, float) for at in (0, -1))
    step = float(np.linalg.norm(last - first)) / (len(slices) - 1)
    pitch = [float(side) for side in slices[0].PixelSpacing]
    directions = np.stack([across, down, normal], axis=1)
    affine = affine_of(directions, (pitch[1], pitch[0], step), first)
    size = (int(slices[0].Columns), int(slices[0].Rows), len(slices))
    values = np.zeros((1, *size[::-1]), np.int16)
    return values, grid_of(affine, size), str(slices[0].FrameOfReferenceUID)


def test_a_crosshair_on_the_real_prostate_shows_one_point_in_axial_and_coronal(
    view, shared
) -> None:
    folder = shared("data/radiology/mr_t2")
    for side, name in enumerate(("prostatex0000_t2_tse_tra", "prostatex0000_t2_tse_cor_jpegls")):
        values, lies, frame = _series(folder / name)
        view.show_volume(values, mr_facts(lies=lies, frame_of_reference=frame), side=side)
    view.set_layout(Layout.BESIDE)
    left, right = view.panes[AXIAL], view.panes[OTHER]
    assert left.state.plane.name == "Axial" and right.state.plane.name == "Coronal"
    for at in ((250, 350), (230, 330), (270, 370)):
        drag(left, at, at)
        np.testing.assert_allclose(_patient(left), _patient(right), atol=1e-6)
        # And where it is drawn is where the patient's point lies on that slice.
        plane = right.state.plane
        drawn = plane.to_device(to_voxel(plane.grid.affine, _patient(left)[None]))
        np.testing.assert_allclose(plane.to_device(np.array([right.state.cross])), drawn, atol=1e-6)
        normal = right.state.cross[2] - right.state.plane.index
        assert abs(normal) <= 0.5
