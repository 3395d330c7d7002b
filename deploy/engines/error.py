"""What can go wrong with an engine, each told in one line."""


class EngineMissing(RuntimeError):  # noqa: N818 - errors are sentences here
    """Something that the engine needs is not installed; the message says what to install."""


class EngineFailed(RuntimeError):  # noqa: N818 - errors are sentences here
    """The engine was started and did not become ready, or did not end."""
