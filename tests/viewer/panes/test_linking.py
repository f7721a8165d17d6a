"""Where one volume goes when the other is moved, told by patient space."""

import numpy as np
import pytest
from slice_desk import grid

from engine.pictures import Grid, VolumeFacts
from engine.space import to_patient
from viewer.seen.link import Link, LinkKind, is_beyond, link_here, natural_link

AXIAL = VolumeFacts(grid("LPS"), frame_of_reference="1.2")
CORONAL = VolumeFacts(
    grid("LIP", (1.0, 1.0, 4.0), (70, 90, 12), (-40, 5, 470)), frame_of_reference="1.2"
)
HERE = (20.0, 15.0, 6.0)


def _at(facts: VolumeFacts, voxel) -> np.ndarray:
    return to_patient(facts.grid.affine, np.array([voxel]))[0]


def test_volumes_of_one_frame_of_reference_are_linked_by_the_patients_position() -> None:
    link = natural_link(AXIAL, CORONAL)
    assert link.kind is LinkKind.SPACE
    there = link.carried(HERE, AXIAL, CORONAL)
    np.testing.assert_allclose(_at(CORONAL, there), _at(AXIAL, HERE))
    back = link.carried(there, CORONAL, AXIAL, back=True)
    np.testing.assert_allclose(back, HERE)


@pytest.mark.parametrize("frame", ["", "9.9"])
def test_volumes_that_do_not_say_that_they_share_a_space_are_not_linked(frame) -> None:
    stranger = VolumeFacts(grid(), frame_of_reference=frame)
    nameless = VolumeFacts(grid(), frame_of_reference="")
    assert natural_link(AXIAL, stranger).kind is LinkKind.NONE
    assert natural_link(nameless, nameless).kind is LinkKind.NONE
    assert natural_link(AXIAL, VolumeFacts(Grid((5, 5, 5)), frame_of_reference="1.2")) == Link()
    assert Link().carried(HERE, AXIAL, stranger) is None


def test_the_readers_offset_holds_in_millimetres_and_both_ways() -> None:
    other = VolumeFacts(grid("LPS", (1.0, 1.0, 5.0), origin=(900.0, 0.0, 0.0)))
    there = (10.0, 8.0, 3.0)
    link = link_here(AXIAL, HERE, other, there)
    assert link.kind is LinkKind.OFFSET
    np.testing.assert_allclose(link.carried(HERE, AXIAL, other), there)
    # Two slices of 3 mm further is 6 mm further.
    x, y, z = HERE
    moved = link.carried((x, y, z + 2), AXIAL, other)
    np.testing.assert_allclose(_at(other, moved) - _at(other, there), [0, 0, 6], atol=1e-9)
    np.testing.assert_allclose(link.carried(moved, other, AXIAL, back=True), (x, y, z + 2))


def test_without_a_space_the_offset_counts_slices() -> None:
    blind = VolumeFacts(Grid((9, 11, 30)))
    link = link_here(AXIAL, HERE, blind, (0.0, 0.0, 10.0))
    assert link.kind is LinkKind.SLICES
    assert link.carried((0.0, 0.0, 8.0), AXIAL, blind) == (4.0, 5.0, 12.0)


def test_beyond_is_outside_of_the_voxels() -> None:
    assert not is_beyond((-0.4, 0.0, 19.4), AXIAL)
    assert is_beyond((0.0, 0.0, 19.6), AXIAL)
