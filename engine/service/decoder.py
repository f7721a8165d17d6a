"""A decoder's process: reads hostile files under limits, and may crash alone.

Started by ``decoders`` as ``python -P -m engine.service.decoder ENGINE MEMORY``: the number of the
engine's process, and the bytes of address space that it may have. Imports no torch.
"""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine import folders
from engine.errors import Refusal
from engine.images.plan import files_of
from engine.service import decoder_volumes, limits
from engine.service.array_file import disk_is_full
from engine.service.decoder_messages import (
    Advanced,
    Answer,
    Asked,
    Decode,
    Decoded,
    DrawSmall,
    Faulty,
    Here,
    Mend,
    NotDecoded,
    Order,
    ReadFile,
    ReadSlices,
    Reply,
    ScanHeaders,
    Shrink,
    Shrunk,
    Straighten,
    decode_order,
    line,
)
from engine.service.report import report
from engine.task import Report, Task

LONGEST = 60
"""Seconds that one file may take."""
IDLE = 1.0
"""Seconds without work until it makes itself ready for the next."""
PACE = 0.1
"""Seconds between two words on how far it is."""
MEMORY = 2 * 2**30
"""Bytes of address space: about 1.5 GB for libraries and decoding, the rest for the result."""


def main(engine: int, memory: int = MEMORY) -> None:
    """Do one thing after another until the engine closes its end."""
    limits.die_with_parent(engine)
    limits.limit_memory(memory)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    from engine.images.photograph import open_picture  # noqa: F401  (before it says that it is here)

    def tell(reply: Reply) -> None:
        replies.write(line(reply))
        replies.flush()

    tell(Here())
    while True:
        tell(_reply(_next(orders), memory, tell))


def _next(orders: "queue.SimpleQueue[Order]") -> Order:
    try:
        return orders.get(timeout=IDLE)
    except queue.Empty:
        decoder_volumes.rest()
        return orders.get()


def _listen(orders: "queue.SimpleQueue[Order]") -> None:
    """End the process at once when the engine is gone, even in the middle of a file."""
    for order in sys.stdin.buffer:
        orders.put(decode_order(order))
    os._exit(0)


def _reply(order: Order, memory: int, tell: Callable[[Reply], None]) -> Reply:
    private = _paths(order.asked)
    what = f"“{private[0].name}” cannot be shown." if private else "This cannot be shown."
    limits.allow_processor_time(order.seconds)
    try:
        return _answer(order.asked, tell)
    except Refusal as refusal:
        return NotDecoded(refusal.what, refusal.why, refusal.advice)
    except MemoryError:
        return NotDecoded(
            what,
            f"Reading it takes more than the {memory // 2**30} GB of memory that are allowed.",
            "Save it in a smaller size and open that.",
        )
    except OSError as error:
        if folders.is_full(error):
            full = disk_is_full(what, _output(order.asked))
            return NotDecoded(full.what, full.why, full.advice)
        return Faulty(report(error, private))
    except Exception as error:
        return Faulty(report(error, private))


def _answer(asked: Asked, tell: Callable[[Reply], None]) -> Answer:
    match asked:
        case Decode():
            return _decode(asked)
        case ScanHeaders():
            return decoder_volumes.scan(asked)
        case ReadSlices():
            return decoder_volumes.read_slices(asked)
        case ReadFile():
            return decoder_volumes.read_file(asked, Task(_advance(tell)))
        case Mend():
            return decoder_volumes.mend(asked)
        case Straighten():
            return decoder_volumes.straighten(asked)
        case DrawSmall():
            return decoder_volumes.draw_small(asked)
        case Shrink():
            return _shrink(asked)


def _advance(tell: Callable[[Reply], None]) -> Report:
    """Tells how far it is, no more often than ``PACE``."""
    last = time.monotonic()

    def advance(_what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= PACE:
            last = time.monotonic()
            tell(Advanced(done, total))

    return advance


def _paths(asked: Asked) -> list[Path]:
    """The files that it is about."""
    match asked:
        case Decode(path=path) | Shrink(path=path):
            return [Path(path)]
        case ScanHeaders(paths=paths):
            return [Path(path) for path in paths]
        case ReadSlices(places=places):
            return [Path(place.source.path) for place in places]
        case ReadFile(plan=plan):
            return [Path(plan.path)]
        case DrawSmall(planned=planned) | Mend(planned=planned):
            return [Path(file) for file in files_of(planned.plan)]
        case Straighten():
            return []


def _output(asked: Asked) -> Path:
    """The file that it writes; a scan of headers writes none."""
    match asked:
        case Decode(output=output) | Shrink(output=output) | DrawSmall(output=output):
            return Path(output)
        case ReadSlices(array=array) | ReadFile(array=array):
            return Path(array.path)
        case Mend(array=array) | Straighten(array=array):
            return Path(array.path)
        case ScanHeaders():
            return Path()


def _decode(asked: Decode) -> Decoded:
    from engine import arrays
    from engine.images.photograph import open_picture

    photograph = open_picture(Path(asked.path))
    arrays.save(Path(asked.output), photograph.pixels)
    return Decoded(
        asked.output,
        photograph.name,
        photograph.content_hash,
        photograph.laterality,
        photograph.warnings,
    )


def _shrink(asked: Shrink) -> Shrunk:
    from engine import arrays
    from engine.images.photograph import open_small

    pixels, content_hash = open_small(Path(asked.path))
    arrays.save(Path(asked.output), pixels)
    return Shrunk(content_hash)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
