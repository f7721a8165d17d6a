"""Settings survive, and damage to their file is never fatal."""

import tomllib
from pathlib import Path

import pytest

from engine import settings
from engine.answers import Criterion
from engine.settings import Settings


def test_what_was_set_is_there_again(tmp_path: Path) -> None:
    kept = Settings(device="cuda:1", theme="light", opacity=0.5, pack="/packs/à b", recent=("/x",))
    settings.save(kept, tmp_path)
    assert settings.load(tmp_path) == settings.Loaded(kept)


def test_a_first_start_has_the_usual_settings(tmp_path: Path) -> None:
    loaded = settings.load(tmp_path)
    assert loaded.fault == ""
    assert loaded.settings.device == "automatic"
    assert loaded.settings.opacity == 0.72


def test_the_file_is_toml_that_others_can_read(tmp_path: Path) -> None:
    settings.save(Settings(threshold=0.25), tmp_path)
    assert tomllib.loads((tmp_path / settings.FILE).read_text("utf-8"))["threshold"] == 0.25


@pytest.mark.parametrize(
    "damage",
    [
        b"\xff\xfe\x00",
        b"opacity = ",
        b"opacity = 7.0",
        b'device = "toaster"',
        b"theme = 3",
        b'colour_map = "rainbow"',
    ],
)
def test_a_damaged_file_is_set_aside_with_a_sentence(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / settings.FILE).write_bytes(damage)
    loaded = settings.load(tmp_path)
    assert loaded.settings == Settings()
    assert "settings.damaged.toml" in loaded.fault
    assert (tmp_path / "settings.damaged.toml").read_bytes() == damage
    assert settings.load(tmp_path).fault == ""


@pytest.mark.parametrize("criterion", list(Criterion))
def test_every_criterion_can_be_kept(tmp_path: Path, criterion: Criterion) -> None:
    settings.save(Settings(criterion=criterion.value), tmp_path)
    loaded = settings.load(tmp_path)
    assert loaded.fault == ""
    assert loaded.settings.criterion == criterion


def test_a_criterion_that_nobody_chose_does_not_win_over_a_packs_usual_one(tmp_path: Path) -> None:
    first_files = 'theme = "light"\ncriterion = "pi"\n'
    (tmp_path / settings.FILE).write_text(first_files, "utf-8")
    assert settings.load(tmp_path) == settings.Loaded(Settings(theme="light", criterion=""))


def test_a_criterion_that_was_chosen_in_an_older_version_stays(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('criterion = "omega"\n', "utf-8")
    assert settings.load(tmp_path).settings.criterion == Criterion.OMEGA


def test_a_field_of_a_later_version_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('theme = "light"\nlater = 1\n', "utf-8")
    assert settings.load(tmp_path) == settings.Loaded(Settings(theme="light"))


def test_a_folder_that_cannot_be_made_is_no_fault_until_something_is_to_be_kept(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    loaded = settings.load(tmp_path / "none")
    assert loaded == settings.Loaded(Settings())
    loaded = settings.load(tmp_path / "file")
    assert loaded.settings == Settings()
    assert f"{tmp_path / 'file'}: Not a directory" in loaded.fault
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        settings.save(Settings(), tmp_path / "file" / "below")


def test_the_newest_picture_comes_first_and_once() -> None:
    kept = Settings()
    for name in ("a", "b", "a", *(str(number) for number in range(20))):
        kept = kept.with_recent(Path(name))
    assert kept.recent[0] == "19"
    assert len(kept.recent) == settings.RECENT
    assert Settings(recent=("b", "a")).with_recent(Path("a")).recent == ("a", "b")


def test_reset_forgets_what_was_set(tmp_path: Path) -> None:
    settings.save(Settings(theme="light"), tmp_path)
    assert settings.reset(tmp_path)
    assert settings.load(tmp_path).settings == Settings()
    assert not settings.reset(tmp_path)
