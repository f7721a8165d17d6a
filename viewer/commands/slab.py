"""The commands that lay several slices over each other as one slab: rows of the one table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.command import Command, Menu, Where
from viewer.commands.volume import with_volume
from viewer.seen.display import Projection, Slab

if TYPE_CHECKING:
    from viewer.seen.plane import Plane
    from viewer.window import Window

_SLAB_MM = 10.0
_SLAB_SLICES = 5.0


def _with_slices(window: Window) -> bool:
    return with_volume(window) and window.volumes.view.active.state.plane.count > 1


def _usual(plane: Plane, projection: Projection) -> Slab:
    """The slab that is begun with."""
    known = plane.in_millimetres
    return Slab(projection, _SLAB_MM if known else _SLAB_SLICES, in_slices=not known)


def _slab(name: str, words: str, help_: str, projection: Projection | None) -> Command:
    def do(window: Window) -> None:
        view = window.volumes.view
        if projection is None:
            view.set_slab(None)
            return
        now = view.display.slab if view.display is not None else None
        begun = _usual(view.active.state.plane, projection) if now is None else now
        view.set_slab(replace(begun, projection=projection))

    def on(window: Window) -> bool:
        display = window.volumes.view.display
        slab = display.slab if display is not None else None
        return (slab.projection if slab is not None else None) is projection

    return Command(
        name,
        words,
        (),
        help_,
        do,
        may=_with_slices,
        menu=Menu.SLAB,
        where=Where.VOLUME,
        on=on,
        gap_before=projection is None,
    )


def _thicken(name: str, words: str, key: str, help_: str, factor: float) -> Command:
    def do(window: Window) -> None:
        view = window.volumes.view
        plane, display = view.active.state.plane, view.display
        slab = display.slab if display is not None else None
        begun = _usual(plane, Projection.MAXIMUM)
        view.set_slab(begun if slab is None else _changed(plane, slab, factor))

    def may(window: Window) -> bool:
        display = window.volumes.view.display
        slab = display.slab if display is not None else None
        return with_volume(window) if slab is not None else factor > 1 and _with_slices(window)

    return Command(
        name, words, (key,), help_, do, may=may, menu=Menu.SLAB, where=Where.VOLUME, repeats=True
    )


def _changed(plane: Plane, slab: Slab, factor: float) -> Slab:
    """Thicker or thinner until other slices are taken in, from one of them to all."""
    from viewer.seen.cut import reached  # here: a start shows no pictures

    spacing = plane.grid.spacing[plane.axis]
    step = 1.0 if slab.in_slices or spacing is None else spacing
    before, most = reached(plane, slab), 2 * plane.count * step
    while step <= slab.thickness * factor <= most and reached(plane, slab) == before:
        slab = replace(slab, thickness=slab.thickness * factor)
    return slab


SLAB_COMMANDS: tuple[Command, ...] = (
    _slab("slab-none", "Plain slices", "Shows one slice at a time.", None),
    _slab(
        "slab-maximum",
        "Slab: maximum",
        "Shows the greatest of several slices, as for vessels and nodules.",
        Projection.MAXIMUM,
    ),
    _slab("slab-mean", "Slab: mean", "Shows the mean of several slices.", Projection.MEAN),
    _slab(
        "slab-minimum",
        "Slab: minimum",
        "Shows the least of several slices, as for airways and ducts.",
        Projection.MINIMUM,
    ),
    _thicken(
        "slab-thicker",
        "Slab thicker",
        "Alt+Up",
        "Takes more slices into the slab, or begins one of the greatest values.",
        1.5,
    ),
    _thicken(
        "slab-thinner", "Slab thinner", "Alt+Down", "Takes fewer slices into the slab.", 1 / 1.5
    ),
)
