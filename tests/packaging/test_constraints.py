"""The pins hold everything that a set-up installs, and nothing that nothing asks for."""

import importlib.metadata
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
BUILD = {"pip", "hatchling", "editables"}
"""Named by the set-up itself."""


def pins() -> dict[str, Requirement]:
    rows = (PROJECT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(row) for row in rows if row.strip() and not row.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in found}


def asked() -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(row) for row in [*project["dependencies"], *chain(*extras)]]


def closure() -> set[str]:
    """Every installed distribution that the project, its extras or its builder lead to."""
    waiting = [(canonicalize_name(need.name), "") for need in asked()] + [(b, "") for b in BUILD]
    seen: set[str] = set()
    while waiting:
        name, extra = waiting.pop()
        if name in seen:
            continue
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        seen.add(name)
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(need.name), e) for e in ("", *need.extras)]
    return seen


def test_every_pin_names_one_version() -> None:
    loose = [str(pin) for pin in pins().values() if not str(pin.specifier).startswith("==")]
    assert not loose


@pytest.mark.parametrize("need", asked(), ids=str)
def test_what_the_project_asks_for_is_pinned_inside_its_own_bounds(need: Requirement) -> None:
    pin = pins()[canonicalize_name(need.name)]
    version = str(pin.specifier).removeprefix("==")
    assert need.specifier.contains(version), f"{pin} is outside {need}"


def test_everything_that_is_installed_for_the_project_is_pinned() -> None:
    # NVIDIA's libraries come with torch's CUDA build alone, which pins them itself.
    bound = {name for name in closure() if name.startswith("nvidia-") or name == "triton"}
    assert closure() - bound <= pins().keys()


def test_what_is_installed_is_what_is_pinned() -> None:
    wrong = {}
    for name in closure() & pins().keys():
        found = importlib.metadata.version(name)
        if not pins()[name].specifier.contains(found):
            wrong[name] = found
    assert not wrong


def test_nothing_is_pinned_that_nothing_asks_for() -> None:
    elsewhere = {"colorama", "tzdata"}  # asked for on Windows alone
    assert pins().keys() - elsewhere <= closure()


def test_qt_stays_below_the_release_that_loses_references() -> None:
    bounds = {need.name: need.specifier for need in asked()}
    assert not bounds["PySide6-Essentials"].contains("6.12.0")
    assert pins()["pyside6-essentials"].specifier == pins()["shiboken6"].specifier
