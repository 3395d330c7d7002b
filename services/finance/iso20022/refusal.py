"""The two refusals of this folder; both name a place and a rule and never repeat a value of the message."""


class BatchNotWritable(ValueError):  # noqa: N818 errors are sentences here
    """The batch breaks a rule of pain.001.001.09; `pointer` names the field of the batch."""

    def __init__(self, code: str, pointer: str, message: str) -> None:
        super().__init__(f"{pointer}: {message}")
        self.code = code
        self.pointer = pointer
        self.message = message


class ReportRefused(ValueError):  # noqa: N818 errors are sentences here
    """The bank's report cannot be taken over; `pointer` is the path of the element that is at fault."""

    def __init__(self, code: str, pointer: str, message: str) -> None:
        super().__init__(f"{pointer}: {message}")
        self.code = code
        self.pointer = pointer
        self.message = message
