"""Messages of one batch that failed, with those of their keys that must stay behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from chassis.bus.port import Message
from chassis.dead_letters import cause_of

ATTEMPTS = 3
Key = tuple[str, str]


def key_of(message: Message) -> Key:
    """Return what orders a message among others."""
    return message.topic, message.key


@dataclass(slots=True)
class Queue:
    """The messages of one key, the failed one first, and what is known of its failure."""

    messages: list[Message] = field(default_factory=list)
    cause: str = ""
    attempts: int = 0
    is_final: bool = False


class SetAside:
    """The queues of the keys that fail in one batch."""

    def __init__(self) -> None:
        self._queues: dict[Key, Queue] = {}

    def keep_behind(self, messages: Sequence[Message]) -> list[Message]:
        """Queue the messages of keys that fail, and return the others."""
        going = []
        for message in messages:
            queue = self._queues.get(key_of(message))
            if queue is None:
                going.append(message)
            else:
                queue.messages.append(message)
        return going

    def fail(self, message: Message, error: Exception) -> str:
        """Note one more failed attempt of a key's first message; return the cause."""
        queue = self._queues.setdefault(key_of(message), Queue([message]))
        queue.cause = cause_of(error)
        queue.attempts += 1
        # What cannot be read now will not be readable in a moment.
        queue.is_final = isinstance(error, msgspec.MsgspecError)
        return queue.cause

    def first(self, key: Key) -> Message | None:
        """Return the message that its key waits for."""
        queue = self._queues.get(key)
        return queue.messages[0] if queue else None

    def drop_first(self, key: Key) -> None:
        """Forget a key's first message: it was applied after all."""
        del self._queues[key].messages[0]
        self._queues[key].attempts = 0
        if not self._queues[key].messages:
            del self._queues[key]

    def may_be_retried(self) -> list[Key]:
        """Return the keys whose first message may still go through."""
        return [key for key, queue in self._queues.items() if not queue.is_final]

    def queues(self) -> Iterable[Queue]:
        """Return what is left, to be parked."""
        return self._queues.values()
