"""evaluate, as a researcher or a script calls it, on drawn eyes whose truth is known."""

import csv
import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import roc_auc_score

from engine import cli
from engine.packs import learnt_from, store
from engine.packs import pack as packs
from engine.packs.pack import Pack
from engine.phantoms import eye_files
from engine.phantoms.eye import draw_eye
from engine.preparation import fundus
from engine.preparation.likeness import of_normalised
from engine.reports import annotated

Captured = pytest.CaptureFixture[str]

TYPES = ["hard exudates", "soft exudates", "microaneurysms", "haemorrhages"]
NO_PART = "Only the whole table that this pack learnt from is recognised, no part of it"
CODES = dict(zip(TYPES, ["EX", "SE", "MA", "HE"], strict=True))


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, untrained: Pack) -> None:
    for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home" / kind.lower()))
    store.install(untrained.folder)


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four drawn eyes with their masks, and one photograph of which nothing is known."""
    folder = tmp_path_factory.mktemp("eyes")
    for seed, severity in enumerate((3, 4, 2, 0)):
        eye_files.write(folder / f"eye{seed}.png", seed, severity=severity, width=520)
    Image.fromarray(draw_eye(9, width=520).pixels).save(folder / "unknown.jpg")
    return folder


def evaluate(capsys: Captured, *more: str | Path, code: int = 0) -> dict[str, Any]:
    arguments = ["evaluate", "--question", "retinopathy", "--json", "--quiet", *map(str, more)]
    assert cli.main(arguments) == code
    printed = capsys.readouterr().out
    answer: dict[str, Any] = json.loads(printed) if printed else {}
    return answer


def maps_of(eyes: Path, folder: Path, types: list[str]) -> Path:
    """The masks of some types as anybody's heatmaps."""
    folder.mkdir()
    for seed in range(4):
        masks = [np.asarray(Image.open(eyes / f"eye{seed}_{CODES[name]}.png")) for name in types]
        np.save(folder / f"eye{seed}.npy", np.maximum.reduce(masks).astype(np.float32))
    return folder


def test_the_truth_as_a_heatmap_finds_nearly_all_and_noise_nearly_nothing(
    capsys: Captured, eyes: Path, tmp_path: Path
) -> None:
    true = evaluate(capsys, "--lesions", eyes, "--maps", maps_of(eyes, tmp_path / "true", TYPES))
    assert true["pictures"] == 4
    assert true["pack"] is None
    assert true["mean_area"] > 0.7
    noise = tmp_path / "noise"
    noise.mkdir()
    generator = np.random.default_rng(0)
    for seed in range(4):
        shape = Image.open(eyes / f"eye{seed}.png").size[::-1]
        np.save(noise / f"eye{seed}.npy", generator.random(shape, np.float32))
    assert evaluate(capsys, "--lesions", eyes, "--maps", noise)["mean_area"] < 0.1


def test_a_map_of_one_type_finds_that_type_and_other_lesions_count_as_asked(
    capsys: Captured, eyes: Path, tmp_path: Path
) -> None:
    maps = maps_of(eyes, tmp_path / "maps", ["haemorrhages"])
    said = evaluate(capsys, "--lesions", eyes, "--maps", maps)
    assert list(said["areas"]) == TYPES
    assert said["areas"]["haemorrhages"]["maps"] > 0.7
    assert said["areas"]["hard exudates"]["maps"] < 0.2
    variants = {(each["other_lesions"], each["merge"]): each for each in said["variants"]}
    assert set(variants) == {("ignore", 0), ("count", 0), ("ignore", 2), ("count", 2)}
    for key in ("areas", "mean_area"):
        assert said[key] == variants["ignore", 0][key]
    ignored, counted = variants["ignore", 0]["areas"], variants["count", 0]["areas"]
    for name in TYPES:
        assert counted[name]["maps"] <= ignored[name]["maps"]
    for each in variants.values():
        known = [area["maps"] for area in each["areas"].values() if area["maps"] is not None]
        assert each["mean_area"] == pytest.approx(np.mean(known))
        low, high = each["mean_interval"]
        assert low <= each["mean_area"] <= high


def test_a_packs_criteria_stand_beside_each_other(capsys: Captured, eyes: Path) -> None:
    said = evaluate(
        capsys, "untrained", "--lesions", eyes, "--criterion", "pi", "--criterion", "omega"
    )
    assert said["question"] == "retinopathy"
    assert said["pack"]["name"] == "untrained"
    assert said["device"] == "cpu"
    assert said["criterion"] == "pi"
    for name in TYPES:
        assert list(said["areas"][name]) == ["pi", "omega"]
    areas = [said["areas"][name]["pi"] for name in TYPES if said["areas"][name]["pi"] is not None]
    assert said["mean_area"] == pytest.approx(np.mean(areas))
    assert [Path(each["path"]).name for each in said["left_out"]] == ["unknown.jpg"]
    assert said["warnings"] == ["Left out: 1 of the files."]
    assert set(said["image_level"]["pi"]) == {*TYPES, "red lesions", "bright lesions"}
    assert any("chosen on these same photographs" in note for note in said["notes"])


def test_a_file_that_is_no_photograph_is_left_out_with_its_reason(
    capsys: Captured, eyes: Path, tmp_path: Path
) -> None:
    maps = maps_of(eyes, tmp_path / "maps", TYPES)
    (maps / "eye1.npy").write_bytes(b"no array")
    said = evaluate(capsys, "--lesions", eyes, "--maps", maps)
    assert said["pictures"] == 3
    assert [Path(each["path"]).name for each in said["left_out"]] == ["unknown.jpg", "eye1.png"]
    assert "eye1.npy cannot be judged" in said["left_out"][1]["reason"]


def test_components_are_judged_where_they_are_asked_for(
    capsys: Captured, eyes: Path, tmp_path: Path
) -> None:
    maps = maps_of(eyes, tmp_path / "maps", ["haemorrhages"])
    options = ["--lesions", eyes, "--maps", maps, "--detections", "components", "--merge", "0"]
    said = evaluate(capsys, *options)
    assert said["areas"]["haemorrhages"]["maps"] > 0.7
    assert [each["merge"] for each in said["variants"]] == [0, 0]


def test_detections_are_told_one_a_row_with_what_they_hit(
    capsys: Captured, eyes: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    maps = maps_of(eyes, tmp_path / "maps", TYPES)
    for file in maps.iterdir():  # half of it lies beside the lesions
        values = np.load(file)
        np.save(file, np.maximum(values, np.roll(values, 90, axis=1)))
    evaluate(capsys, "--lesions", eyes, "--maps", maps, "--predictions", out)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:7] == ["case", "patient", "truth", "score", "criterion", "x", "y"]
    truth = {
        f"eye{seed}": {
            name: np.asarray(Image.open(eyes / f"eye{seed}_{code}.png"))
            for name, code in CODES.items()
        }
        for seed in range(4)
    }
    for row in rows:
        masks = truth[row["case"]]
        x, y = round(float(row["x"])), round(float(row["y"]))
        on = [name for name in TYPES if masks[name][y, x]]
        assert all(row[name] for name in on)
        near = {name: masks[name][max(y - 5, 0) : y + 6, max(x - 5, 0) : x + 6] for name in TYPES}
        assert not any(row[name] and not near[name].any() for name in TYPES)
        hit = any(row[name] for name in [*TYPES, "other lesions"])
        assert row["truth"] == str(int(hit))
    assert {row["truth"] for row in rows} == {"0", "1"}


def test_the_report_stands_by_itself(capsys: Captured, eyes: Path, tmp_path: Path) -> None:
    maps, out = maps_of(eyes, tmp_path / "maps", TYPES), tmp_path / "a" / "report"
    said = evaluate(capsys, "--lesions", eyes, "--maps", maps, "--report", out)
    text = (out / "report.md").read_text("utf-8")
    day = datetime.now(UTC)
    made = {f"LesionLens {version('lesionlens')}, {day - timedelta(n):%Y-%m-%d}." for n in (0, 1)}
    assert made & set(text.splitlines())
    assert "Research use only. Not a medical device." in text
    assert f"{said['mean_area']:.3f}" in text
    for line in text.splitlines():
        if line.startswith("!["):
            assert Image.open(out / line[2 : line.index("]")]).size[0] > 1000
    assert (out / "detections.csv").exists()
    assert "unknown.jpg: It has no mask" in text


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six graded eyes, a seventh that is dark and an eighth that is not there."""
    folder = tmp_path_factory.mktemp("graded")
    rows = []
    for seed, severity in enumerate((0, 1, 2, 3, 4, 0, 3)):
        pixels = draw_eye(seed, severity=severity, width=520).pixels
        dark = seed == 6
        Image.fromarray((pixels * (0.04 if dark else 1)).astype(np.uint8)).save(
            folder / f"eye{seed}.{'jpg' if seed % 2 else 'png'}"
        )
        rows.append(f"eye{seed},{severity},patient{seed // 2}")
    rows.append("gone,2,patient9")
    (folder / "grades.csv").write_text("\n".join(["image,dr_grade,patient_visit", *rows]))
    return folder / "grades.csv"


def test_grades_give_the_figures_of_what_the_pack_said(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    said = evaluate(capsys, "untrained", "--grades", graded, "--predictions", out)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert list(rows[0])[:4] == ["case", "patient", "truth", "score"]
    scored = [row for row in rows if row["score"]]
    truth = np.array([row["truth"] == "1" for row in scored])
    scores = np.array([float(row["score"]) for row in scored])
    called = scores >= 0.4  # the pack's operating point
    assert said["n"] == len(scored) == 6
    assert said["auc"] == pytest.approx(roc_auc_score(truth, scores))
    assert said["interval"][0] <= said["auc"] <= said["interval"][1]
    assert said["sensitivity"] == pytest.approx(called[truth].mean())
    assert said["specificity"] == pytest.approx((~called)[~truth].mean())
    assert [row["decision"] for row in rows[6:]] == ["ungradable", ""]
    assert "dark" in rows[6]["reason"]
    assert "gone" in rows[7]["reason"]
    assert len(said["left_out"]) == 2
    assert rows[3]["patient"] == "patient1"
    assert said["warnings"] == []


def test_each_score_is_that_of_analyse(capsys: Captured, graded: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    evaluate(capsys, "untrained", "--grades", graded, "--predictions", out)
    arguments = ["analyse", str(graded.parent / "eye4.png"), "--question", "retinopathy"]
    assert cli.main([*arguments, "--pack", "untrained", "--json", "--quiet"]) == 0
    alone = json.loads(capsys.readouterr().out)["probability"]
    with out.open() as file:
        rows = {row["case"]: row for row in csv.DictReader(file)}
    assert float(rows["eye4"]["score"]) == alone


def test_photographs_that_the_pack_learnt_from_are_told(
    capsys: Captured, tmp_path: Path, untrained: Pack
) -> None:
    import msgspec

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


def test_the_same_file_named_again_is_counted_once(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "graded"
    shutil.copytree(graded.parent, folder)
    table = folder / "grades.csv"
    before = evaluate(capsys, "untrained", "--grades", table)
    shutil.copy(folder / "eye0.png", folder / "copy.png")
    table.write_text(f"{table.read_text()}\ncopy,0,patient7\n")
    said = evaluate(capsys, "untrained", "--grades", table)
    (warning,) = said["warnings"]
    assert warning.startswith("1 photograph is left out")
    assert "copy" in warning
    assert [said[key] for key in ("n", "auc", "interval")] == [
        before[key] for key in ("n", "auc", "interval")
    ]
    assert any("counted there" in each["reason"] for each in said["left_out"])


def test_photographs_that_a_pack_learnt_from_are_counted_one_by_one(
    capsys: Captured, graded: Path, tmp_path: Path, untrained: Pack
) -> None:
    # It learnt from two of them, and from a third at twice the size.
    learnt = []
    for name in ("eye0.png", "eye1.jpg", "eye2.png"):
        picture = Image.open(graded.parent / name)
        if name == "eye2.png":
            picture = picture.resize((2 * picture.width, 2 * picture.height))
        pixels = np.asarray(picture)
        learnt.append(fundus.normalise(pixels, fundus.find_field_of_view(pixels), 448)[0])
    texts = {"card.md": "# None\n", learnt_from.FILE: learnt_from.text(of_normalised(learnt))}
    weights = untrained.network().state_dict()
    taught = packs.write(tmp_path / "taught", untrained.manifest, weights, texts)
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
    capsys: Captured, eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    learnt = []
    for number in (0, 2):
        pixels = np.asarray(Image.open(eyes / f"eye{number}.png"))
        learnt.append(fundus.normalise(pixels, fundus.find_field_of_view(pixels), 112)[0])
    texts = {"card.md": "# None\n", learnt_from.FILE: learnt_from.text(of_normalised(learnt))}
    weights = untrained.network().state_dict()
    taught = packs.write(tmp_path / "taught", untrained.manifest, weights, texts)
    said = evaluate(capsys, taught.folder, "--lesions", eyes, "--criterion", "pi")
    told = "The pack learnt from at least 2 of these 4 photographs"
    assert any(note.startswith(told) for note in said["notes"])


def test_the_same_marked_photograph_under_another_name_is_counted_once(
    capsys: Captured, eyes: Path, tmp_path: Path
) -> None:
    before = evaluate(capsys, "untrained", "--lesions", eyes, "--criterion", "pi")
    folder = tmp_path / "marked"
    shutil.copytree(eyes, folder)
    for file in list(folder.glob("eye0*")):
        shutil.copy(file, folder / file.name.replace("eye0", "eye7"))
    said = evaluate(capsys, "untrained", "--lesions", folder, "--criterion", "pi")
    *_, last = said["left_out"]
    assert Path(last["path"]).name == "eye7.png"
    assert last["reason"] == "It is the same picture as eye0.png, and counted there."
    for key in ("pictures", "lesions", "areas", "variants", "image_level"):
        assert said[key] == before[key]
    # Where another reader marked something else, nobody can say who is right.
    for mask in folder.glob("eye7_*.png"):
        blank = np.zeros_like(np.asarray(Image.open(mask)))
        blank[300:304, 250:254] = 255
        Image.fromarray(blank).save(mask)
    said = evaluate(capsys, "untrained", "--lesions", folder, "--criterion", "pi")
    assert said["pictures"] == 3
    reasons = {Path(each["path"]).name: each["reason"] for each in said["left_out"]}
    why = "It is the same picture as {}, and the marked lesions differ."
    assert reasons["eye0.png"] == why.format("eye7.png")
    assert reasons["eye7.png"] == why.format("eye0.png")


def test_annotated_pictures_are_left_out_of_figures_and_counted(
    capsys: Captured, graded: Path, eyes: Path, tmp_path: Path
) -> None:
    one = "1 picture that LesionLens annotated was left out."
    for kind, source in (("graded", graded.parent), ("eyes", eyes)):
        shutil.copytree(source, tmp_path / kind)
        page = Image.new("RGB", (60, 40))
        annotated.save(tmp_path / kind / "seen.png", page)
    table = tmp_path / "graded" / "grades.csv"
    table.write_text(f"{table.read_text()}\nseen,0,patient9\n")
    said = evaluate(capsys, "untrained", "--grades", table)
    assert (said["n"], said["warnings"]) == (6, [one])
    marked = tmp_path / "eyes"
    maps = maps_of(marked, tmp_path / "maps", TYPES)
    assert one in evaluate(capsys, "--lesions", marked, "--maps", maps)["warnings"]


def test_the_report_on_grades_has_the_curve_and_the_table(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    said = evaluate(capsys, "untrained", "--grades", graded, "--report", out)
    assert f"{said['auc']:.3f}" in (out / "report.md").read_text("utf-8")
    assert (out / "roc.png").exists()
    assert len((out / "predictions.csv").read_text().splitlines()) == 9


def test_two_packs_are_compared_on_the_same_photographs(
    capsys: Captured, graded: Path, tmp_path: Path, drawing_pack: Pack
) -> None:
    out, report = tmp_path / "out.csv", tmp_path / "report"
    options = ["untrained", "--against", drawing_pack.folder, "--grades", graded]
    said = evaluate(capsys, *options, "--predictions", out, "--report", report)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    scored = [row for row in rows if row["score"] and row["score_against"]]
    truth = [row["truth"] == "1" for row in scored]
    areas = [
        roc_auc_score(truth, [float(row[name]) for row in scored])
        for name in ("score", "score_against")
    ]
    assert said["n"] == len(scored) == 6
    assert [said[side]["auc"] for side in ("first", "second")] == pytest.approx(areas)
    assert said["second"]["pack"]["name"] == "drawing"
    low, high = said["difference"]["interval"]
    assert said["difference"]["auc"] == pytest.approx(areas[0] - areas[1])
    assert low <= said["difference"]["auc"] <= high
    called = [(row["decision"], row["decision_against"]) for row in scored]
    apart = said["answered_differently"].values()
    alone = sum(each["first_alone_right"] + each["second_alone_right"] for each in apart)
    assert alone == sum(one != other for one, other in called)
    assert len(said["left_out"]) == 2
    assert f"{areas[1]:.3f}" in (report / "report.md").read_text("utf-8")
    assert (report / "roc.png").exists()


def test_without_json_the_figures_are_words_with_the_notice(
    capsys: Captured, eyes: Path, graded: Path, tmp_path: Path
) -> None:
    maps = maps_of(eyes, tmp_path / "maps", TYPES)
    for options in (["--lesions", eyes, "--maps", maps], ["untrained", "--grades", graded]):
        assert cli.main(["evaluate", "--question", "retinopathy", *map(str, options)]) == 0
        said = capsys.readouterr().out
        assert "Research use only. Not a medical device." in said
        assert "95\N{NARROW NO-BREAK SPACE}%" in said


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 2),
        (["--grades", "a.csv", "--lesions", "b"], 2),
        (["--grades", "a.csv", "--maps", "b"], 2),
        (["untrained", "--lesions", "a", "--maps", "b"], 2),
        (["--grades", "a.csv", "--predictions", "./a.csv"], 2),
        (["--lesions", "a", "--against", "untrained"], 2),
        (["--grades", "nowhere.csv", "untrained", "--against", "nobody"], 1),
        (["--lesions", "a", "--criterion", "pi", "--criterion", "pi_photograph"], 2),
        (["--grades", "nowhere.csv", "untrained"], 1),
        (["--lesions", "nowhere", "untrained"], 1),
        (["nobody", "--grades", "nowhere.csv"], 1),
    ],
)
def test_wrong_usage_and_refusals_have_their_codes(
    capsys: Captured, options: list[str], code: int
) -> None:
    assert evaluate(capsys, *options, code=code) == {}


def test_a_table_of_one_class_is_refused_after_its_predictions_are_written(
    capsys: Captured, graded: Path, tmp_path: Path
) -> None:
    table = graded.with_name("one.csv")
    table.write_text("image,dr_grade\neye0,0\neye1,1\n")
    out = tmp_path / "out.csv"
    assert not evaluate(capsys, "untrained", "--grades", table, "--predictions", out, code=1)
    assert len(out.read_text().splitlines()) == 3


def test_columns_of_figures_stand_apart_also_where_one_says_that_it_has_no_interval(
    capsys: Captured, tmp_path: Path
) -> None:
    eye_files.write(tmp_path / "eye.png", 3, severity=4, width=520)  # one alone: all draws agree
    said = ["evaluate", "untrained", "--question", "retinopathy", "--lesions", str(tmp_path)]
    assert cli.main([*said, "--criterion", "pi", "--criterion", "omega", "--quiet"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("mean ")]
    assert rows
    assert all(row.count("all draws agree)  ") == 1 for row in rows), rows
