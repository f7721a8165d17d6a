"""A lock on an open file, which the system drops when its holder dies, however it dies."""

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def take(file: BinaryIO) -> bool:
        """Lock ``file`` until it is closed; False if another process holds it.

        Raises ``OSError`` where the disk knows no locks.
        """
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def take(file: BinaryIO) -> bool:
        """Lock ``file`` until it is closed; False if another process holds it.

        Raises ``OSError`` where the disk knows no locks, as some network folders.
        """
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
