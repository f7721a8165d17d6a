"""Elements that a manufacturer defined for himself, found by the name that reserves their block."""

from engine.images.dicom.elements import Elements, Value, text
from engine.images.dicom.tags import BLOCKS, MANUFACTURER, Private, creator_of, in_block


def private(elements: Elements, which: Private) -> Value | None:
    """The element, or None if it is not there.

    Where the names of the blocks were taken out of the file, as when it was anonymised, the
    scanner's manufacturer and the block that everybody uses stand for them.
    """
    creators = [text(elements, creator_of(which, block)) for block in BLOCKS]
    for block, creator in zip(BLOCKS, creators, strict=True):
        if creator == which.creator:
            return elements.get(in_block(which, block))
    if not any(creators) and text(elements, MANUFACTURER).upper().startswith(which.manufacturer):
        return elements.get(in_block(which, BLOCKS[0]))
    return None
