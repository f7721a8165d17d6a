"""One event of the records, and the hash that ties it to the one before.

The hash is the SHA-256 of the JSON list of number, time, who, subject, kind, payload and the hash
before; so no event can be changed, taken out of the middle or put in without breaking all that
follow. That the *last* ones were cut off it cannot tell: that takes a hash noted elsewhere.
"""

import hashlib
from dataclasses import dataclass

import msgspec

FIRST = "0" * 64
"""What stands for the hash before the first event."""


@dataclass(frozen=True)
class Event:
    """What happened, as it is kept for ever.

    ``number`` counts from 1. ``time`` is UTC, ISO 8601. ``who`` is the name of the account on this
    computer. ``subject`` is the SHA-256 of the picture that it is about. ``payload`` is JSON.
    """

    number: int
    time: str
    who: str
    subject: str
    kind: str
    payload: str
    previous_hash: str
    hash: str


def hash_of(
    number: int, time: str, who: str, subject: str, kind: str, payload: str, previous_hash: str
) -> str:
    """The hash that an event with these contents has."""
    # A list, so that no two different contents run together into the same bytes.
    content = (number, time, who, subject, kind, payload, previous_hash)
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def is_true(event: Event, number: int, previous_hash: str) -> bool:
    """Whether an event follows that hash with that number, and is as it was written."""
    return (event.number, event.previous_hash, event.hash) == (
        number,
        previous_hash,
        hash_of(
            event.number,
            event.time,
            event.who,
            event.subject,
            event.kind,
            event.payload,
            event.previous_hash,
        ),
    )
