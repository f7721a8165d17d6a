"""An eye whose macula the photograph may not show, or that is centred on its disc, at every door of
the command line in the same words.
"""

import csv
import json
from dataclasses import replace
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from PIL import Image

from engine import cli
from engine.answers import Decision
from engine.findings import landmarks
from engine.images.photograph import open_picture
from engine.packs import pack as packs
from engine.packs import store
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.questions import retinopathy
from engine.task import Task
from engine.telling.cautions import DISC_CENTRED, MACULA_CUT, NO_MACULA, cautioned


@pytest.fixture(autouse=True)
def calm(own_home: Path, tmp_path: Path, untrained: Pack) -> Pack:
    """The user's pack, which refers nobody."""
    manifest = msgspec.structs.replace(untrained.manifest, name="calm", operating_point=0.999)
    texts = {"card.md": "# None\n"}
    written = packs.write(tmp_path / "calm", manifest, untrained.network().state_dict(), texts)
    return store.install(written.folder)


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One eye taken as usual, and another so near with the disc in the middle that no fovea is in
    sight.
    """
    folder = tmp_path_factory.mktemp("eyes")
    Image.fromarray(draw_eye(2, severity=0, width=600).pixels).save(folder / "usual.png")
    eye = draw_eye(1, severity=0, width=900)
    reach = round(4.4 * eye.disc.radius)
    left, top = round(eye.disc.x) - reach, round(eye.disc.y) - reach
    wide = cv2.copyMakeBorder(eye.pixels, reach, reach, reach, reach, cv2.BORDER_CONSTANT)
    near = wide[top + reach :, left + reach :][: 2 * reach, : 2 * reach].copy()
    field = cv2.circle(np.zeros(near.shape[:2], np.uint8), (reach, reach), reach - 4, 1, -1)
    Image.fromarray(near * field[..., None]).save(folder / "disc.png")
    return folder


def _run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    fixed = ["--question", "retinopathy", "--pack", "calm", "--device", "processor", "--quiet"]
    assert cli.main([*map(str, arguments), *fixed]) == 0
    return capsys.readouterr().out


def test_analyse_cautions_of_the_eye_whose_fovea_is_not_found(
    capsys: pytest.CaptureFixture[str], eyes: Path
) -> None:
    said = json.loads(_run(capsys, "analyse", eyes / "disc.png", "--json"))
    assert said["decision"] == Decision.NOT_REFERABLE
    assert said["warnings"][0] == NO_MACULA
    assert NO_MACULA in _run(capsys, "analyse", eyes / "disc.png").splitlines()
    usual = json.loads(_run(capsys, "analyse", eyes / "usual.png", "--json"))
    assert (usual["decision"], NO_MACULA in usual["warnings"]) == (Decision.NOT_REFERABLE, False)


def test_of_both_eyes_that_one_is_cautioned(capsys: pytest.CaptureFixture[str], eyes: Path) -> None:
    both = ("analyse", eyes / "usual.png", "--other-eye", eyes / "disc.png")
    first, second = json.loads(_run(capsys, *both, "--json"))["photographs"]
    assert (NO_MACULA in first["warnings"], NO_MACULA in second["warnings"]) == (False, True)
    lines = _run(capsys, *both).splitlines()
    assert lines.index(NO_MACULA) > next(
        place for place, line in enumerate(lines) if line.startswith("disc.png: ")
    )


def test_a_screened_folders_table_cautions_of_it(
    capsys: pytest.CaptureFixture[str], eyes: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.csv"
    _run(capsys, "screen", eyes, "--out", out)
    with out.open(newline="", encoding="utf-8") as file:
        said = {Path(row["path"]).name: row["warnings"] for row in csv.DictReader(file)}
    assert (NO_MACULA in said["usual.png"], NO_MACULA in said["disc.png"]) == (False, True)


def test_an_eye_whose_macula_is_cut_by_the_edge_is_cautioned_of_that(
    eyes: Path, calm: Pack
) -> None:
    photograph = open_picture(eyes / "usual.png")
    said, _ = retinopathy.answer(photograph, calm, None, "processor", Task(), with_map=False)
    marks = landmarks.landmarks_of(photograph.pixels)
    assert MACULA_CUT not in cautioned(said, marks).warnings
    assert said.assessed is not None and marks.disc is not None
    rim = said.assessed.x + said.assessed.radius - 1.5 * marks.disc.radius
    at_rim = replace(marks, fovea=(rim, said.assessed.y))
    assert cautioned(said, at_rim).warnings == (MACULA_CUT, *said.warnings)
    ill = replace(said, decision=Decision.REFERABLE)
    assert cautioned(ill, at_rim) is ill


def test_an_answer_about_an_eye_centred_on_its_disc_is_cautioned_whatever_it_is(
    eyes: Path, calm: Pack
) -> None:
    """``disc.png`` shows no fovea; where it is "not referable", that is told first."""
    photograph = open_picture(eyes / "disc.png")
    said, _ = retinopathy.answer(photograph, calm, None, "processor", Task(), with_map=False)
    ill = replace(said, decision=Decision.REFERABLE)
    assert landmarks.with_caution(photograph, ill).warnings == (DISC_CENTRED, *said.warnings)
    both = (NO_MACULA, DISC_CENTRED, *said.warnings)
    assert landmarks.with_caution(photograph, said).warnings == both
    assert said.assessed is not None
    marks = landmarks.landmarks_of(photograph.pixels)
    inner = replace(marks, fovea=(said.assessed.x + said.assessed.radius / 3, said.assessed.y))
    assert cautioned(said, inner).warnings == (DISC_CENTRED, *said.warnings)
    usual = open_picture(eyes / "usual.png")
    other, _ = retinopathy.answer(usual, calm, None, "processor", Task(), with_map=False)
    for decision in (Decision.REFERABLE, Decision.NOT_REFERABLE):
        plain = replace(other, decision=decision)
        assert landmarks.with_caution(usual, plain) is plain


def test_of_what_cannot_be_graded_no_time_is_spent_on_disc_and_fovea(
    eyes: Path, calm: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    photograph = open_picture(eyes / "disc.png")
    said, _ = retinopathy.answer(photograph, calm, None, "processor", Task(), with_map=False)
    monkeypatch.delattr(landmarks, "landmarks_of")
    other = replace(said, decision=Decision.UNGRADABLE)
    assert landmarks.with_caution(photograph, other) is other
