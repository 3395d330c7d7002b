"""The hash chain of the trail: each entry's hash covers the one before, its own position and its bytes."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

GENESIS: Final = bytes(32)


class Link(NamedTuple):
    """One entry as the chain sees it."""

    position: int
    prev_hash: bytes
    hash: bytes
    payload: bytes


class Head(NamedTuple):
    """The last entry: where the chain ends."""

    position: int
    hash: bytes


START: Final = Head(0, GENESIS)


def link(head: Head, payload: bytes) -> Link:
    """Return the entry that follows a head."""
    position = head.position + 1
    return Link(position, head.hash, hash_of(head.hash, position, payload), payload)


def hash_of(prev_hash: bytes, position: int, payload: bytes) -> bytes:
    """Return the hash of one entry."""
    return sha256(prev_hash + position.to_bytes(8, "big") + payload).digest()


def first_broken(head: Head, links: Iterable[Link]) -> tuple[Head, int | None]:
    """Return how far the chain holds from a head on, and the first position that breaks it."""
    for entry in links:
        position = head.position + 1
        is_whole = (
            entry.position == position
            and entry.prev_hash == head.hash
            and entry.hash == hash_of(head.hash, position, entry.payload)
        )
        if not is_whole:
            return head, position
        head = Head(entry.position, entry.hash)
    return head, None
