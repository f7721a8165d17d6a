"""The engine's process: greet, then do what stdin asks until it ends.

``python -P -m engine.service SESSION``, SESSION being the folder for the arrays of the window's
session. Started by the window with the folder above it as working directory.
"""

import faulthandler
import importlib.metadata
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from engine import folders
from engine.service import limits, sessions
from engine.service.abilities import SHIPPED, Abilities
from engine.service.channel import Channel
from engine.service.decoders import COMMAND, DecoderPool
from engine.service.exchange import Exchange
from engine.service.messages import Hello, Stop
from engine.service.service import Service

GRACE = 1.0
"""Seconds that work has to stop once the window is gone; then the process ends all the same."""


def run(session: Path, abilities: Abilities, decoder: Sequence[str]) -> NoReturn:
    """Serve one window with ``abilities``, its decoders started by the command ``decoder``."""
    limits.keep_memory()
    channel = Channel()
    channel.send(Hello(importlib.metadata.version(folders.NAME)))
    # Ctrl-C in a terminal reaches the window, too: whether to end is its decision.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.give_way()
    faulthandler.enable()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # A folder within the session's: what an engine leaves there, the next one finds.
    pool = DecoderPool(session / "crashes", decoder)
    service = Service(channel.send, Exchange(session), pool, abilities)
    service.prepare()
    threading.Thread(target=sessions.sweep, args=(folders.cache(),), daemon=True).start()
    for message in channel.messages():
        if isinstance(message, Stop):
            break
        service.take(message)
    service.stop()
    stopped = threading.Thread(target=service.finish, daemon=True)
    stopped.start()
    stopped.join(GRACE)
    os._exit(0)


if __name__ == "__main__":
    run(Path(sys.argv[1]), SHIPPED, COMMAND)
