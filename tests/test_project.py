"""What the project promises of itself: one licence, no foreign paths, a wheel that is whole."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKS = PROJECT / "resources" / "packs"
LARGEST_PACKS = 60 * 2**20
"""Bytes of all shipped packs together: the wheel stays one that a clinic's line can fetch."""
BINARY = {".png", ".jpg", ".ttf", ".otf", ".woff2", ".ico", ".safetensors", ".npy", ".npz", ".gz"}


def _kept() -> list[Path]:
    """The files that are kept in the repository, or would be."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("This is no git checkout: which files are kept cannot be asked.")
    return [PROJECT / name for name in told.stdout.split("\0") if name]


def _texts() -> dict[Path, str]:
    found = {}
    for path in _kept():
        if path.suffix not in BINARY and path.is_file():
            found[path.relative_to(PROJECT)] = path.read_text(encoding="utf-8")
    return found


def test_every_text_is_utf_8_and_ends_its_lines_one_way() -> None:
    assert [path for path, text in _texts().items() if "\r" in text] == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    # Written in pieces, so that this file does not hold them either.
    signs = ["/" + "work/", "/" + "root/", str(Path.home()) + "/", "/" + "home/reader/."]
    mine = [sign for sign in signs if len(sign) > 3]
    found = {str(path): sign for path, text in _texts().items() for sign in mine if sign in text}
    assert found == {}


def test_nothing_that_is_kept_is_a_pickle() -> None:
    pickles = {".pkl", ".pickle", ".pt", ".pth", ".joblib", ".ckpt"}
    assert [path for path in _kept() if path.suffix in pickles] == []


def test_the_licence_is_apache_2_and_named_so() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    text = (PROJECT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert text.rstrip().endswith("limitations under the License.")


def test_the_packs_that_ship_stay_small_together() -> None:
    sizes = {path: path.stat().st_size for path in PACKS.rglob("*") if path.is_file()}
    assert sum(sizes.values()) <= LARGEST_PACKS, sizes


def test_the_readme_says_that_it_is_for_research_before_it_says_how() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert 0 < readme.find("Research use only. Not a medical device.") < readme.find("make run")


def test_what_the_readme_links_to_is_there() -> None:
    import re

    for page in ("README.md", "CONTRIBUTING.md"):
        text = (PROJECT / page).read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#:]+)\)", text)
        assert [link for link in links if not (PROJECT / link).exists()] == [], page


def test_the_changes_begin_with_what_is_unreleased() -> None:
    changes = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = [row for row in changes.splitlines() if row.startswith("## ")]
    assert headings[0] == "## Unreleased"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel as the builder makes it, without fetching a builder."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(out), str(PROJECT)]
    subprocess.run(command, check=True, timeout=110)
    (built,) = out.glob("*.whl")
    return zipfile.Path(zipfile.ZipFile(built))


def test_the_wheel_holds_the_rooms_and_every_resource(wheel: zipfile.Path) -> None:
    inside = set(wheel.root.namelist())
    rooms = ("engine", "viewer", "resources")
    kept = {str(path.relative_to(PROJECT).as_posix()) for path in _kept() if path.is_file()}
    wanted = {name for name in kept if name.startswith(tuple(f"{room}/" for room in rooms))}
    assert wanted
    assert wanted - inside == set()


def test_the_wheel_holds_nothing_but_the_rooms_and_its_own_notes(wheel: zipfile.Path) -> None:
    first = {name.split("/")[0] for name in wheel.root.namelist()}
    notes = {name for name in first if name.endswith(".dist-info")}
    assert len(notes) == 1
    assert first - notes == {"engine", "viewer", "resources"}


def test_the_wheel_brings_the_command_and_the_licence(wheel: zipfile.Path) -> None:
    names = wheel.root.namelist()
    (points,) = [name for name in names if name.endswith("entry_points.txt")]
    assert "lesionlens = viewer.main:main" in wheel.root.read(points).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_no_two_files_of_tests_share_a_name() -> None:
    # They are imported by their names alone, so that a second one would hide behind the first.
    names = [path.name for path in Path(__file__).parent.rglob("*.py")]
    named = sorted(name for name in names if name != "conftest.py")
    assert named == sorted(set(named))
