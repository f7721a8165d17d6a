"""What must be known of a pack stands beside its answer."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.packs import learnt_from
from engine.packs import pack as packs
from engine.packs.manifest import HeldPart
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.preparation import fundus
from engine.preparation.likeness import of_normalised
from engine.questions import retinopathy, stage
from engine.task import Task

# What it learnt from had another size.
EYE, LEARNT, OTHER = (
    draw_eye(seed, width=width).pixels for seed, width in ((5, 700), (5, 1100), (6, 700))
)


def taught(pack: Pack, folder: Path, held: HeldPart | None = None) -> Pack:
    """``pack`` as if it had learnt from ``LEARNT``."""
    values, _ = fundus.normalise(LEARNT, fundus.find_field_of_view(LEARNT), 448)
    texts = {"card.md": "# None\n", learnt_from.FILE: learnt_from.text(of_normalised([values]))}
    manifest = msgspec.structs.replace(pack.manifest, held=held)
    return packs.write(folder / "taught", manifest, pack.network().state_dict(), texts)


def said_of(pack: Pack, pixels: np.ndarray) -> tuple[str, ...]:
    question = stage if pack.manifest.question == "stage" else retinopathy
    photograph = Photograph(pixels, "eye.png", "0")
    answer, _ = question.answer(photograph, pack, None, "processor", Task(), with_map=False)
    return tuple(each for each in answer.warnings if "pack" in each)


@pytest.mark.parametrize("kind", ["untrained", "drawing_pack", "stage_pack"])
def test_an_answer_about_a_photograph_that_the_pack_learnt_from_flatters_and_says_so(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    pack: Pack = request.getfixturevalue(kind)
    name = pack.manifest.name
    assert said_of(pack, EYE) == ()
    pack = taught(pack, tmp_path)
    assert said_of(pack, EYE) == (
        f"The pack {name} learnt from this photograph, told by how it looks: "
        "this answer flatters the pack.",
    )
    assert said_of(pack, OTHER) == ()


def test_a_pack_with_a_held_out_part_may_have_been_chosen_on_the_photograph(
    untrained: Pack, tmp_path: Path
) -> None:
    (said,) = said_of(taught(untrained, tmp_path, HeldPart(8, 8)), EYE)
    assert "learnt from, or was chosen on, this photograph" in said


@pytest.mark.parametrize("name", ["retinopathy-lesions", "Retinopathy-Lesions"])
def test_another_pack_under_the_name_of_one_that_ships_says_so(
    untrained: Pack, tmp_path: Path, name: str
) -> None:
    manifest = msgspec.structs.replace(untrained.manifest, name=name, version="0.9.0")
    weights = untrained.network().state_dict()
    other = packs.write(tmp_path / "other", manifest, weights, {"card.md": "# None\n"})
    assert said_of(other, EYE) == (
        f"This is not the {name} that comes with LesionLens but another pack of that name, version "
        f"0.9.0, whose seal is {other.sha256[:12]}.",
    )
