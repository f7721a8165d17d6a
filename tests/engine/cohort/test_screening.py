"""A folder of drawn eyes screened: rows, heatmaps, and going on after any end."""

import csv
import hashlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.answers import Criterion, Decision
from engine.cohort import screen_report, screening
from engine.cohort.answer_cells import Retinopathy
from engine.cohort.results import FAULT
from engine.cohort.screening import Order, Screened
from engine.errors import Cancelled, Refusal
from engine.images.photograph import open_picture
from engine.networks.lesion_network import KINDS
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.questions import retinopathy
from engine.task import Task


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two eyes of one name, two others, a dark picture and no picture at all."""
    folder = tmp_path_factory.mktemp("screened") / "eyes"
    (folder / "left").mkdir(parents=True)
    for seed, name in enumerate(("1.png", "left/1.png", "2.png", "10.png")):
        Image.fromarray(draw_eye(seed, width=520).pixels).save(folder / name)
    Image.fromarray(np.zeros((400, 400, 3), np.uint8)).save(folder / "dark.png")
    (folder / "broken.jpg").write_bytes(b"no photograph")
    return folder


NAMES = ["1.png", "2.png", "10.png", "broken.jpg", "dark.png", "left/1.png"]


def screen(eyes: Path, out: Path, pack: Pack, maps: Path | None = None) -> Screened:
    return screening.screen(
        Order(eyes, out, maps, Criterion.PI), Retinopathy(pack, "processor"), Task()
    )


def read(out: Path) -> list[dict[str, str]]:
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_photograph_has_its_row_with_what_the_pack_says_of_it(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    found = screen(eyes, tmp_path / "out.csv", untrained)
    rows = {Path(row["path"]).as_posix(): row for row in read(tmp_path / "out.csv")}
    assert [os.path.relpath(tmp_path / path, eyes) for path in rows] == NAMES
    by_name = dict(zip(NAMES, rows.values(), strict=True))
    photograph = open_picture(eyes / "left/1.png")
    said, _ = retinopathy.answer(photograph, untrained, Criterion.PI, "processor", Task())
    assert said.probability is not None
    assert float(by_name["left/1.png"]["probability"]) == pytest.approx(said.probability, abs=1e-6)
    assert by_name["left/1.png"]["decision"] == said.decision
    assert by_name["dark.png"]["decision"] == Decision.UNGRADABLE
    assert by_name["dark.png"]["reason"]
    assert "cannot be opened" in by_name["broken.jpg"]["reason"]
    assert by_name["broken.jpg"]["decision"] == by_name["broken.jpg"]["probability"] == ""
    assert (found.pictures, found.made, found.counts[FAULT]) == (6, 6, 1)
    assert found.counts[Decision.UNGRADABLE] == 1


def test_a_pack_that_draws_lesions_has_a_column_for_how_many_of_each_kind(
    eyes: Path, tmp_path: Path, drawing_pack: Pack, untrained: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, counts = retinopathy.answer, ("3", "0", "12", "1", "0")

    def answer(*rest: object, **more: object) -> object:
        said, heatmap = asked(*rest, **more)  # type: ignore[arg-type]
        drawn = tuple((kind, int(count)) for kind, count in zip(KINDS, counts, strict=True))
        return (replace(said, lesions=drawn) if said.lesions else said), heatmap

    monkeypatch.setattr(retinopathy, "answer", answer)
    screen(eyes, tmp_path / "out.csv", drawing_pack)
    for row in read(tmp_path / "out.csv"):
        blind = Path(row["path"]).name in ("dark.png", "broken.jpg")
        assert tuple(row[kind] for kind in KINDS) == (("",) * 5 if blind else counts)
    screen(eyes, tmp_path / "other.csv", untrained)
    assert not set(KINDS) & set(read(tmp_path / "other.csv")[0])


def test_nothing_is_counted_where_heatmaps_are_drawn_by_another_criterion(
    eyes: Path, tmp_path: Path, drawing_pack: Pack
) -> None:
    maps = tmp_path / "maps"
    screen(eyes / "left", tmp_path / "out.csv", drawing_pack, maps)  # by π
    (row,) = read(tmp_path / "out.csv")
    assert row["heatmap"]
    assert row["decision"]
    assert {row[kind] for kind in KINDS} == {""}


def test_a_second_folder_in_one_table_is_counted_by_itself(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    screen(eyes, tmp_path / "out.csv", untrained)
    found = screen(eyes / "left", tmp_path / "out.csv", untrained)
    assert sum(found.counts.values()) == found.pictures == found.there_before


def test_each_heatmap_lies_on_its_photographs_own_grid(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    screen(eyes, tmp_path / "out.csv", untrained, tmp_path / "maps")
    written = sorted(tmp_path.glob("maps/**/*.npy"))
    names = ["maps/1.npy", "maps/10.npy", "maps/2.npy", "maps/left/1.npy"]
    assert [path.relative_to(tmp_path).as_posix() for path in written] == names
    photograph = open_picture(eyes / "left/1.png")
    _, heatmap = retinopathy.answer(photograph, untrained, Criterion.PI, "processor", Task())
    assert heatmap is not None
    values = np.load(tmp_path / "maps/left/1.npy")
    assert values.dtype == np.float32
    assert values.shape == photograph.pixels.shape[:2]
    np.testing.assert_array_equal(values, heatmap.on_picture())
    there = {row["heatmap"] for row in read(tmp_path / "out.csv")}
    assert there == {*names, ""}


def test_a_second_run_asks_about_what_is_new_alone(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    folder = tmp_path / "eyes"
    folder.mkdir()
    (folder / "1.png").write_bytes((eyes / "1.png").read_bytes())
    screen(folder, tmp_path / "out.csv", untrained)
    (folder / "0.png").write_bytes((eyes / "2.png").read_bytes())
    found = screen(folder, tmp_path / "out.csv", untrained)
    assert (found.pictures, found.there_before, found.made) == (2, 1, 1)
    assert [row["path"] for row in read(tmp_path / "out.csv")] == ["eyes/1.png", "eyes/0.png"]


def test_a_photograph_that_was_replaced_is_asked_about_anew(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    folder, out, maps = tmp_path / "eyes", tmp_path / "out.csv", tmp_path / "maps"
    folder.mkdir()
    for name in ("1.png", "2.png"):
        (folder / name).write_bytes((eyes / name).read_bytes())
    screen(folder, out, untrained, maps)
    before = {row["path"]: row for row in read(out)}
    (folder / "1.png").write_bytes((eyes / "10.png").read_bytes())
    (folder / "2.png").write_bytes((eyes / "dark.png").read_bytes())
    order = Order(folder, out, maps, Criterion.PI)
    asked = Retinopathy(untrained, "processor")
    found = screening.screen(order, asked, Task())
    assert (found.there_before, found.changed, found.made, found.rows) == (0, 2, 2, 2)
    assert "2 photographs have another content" in screen_report.in_words(order, found, asked)
    after = {row["path"]: row for row in read(out)}
    assert len(read(out)) == len(after) == 2
    for name, row in after.items():
        assert row["sha256"] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        assert row["probability"] != before[name]["probability"]
    # What lies there now has no heatmap, and that of what lay there is not taken for its own.
    assert [path.name for path in maps.iterdir()] == ["1.npy"]
    assert screen(folder, out, untrained, maps).there_before == 2


def test_a_heatmap_that_was_taken_away_is_made_anew(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    out, maps = tmp_path / "out.csv", tmp_path / "maps"
    screen(eyes, out, untrained, maps)
    before = (maps / "2.npy").read_bytes()
    (maps / "2.npy").unlink()
    found = screen(eyes, out, untrained, maps)
    assert (found.made, found.unmapped, found.changed, found.unsealed) == (1, 1, 0, 0)
    assert (maps / "2.npy").read_bytes() == before
    rows = read(out)
    assert len(rows) == len(NAMES)
    assert all((tmp_path / row["heatmap"]).is_file() for row in rows if row["heatmap"])


def test_a_row_whose_photograph_is_gone_and_a_gif_are_told_and_counted(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    folder, out = tmp_path / "eyes", tmp_path / "out.csv"
    folder.mkdir()
    for name in ("1.png", "dark.png"):
        (folder / name).write_bytes((eyes / name).read_bytes())
    screen(folder, out, untrained)
    (folder / "1.png").rename(folder / "1.gif")
    order = Order(folder, out, None, Criterion.PI)
    asked = Retinopathy(untrained, "processor")
    found = screening.screen(order, asked, Task())
    told = screen_report.as_json(order, found, asked)
    assert (told["pictures"], told["gone"], told["rows"]) == (1, 1, len(read(out))) == (1, 1, 2)
    said = screen_report.in_words(order, found, asked)
    assert "1 row is of a photograph that is no longer there" in said
    assert told["left_out"] == {"GIF": 1}
    assert "1 picture was left out, of kinds that are not read: 1 GIF." in said


def test_rows_of_an_older_version_are_made_anew(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    out = tmp_path / "out.csv"
    screen(eyes / "left", out, untrained)
    (row,) = read(out)
    old = {name: cell for name, cell in row.items() if name != "sha256"}
    with out.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, tuple(old), lineterminator="\n")
        table.writeheader()
        table.writerows([old | {"probability": "0.123"}, old | {"path": "elsewhere.png"}])
    found = screen(eyes / "left", out, untrained)
    assert (found.unsealed, found.changed, found.there_before, found.gone) == (1, 0, 0, 1)
    kept, made = read(out)
    assert made == row
    assert (kept["path"], kept["sha256"]) == ("elsewhere.png", "")


_KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from engine.answers import Criterion
from engine.cohort.answer_cells import Retinopathy
from engine.cohort.screening import Order, screen
from engine.packs.pack import load
from engine.task import Task
folder, out, maps, pack = map(Path, sys.argv[1:])
order = Order(folder, out, maps, Criterion.PI)
asked = Retinopathy(load(pack), "processor")
screen(order, asked, Task(lambda what, done, all: print(done, flush=True)))
"""


def test_killed_in_its_midst_it_goes_on_without_double_work_or_double_rows(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    out, maps = tmp_path / "out.csv", tmp_path / "maps"
    arguments = [sys.executable, "-c", _KILLED, str(eyes), str(out), str(maps)]
    with subprocess.Popen([*arguments, str(untrained.folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == 2:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    made = {path: path.stat().st_mtime_ns for path in maps.rglob("*.npy")}
    there = sum(1 for row in read(out) if row["reason"] is not None)
    assert 2 <= there < len(NAMES)
    found = screen(eyes, out, untrained, maps)
    assert (found.there_before, found.made) == (there, len(NAMES) - there)
    again = screen(eyes, tmp_path / "other.csv", untrained, tmp_path / "others")
    assert again.made == len(NAMES)
    rows, others = read(out), read(tmp_path / "other.csv")
    assert [row["path"] for row in rows] == [row["path"] for row in others]
    assert [row["probability"] for row in rows] == [row["probability"] for row in others]
    kept = [row["heatmap"] for row in rows[:there] if row["heatmap"]]
    assert all((tmp_path / name).stat().st_mtime_ns == made[tmp_path / name] for name in kept)


def test_cancelled_it_leaves_the_rows_that_were_made(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    task = Task(lambda _what, done, _all: task.cancel() if done == 2 else None)
    order = Order(eyes, tmp_path / "out.csv", None, Criterion.PI)
    with pytest.raises(Cancelled):
        screening.screen(order, Retinopathy(untrained, "processor"), task)
    assert len(read(tmp_path / "out.csv")) == 2


def test_another_packs_table_is_refused(eyes: Path, tmp_path: Path, untrained: Pack) -> None:
    screen(eyes, tmp_path / "out.csv", untrained)
    other = Pack(untrained.folder, untrained.manifest, "ff" * 32)
    with pytest.raises(Refusal, match="was made by the pack untrained"):
        screen(eyes, tmp_path / "out.csv", other)


def test_a_disk_that_takes_no_heatmap_ends_it_and_is_no_row(
    eyes: Path, tmp_path: Path, untrained: Pack
) -> None:
    (tmp_path / "maps").write_bytes(b"a file where the folder should be")
    with pytest.raises(OSError, match="maps"):
        screen(eyes, tmp_path / "out.csv", untrained, tmp_path / "maps")
    assert read(tmp_path / "out.csv") == []
