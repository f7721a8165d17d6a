"""How the default pack's answer moves when a photograph is changed: docs/packs.md, by -s."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from engine.answers import Decision
from engine.images.photograph import open_picture
from engine.packs import store
from engine.packs.pack import load
from engine.preparation.disturbances import COMPRESSED, GRAINY
from engine.questions import retinopathy
from engine.task import Task

Change = Callable[[Image.Image], Image.Image]


def scaled(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def compressed(quality: int) -> Change:
    def change(image: Image.Image) -> Image.Image:
        content = io.BytesIO()
        image.save(content, "JPEG", quality=quality)
        return Image.open(content).convert("RGB")

    return change


def veiled(rest: float) -> Change:
    """A pale veil over the eye, not over the black around it, that leaves ``rest`` of contrast."""

    def change(image: Image.Image) -> Image.Image:
        values = np.asarray(image).astype(np.float32)
        veil = np.float32((150, 130, 105))
        eye = values.max(axis=2, keepdims=True) > 20
        return scaled(np.where(eye, rest * values + (1 - rest) * veil, values))

    return change


def grain(levels: float, soft: float = 0) -> Change:
    def change(image: Image.Image) -> Image.Image:
        values = np.asarray(image)
        noise = np.random.default_rng(0).normal(0, 1, values.shape)
        if soft:
            noise = cv2.GaussianBlur(noise, (0, 0), soft)
        return scaled(values + levels * noise / noise.std())

    return change


CHANGES: dict[str, Change] = {
    "none": lambda image: image,
    "half the pixels each way": lambda image: image.resize(
        (image.width // 2, image.height // 2), Image.Resampling.LANCZOS
    ),
    "blurred by 1/1400 of the width": lambda image: image.filter(
        ImageFilter.GaussianBlur(image.width / 1400)
    ),
    "a quarter darker": lambda image: ImageEnhance.Brightness(image).enhance(0.75),
    "green 0.9, blue 0.7": lambda image: scaled(np.asarray(image) * (1, 0.9, 0.7)),
    "gamma 1.3": lambda image: scaled(255 * (np.asarray(image) / 255) ** 1.3),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "a veil that leaves 0.6 of contrast": veiled(0.6),
    "a veil that leaves 0.35 of contrast": veiled(0.35),
    "JPEG of quality 70": compressed(70),
    "JPEG of quality 50": compressed(50),
    "grain of 3 levels": grain(3),
    "grain of 6 levels": grain(6),
    "grain of 3 levels, smoothed by 0.7 pixels": grain(3, 0.7),
}


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_size_light_colour_and_slight_blur_change_no_decision(
    shared: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = shared("data/fundus/idrid_grading")
    with next(folder.glob("*.csv")).open(newline="") as table:
        referable = {row["image"]: int(row["dr_grade"]) >= 2 for row in csv.DictReader(table)}
    pack = load(store.find("retinopathy-lesions"))
    said: dict[str, dict[str, Decision]] = {change: {} for change in CHANGES}
    warned = dict.fromkeys(CHANGES, 0)
    for path in sorted(folder.glob("*.jpg"))[::5]:
        image = Image.open(path).convert("RGB")
        for change, carry_out in CHANGES.items():
            carry_out(image).save(tmp_path / "changed.bmp")
            photograph = open_picture(tmp_path / "changed.bmp")
            answer, _ = retinopathy.answer(photograph, pack, None, "processor", Task())
            if answer.decision is not Decision.UNGRADABLE:
                said[change][path.stem] = answer.decision
                warned[change] += bool({COMPRESSED, GRAINY} & set(answer.warnings))
    moved = {}
    for change, decisions in said.items():
        both = decisions.keys() & said["none"].keys()
        moved[change] = sum(decisions[name] is not said["none"][name] for name in both)
        called = {name: each is Decision.REFERABLE for name, each in decisions.items()}
        found = [called[name] for name in called if referable[name]]
        cleared = [not called[name] for name in called if not referable[name]]
        rates = f"sensitivity {np.mean(found):.3f}, specificity {np.mean(cleared):.3f}"
        told = f"{warned[change]} warned of"
        print(f"{change}: {moved[change]} of {len(both)} changed; {rates}; {told}")  # noqa: T201
    steady = ("half the pixels each way", "blurred by 1/1400 of the width", "a quarter darker")
    assert all(moved[change] == 0 for change in (*steady, "green 0.9, blue 0.7"))
    assert warned["none"] == 0
    assert min(warned["JPEG of quality 50"], warned["grain of 6 levels"]) > 70
