"""evaluate tells which photographs a pack learnt from."""

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from evaluated import evaluate
from PIL import Image

from engine.packs import pack as packs
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")

NO_PART = "Only the whole table that this pack learnt from is recognised, no part of it"


def test_photographs_that_the_pack_learnt_from_are_told(
    capsys: Captured, tmp_path: Path, untrained: Pack
) -> None:
    lines = ["image,dr_grade"]
    for seed, severity in enumerate((0, 0, 3, 3, 3)):
        Image.fromarray(draw_eye(seed, severity=severity, width=500).pixels).save(
            tmp_path / f"{seed}.png"
        )
        lines.append(f"{seed},{severity}")
    table = tmp_path / "grades.csv"
    table.write_text("\n".join(lines))
    # As a run seals what it learns from: the table, and each photograph in its order.
    seal = hashlib.sha256(table.read_bytes())
    for seed in range(5):
        seal.update(hashlib.sha256((tmp_path / f"{seed}.png").read_bytes()).digest())
    data = msgspec.structs.replace(untrained.manifest.data, fingerprint=seal.hexdigest())
    manifest = msgspec.structs.replace(untrained.manifest, data=data)
    weights = untrained.network().state_dict()
    taught = packs.write(tmp_path / "taught", manifest, weights, {"card.md": "# None\n"})
    said = evaluate(capsys, taught.folder, "--grades", table)
    (warning,) = said["warnings"]
    assert "learnt from exactly these photographs" in warning
    assert not any(NO_PART in note for note in said["notes"])
    # A pack keeps one seal of all that it learnt from: a part of it cannot be told.
    part = tmp_path / "part.csv"
    part.write_text("\n".join(line for line in lines if line != "4,3"))
    said = evaluate(capsys, taught.folder, "--grades", part)
    assert said["warnings"] == []
    assert any(NO_PART in note for note in said["notes"])


def test_photographs_that_a_pack_learnt_from_are_counted_one_by_one(
    capsys: Captured, graded: Path, tmp_path: Path, taught_by: Callable[..., Pack]
) -> None:
    # It learnt from two of them, and from a third at twice the size.
    pictures = [Image.open(graded.parent / name) for name in ("eye0.png", "eye1.jpg", "eye2.png")]
    pictures[2] = pictures[2].resize((2 * pictures[2].width, 2 * pictures[2].height))
    taught = taught_by(*pictures)
    out = tmp_path / "out.csv"
    said = evaluate(capsys, taught.folder, "--grades", graded, "--predictions", out)
    (warning,) = said["warnings"]
    assert warning.startswith("The pack learnt from at least 3 of these 6 photographs")
    with out.open() as file:
        rows = {row["case"]: row["seen_in_training"] for row in csv.DictReader(file)}
    assert [rows[f"eye{number}"] for number in range(6)] == ["1", "1", "1", "0", "0", "0"]
    assert rows["gone"] == ""
    none = graded.with_name("none.csv")
    Image.fromarray(draw_eye(40, severity=0, width=520).pixels).save(graded.with_name("new.png"))
    none.write_text("image,dr_grade\neye3,3\neye4,4\neye5,0\nnew,0\n")
    said = evaluate(capsys, taught.folder, "--grades", none)
    assert said["warnings"] == []
    assert any("was recognised as one that the pack learnt" in note for note in said["notes"])


def test_marked_photographs_that_a_pack_learnt_from_are_counted(
    capsys: Captured, marked: Path, taught_by: Callable[..., Pack]
) -> None:
    taught = taught_by(*(Image.open(marked / f"eye{number}.png") for number in (0, 2)))
    said = evaluate(capsys, taught.folder, "--lesions", marked, "--criterion", "pi")
    told = "The pack learnt from at least 2 of these 4 photographs"
    assert any(note.startswith(told) for note in said["notes"])
