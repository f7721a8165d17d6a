"""Whether what a pack's manifest says agrees with itself, and is enough for an answer."""

from engine.errors import Refusal
from engine.packs.manifest import CheckpointPart, ForestPart, Manifest

_AGAIN = "Fetch the pack again from where it came from."

_Judged = Manifest | CheckpointPart | ForestPart
"""What has a calibration and an operating point of its own."""


def check(manifest: Manifest) -> None:
    """Raise ``Refusal`` where a manifest contradicts itself, or lacks what an answer needs."""
    parts: tuple[_Judged, ...] = (manifest, *manifest.checkpoints, *manifest.forests)
    for judged in parts:
        _check_calibration(manifest.name, judged)
    _check_input(manifest)
    _check_ensemble(manifest)
    _check_stages(manifest)


def _check_calibration(pack: str, judged: _Judged) -> None:
    if not judged.calibration.draws:
        raise Refusal(
            f"The pack {pack} cannot be used.",
            "No interval can be given with its probabilities: its calibration has no draws.",
            _AGAIN,
        )
    if not 0 <= judged.operating_point <= 1:
        raise Refusal(
            f"The pack {pack} cannot be used.",
            f"Its operating point is {judged.operating_point}, and a probability is 0 to 1.",
            _AGAIN,
        )


def _check_input(manifest: Manifest) -> None:
    size = manifest.network.arguments.get("size")
    if size != manifest.input.size:
        raise Refusal(
            f"The pack {manifest.name} contradicts itself.",
            f"Its network reads {size} pixels and its input has {manifest.input.size}.",
            _AGAIN,
        )


def _check_ensemble(manifest: Manifest) -> None:
    names = [part.name for part in manifest.checkpoints]
    asked = [part.asks for part in manifest.forests]
    unlisted = [part.arrays for part in manifest.forests if part.arrays not in manifest.files]
    why = ""
    if len(set(names)) < len(names) or "" in names:
        why = "Two of its checkpoints have one name, or one has none."
    elif len(set(asked)) < len(asked):
        why = "Two of its forests are asked about the same."
    elif asked and not names:
        why = "It has a forest, and no checkpoint whose scores it could join."
    elif unlisted:
        why = f"Its manifest does not list {unlisted[0]}."
    if why:
        raise Refusal(f"The pack {manifest.name} cannot be used.", why, _AGAIN)


def _check_stages(manifest: Manifest) -> None:
    part = manifest.stages
    if part is None:
        return
    count, calibration = len(part.names), part.calibration
    why = ""
    if len(set(part.names)) < count or not all(map(str.strip, part.names)):
        why = "Its stages' names are not all different, or one is empty."
    elif len(part.grades) != count or list(part.grades) != sorted(part.grades):
        why = "Its stages' grades are not one for each, in their order."
    elif manifest.network.arguments.get("stages") != count:
        why = f"It names {count} stages, and its network tells another number of them."
    elif part.positive_from >= count:
        why = "No stage of it answers its question with yes."
    elif not calibration.draws or any(
        len(each.offsets) != count for each in (calibration.fitted, *calibration.draws)
    ):
        why = "The calibration of its stages does not fit them."
    if why:
        raise Refusal(f"The pack {manifest.name} cannot be used.", why, _AGAIN)
