"""The packs on this computer: those that ship, and those that the user installed."""

import lzma
import re
import tempfile
import zipfile
import zlib
from pathlib import Path

from engine import folders, pack_names
from engine.answers import PackSummary
from engine.errors import Refusal
from engine.packs import manifest as manifests
from engine.packs.pack import Pack, load
from engine.packs.seals import shipped

ENDING = ".llpack"
LARGEST = 4 * 2**30
"""Bytes that a pack may unpack to; the largest network of the papers needs a sixteenth of it."""

USUAL = {"retinopathy": "retinopathy-lesions", "stage": "retinopathy-stages"}
"""Which of several packs that ship is asked where none is named."""


def list_packs() -> tuple[PackSummary, ...]:
    """Every pack on this computer, checked: the user's, those in ``USUAL``, the others that ship.

    Each by name. One that cannot be used is listed with its fault.
    """
    usual = USUAL.values()
    return tuple(
        _summary(path, path.parent == shipped())
        for place in (folders.packs(), shipped())
        if place.is_dir()  # git keeps no empty folder, so a build without packs has none
        for path in sorted(place.iterdir(), key=lambda path: (path.name not in usual, path))
        if (path / manifests.NAME).is_file()
    )


def find(name: str, question: str = "") -> Path:
    """The folder of a pack by its name, by NAME@VERSION, or by its path.

    A name alone means its highest version; a name that a pack which ships has means that one, also
    where a folder here is called so (``./NAME`` means the folder). An empty name means the pack
    that ships for the question, of several the one in ``USUAL``. Without a question the pack may
    answer any. Raises ``Refusal`` naming what there is.
    """
    path = Path(name)
    ships = path.name == name and (shipped() / name / manifests.NAME).is_file()
    if name and not ships and (path / manifests.NAME).is_file():
        return path
    packs = list_packs()
    summaries = [pack for pack in packs if question in ("", pack.question) or pack.fault]
    usual = "" if name else USUAL.get(question, "")
    summaries.sort(
        key=lambda pack: (pack.name == usual, pack.shipped, _version(pack)), reverse=True
    )
    for summary in summaries:
        if name in (summary.name, f"{summary.name}@{summary.version}"):
            return Path(summary.path)
        if not name and summary.shipped and not summary.fault:
            return Path(summary.path)
    raise _not_found(name, question, packs)


def _not_found(name: str, question: str, packs: tuple[PackSummary, ...]) -> Refusal:
    known = [pack.name for pack in packs if question in ("", pack.question) or pack.fault]
    others = [pack for pack in packs if name in (pack.name, f"{pack.name}@{pack.version}")]
    there = f"On this computer for {question}" if question else "There are"
    what = f"There is no pack {name}."
    advice = "Install one with File, Add pack, or: lesionlens packs import FILE."
    if others:
        what = f"{name} is a pack for {others[0].question}, not for {question}."
    elif not name:
        what = f"No pack ships for {question}, and none was named."
    if known and not name:
        advice = f"Name one: --pack {known[0]}."
    return Refusal(what, f"{there}: {', '.join(known) or 'none'}.", advice)


def install(source: Path) -> Pack:
    """Check a pack, a folder or an ``.llpack`` file, and copy it into the user's pack folder.

    Nothing is left behind when it is refused. Raises ``Refusal``.
    """
    try:
        return _install(source)
    except OSError as fault:
        raise Refusal(
            f"The pack {source.name} was not installed.",
            f"The folder for packs did not take it: {fault.strerror}.",
            f"Check that there is room, and that you may write to {folders.packs()}.",
        ) from fault


def _install(source: Path) -> Pack:
    place = folders.made(folders.packs())
    with tempfile.TemporaryDirectory(dir=place, prefix=".install-") as scratch:
        staged = Path(scratch) / (source.resolve().stem or "pack")
        if source.is_dir():
            _copy(load(source), staged)
        else:
            _unpack(source, staged)
        pack = load(staged)
        _check_name(pack)
        target = place / f"{pack.manifest.name}@{pack.manifest.version}"
        for each in list_packs():
            if each.shipped and each.sha256 == pack.sha256:
                return load(Path(each.path))
        if why := taken(pack.manifest.name):
            raise Refusal(
                f"The pack {pack.manifest.name} was not installed.",
                why,
                "Ask for it under another name.",
            )
        if target.exists():
            if load(target).sha256 == pack.sha256:
                return load(target)
            raise Refusal(
                f"The pack {pack.manifest.name} was not installed.",
                f"Version {pack.manifest.version} is here already, with another content.",
                "Ask for the pack under a new version; a sealed pack is never altered.",
            )
        staged.rename(target)
    return load(target)


def taken(name: str) -> str:
    """Why no pack may be called so beside those that are here, in a sentence; "" if it may."""
    for each in list_packs():
        if each.name.casefold() == name.casefold():
            if each.shipped:
                return f"A pack that comes with LesionLens is called {each.name}."
            if each.name != name:
                return f"{each.name} is here already; some systems take both names for one."
    return ""


def export(pack: Pack, to: Path) -> Path:
    """Write a pack as one ``.llpack`` file and return its path. Raises ``Refusal``."""
    path = to if to.suffix == ENDING else to.with_name(to.name + ENDING)

    def write(file: object) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            for name in (manifests.NAME, *sorted(pack.manifest.files)):
                archive.write(pack.folder / name, name)

    try:
        folders.write_whole(path, write)
    except OSError as fault:
        raise Refusal(
            f"{path.name} was not written.",
            f"Its folder did not take it: {fault.strerror}.",
            "Choose another folder.",
        ) from fault
    return path


def _copy(pack: Pack, target: Path) -> None:
    # By the manifest and no other file: a link or a pipe in the folder is not followed.
    target.mkdir()
    for name in (manifests.NAME, *pack.manifest.files):
        (target / name).write_bytes((pack.folder / name).read_bytes())


def _unpack(source: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise Refusal(
                    f"The pack {source.name} was not opened.",
                    f"It unpacks to more than {LARGEST // 2**30} GB.",
                    "Do not use this file.",
                )
            outside = [entry.filename for entry in entries if _leaves(entry.filename)]
            if outside:
                raise Refusal(
                    f"The pack {source.name} was not opened.",
                    f"It would write outside its own folder: {outside[0]}.",
                    "Do not use this file.",
                )
            archive.extractall(target)
    except (
        OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError,
        EOFError, ValueError,
    ) as error:  # fmt: skip
        raise Refusal(
            f"{source.name} is not a pack.",
            f"A pack is a folder with {manifests.NAME}, or one {ENDING} file.",
            "Choose the pack's folder or its file.",
        ) from error


def _leaves(name: str) -> bool:
    return Path(name).name != name or "\\" in name or ":" in name


def _check_name(pack: Pack) -> None:
    for word in (pack.manifest.name, pack.manifest.version):
        if not pack_names.is_name(word):
            raise Refusal(
                "The pack was not installed.",
                f"It calls itself “{word[:64]}”, which cannot be a folder's name.",
                "Ask for the pack under a name and version of Latin letters, digits, - and .",
            )
    if pack_names.has_leading_zero(pack.manifest.version):
        raise Refusal(
            "The pack was not installed.",
            f"Its version {pack.manifest.version} has a number that begins with 0.",
            "Ask for the pack under a version such as 1.2.0.",
        )


def _version(summary: PackSummary) -> list[int]:
    """By numbers, so that 0.10 comes after 0.9."""
    return [int(number) for number in re.findall(r"\d+", summary.version)]


def _summary(folder: Path, is_shipped: bool) -> PackSummary:
    try:
        pack = load(folder)
    except Refusal as refusal:
        name, _, version = folder.name.partition("@")
        return PackSummary(name, version, name, "", "", str(folder), is_shipped, refusal.reason)
    manifest = pack.manifest
    return PackSummary(
        manifest.name,
        manifest.version,
        manifest.title,
        manifest.question,
        pack.sha256,
        str(folder),
        is_shipped,
        lesion_threshold=manifest.lesion_threshold,
        criteria=pack.criteria,
        checkpoints=tuple(part.name for part in manifest.checkpoints),
        forests=tuple(str(part.asks) for part in manifest.forests),
    )
