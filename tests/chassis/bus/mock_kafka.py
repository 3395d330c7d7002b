"""librdkafka's mock cluster, driven through ctypes: a Kafka in memory whose errors can be ordered."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import confluent_kafka

PRODUCE = 0
NOT_LEADER = 6
REQUEST_TIMED_OUT = 7
NOT_ENOUGH_REPLICAS = 19


class MockKafka:
    """One mock broker; its messages live as long as it."""

    def __init__(self) -> None:
        folder = Path(confluent_kafka.__file__).parent.with_name("confluent_kafka.libs")
        self._lib = ctypes.CDLL(str(next(folder.glob("librdkafka-*"))))
        for name in ("rd_kafka_new", "rd_kafka_mock_cluster_new"):
            getattr(self._lib, name).restype = ctypes.c_void_p
        self._lib.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        why = ctypes.create_string_buffer(512)
        self._client = ctypes.c_void_p(self._lib.rd_kafka_new(0, None, why, ctypes.c_size_t(512)))
        self._cluster = ctypes.c_void_p(self._lib.rd_kafka_mock_cluster_new(self._client, 1))
        self._call("group_initial_rebalance_delay_ms", 0)

    @property
    def bootstrap(self) -> str:
        """The address clients connect to."""
        found: bytes = self._lib.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return found.decode()

    def create_topic(self, name: str, partitions: int) -> None:
        """Create a topic."""
        self._call("topic_create", name.encode(), partitions, 1)

    def fail_next(self, api_key: int, *errors: int) -> None:
        """Answer the next requests of a kind with these errors."""
        self._lib.rd_kafka_mock_push_request_errors(
            self._cluster, ctypes.c_int16(api_key), ctypes.c_size_t(len(errors)), *errors
        )

    def down(self) -> None:
        """Refuse and drop every connection."""
        self._call("broker_set_down", 1)

    def up(self) -> None:
        """Listen again."""
        self._call("broker_set_up", 1)

    def slow(self, milliseconds: int) -> None:
        """Let every request take this long."""
        self._call("broker_set_rtt", 1, milliseconds)

    def close(self) -> None:
        """Forget everything."""
        self._lib.rd_kafka_mock_cluster_destroy(self._cluster)
        self._lib.rd_kafka_destroy(self._client)

    def _call(self, name: str, *arguments: bytes | int) -> None:
        answer = getattr(self._lib, f"rd_kafka_mock_{name}")(self._cluster, *arguments)
        if name != "group_initial_rebalance_delay_ms" and answer != 0:
            raise RuntimeError(f"{name} answered {answer}")


@contextmanager
def running() -> Iterator[MockKafka]:
    """Serve for as long as the block lasts."""
    cluster = MockKafka()
    try:
        yield cluster
    finally:
        cluster.close()
