"""A finished run becomes a pack with a name and a written intended use, ready to be chosen."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from engine import pack_names, run_notes, runs
from engine.errors import Refusal
from engine.packs import learnt_from, store
from engine.packs import pack as packs
from engine.packs.pack import Pack
from engine.training import (
    card,
    card_tables,
    ensemble_card,
    folds,
    lesions_card,
    lesions_plan,
    stages_card,
    stages_plan,
)
from engine.training import plan as plans
from engine.training.card_text import one_line
from engine.training.lesions_judging import Judged
from engine.training.lesions_plan import LESIONS, LesionsPlan
from engine.training.plan import Plan
from engine.training.run import Run
from engine.training.stages_judging import Compared
from engine.training.stages_plan import STAGES, StagesPlan

_PARSED: Mapping[str, Callable[[str, str], Plan | StagesPlan | LesionsPlan]] = {
    STAGES: stages_plan.parse,
    LESIONS: lesions_plan.parse,
}

LEAST_USE = 20
"""Letters of an intended use that can be meant."""


def ship(
    folder: Path,
    name: str,
    version: str,
    title: str,
    intended_use: str,
    licence: str = "",
    *,
    anyway: bool = False,
) -> Pack:
    """Write the run's pack under its name, with the intended use in its card, and install it.

    The sealed pack in the run folder is not altered: a new one is written beside it. Raises
    ``Refusal`` where the run has none, the words cannot stand in a pack, or what it was measured
    on speaks against it, and it is not to be shipped ``anyway``.
    """
    run = Run.open(folder)
    if not (folder / "pack" / "manifest.json").is_file():
        raise Refusal(
            "There is nothing to ship.",
            f"The run {folder.name} has no pack: it has not ended, or ended without a best round.",
            "Let it end, or stop it once a round is over.",
        )
    title, use, licence = map(one_line, (title, intended_use, licence))
    if faults := _faults(name, version, use):
        whys, advice = zip(*faults, strict=True)
        raise Refusal("The pack was not made.", " ".join(whys), " ".join(advice))
    trained = packs.load_made(folder / "pack")
    written = plans.read_text(folder / "plan.toml")
    recipe = plans.recipe_of(written)
    seen = runs.see(folder)
    # A pack in folds tells it by itself, however old its run is.
    held_out = seen.facts.held_out
    doubt = run_notes.doubt(seen) if held_out else card_tables.chance(trained.manifest)
    if doubt and not anyway:
        raise Refusal(
            "The pack was not made.",
            doubt,
            "Train on more pictures, or ship it all the same with --anyway: its card will say so.",
        )
    parse = _PARSED.get(recipe, plans.parse)
    plan = parse(written, "plan.toml")
    words = msgspec.structs.replace(
        plan.pack,
        name=name,
        version=version,
        title=title or name,
        intended_use=use,
        licence=licence or plan.pack.licence,
    )
    plan = msgspec.structs.replace(plan, pack=words)
    text = plans.write(plan)
    manifest = msgspec.structs.replace(
        trained.manifest,
        name=words.name,
        version=words.version,
        title=words.title,
        licence=words.licence,
    )
    if isinstance(plan, StagesPlan):
        told = stages_card.text(plan, manifest, run.record("judged.json", Compared))
    elif isinstance(plan, LesionsPlan):
        told = lesions_card.text(plan, manifest, run.record("judged.json", Judged))
    else:
        kept = (folder / "judged.json").is_file()
        judged = run.record("judged.json", Judged) if kept else None
        told = card.text(plan, manifest, run.held_out(), judged, doubt)
    if manifest.forests:
        told += ensemble_card.part_of((trained.folder / "card.md").read_text("utf-8"))
    kept_files = folds.sealed(trained) | learnt_from.sealed(trained)
    texts = {"plan.toml": text, "card.md": told, **kept_files}
    target = folder / "shipped" / f"{name}@{version}"
    if (target / "manifest.json").is_file():
        raise Refusal(
            "The pack was not made.",
            f"{name} {version} was shipped from this run already.",
            "Give it another version; a sealed pack is never altered.",
        )
    weights = trained.network().state_dict()
    checkpoints = (
        (part.weights, trained.network(part.name).state_dict())
        for part in manifest.checkpoints
        if part.weights != manifest.network.weights
    )
    forests = ((part.arrays, trained.forest(part)) for part in manifest.forests)
    sealed = packs.write(target, manifest, weights, texts, checkpoints, forests)
    return store.install(sealed.folder)


def _faults(name: str, version: str, use: str) -> list[tuple[str, str]]:
    """What cannot stand in a pack, each with what to do."""
    found = [
        (
            f"“{word[:64]}” cannot be a pack's {kind}: {pack_names.MEANT[kind]}.",
            f"Give it another {kind}.",
        )
        for kind, word, fits in (
            ("name", name, pack_names.is_name(name)),
            ("version", version, pack_names.is_version(version)),
        )
        if not fits
    ]
    if taken := store.taken(name):
        found.append((taken, "Give it another name."))
    if len(use) < LEAST_USE:
        short = f"Its intended use is too short: {len(use)} of at least {LEAST_USE} letters."
        why = short if use else "Its intended use is not written."
        found.append((why, "Write in a sentence what it is for and whom it is for."))
    return found
