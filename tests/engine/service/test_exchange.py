"""How long an array's file lives."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from engine.errors import Refusal
from engine.pictures import Grid, Laterality, VolumeFacts
from engine.service import exchange
from engine.service.decoder_messages import Decoded
from engine.service.exchange import Exchange, VolumeFile


def decoded(arrays: Exchange, content_hash: str) -> Decoded:
    path = arrays.fresh()
    np.save(path, np.zeros((2, 2, 3), np.uint8))
    return Decoded(str(path), "eye.jpg", content_hash, None, ())


def is_there(arrays: Exchange, file: str) -> bool:
    arrays.settle()
    return Path(file).exists()


def test_a_heatmap_goes_when_the_window_releases_it(tmp_path: Path) -> None:
    arrays = Exchange(tmp_path)
    file = arrays.write(np.ones((3, 3), np.float32))
    np.testing.assert_array_equal(np.load(file), np.ones((3, 3)))
    arrays.release(file)
    assert not is_there(arrays, file)


def test_a_photograph_stays_until_every_use_is_released_and_it_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "KEPT", 1)
    arrays = Exchange(tmp_path)
    first = arrays.keep(decoded(arrays, "first"), None).file
    arrays.lend(first)
    arrays.lend(first)
    arrays.release(first)
    assert is_there(arrays, first)
    arrays.keep(decoded(arrays, "second"), None)
    assert is_there(arrays, first)
    arrays.release(first)
    assert not is_there(arrays, first)


def test_a_kept_photograph_outlives_its_release(tmp_path: Path) -> None:
    arrays = Exchange(tmp_path)
    kept = arrays.keep(decoded(arrays, "it"), None)
    arrays.release(arrays.lend(kept.file))
    assert is_there(arrays, kept.file)
    assert arrays.find("it") == kept


def test_the_least_lately_used_photograph_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "KEPT", 2)
    arrays = Exchange(tmp_path)
    for name in ("old", "older"):
        arrays.keep(decoded(arrays, name), None)
    arrays.find("old")
    arrays.keep(decoded(arrays, "new"), None)
    assert arrays.find("older") is None
    assert arrays.find("old") is not None


def test_kept_photographs_are_bounded_in_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "KEPT_BYTES", 200)
    arrays = Exchange(tmp_path)
    for name in ("first", "second"):
        arrays.keep(decoded(arrays, name), None)
    assert arrays.find("first") is None
    arrays.settle()
    assert len(list(tmp_path.glob("*.npy"))) == 1


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    arrays = Exchange(tmp_path)
    first = arrays.keep(decoded(arrays, "same"), None)
    assert arrays.keep(decoded(arrays, "same"), None) == first
    arrays.settle()
    assert [str(path) for path in tmp_path.glob("*.npy")] == [first.file]


def test_a_copy_shares_the_pixels_and_keeps_its_own_name_and_eye(tmp_path: Path) -> None:
    arrays = Exchange(tmp_path)
    first = arrays.keep(decoded(arrays, "same"), ("/a/eye.jpg", 1, 1))
    own = replace(
        decoded(arrays, "same"), name="x_right.jpg", laterality=Laterality.RIGHT, warnings=("W.",)
    )
    copy = arrays.keep(own, ("/b/x_right.jpg", 1, 1))
    assert copy == replace(own, file=first.file)
    assert arrays.find_file(("/b/x_right.jpg", 1, 1)) == copy
    assert arrays.find_file(("/a/eye.jpg", 1, 1)) == first
    assert arrays.find("same", "/b/x_right.jpg") == copy
    assert arrays.find("same", "/a/eye.jpg") == first


def test_a_file_that_was_never_lent_is_not_deleted(tmp_path: Path) -> None:
    stranger = tmp_path / "letter.txt"
    stranger.touch()
    arrays = Exchange(tmp_path)
    arrays.release(str(stranger))
    assert is_there(arrays, str(stranger))


def volume(arrays: Exchange, size: int = 8) -> VolumeFile:
    path = arrays.fresh()
    np.save(path, np.zeros(size, np.uint8))
    return VolumeFile(arrays.lend(str(path)), VolumeFacts(Grid((8, 1, 1))))


def test_a_volume_that_is_kept_is_lent_again_and_outlives_its_release(tmp_path: Path) -> None:
    arrays = Exchange(tmp_path)
    kept = volume(arrays)
    arrays.keep_volume("it", kept)
    arrays.release(kept.file)
    assert arrays.lend_volume("it") == kept
    assert arrays.lend_volume("another") is None


def test_a_volume_beyond_what_is_kept_goes_when_it_is_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "KEPT_VOLUME_BYTES", 1000)
    arrays = Exchange(tmp_path)
    large = volume(arrays, size=2000)
    arrays.keep_volume("large", large)
    assert is_there(arrays, large.file)
    assert arrays.lend_volume("large") is None
    arrays.release(large.file)
    assert not is_there(arrays, large.file)


def test_the_same_volume_read_twice_is_kept_once(tmp_path: Path) -> None:
    arrays = Exchange(tmp_path)
    first, second = volume(arrays), volume(arrays)
    arrays.keep_volume("it", first)
    arrays.keep_volume("it", second)
    arrays.release(second.file)
    arrays.settle()
    assert [str(path) for path in tmp_path.glob("*.npy")] == [first.file]


def test_volumes_push_out_no_photograph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "KEPT_VOLUMES", 1)
    arrays = Exchange(tmp_path)
    arrays.keep(decoded(arrays, "eye"), None)
    for name in ("one", "two"):
        arrays.keep_volume(name, volume(arrays))
    assert arrays.lend_volume("one") is None
    assert arrays.find("eye") is not None


def test_what_a_full_disk_does_not_take_is_refused_in_words(small_disk: Path) -> None:
    arrays = Exchange(small_disk / "session")
    arrays.folder.mkdir()
    with pytest.raises(Refusal, match="its disk is full"):
        arrays.write(np.ones((512, 512), np.float32))
    arrays.settle()
    assert list(arrays.folder.iterdir()) == []


def test_what_cannot_be_deleted_is_logged_once_without_its_name_and_the_next_one_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    arrays = Exchange(tmp_path)
    stuck, stuck_too, last = (arrays.write(np.ones(3, np.float32)) for _ in range(3))
    for file in (stuck, stuck_too):
        Path(file).unlink()
        Path(file).mkdir()
        arrays.release(file)
    arrays.release(last)
    assert not is_there(arrays, last)
    assert Path(stuck).exists()
    (told,) = caplog.messages
    assert "cannot be deleted" in told
    assert tmp_path.name not in told
    assert Path(stuck).stem not in told


def test_what_somebody_else_has_deleted_is_not_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    arrays = Exchange(tmp_path / "session")
    arrays.folder.mkdir()
    file, other = arrays.write(np.ones(3)), arrays.write(np.ones(3))
    Path(file).unlink()
    arrays.release(file)
    arrays.settle()
    shutil.rmtree(arrays.folder)
    arrays.release(other)
    arrays.settle()
    assert caplog.messages == []
