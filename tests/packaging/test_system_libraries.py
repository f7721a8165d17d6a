"""Missing system libraries are named before Qt aborts, with the line that brings them."""

import ctypes.util
import platform
import subprocess
from pathlib import Path

import pytest
import system_libraries
from speech import SetupError
from system_libraries import ANY, WAYLAND, X11, Library

LINUX = pytest.mark.skipif(platform.system() != "Linux", reason="Only Linux leaves these to you.")


@LINUX
def test_a_library_that_exists_opens() -> None:
    known = ctypes.util.find_library("c")
    assert known is not None
    assert system_libraries.opens(known)


@LINUX
def test_a_library_that_does_not_exist_is_missing() -> None:
    lost = Library("libnowhere.so.7", "libnowhere7")
    assert system_libraries.missing([lost]) == (lost,)


@LINUX
def test_each_screen_asks_for_its_own_libraries() -> None:
    assert system_libraries.needed({}) == ANY
    assert system_libraries.needed({"DISPLAY": ":0"}) == ANY + X11
    assert system_libraries.needed({"WAYLAND_DISPLAY": "wayland-0"}) == ANY + WAYLAND


@LINUX
def test_every_library_that_qt_opens_is_in_the_lists() -> None:
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    opened = [
        qt / "lib" / "libQt6Gui.so.6",
        qt / "lib" / "libQt6Widgets.so.6",
        qt / "lib" / "libQt6Svg.so.6",
        qt / "plugins" / "platforms" / "libqoffscreen.so",
        qt / "plugins" / "platforms" / "libqxcb.so",
    ]
    wanted = {name for path in opened for name in _needed_by(path)}
    here = {path.name for path in (qt / "lib").iterdir()}
    # The C library's and the compiler's own come with Python.
    always = {
        "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1",
        "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
        "libz.so.1",
    }  # fmt: skip
    listed = {library.soname for library in ANY + X11}
    assert wanted - here - always - listed == set()


def _needed_by(path: Path) -> list[str]:
    tool = ["objdump", "-p", str(path)]
    try:
        told = subprocess.run(tool, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("objdump is not installed: what Qt opens cannot be read.")
    return [row.split()[1] for row in told.splitlines() if row.split()[:1] == ["NEEDED"]]


def test_debian_packages_are_named_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "_is_after_time_change", lambda: False)
    assert system_libraries.debian_packages(ANY[:3]) == ["libglib2.0-0", "libegl1"]


def test_a_renamed_package_has_its_new_name_and_others_their_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system_libraries, "_is_after_time_change", lambda: True)
    assert system_libraries.debian_packages(ANY[:3]) == ["libglib2.0-0t64", "libegl1"]


@pytest.mark.parametrize(
    ("release", "renamed"),
    [
        ({"ID": "debian", "VERSION_ID": "12"}, False),
        ({"ID": "debian", "VERSION_ID": "13"}, True),
        ({"ID": "debian"}, True),
        ({"ID": "ubuntu", "VERSION_ID": "22.04"}, False),
        ({"ID": "ubuntu", "VERSION_ID": "24.04"}, True),
    ],
)
def test_the_release_tells_the_names_where_apt_has_no_lists(
    release: dict[str, str], renamed: bool
) -> None:
    assert system_libraries.release_is_after_time_change(release) is renamed


def _on_a_machine_with(monkeypatch: pytest.MonkeyPatch, manager: str, *, root: bool) -> None:
    monkeypatch.setattr(
        system_libraries.shutil, "which", lambda name: f"/bin/{name}" if name == manager else None
    )
    monkeypatch.setattr(system_libraries, "_is_root", lambda: root)
    monkeypatch.setattr(system_libraries, "_is_after_time_change", lambda: False)


LOST = Library("libnowhere.so.7", "libnowhere7")


def test_an_ordinary_user_is_told_the_library_and_the_exact_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _on_a_machine_with(monkeypatch, "apt-get", root=False)
    with pytest.raises(SetupError) as told:
        system_libraries.provide([LOST])
    assert "libnowhere.so.7" in str(told.value)
    line = "sudo apt-get install -y --no-install-recommends libnowhere7"
    assert line in str(told.value)


def test_a_system_with_rpm_is_asked_for_the_library_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _on_a_machine_with(monkeypatch, "dnf", root=False)
    with pytest.raises(SetupError, match=r"sudo dnf install -y 'libnowhere\.so\.7\(\)\(64bit\)'"):
        system_libraries.provide([LOST])


def test_an_unknown_system_is_told_the_libraries_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    _on_a_machine_with(monkeypatch, "no package manager", root=True)
    with pytest.raises(SetupError, match=r"libnowhere\.so\.7") as told:
        system_libraries.provide([LOST])
    assert "sudo" not in str(told.value)


def test_as_root_the_packages_are_installed_after_the_lists_are_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _on_a_machine_with(monkeypatch, "apt-get", root=True)
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(list(command))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(system_libraries.subprocess, "run", run)
    with pytest.raises(SetupError, match="still missing"):  # nothing was really installed
        system_libraries.provide([LOST])
    assert [command[:2] for command in ran] == [["apt-get", "update"], ["apt-get", "install"]]
    assert ran[1][-1] == "libnowhere7"


def test_nothing_is_run_or_said_where_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_libraries, "missing", lambda _: ())
    system_libraries.provide(ANY)
    assert capfd.readouterr() == ("", "")


def test_other_systems_need_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries.platform, "system", lambda: "Darwin")
    assert system_libraries.needed({"DISPLAY": ":0"}) == ()
