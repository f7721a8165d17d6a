"""Which series are found, opened, shown and given up; without a window."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from window_desk import FakeEngine, a_photograph, a_series

from engine.listing import RefusedFile, SeriesEntry
from engine.service.messages import TooMuch
from viewer.jobs import Jobs
from viewer.volumes.studies import Choice, Side, Studies, Wanted

FOLDER = Path("/data")


class Table:
    """Studies with everything that they said."""

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine
        self._owner = QObject()
        self.studies = Studies(engine, Jobs(self._owner), self._owner)
        self.said: dict[str, list[Any]] = {}
        for name in ("photographs_found", "choice_wanted", "noticed", "shown_changed"):
            said: list[Any] = self.said.setdefault(name, [])
            getattr(self.studies, name).connect(said.append)

    def find(self, *entries: SeriesEntry) -> None:
        self.studies.find((FOLDER,))
        self.engine.give_listing(*entries)

    @property
    def shown(self) -> str:
        shown = self.studies.shown.get(Side.LEFT)
        return "" if shown is None else shown.entry.key


@pytest.fixture
def table(qapp: Any, tmp_path: Path) -> Table:
    return Table(FakeEngine(tmp_path))


ONE, TWO = a_series("one"), a_series("two", patient="Other^Person")


def test_a_folder_with_one_series_opens_it(table: Table) -> None:
    table.find(ONE)
    table.engine.give_volume(entry=ONE)
    assert table.shown == "one"
    assert table.studies.shown[Side.LEFT].whole


def test_a_folder_with_several_series_opens_none_of_itself(table: Table) -> None:
    table.find(ONE, TWO)
    assert table.engine.count("volume") == 0
    assert [entry.key for entry in table.studies.listing.entries] == ["one", "two"]


def test_photographs_alone_go_the_photographs_way(table: Table) -> None:
    table.find(a_photograph("eye", FOLDER))
    assert table.said["photographs_found"] == [(FOLDER,)]
    assert table.studies.listing.entries == ()


def test_photographs_in_an_archive_are_refused_with_what_to_do(table: Table) -> None:
    table.studies.find((Path("/data/eyes.zip"),))
    table.engine.give_listing(a_photograph("eye", Path("/cache/unpacked-1")))
    (notice,) = table.said["noticed"]
    assert notice.title == "Photographs are not opened out of an archive."
    assert notice.detail == "Unpack eyes.zip, and open the folder that comes out of it."
    assert table.said["photographs_found"] == []


def test_what_an_archive_holds_is_not_called_by_the_archive_s_name(table: Table) -> None:
    table.studies.find((Path("/data/letters.zip"),))
    reason = "“a.txt” cannot be opened. It is a text file."
    table.engine.give_listing(refused=[RefusedFile("/data/letters.zip/a.txt", reason)])
    (notice,) = table.said["noticed"]
    assert notice.title == "There is no picture in letters.zip to be shown."
    assert notice.detail == reason


def test_what_is_shown_stays_until_the_next_is_there(table: Table) -> None:
    table.find(ONE, TWO)
    table.studies.open(Wanted(ONE, Side.LEFT))
    first = table.engine.give_volume(entry=ONE)
    table.studies.open(Wanted(TWO, Side.LEFT))
    assert table.shown == "one"
    assert table.engine.said.released == []
    table.engine.begin_volume(entry=TWO)
    assert table.shown == "two"
    assert table.engine.said.released == [first]


def test_a_newer_choice_replaces_one_that_is_still_loading(table: Table) -> None:
    table.find(ONE, TWO)
    table.studies.open(Wanted(ONE, Side.LEFT))
    older = table.engine.last("volume")
    table.studies.open(Wanted(TWO, Side.LEFT))
    assert table.engine.said.cancelled[-1] == older.id
    table.engine.give_volume(older, ONE)
    assert table.shown == ""
    table.engine.give_volume(entry=TWO)
    assert table.shown == "two"


def test_a_volume_that_breaks_off_is_taken_away(table: Table) -> None:
    table.find(ONE)
    table.engine.begin_volume(entry=ONE)
    assert table.shown == "one"
    table.engine.refuse(table.engine.last("volume"), "It", "is", "cut.")
    assert table.shown == ""


def test_a_half_loaded_volume_goes_when_its_successor_is_refused(table: Table) -> None:
    table.find(ONE, TWO)
    table.studies.open(Wanted(ONE, Side.LEFT))
    table.engine.begin_volume(entry=ONE)
    table.studies.open(Wanted(TWO, Side.LEFT))
    table.engine.refuse(table.engine.last("volume"), "It", "is", "cut.")
    assert table.shown == ""


def test_the_same_array_is_released_once(table: Table) -> None:
    table.find(ONE)
    table.engine.begin_volume(entry=ONE)
    file = table.engine.give_volume(entry=ONE)
    assert table.engine.said.released == []
    table.studies.close_all()
    assert table.engine.said.released == [file]


def test_too_much_for_the_memory_is_a_choice(table: Table) -> None:
    table.find(ONE)
    asked = table.engine.last("volume")
    table.engine.too_much.emit(TooMuch(asked.id, 9 * 10**9, 4 * 10**9, 3))
    assert table.said["choice_wanted"] == [Choice(Wanted(ONE, Side.LEFT), 9 * 10**9, 4 * 10**9, 3)]


def test_small_pictures_come_one_by_one_and_wait_for_a_volume(table: Table) -> None:
    table.find(ONE, TWO)
    assert table.engine.count("thumbnail") == 1
    table.studies.open(Wanted(ONE, Side.LEFT))
    table.engine.give_thumbnail()
    assert table.engine.count("thumbnail") == 1
    table.engine.give_volume(entry=ONE)
    assert table.engine.count("thumbnail") == 2


def test_files_that_were_not_read_are_told_with_their_reasons(table: Table) -> None:
    table.studies.find((FOLDER,))
    bad = [RefusedFile(f"/data/{n}", f"“{n}” is cut.") for n in range(5)]
    table.engine.give_listing(ONE, refused=[*bad, RefusedFile("/data/x.txt", "Text.", quiet=True)])
    [notice] = table.said["noticed"]
    assert notice.title == "5 files were not read."
    assert notice.detail == "“0” is cut. “1” is cut. “2” is cut. And 2 more."


def test_junk_alone_is_refused_with_its_reason(table: Table) -> None:
    table.studies.find((FOLDER / "x.txt",))
    table.engine.give_listing(refused=[RefusedFile("/data/x.txt", "It is text.", quiet=True)])
    [notice] = table.said["noticed"]
    assert notice.title == "It is text."


def test_a_refusal_says_what_to_do_and_an_empty_folder_too(table: Table) -> None:
    table.studies.find((FOLDER / "x.dcm",))
    cut = RefusedFile("/data/x.dcm", "“x.dcm” is cut.", advice="Copy it again.")
    table.engine.give_listing(refused=[cut])
    table.studies.find((FOLDER,))
    table.engine.give_listing()
    said = [(notice.title, notice.detail) for notice in table.said["noticed"]]
    assert said == [
        ("“x.dcm” is cut.", "Copy it again."),
        (
            "There is no picture in data to be shown.",
            "No file was found there. Choose another folder.",
        ),
    ]


def test_a_step_goes_through_the_list_and_ends_at_its_ends(table: Table) -> None:
    table.find(ONE, TWO)
    table.studies.open(Wanted(ONE, Side.LEFT))
    assert table.studies.beside(1) is TWO
    assert table.studies.beside(-1) is None
