"""What is no retinopathy changes the picture and stands in no mask."""

import numpy as np
import pytest

from engine.phantoms.artefacts import lay_artefacts
from engine.phantoms.camera import PLAIN
from engine.phantoms.ground import draw_anatomy
from engine.phantoms.harmless import lay_harmless
from engine.phantoms.lifelike import draw_lifelike


def _changes(lay: str) -> list[float]:
    """The largest relative change of a flat retina, for a hundred seeds."""
    frame = PLAIN.frame(120)
    anatomy = draw_anatomy(np.random.default_rng(0), (0.0, 0.0))
    changes = []
    for seed in range(100):
        retina = np.full((3, frame.height, frame.width), 0.5, np.float32)
        generator = np.random.default_rng(seed)
        if lay == "harmless":
            lay_harmless(retina, generator, frame, anatomy, 1)
        else:
            lay_artefacts(retina, generator, frame)
        assert np.isfinite(retina).all()
        assert retina.min() >= 0
        changes.append(float(np.abs(retina / 0.5 - 1).max()))
    return changes


@pytest.mark.parametrize("lay", ["harmless", "artefacts"])
def test_some_eyes_show_them_and_others_none(lay: str) -> None:
    changes = np.array(_changes(lay))
    assert 0.15 < np.mean(changes > 0.05) < 0.9
    assert np.mean(changes == 0) > 0.1


def test_a_healthy_eye_with_all_of_it_has_no_lesion() -> None:
    for seed in range(12):
        eye = draw_lifelike(seed, 0, 80)
        assert not eye.marks
        assert not any(mask.any() for mask in eye.lesions.values())
