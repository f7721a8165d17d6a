"""Photographs that taught a pack are told by that of its networks that has not seen them."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine import cli
from engine.cohort import graded, stages
from engine.cohort.unseen import Unseen
from engine.errors import Refusal
from engine.packs import learnt_from, store
from engine.packs.learnt_from import LearntFrom
from engine.packs.pack import Pack, load
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.preparation import likeness
from engine.preparation.field_of_view import find_field_of_view
from engine.questions import stage
from engine.task import Task

EYES = [draw_eye(seed, severity=seed, width=420).pixels for seed in range(4)]


def photograph(number: int) -> Photograph:
    return Photograph(EYES[number], f"{number}.png", f"{number:064}", None)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(store.find("retinopathy-lesions", "retinopathy"))


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eyes 0 and 1 taught all but one network each, eye 2 all: a copy of it lies in each fold."""
    rows = np.array(
        [likeness.of_field(EYES[n], find_field_of_view(EYES[n]))[0] for n in (0, 1, 2, 2)]
    )
    found = LearntFrom(rows, np.array([0, 2, 0, 1]))
    monkeypatch.setattr(learnt_from, "of", lambda _: found)


@pytest.mark.usefixtures("learnt")
def test_a_photograph_is_told_by_the_fold_that_held_it_back_and_a_stranger_by_all(
    pack: Pack,
) -> None:
    unseen = Unseen(pack)
    assert [unseen.by(photograph(n)) for n in range(4)] == ["fold 1", "fold 3", "", ""]
    unseen.by(photograph(0))  # once more, by another criterion
    contents = [photograph(n).content_hash for n in range(4)]
    said = " ".join(unseen.words(contents))
    assert said.startswith("2 of these photographs")
    assert "2 others were not recognised" in said
    # One that was asked about and left out, as it is ungradable, is none that is told of.
    assert " ".join(unseen.words(contents[1:3])).startswith("1 of these photographs")
    assert "1 other was not recognised" in unseen.words(contents[1:3])[1]


def test_a_member_says_what_it_says_among_all(pack: Pack) -> None:
    picture = torch.rand(1, 3, 640, 640, generator=torch.Generator().manual_seed(1)) - 0.5
    assert pack.members == ("fold 1", "fold 2", "fold 3")
    with torch.inference_mode():
        whole, second = pack.network(), pack.network("fold 2")
        expected = whole.members[1](picture).grades  # type: ignore[index, operator]
        found = second.draw(picture).grades  # type: ignore[operator]
    torch.testing.assert_close(found, expected)


def test_a_member_of_a_stage_pack_says_what_it_says_among_all() -> None:
    pack = load(store.find("retinopathy-stages", "stage"))
    size = pack.manifest.input.size
    picture = torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(1)) - 0.5
    with torch.inference_mode():
        whole, third = pack.network(), pack.network(pack.members[2])
        expected = whole.members[2].as_it_lies(picture)  # type: ignore[index, operator]
        found = third.as_it_lies(picture)  # type: ignore[operator]
    torch.testing.assert_close(found.vision, expected.vision)
    torch.testing.assert_close(found.lstm, expected.lstm)


@pytest.mark.usefixtures("learnt")
def test_stages_are_told_by_whom_they_did_not_teach(tmp_path: Path) -> None:
    pack = load(store.find("retinopathy-stages", "stage"))
    Image.fromarray(EYES[1]).save(tmp_path / "1.png")
    (tmp_path / "grades.csv").write_text("image,dr_grade\n1,1\n")
    rows = graded.read(tmp_path / "grades.csv")
    asked = stages.ask(tmp_path / "grades.csv", rows, pack, "processor", Task(), Unseen(pack))
    (one,) = asked.staged
    expected, _ = stage.answer(photograph(1), pack, None, "processor", Task(), member="fold 3")
    assert one.answer is not None
    assert one.answer.stages == expected.stages
    assert one.seen is False


def test_packs_of_one_network_have_none_that_has_not_seen() -> None:
    with pytest.raises(Refusal) as refused:
        Unseen(load(store.find("retinopathy-net-b", "retinopathy")))
    assert "no network for each fold" in refused.value.reason


def test_what_is_kept_of_photographs_tells_their_folds(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = np.random.default_rng(1).integers(0, 256, (4, likeness.BYTES), np.uint8)
    text = learnt_from.text(rows, [np.array([2, 0]), np.array([1, 3])])
    monkeypatch.setattr(learnt_from, "sealed", lambda _: {learnt_from.FILE: text})
    found = learnt_from.of(pack)
    assert found is not None
    fold_of = dict(zip(map(bytes, found.likenesses), found.folds.tolist(), strict=True))
    assert [fold_of[bytes(each)] for each in rows] == [0, 1, 0, 1]


def test_the_command_tells_who_was_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], learnt: None
) -> None:
    for number, pixels in enumerate(EYES):
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    table = tmp_path / "grades.csv"
    table.write_text("image,dr_grade\n" + "".join(f"{n},{n}\n" for n in range(4)))
    asked = ["evaluate", "retinopathy-lesions", "--question", "retinopathy", "--quiet"]
    assert cli.main([*asked, "--grades", str(table), "--unseen", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not any("flatter" in each for each in told["warnings"])
    assert any(each.startswith("2 of these photographs") for each in told["notes"])
    assert not any("alone." in each and each.startswith("The network") for each in told["notes"])
    assert cli.main([*asked, "--lesions", str(tmp_path), "--maps", "maps", "--unseen"]) == 2
