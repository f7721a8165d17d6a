"""In which windows a file wants its pictures shown."""

from functools import lru_cache

from engine.images.dicom.elements import Elements, decimals
from engine.images.dicom.tags import (
    WINDOW_CENTER,
    WINDOW_CENTER_WIDTH_EXPLANATION,
    WINDOW_WIDTH,
)
from engine.images.dicom.text import Letters
from engine.pictures import GreyWindow


def windows_of(elements: Elements, letters: Letters) -> tuple[GreyWindow, ...]:
    """The file's own windows, each once."""
    centres, widths = decimals(elements, WINDOW_CENTER), decimals(elements, WINDOW_WIDTH)
    return _windows(centres, widths, letters.text_in(elements, WINDOW_CENTER_WIDTH_EXPLANATION))


@lru_cache(maxsize=1 << 10)
def _windows(
    centres: tuple[float | None, ...], widths: tuple[float | None, ...], names: str
) -> tuple[GreyWindow, ...]:
    named = names.split("\\") + [""] * len(centres)
    return tuple(
        dict.fromkeys(
            GreyWindow(centre, width, name.strip())
            for centre, width, name in zip(centres, widths, named, strict=False)
            if centre is not None and width is not None and width > 0
        )
    )
