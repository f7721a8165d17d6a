"""What a process may take, and when it must end, in the words of the system it runs on."""

import os
import sys

KEPT = 256 * 2**20
"""Bytes of free memory that an engine holds at the most at its heap's end: an answer's networks
take about as much."""
LARGE = 32 * 2**20
"""Bytes from which memory comes from the system and goes back to it at once: glibc's largest."""


def give_way(niceness: int = 5) -> None:
    """Leave the window its core; nothing where the system has no niceness."""
    if sys.platform != "win32":
        os.nice(niceness)


def keep_memory() -> None:
    """Have the C library keep what an answer gives back, for the next one (glibc); call it first.

    It may hand the memory back to the system and take it anew, page by page: four of twelve engines
    did, by chance, 3,000 to 20,000 pages an answer, and the networks of two of them took half as
    long again. Decided: one heap for all threads, whose end is not given back below ``KEPT``.
    """
    if sys.platform != "linux":
        return
    import ctypes

    trim_threshold, mmap_threshold, arena_max = -1, -3, -8  # malloc.h
    c_library = ctypes.CDLL(None)
    if not hasattr(c_library, "gnu_get_libc_version"):
        return
    c_library.mallopt(arena_max, 1)
    # Both, for to set one keeps the other from growing as needed.
    if c_library.mallopt(mmap_threshold, LARGE):
        c_library.mallopt(trim_threshold, KEPT)


def die_with_parent(parent: int) -> None:
    """Have Linux kill this process when the thread that started it ends.

    ``parent`` is the process that should be its parent; if that is gone already, this one ends.
    Elsewhere a process must watch for the end of its stdin.
    """
    if sys.platform != "linux":
        return
    import ctypes
    import signal

    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, linux/prctl.h
    ctypes.CDLL(None).prctl(set_parent_death_signal, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def limit_memory(size: int) -> None:
    """Bound this process's address space to ``size`` bytes, where the system can (Linux)."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def allow_processor_time(seconds: int) -> None:
    """Let this process compute for ``seconds`` from now on; beyond that the system kills it."""
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        used = int(usage.ru_utime + usage.ru_stime)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (used + 1 + seconds, hard))
