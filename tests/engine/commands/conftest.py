"""Drawn eyes whose truth is known, and a pack that learnt from what a test says."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.packs import learnt_from
from engine.packs import pack as packs
from engine.packs.pack import Pack
from engine.phantoms import eye_files
from engine.phantoms.eye import draw_eye
from engine.preparation import fundus
from engine.preparation.likeness import of_normalised


@pytest.fixture
def taught_by(untrained: Pack, tmp_path: Path) -> Callable[..., Pack]:
    """Write a pack called "taught" that tells of these pictures that it learnt from them."""

    def write(*pictures: Image.Image) -> Pack:
        learnt = [
            fundus.normalise(pixels, fundus.find_field_of_view(pixels), 448)[0]
            for pixels in map(np.asarray, pictures)
        ]
        texts = {"card.md": "# None\n", learnt_from.FILE: learnt_from.text(of_normalised(learnt))}
        manifest = msgspec.structs.replace(untrained.manifest, name="taught")
        return packs.write(tmp_path / "taught", manifest, untrained.network().state_dict(), texts)

    return write


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four drawn eyes with their masks, and one photograph of which nothing is known."""
    folder = tmp_path_factory.mktemp("eyes")
    for seed, severity in enumerate((3, 4, 2, 0)):
        eye_files.write(folder / f"eye{seed}.png", seed, severity=severity, width=520)
    Image.fromarray(draw_eye(9, width=520).pixels).save(folder / "unknown.jpg")
    return folder


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six graded eyes, a seventh that is dark and an eighth that is not there."""
    folder = tmp_path_factory.mktemp("graded")
    rows = []
    for seed, severity in enumerate((0, 1, 2, 3, 4, 0, 3)):
        pixels = draw_eye(seed, severity=severity, width=520).pixels
        dark = seed == 6
        Image.fromarray((pixels * (0.04 if dark else 1)).astype(np.uint8)).save(
            folder / f"eye{seed}.{'jpg' if seed % 2 else 'png'}"
        )
        rows.append(f"eye{seed},{severity},patient{seed // 2}")
    rows.append("gone,2,patient9")
    (folder / "grades.csv").write_text("\n".join(["image,dr_grade,patient_visit", *rows]))
    return folder / "grades.csv"
