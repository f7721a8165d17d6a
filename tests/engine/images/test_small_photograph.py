"""A photograph at the size of a list, beside Pillow's own reduction of the whole one."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Refusal
from engine.images.photograph import open_small


def _drawn(width: int, height: int) -> Image.Image:
    """Red to the right, green downwards: every corner has a colour of its own."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    blue = np.full_like(across, 60)
    return Image.fromarray(np.dstack([across, down, blue]).astype(np.uint8))


@pytest.mark.parametrize("ending", ["jpg", "png"])
@pytest.mark.parametrize(("width", "height"), [(2400, 1600), (1000, 1500), (90, 60)])
def test_it_fills_its_frame_and_shows_the_whole_photograph(
    tmp_path: Path, ending: str, width: int, height: int
) -> None:
    path = tmp_path / f"eye.{ending}"
    image = _drawn(width, height)
    image.save(path)
    small, _ = open_small(path)
    assert small.shape[1] == 224 or small.shape[0] == 184
    reference = image.resize((small.shape[1], small.shape[0]), Image.Resampling.BOX)
    assert np.abs(small.astype(int) - np.asarray(reference)).mean() < 4


def test_a_photograph_that_lies_on_its_side_stands_upright(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    _drawn(2400, 1600).save(path, exif=exif)
    small, _ = open_small(path)
    assert small.shape[0] > small.shape[1]
    red = small[..., 0].astype(int)
    assert red[-1].mean() > red[0].mean() + 150


def test_a_small_picture_within_the_file_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "eye.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8769)
    _drawn(1200, 800).save(path, exif=exif)
    Image.new("RGB", (160, 120), "white").save(tmp_path / "within.jpg")
    within = (tmp_path / "within.jpg").read_bytes()
    content = path.read_bytes()
    # A marker of its own kind, as cameras write a preview: APP2 with a whole JPEG in it.
    marker = b"\xff\xe2" + (len(within) + 2).to_bytes(2, "big") + within
    path.write_bytes(content[:2] + marker + content[2:])
    small, _ = open_small(path)
    assert small.mean() < 160


def test_what_is_no_photograph_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear reader")
    with pytest.raises(Refusal, match="cannot be opened"):
        open_small(path)
