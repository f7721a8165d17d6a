"""The words over a photograph of an eye: which eye, by whose word, and what its heatmap is of."""

from dataclasses import replace

from engine.answers import RetinopathyAnswer
from engine.eyes.which import WhichEye
from viewer.layers.captions import Captions
from viewer.photograph.stage_kept import StageEvidence


def captions_of(
    name: str,
    which: WhichEye,
    answer: RetinopathyAnswer | None,
    evidence: StageEvidence | None,
    *,
    linked: bool,
) -> Captions:
    """Of the file called ``name``; a stage's ``evidence`` is what is seen in place of the answer's.

    ``linked``: another view follows this one.
    """
    captions = Captions(
        name, which.laterality, eye_from=which.words, doubt=which.doubt, eye_sought=which.sought,
        linked=linked,
    )  # fmt: skip
    if evidence is not None:
        captions = replace(captions, of=evidence.of)
    seen = answer if evidence is None else evidence.answer
    if seen is None:
        return captions
    return replace(
        captions,
        pack=f"{seen.pack.name} {seen.pack.version}",
        criterion=seen.criterion,
        resolution=seen.resolution,
    )
