"""A trained model as one checked thing on disk: every byte is accounted for before it is used."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from engine.answers import Criterion, PackReference
from engine.criteria import offered
from engine.errors import Refusal
from engine.folders import write_bytes
from engine.learning.features import count
from engine.learning.forest import Forest, from_arrays
from engine.packs import coherence, seals, unchanged
from engine.packs import manifest as manifests
from engine.packs.manifest import CheckpointPart, ForestPart, Manifest

if TYPE_CHECKING:
    from torch import Tensor, nn

_AGAIN = "Fetch the pack again from where it came from."

_PICKLE_STARTS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK\x03\x04", b"\x1f\x8b")
"""How a pickle begins, alone or inside torch's zip or a gzip."""

_OF_FOLDS = {"lesions": "members.0.", "stages": ""}
"""Networks that answer with the mean of members, one for each fold, and where the weights of an
only member stand."""

_LARGEST_MANIFEST = 4 * 2**20
"""Bytes; one with 200 draws of a calibration has 17,000."""


@dataclass(frozen=True)
class Pack:
    """A pack whose files were all checked against its manifest."""

    folder: Path
    manifest: Manifest
    sha256: str

    @property
    def reference(self) -> PackReference:
        """The pack as an answer names it."""
        return PackReference(self.manifest.name, self.manifest.version, self.sha256)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that its heatmaps can be drawn by, its usual one first."""
        return offered.of_network(self.manifest.network.name)

    def criterion(self, wanted: Criterion | None) -> Criterion:
        """The one wanted, its usual one where none is. Raises ``Refusal`` if it lacks it."""
        if wanted is None:
            return self.criteria[0]
        if wanted not in self.criteria:
            raise Refusal(
                f"The pack {self.manifest.name} draws no heatmap by {wanted}.",
                f"Its network has {', '.join(self.criteria)}.",
                f"Name one of these, or none: then it is {self.criteria[0]}.",
            )
        return wanted

    @property
    def members(self) -> tuple[str, ...]:
        """Its networks' names, where it answers with the mean of one for each fold."""
        part = self.manifest.network
        # One that is a fold's alone, as of short trainings, is no mean.
        count = part.arguments.get("members", 1) if part.name in _OF_FOLDS else 1
        if count == 1:
            return ()
        return tuple(f"fold {number}" for number in range(1, count + 1))

    def checkpoint(self, name: str) -> CheckpointPart:
        """A checkpoint by its name. Raises ``Refusal`` naming what there is."""
        parts = {part.name: part for part in self.manifest.checkpoints}
        if name not in parts:
            raise Refusal(
                f"The pack {self.manifest.name} was not asked.",
                f"It has no checkpoint {name}; it has {', '.join(parts) or 'none'}.",
                "Name one that it has, or none.",
            )
        return parts[name]

    def network(self, checkpoint: str = "") -> "nn.Module":
        """Build the network with its weights, in float32 and evaluation mode, on the processor.

        ``checkpoint`` names one of the pack's, or one of its networks (``member``); "" is the
        network that it ships.

        Raises:
            Refusal: there is no such checkpoint, or the weights are not those of the network that
                the manifest names.
        """
        from engine.networks import registry

        part = self.manifest.network
        arguments = part.arguments
        if checkpoint in self.members:
            arguments = {**arguments, "members": 1}
            number = self.members.index(checkpoint)
            weights = _of_member(self._tensors(part.weights), number, _OF_FOLDS[part.name])
        else:
            file = self.checkpoint(checkpoint).weights if checkpoint else part.weights
            weights = self._tensors(file)
        network = registry.build(part.name, arguments)
        expected = network.state_dict()
        if {name: tuple(value.shape) for name, value in expected.items()} != {
            name: tuple(value.shape) for name, value in weights.items()
        }:
            raise Refusal(
                f"The pack {self.manifest.name} does not fit its own network.",
                f"Its weights are not those of {part.name} with {json.dumps(part.arguments)}.",
                _AGAIN,
            )
        network.load_state_dict({name: value.float() for name, value in weights.items()})
        return network.eval()

    def forest(self, part: ForestPart) -> Forest:
        """One of the pack's forests. Raises ``Refusal`` if its file holds none that fits."""
        from safetensors import SafetensorError
        from safetensors.numpy import load as arrays

        try:
            forest = from_arrays(arrays(_sealed(self.folder, part.arrays, self.manifest)))
            expected = count(part.asks, len(self.manifest.checkpoints), len(part.context))
            if forest.features != expected:
                raise ValueError(f"it looks at {forest.features} features in place of {expected}")
        except (SafetensorError, ValueError) as error:
            raise Refusal(
                f"The pack {self.manifest.name} was not opened.",
                f"{part.arrays} holds no forest of it: {error}.",
                _AGAIN,
            ) from error
        return forest

    def _tensors(self, file: str) -> dict[str, "Tensor"]:
        from safetensors import SafetensorError
        from safetensors.torch import load as tensors

        # Read and checked once more: the file may have changed since the pack was loaded.
        content = _sealed(self.folder, file, self.manifest)
        try:
            return tensors(content)
        except SafetensorError as error:
            raise Refusal(
                f"The pack {self.manifest.name} was not opened.",
                f"{file} holds no weights.",
                _AGAIN,
            ) from error


def _of_member(tensors: "dict[str, Tensor]", number: int, alone: str) -> "dict[str, Tensor]":
    """The weights of one member, as those of the only one."""
    own = f"members.{number}."
    return {
        f"{alone}{name.removeprefix(own)}": value
        for name, value in tensors.items()
        if name.startswith(own)
    }


def load(folder: Path) -> Pack:
    """Read a pack's folder and check every file against the manifest.

    The manifest of one that ships, or that has its name and version, is checked against the
    program; of another pack nothing tells whether its manifest is still the one that was sealed.

    One that was checked before and was not touched since is not read again. Weights and forests
    are checked once more when they are read for use.

    Raises:
        Refusal: a file is missing, changed, not named in the manifest, or not what it says.
    """
    pack = load_made(folder)
    seals.check_version(pack.manifest.name, pack.manifest.version, pack.sha256)
    return pack


def load_made(folder: Path) -> Pack:
    """``load`` for the run that made a pack, whatever its name.

    The plan of a pack that ships makes one of that name and version when it is carried out again:
    nobody is to be answered by it, but it can be shipped under another name.
    """
    state = unchanged.state_of(folder)
    if (pack := unchanged.checked(folder, state)) is None:
        pack = _checked(folder)
        unchanged.keep(pack, state)
    return pack


def _checked(folder: Path) -> Pack:
    text = _read(folder / manifests.NAME, folder.name)
    if len(text) > _LARGEST_MANIFEST:
        raise Refusal(
            f"The pack {folder.name} was not opened.",
            f"Its manifest has {len(text)} bytes; it may have at most {_LARGEST_MANIFEST}.",
            "Do not use this pack.",
        )
    sha256 = hashlib.sha256(text).hexdigest()
    seals.check(folder, sha256)
    manifest = manifests.parse(text, folder.name)
    named = (manifest.network.weights, *(part.weights for part in manifest.checkpoints))
    for file in named:
        if file not in manifest.files:
            raise Refusal(
                f"The pack {manifest.name} has no weights.",
                f"Its manifest does not list {file}.",
                _AGAIN,
            )
    extra = sorted(_names(folder) - set(manifest.files) - {manifests.NAME})
    if extra:
        raise Refusal(
            f"The pack {manifest.name} holds a file that is not its own.",
            f"{extra[0]} is not named in the manifest.",
            "Remove that file, or fetch the pack again from where it came from.",
        )
    for name in manifest.files:
        _sealed(folder, name, manifest)
    coherence.check(manifest)
    return Pack(folder, manifest, sha256)


def load_sealed(folder: Path, sha256: str) -> Pack:
    """A pack that was loaded before. Raises ``Refusal`` if another one lies there by now."""
    pack = load(folder)
    if pack.sha256 != sha256:
        raise Refusal(
            f"The pack {pack.manifest.name} was replaced while it was in use.",
            f"Its seal was {sha256[:12]} and is {pack.sha256[:12]}.",
            "Ask again.",
        )
    return pack


def write(
    folder: Path,
    manifest: Manifest,
    weights: Mapping[str, "Tensor"],
    texts: Mapping[str, str],
    checkpoints: Iterable[tuple[str, Mapping[str, "Tensor"]]] = (),
    forests: Iterable[tuple[str, Forest]] = (),
) -> Pack:
    """Write a pack: ``weights`` as float16 safetensors, ``texts`` by file name, sealed at the end.

    ``checkpoints`` and ``forests`` come by file name, taken one at a time. ``manifest.files``,
    ``.created`` and ``.format`` are filled in here; the folder appears whole or not at all.
    Raises ``Refusal`` if it holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refusal(
            "The pack was not written.",
            f"The folder {folder.name} is not empty.",
            "Choose another name or version; a sealed pack is never altered.",
        )
    # A run that is killed here writes its pack again: half a folder would stand in its way.
    staged = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    files: dict[str, str] = {}
    of_network = [(manifest.network.weights, weights)]
    for name, content in chain(
        ((name, _halves(tensors)) for name, tensors in chain(of_network, checkpoints)),
        ((name, _arrays(forest)) for name, forest in forests),
        ((name, text.encode()) for name, text in texts.items()),
    ):
        write_bytes(staged / name, content)
        files[name] = hashlib.sha256(content).hexdigest()
    sealed = msgspec.structs.replace(
        manifest,
        format=manifest.oldest_format,
        files=files,
        created=datetime.now(UTC).replace(microsecond=0).isoformat(),
    )
    write_bytes(staged / manifests.NAME, manifests.encode(sealed))
    if folder.exists():
        folder.rmdir()
    staged.rename(folder)
    return load_made(folder)


def _halves(weights: Mapping[str, "Tensor"]) -> bytes:
    from safetensors.torch import save

    return save(
        {
            name: (value.half() if value.is_floating_point() else value).contiguous()
            for name, value in ((name, value.detach().cpu()) for name, value in weights.items())
        }
    )


def _arrays(forest: Forest) -> bytes:
    from safetensors.numpy import save

    return save({name: np.ascontiguousarray(array) for name, array in forest.arrays().items()})


def _sealed(folder: Path, name: str, manifest: Manifest) -> bytes:
    """One file of a pack, checked against its seal."""
    if Path(name).name != name:
        raise Refusal(
            f"The pack {manifest.name} names a file outside its own folder.",
            f"The manifest lists {name}.",
            "Do not use this pack.",
        )
    content = _read(folder / name, manifest.name)
    if content.startswith(_PICKLE_STARTS):
        raise Refusal(
            f"The pack {manifest.name} was not opened.",
            f"{name} holds a Python program's objects, not plain weights or text.",
            "Do not use this pack; such a file can run code.",
        )
    found, expected = hashlib.sha256(content).hexdigest(), manifest.files[name]
    if found != expected:
        raise Refusal(
            f"The pack {manifest.name} was changed after it was sealed.",
            f"{name} should have the seal {expected[:12]} and has {found[:12]}.",
            _AGAIN,
        )
    return content


def _read(path: Path, pack: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # a name with a zero byte is no name
        raise Refusal(
            f"The pack {pack} is not complete.", f"{path.name} is missing or unreadable.", _AGAIN
        ) from error


def _names(folder: Path) -> set[str]:
    # Folders and links too: whatever lies here would be carried along unchecked.
    return {path.name for path in folder.iterdir()}
