"""Networks that were built, kept for the next photograph within a bound of memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

MOST_BYTES = 2**30
"""Of all kept networks' weights together: six of net B at 448 pixels take 300 MB, six AlexNets
1.4 GB, of which then some are read again for each photograph."""


class Kept:
    """The least lately used goes first; the newest always stays."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._networks: OrderedDict[Hashable, nn.Module] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: "Callable[[], nn.Module]") -> "nn.Module":
        """The network of this key, made if it is not here."""
        with self._lock:
            if key in self._networks:
                self._networks.move_to_end(key)
                return self._networks[key]
        network = make()
        with self._lock:
            self._networks[key] = network
            while len(self._networks) > 1 and self._bytes() > self._most:
                self._networks.popitem(last=False)
        return network

    def clear(self) -> None:
        """Let all go."""
        with self._lock:
            self._networks.clear()

    def _bytes(self) -> int:
        return sum(
            value.numel() * value.element_size()
            for network in self._networks.values()
            for value in network.parameters()
        )
