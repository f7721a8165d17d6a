"""JPEG photographs that are damaged, beside sound ones that look alike."""

from pathlib import Path

import numpy as np
import picture_files as files
import pytest
from PIL import Image

from engine.errors import Refusal
from engine.images.jpeg import LEFT_OVER
from engine.images.photograph import open_picture, open_small
from engine.pictures import Photograph


def _grainy() -> Image.Image:
    """As a photograph is: no two blocks alike, 480 x 640."""
    grain = np.random.default_rng(0).integers(-20, 20, (480, 640, 3))
    smooth = files.patchwork(480, 640).astype(int) % 256
    return Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))


GRAINY = _grainy()
PLAIN = files.encoded(GRAINY, "JPEG", quality=92)
SOUND = {
    "plain": PLAIN,
    "444": files.encoded(GRAINY, "JPEG", quality=92, subsampling=0),
    "own tables": files.encoded(GRAINY, "JPEG", optimize=True),
    "restarts": files.encoded(GRAINY, "JPEG", restart_marker_rows=1),
    "grey": files.encoded(GRAINY.convert("L"), "JPEG"),
    "cmyk": files.encoded(GRAINY.convert("CMYK"), "JPEG"),
}
BLACK = Image.new("RGB", (2000, 1500))


def _opened(folder: Path, content: bytes) -> Photograph:
    path = folder / "eye.jpg"
    path.write_bytes(content)
    return open_picture(path)


def _with_a_small_one(content: bytes) -> bytes:
    """A marker as cameras write it for a preview: APP2 with a whole JPEG in it."""
    small = files.encoded(GRAINY.resize((160, 120)), "JPEG")
    return content[:2] + b"\xff\xe2" + (len(small) + 2).to_bytes(2, "big") + small + content[2:]


DAMAGED = {
    **{
        f"{kind}, a sector of zeros": content[: len(content) // 2]
        + bytes(512)
        + content[len(content) // 2 + 512 :]
        for kind, content in SOUND.items()
    },
    "its second half zeros": PLAIN[: len(PLAIN) // 2] + bytes(len(PLAIN) // 2),
    "zeros up to its end": PLAIN[: len(PLAIN) // 2] + bytes(len(PLAIN) // 2) + PLAIN[-2:],
    "a sector missing": PLAIN[: len(PLAIN) // 2] + PLAIN[len(PLAIN) // 2 + 512 :],
    "cut, a small one whole": _with_a_small_one(PLAIN)[:-2],
    "cut, another one behind": PLAIN[: len(PLAIN) // 2] + SOUND["grey"],
    "all but its end": PLAIN[:-2],
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_jpeg_is_refused_and_not_shown_scrambled(
    damage: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refusal, match="damaged"):
        _opened(tmp_path, DAMAGED[damage])
    with pytest.raises(Refusal, match="damaged"):
        open_small(tmp_path / "eye.jpg")
    assert capfd.readouterr().err == ""


LOOKING_ALIKE = {
    **SOUND,
    "progressive": files.encoded(GRAINY, "JPEG", progressive=True),
    "black, all zeros": files.encoded(BLACK, "JPEG", optimize=True),
    "black, progressive": files.encoded(BLACK, "JPEG", progressive=True),
    "a small one within": _with_a_small_one(PLAIN),
    "more behind its end": PLAIN + bytes(5000),
    "another one behind": PLAIN + SOUND["grey"],
    "filled up before its end": PLAIN[:-2] + b"\xff\xff\xff" + PLAIN[-2:],
}


@pytest.mark.parametrize("kind", LOOKING_ALIKE)
def test_a_sound_jpeg_opens_as_another_reader_shows_it(kind: str, tmp_path: Path) -> None:
    picture = _opened(tmp_path, LOOKING_ALIKE[kind])
    with Image.open(tmp_path / "eye.jpg") as image:
        other = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(picture.pixels - other).max() <= 1
    assert LEFT_OVER not in picture.warnings


def test_bytes_that_are_left_over_are_told(tmp_path: Path) -> None:
    picture = _opened(tmp_path, PLAIN[:-2] + b"\x5a\xa5\x5a" + PLAIN[-2:])
    assert picture.warnings == (LEFT_OVER,)
