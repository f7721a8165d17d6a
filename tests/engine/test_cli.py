"""The commands, as a person or a script calls them: one object, one sentence, one exit code."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    OphthalmicPhotography8BitImageStorage,
    generate_uid,
)

from engine import cli
from engine.packs import store
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Laterality


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, untrained: Pack) -> Pack:
    """The user's folders are this test's, and hold one pack."""
    for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home" / kind.lower()))
    return store.install(untrained.folder)


@pytest.fixture
def eye(tmp_path: Path) -> Path:
    path = tmp_path / "an eye – größer.png"
    Image.fromarray(draw_eye(3, severity=3, width=800).pixels).save(path)
    return path


def analyse(capsys: pytest.CaptureFixture[str], picture: Path, *more: str) -> dict[str, Any]:
    arguments = ["analyse", str(picture), "--question", "retinopathy", "--json"]
    assert cli.main([*arguments, "--pack", "untrained", "--quiet", *more]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize("question", ["retinopathy", "stage"])
def test_analyse_says_which_table_tells_the_eye(
    capsys: pytest.CaptureFixture[str], eye: Path, question: str, stage_pack: Pack
) -> None:
    store.install(stage_pack.folder)
    table = eye.with_name("visits.csv")
    table.write_text(f"image,patient,eye\n{eye.name},P,OS\n")
    pack = "untrained" if question == "retinopathy" else stage_pack.manifest.name
    asked = ["analyse", str(eye), "--question", question, "--pack", pack, "--quiet"]
    assert cli.main(asked) == 0
    assert f"{eye.name} is OS, as the visits' table visits.csv says." in capsys.readouterr().out
    table.write_text(f"image,patient,eye\n{eye.name},P,OS\n{eye.name},P,OD\n")
    assert cli.main([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["eye"] == {"laterality": None, "from": "", "table": None}
    assert any("visits.csv was not used" in warning for warning in answer["warnings"])


def test_analyse_prints_one_object_with_every_field(
    capsys: pytest.CaptureFixture[str], eye: Path, user: Pack
) -> None:
    answer = analyse(capsys, eye)
    assert set(answer) == {
        "question", "probability", "interval", "level", "decision", "reason", "operating_point",
        "pack", "criterion", "heatmap", "device", "warnings", "notes", "eye",
    }  # fmt: skip
    assert answer["question"] == "retinopathy"
    assert answer["interval"][0] <= answer["probability"] <= answer["interval"][1]
    assert answer["level"] == 0.9
    assert answer["pack"] == {"name": "untrained", "version": "1.0.0", "sha256": user.sha256}
    assert answer["heatmap"]["shape"] == list(np.asarray(Image.open(eye)).shape[:2])
    assert answer["heatmap"]["file"] is None
    assert answer["criterion"] == "pi"


@pytest.mark.parametrize("criterion", ["pi", "omega", "relevance", "pi_photograph"])
def test_every_criterion_can_be_asked_for(
    capsys: pytest.CaptureFixture[str], eye: Path, tmp_path: Path, criterion: str
) -> None:
    out = tmp_path / "map.npy"
    answer = analyse(capsys, eye, "--heatmap", str(out), "--criterion", criterion)
    assert answer["criterion"] == criterion
    assert list(np.load(out).shape) == answer["heatmap"]["shape"]


def test_regions_and_landmarks_come_with_the_answer_when_asked_for(
    capsys: pytest.CaptureFixture[str], eye: Path
) -> None:
    answer = analyse(capsys, eye, "--regions")
    found, drawn = answer["regions"], draw_eye(3, severity=3, width=800)
    assert found["threshold"] == 0.25
    assert [each["number"] for each in found["regions"]] == [
        number for number, _ in enumerate(found["regions"], 1)
    ]
    left_out = found["left_out"]
    told = sum(each["share"] for each in found["regions"])
    assert 0 < told <= 1 - left_out["specks_share"] - left_out["regions_share"] + 1e-6
    disc = answer["landmarks"]["disc"]
    assert np.hypot(disc["x"] - drawn.disc.x, disc["y"] - drawn.disc.y) < drawn.disc.radius


def test_regions_are_told_in_words_with_their_place(
    capsys: pytest.CaptureFixture[str], eye: Path
) -> None:
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--regions", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "Regions the model looked at, from 0.25 of the scale:" in said
    assert "DD from fovea" in said
    assert "Left out: " in said


def test_a_disc_that_lies_as_in_the_other_eye_than_the_name_says_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "16_left.png"
    Image.fromarray(draw_eye(3, severity=3, laterality=Laterality.RIGHT, width=600).pixels).save(
        path
    )
    notes = analyse(capsys, path, "--regions")["landmarks"]["notes"]
    assert notes == ["In doubt: the disc lies as in a right eye."]


def test_an_annotated_picture_is_not_scored(
    capsys: pytest.CaptureFixture[str], eye: Path, tmp_path: Path
) -> None:
    out = tmp_path / "seen.png"
    analyse(capsys, eye, "--heatmap", str(out))
    answer = analyse(capsys, out)
    assert (answer["decision"], answer["probability"]) == ("ungradable", None)
    assert answer["reason"].startswith("This is a picture that LesionLens annotated")
    assert answer["warnings"] == []


def test_the_npy_holds_the_map_on_the_photographs_own_grid(
    capsys: pytest.CaptureFixture[str], eye: Path, tmp_path: Path
) -> None:
    out = tmp_path / "map.npy"
    answer = analyse(capsys, eye, "--heatmap", str(out), "--criterion", "omega")
    values = np.load(out)
    assert values.dtype == np.float32
    assert list(values.shape) == answer["heatmap"]["shape"]
    assert answer["heatmap"]["file"] == str(out)
    assert answer["criterion"] == "omega"
    assert np.isfinite(values).all()
    assert values.min() == 0 < values.max()


def test_the_png_is_the_annotated_picture(
    capsys: pytest.CaptureFixture[str], eye: Path, tmp_path: Path
) -> None:
    out = tmp_path / "seen.png"
    analyse(capsys, eye, "--heatmap", str(out))
    with Image.open(out) as drawn:
        assert drawn.height > Image.open(eye).height  # legend and strip stand below
        assert drawn.info == {"Software": "LesionLens, annotated picture"}


def test_an_ungradable_photograph_is_an_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    dark = tmp_path / "dark.png"
    Image.fromarray((draw_eye(3, width=800).pixels * 0.04).astype(np.uint8)).save(dark)
    answer = analyse(capsys, dark, "--heatmap", str(tmp_path / "map.npy"))
    assert answer["decision"] == "ungradable"
    assert answer["probability"] is None
    assert answer["interval"] is None
    assert answer["heatmap"] is None
    assert answer["reason"]
    assert not (tmp_path / "map.npy").exists()


@pytest.fixture
def wrapped(eye: Path, tmp_path: Path) -> Path:
    """The same eye as an Ophthalmic Photography object of a patient with a name."""
    pixels = np.asarray(Image.open(eye))
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.Modality = OphthalmicPhotography8BitImageStorage, "OP"
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
    dataset.PatientName, dataset.PatientID = "Quixote^Alonso", "4711-0815"
    dataset.ImageLaterality = "L"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = *pixels.shape[:2], 3
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.add_new("PixelData", "OB", pixels.tobytes())
    path = tmp_path / "wrapped.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_a_photograph_in_a_dicom_file_gets_the_answer_of_the_photograph(
    capsys: pytest.CaptureFixture[str], eye: Path, wrapped: Path
) -> None:
    in_header = analyse(capsys, wrapped)
    assert in_header.pop("eye") == {"laterality": "OS", "from": "header", "table": None}
    bare = analyse(capsys, eye)
    assert bare.pop("eye") == {"laterality": None, "from": "", "table": None}
    assert in_header == bare


def test_nothing_of_a_dicom_header_is_in_what_is_written(
    capsys: pytest.CaptureFixture[str], wrapped: Path, tmp_path: Path
) -> None:
    out = tmp_path / "seen.png"
    arguments = ["analyse", str(wrapped), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--heatmap", str(out)]) == 0
    printed = capsys.readouterr()

    for told in (printed.out, printed.err, out.read_bytes().decode("latin-1")):
        assert "Quixote" not in told
        assert "4711" not in told


def test_a_scan_is_no_photograph_and_that_is_said(
    capsys: pytest.CaptureFixture[str], wrapped: Path
) -> None:
    dataset = dcmread(wrapped)
    dataset.SOPClassUID, dataset.Modality = CTImageStorage, "CT"
    dataset.save_as(wrapped)

    arguments = ["analyse", str(wrapped), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--quiet"]) == 1
    assert "“wrapped.dcm” is not a photograph." in capsys.readouterr().err


def test_a_grey_photograph_is_not_scored(capsys: pytest.CaptureFixture[str], wrapped: Path) -> None:
    dataset = dcmread(wrapped)
    grey = dataset.pixel_array[..., 1]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    del dataset.PlanarConfiguration
    dataset.PixelData = grey.tobytes()
    dataset.save_as(wrapped)

    answer = analyse(capsys, wrapped)
    assert answer["decision"] == "ungradable"
    assert any("not in colour" in warning for warning in answer["warnings"])


def test_without_json_the_answer_is_words_with_interval_and_notice(
    capsys: pytest.CaptureFixture[str], eye: Path
) -> None:
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "90 % interval".replace(" %", "\N{NARROW NO-BREAK SPACE}%") in said
    assert "Research use only. Not a medical device." in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["analyse", "nowhere.jpg", "--question", "retinopathy"], 1),
        (["analyse", "nowhere.jpg", "--question", "weather"], 2),
        (["analyse", "nowhere.jpg"], 2),
        (["analyse", "nowhere.jpg", "--question", "retinopathy", "--heatmap", "map.gif"], 2),
        (["unheard-of"], 2),
        (["packs", "show", "unheard-of"], 1),
        (["packs", "export", "untrained", "nowhere/at/all"], 1),
        (["phantom", "eye", "/dev/null/eye.png"], 1),
        (["train", "nowhere.toml", "--quiet"], 1),
        (["--json"], 2),
        (["--version", "packs", "list"], 2),
        (["resume", "nowhere", "--quiet"], 1),
        (["--help"], 0),
    ],
)
def test_exit_codes_tell_refusals_from_wrong_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert cli.main(arguments) == code
    out, err = capsys.readouterr()
    assert bool(err) == (code != 0)
    assert bool(out) == (code == 0)


def test_a_photograph_is_never_written_over(
    capsys: pytest.CaptureFixture[str], eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = eye.read_bytes()
    monkeypatch.chdir(eye.parent)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--quiet", "--heatmap", eye.name]) == 2
    assert eye.read_bytes() == before
    assert "never written over" in " ".join(capsys.readouterr().err.split())


def test_a_fault_of_our_own_is_one_sentence_and_a_report_without_the_files_name(
    capsys: pytest.CaptureFixture[str], eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine import folders
    from engine.preparation import fundus

    def broken(*_: Any, **_how: Any) -> Any:
        raise RuntimeError(eye.name)

    monkeypatch.setattr(fundus, "resize_beside", broken)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--json", "--quiet"]
    assert cli.main([*arguments, "--pack", "untrained"]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("Something went wrong here, and it is our fault.")
    assert err.count("\n") == 1
    report = (folders.logs() / "command.txt").read_text()
    assert "in broken" in report
    assert eye.stem not in report


def test_an_interrupt_ends_with_130(
    capsys: pytest.CaptureFixture[str], eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import signal

    from engine.preparation import fundus

    real = fundus.resize_beside

    def interrupted(*arguments: Any, **how: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return real(*arguments, **how)

    monkeypatch.setattr(fundus, "resize_beside", interrupted)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--json", "--quiet"]
    assert cli.main([*arguments, "--pack", "untrained"]) == 130
    out, err = capsys.readouterr()
    assert not out
    assert "Interrupted" in err


def test_a_full_disk_under_a_heatmap_is_said(
    capsys: pytest.CaptureFixture[str], eye: Path, small_disk: Path
) -> None:
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--heatmap", str(small_disk / "map.npy"), "--quiet"]) == 1
    assert "The system said: No space left on device." in capsys.readouterr().err
    assert list(small_disk.iterdir()) == []


def test_info_names_versions_device_and_folders(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["--info", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert {"lesionlens", "python", "torch", "device"} <= set(facts)
    assert facts["packs"].startswith(str(tmp_path))


def blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> Path:
    """The folder of this kind cannot be made: a file stands in its place."""
    file = tmp_path / "a file"
    file.touch()
    monkeypatch.setenv(f"XDG_{kind}_HOME", str(file))
    return file


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("CONFIG", {"settings"}),
        ("DATA", {"packs", "records"}),
        ("CACHE", {"cache"}),
        ("STATE", {"logs"}),
    ],
)
def test_info_names_the_folder_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    named: set[str],
) -> None:
    file = blocked(tmp_path, monkeypatch, kind)
    assert cli.main(["--info", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    faults = {key for key in facts if key.startswith("not writable")}
    assert faults == {f"not writable: {name}" for name in named}
    assert all(facts[name].startswith(str(file)) for name in named)


@pytest.mark.parametrize("kind", ["CONFIG", "DATA", "CACHE", "STATE"])
def test_a_photograph_is_answered_whatever_folder_cannot_be_made(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    eye: Path,
    user: Pack,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    # As one that ships: what is installed is found in none of these folders.
    monkeypatch.setattr(store, "shipped", lambda: user.folder.parent)
    blocked(tmp_path, monkeypatch, kind)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--json", "--quiet"]) == 0
    assert "probability" in json.loads(capsys.readouterr().out)


def test_a_pack_that_cannot_be_installed_is_refused_with_the_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, user: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = blocked(tmp_path, monkeypatch, "DATA")
    assert cli.main(["packs", "import", str(user.folder)]) == 1
    assert f"you may write to {file}" in capsys.readouterr().err


def test_a_fault_of_ours_is_told_where_it_cannot_be_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.preparation import fundus

    def broken(*_: Any, **_how: Any) -> Any:
        raise RuntimeError(eye.name)

    monkeypatch.setattr(fundus, "resize_beside", broken)
    blocked(tmp_path, monkeypatch, "STATE")
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--json", "--quiet"]
    assert cli.main([*arguments, "--pack", "untrained"]) == 1
    told = capsys.readouterr().err
    assert "in broken" in told
    assert eye.name not in told


def test_reset_forgets_settings_and_keeps_packs(user: Pack) -> None:
    from engine import folders, settings

    settings.save(settings.Settings(theme="light"))
    (folders.made(folders.cache()) / "left-over").write_text("x")
    assert cli.main(["--reset"]) == 0
    assert settings.load().settings.theme == "dark"
    assert not any(folders.cache().iterdir())
    assert store.find("untrained", "retinopathy") == user.folder


def test_reset_leaves_an_open_window_its_pictures(user: Pack) -> None:
    from engine import folders
    from engine.service.sessions import Session

    session = Session(folders.cache())
    (session.folder / "picture.npy").write_text("x")
    assert cli.main(["--reset"]) == 0
    assert (session.folder / "picture.npy").exists()
    session.close()


def test_packs_are_listed_shown_checked_and_carried(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, user: Pack
) -> None:
    assert cli.main(["packs", "list", "--json"]) == 0
    names = [pack["name"] for pack in json.loads(capsys.readouterr().out)["packs"]]
    assert "untrained" in names
    assert cli.main(["packs", "show", "untrained"]) == 0
    assert "# None" in capsys.readouterr().out
    assert cli.main(["packs", "check", "untrained", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == user.sha256
    assert cli.main(["packs", "export", "untrained", str(tmp_path / "out"), "--json"]) == 0
    file = json.loads(capsys.readouterr().out)["file"]
    assert cli.main(["packs", "import", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == user.sha256


def test_a_phantom_is_written_with_its_truth(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["phantom", "eye", str(tmp_path / "eye.png"), "--seed", "4", "--json"]) == 0
    files = [Path(name) for name in json.loads(capsys.readouterr().out)["files"]]
    assert tmp_path / "eye.png" in files
    assert all(file.exists() for file in files)


def test_runs_are_listed_with_where_they_stand(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from engine.training.run import Run

    Run.begin(tmp_path / "runs" / "one", "", tmp_path).tell("running", "fold-1", 3, 9)
    Run.begin(tmp_path / "runs" / "two", "", tmp_path)
    assert cli.main(["runs", str(tmp_path / "runs"), "--json"]) == 0
    states = [run["state"] for run in json.loads(capsys.readouterr().out)["runs"]]
    assert states == ["interrupted", "begun"]


def test_a_check_says_what_vouches_for_the_manifest(
    capsys: pytest.CaptureFixture[str], user: Pack
) -> None:
    assert cli.main(["packs", "check", "untrained", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert f"is {user.sha256}. Nothing in a pack vouches for its manifest" in said
    assert cli.main(["packs", "check", "retinopathy-net-b", "--quiet"]) == 0
    assert "It is the one that comes with LesionLens." in capsys.readouterr().out
