"""A decoder's process: reads hostile files under limits, and may crash alone.

Started by ``decoders`` as ``python -P -m engine.service.decoder ENGINE``, ENGINE being the number
of the engine's process. One JSON object a line over stdin and stdout; imports no torch.
"""

import errno
import os
import queue
import sys
import threading
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.errors import Refusal
from engine.pictures import Laterality
from engine.service import limits
from engine.service.report import report

LONGEST = 60
"""Seconds that one file may take."""
MEMORY = 2 * 2**30
"""Bytes of address space: about 1.5 GB for libraries and decoding, the rest for the result."""


class Decode(Struct, frozen=True, tag="decode"):
    """Decode the file at ``path`` and write its pixels as ``output``."""

    path: str
    output: str


class Here(Struct, frozen=True, tag="here"):
    """The first line: whatever happens from now on is the file's doing."""


class Decoded(Struct, frozen=True, tag="decoded"):
    """The pixels, uint8 (y, x, 3), lie in ``file``."""

    file: str
    name: str
    content_hash: str
    laterality: Laterality | None
    warnings: tuple[str, ...]


class NotDecoded(Struct, frozen=True, tag="not_decoded"):
    """A refusal in three sentences."""

    what: str
    why: str
    advice: str


class Faulty(Struct, frozen=True, tag="faulty"):
    """Our own fault, with a report."""

    report: str


Reply = Here | Decoded | NotDecoded | Faulty

decode_request = msgspec.json.Decoder(Decode).decode
decode_reply = msgspec.json.Decoder(Reply).decode
_encoder = msgspec.json.Encoder()


def line(message: Decode | Reply) -> bytes:
    """One line, with its line end."""
    return _encoder.encode(message) + b"\n"


def main(engine: int) -> None:
    """Decode one file after another until the engine closes its end."""
    limits.die_with_parent(engine)
    limits.limit_memory(MEMORY)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests: queue.SimpleQueue[Decode] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    from engine.images.photograph import open_picture  # noqa: F401  (before it says that it is here)

    replies.write(line(Here()))
    replies.flush()
    while True:
        replies.write(line(_answer(requests.get())))
        replies.flush()


def _listen(requests: "queue.SimpleQueue[Decode]") -> None:
    """End the process at once when the engine is gone, even in the middle of a file."""
    for request in sys.stdin.buffer:
        requests.put(decode_request(request))
    os._exit(0)


def _answer(request: Decode) -> Reply:
    path = Path(request.path)
    limits.allow_processor_time(LONGEST)
    try:
        return _decode(path, Path(request.output))
    except Refusal as refusal:
        return NotDecoded(refusal.what, refusal.why, refusal.advice)
    except MemoryError:
        return NotDecoded(
            f"“{path.name}” cannot be shown.",
            f"Reading it takes more than the {MEMORY // 2**30} GB of memory that are allowed.",
            "Save it in a smaller size and open that.",
        )
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return NotDecoded(
                f"“{path.name}” cannot be shown.",
                "The disk of this program's cache folder is full.",
                "Free some space and open it again.",
            )
        return Faulty(report(error, [path]))
    except Exception as error:
        return Faulty(report(error, [path]))


def _decode(path: Path, output: Path) -> Decoded:
    import numpy as np

    from engine.images.photograph import open_picture

    photograph = open_picture(path)
    with output.open("wb") as file:
        np.save(file, photograph.pixels, allow_pickle=False)
    return Decoded(
        str(output),
        photograph.name,
        photograph.content_hash,
        photograph.laterality,
        photograph.warnings,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
