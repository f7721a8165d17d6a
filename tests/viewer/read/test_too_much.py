"""A volume that is too much for the memory or the disk is a choice."""

from itertools import pairwise

from series_desk import ONE, TWO, open_series
from window_desk import Desk

from engine.service.messages import TooMuch


def test_too_much_for_the_memory_offers_every_nth_slice(desk: Desk) -> None:
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9_000_000_000, 4_000_000_000, 3))
    page = desk.window.volumes.too_much
    assert page.isVisible()
    assert page._title.text().endswith("does not fit into memory")
    assert "takes 9.0 GB; 4.0 GB are free on this computer." in page._why.text()
    desk.click(page._every)
    assert desk.engine.last("volume").what["part"].step == 3
    assert not page.isVisible()


def test_a_part_is_weighed_with_what_any_part_takes(desk: Desk) -> None:
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9 * 10**9, 4 * 10**9, 3, fixed=3 * 10**9))
    page = desk.window.volumes.too_much
    first, last = page._ends[2]
    last.setValue(last.maximum() // 2)
    assert page._weight.text() == "takes 6.0 GB, still too much"
    first.setValue(last.value() - 1)
    assert page._weight.text() == "takes 3.6 GB"
    assert page._part.isEnabled()
    desk.click(page._part)
    box = desk.engine.last("volume").what["part"].box
    assert box[4:] == (8, 10)
    # Less was free than had been told: it is weighed against what was asked for.
    again = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(again.id, 36 * 10**8, 35 * 10**8, 2, fixed=3 * 10**9))
    assert page._weight.text() == "takes 9.0 GB, still too much"
    desk.click(page._every)
    part = desk.engine.last("volume").what["part"]
    assert (part.step, part.box) == (2, box)


def test_where_no_part_fits_none_is_offered(desk: Desk) -> None:
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9 * 10**9, 4 * 10**9, 0, fixed=8 * 10**9))
    page = desk.window.volumes.too_much
    assert "It takes 9.0 GB, and any part of it 8.0 GB; 4.0 GB are free" in page._why.text()
    assert "Nothing was read." in page._why.text()
    shown = [each for each in (page._every, page._part, page._or) if each.isVisible()]
    assert shown == []
    assert not any(box.isVisible() for ends in page._ends for box in ends)
    assert page._stop.hasFocus()
    desk.click(page._stop)
    assert not page.isVisible()


def test_too_much_for_the_disk_names_the_disk(desk: Desk) -> None:
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9_000_000_000, 4_000_000_000, 3, "/small/cache"))
    page = desk.window.volumes.too_much
    assert page._title.text().endswith("does not fit onto the disk")
    assert "the disk of /small/cache, where open pictures lie, has 4.0 GB" in page._why.text()
    assert page._why.height() >= page._why.heightForWidth(page._why.width())
    boxes = [first for first, _ in page._ends]
    assert all(one.geometry().bottom() < next_.y() for one, next_ in pairwise(boxes))
