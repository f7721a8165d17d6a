"""The command line about a patient's visits, and about what changed."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import cli
from engine.answers import Heatmap, Kinds
from engine.packs import store
from engine.packs.pack import Pack
from engine.phantoms.eye import Lesion, Mark, PhantomEye, draw_eye
from engine.pictures import Photograph
from engine.questions import retinopathy

NAMES = ("haemorrhage", "hard exudate", "new vessels")
MARK = Mark(Lesion.HAEMORRHAGE, -0.1, 0.45, 0.04)


@pytest.fixture(autouse=True)
def stages(user: Pack, stage_pack: Pack) -> Pack:
    """Installed beside the pack that tells retinopathy."""
    return store.install(stage_pack.folder)


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "patient"
    folder.mkdir()
    paths = [folder / "first.png", folder / "second.png"]
    for path, aside in zip(paths, ((0.0, 0.0), (0.05, 0.0)), strict=True):
        eye = draw_eye(4, lesions=[MARK], width=500, aside=aside)
        Image.fromarray(eye.pixels).save(path)
    lines = ("image,patient,date", "second.png,P,2021-05-01", "first.png,P,2020-05-01")
    (folder / "visits.csv").write_text("\n".join(lines))
    return paths


def test_visits_come_in_order_with_whose_word_a_date_is(
    capsys: pytest.CaptureFixture[str], photographs: list[Path]
) -> None:
    assert cli.main(["visits", str(photographs[1]), "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["name"] == "P"
    told = [(visit["date"], visit["source"]) for visit in found["visits"]]
    assert told == [("2020-05-01", "table"), ("2021-05-01", "table")]
    assert cli.main(["visits", str(photographs[1]), "--quiet"]) == 0
    assert "2020-05-01 (from the table): first.png" in capsys.readouterr().out


def test_a_file_that_is_no_photograph_is_refused(
    capsys: pytest.CaptureFixture[str], photographs: list[Path]
) -> None:
    assert cli.main(["visits", str(photographs[0].with_name("visits.csv")), "--quiet"]) == 1
    assert "cannot be opened" in capsys.readouterr().err


def test_change_tells_alignment_regions_and_stage(
    capsys: pytest.CaptureFixture[str], photographs: list[Path], stages: Pack
) -> None:
    packs = ["--pack", "untrained", "--stage-pack", stages.manifest.name]
    asked = ["change", *map(str, photographs), *packs, "--json", "--quiet"]
    assert cli.main(asked) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"alignment", "changes", "earlier", "later", "stage", "eyes", "notes"}
    assert found["alignment"]["error"] < 0.1
    told = {each["later"] for each in found["changes"]} - {None}
    assert told == set(range(len(found["later"])))
    assert 0 <= found["stage"]["rose"] <= 1


def test_change_says_what_each_answer_warns_of(
    capsys: pytest.CaptureFixture[str], photographs: list[Path], stages: Pack
) -> None:
    pixels = np.asarray(Image.open(photographs[1])).astype(float)
    grain = np.random.default_rng(1).normal(0, 12, pixels.shape)
    Image.fromarray((pixels + grain).clip(0, 255).astype(np.uint8)).save(photographs[1])
    packs = ["--pack", "untrained", "--stage-pack", stages.manifest.name]
    assert cli.main(["change", *map(str, photographs), *packs, "--json", "--quiet"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    (told,) = [each for each in notes if "grainy" in each]
    assert told.startswith("Of the later photograph: The photograph is grainy")


def test_change_says_that_a_copy_is_the_same_photograph_before_a_network_is_asked(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    photographs: list[Path],
    stages: Pack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copy = tmp_path / "copy.png"
    copy.write_bytes(photographs[0].read_bytes())
    monkeypatch.setattr(retinopathy, "answer", lambda *_: pytest.fail("a network was asked"))
    packs = ["--pack", "untrained", "--stage-pack", stages.manifest.name]
    asked = ["change", str(photographs[0]), str(copy), *packs, "--quiet"]
    assert cli.main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["notes"] == ["Both are the same photograph."]
    assert (found["changes"], found["stage"]) == ([], None)
    assert cli.main(asked) == 0
    assert capsys.readouterr().out == "Both are the same photograph.\n"


def test_change_says_which_table_tells_the_eye_and_which_is_not_used(
    capsys: pytest.CaptureFixture[str], photographs: list[Path], stages: Pack
) -> None:
    table = photographs[0].with_name("visits.csv")
    table.write_text("image,patient,eye\nfirst.png,P,OD\nsecond.png,P,OD\n")
    table.with_name("old.csv").write_text("image,patient\nfirst,P\nfirst,Q\n")
    packs = ["--pack", "untrained", "--stage-pack", stages.manifest.name]
    asked = ["change", *map(str, photographs), *packs, "--quiet"]
    assert cli.main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    tabled = {"laterality": "OD", "from": "table", "table": str(table)}
    assert found["eyes"] == {"earlier": tabled, "later": tabled}
    (said,) = (note for note in found["notes"] if "old.csv" in note)
    assert said.startswith("The table old.csv was not used. Two of its lines name first and say")
    assert cli.main(asked) == 0
    out = capsys.readouterr().out
    assert out.startswith("first.png is OD, as the visits' table visits.csv says.\nsecond.png is ")
    assert out.count(said) == 1


def test_photographs_of_two_eyes_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, photographs: list[Path]
) -> None:
    other = tmp_path / "other.png"
    Image.fromarray(draw_eye(9, width=500).pixels).save(other)
    asked = ["change", str(photographs[0]), str(other), "--pack", "untrained", "--json", "--quiet"]
    assert cli.main(asked) == 1
    out, err = capsys.readouterr()
    assert not out
    assert "do not look like the same eye" in err


def drawn(eye: PhantomEye) -> Heatmap:
    """A map that shows every lesion by its kind."""
    shape = eye.pixels.shape[:2]
    values, places = np.zeros(shape, np.float32), np.zeros(shape, np.uint8)
    y, x = np.indices(shape)
    for mark in eye.marks:
        at = eye.field.x + mark.x * eye.field.radius, eye.field.y + mark.y * eye.field.radius
        near = np.hypot(x - at[0], y - at[1]) < mark.radius * eye.field.radius
        values[near], places[near] = 0.9, NAMES.index(mark.kind)
    return Heatmap(values, np.eye(3), shape, chance=True, kinds=Kinds(NAMES, places))


def test_change_counts_each_kind_of_lesion_that_the_pack_draws(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    came = Mark(Lesion.HARD_EXUDATE, 0.1, -0.4, 0.03)
    then = draw_eye(4, lesions=[MARK], width=500)
    now = draw_eye(4, lesions=[MARK, came], width=500, aside=(0.05, 0.0))
    eyes = {"then.png": then, "now.png": now}
    for name, eye in eyes.items():
        Image.fromarray(eye.pixels).save(tmp_path / name)
    asked = retinopathy.answer

    def answer(photograph: Photograph, *rest: object) -> object:
        said, _ = asked(photograph, *rest)  # type: ignore[arg-type]
        return said, drawn(eyes[Path(photograph.name).name])

    monkeypatch.setattr(retinopathy, "answer", answer)
    asked_for = ["change", *(str(tmp_path / name) for name in eyes), "--pack", "untrained"]
    assert cli.main([*asked_for, "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["lesions"] == {
        "earlier": {"haemorrhage": 1, "hard exudate": 0, "new vessels": 0},
        "later": {"haemorrhage": 1, "hard exudate": 1, "new vessels": 0},
        "new": {"haemorrhage": 0, "hard exudate": 1, "new vessels": 0},
        "grown": {"haemorrhage": 0, "hard exudate": 0, "new vessels": 0},
        "gone": {"haemorrhage": 0, "hard exudate": 0, "new vessels": 0},
    }
    assert cli.main([*asked_for, "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "Drawn then: 1 haemorrhage.\nDrawn now: 1 haemorrhage, 1 hard exudate." in said
    assert "Regions: 1 new, 0 grown, 0 gone, 1 stayed, 0 uncertain." in said
    assert "New: 1 hard exudate.\nGrown: no lesion.\nGone: no lesion." in said
