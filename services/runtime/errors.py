"""
The errors that shells raise, one class for each thing that can be done about an error.

    ServiceError
    ├── Transient       the world is not ready: try again later, the same input may succeed
    │   ├── Unreachable     nobody answers at the other end
    │   └── Overloaded      it answers, but takes no more for now
    ├── Rejected        this input will never do: to the dead letters with the reason, go on with the next
    └── Misconfigured   this process cannot do its work as started: say what to change, and stop

The tree exists so that the loop in `process.py` and the consumers decide by class alone, without knowing the vendor
library that raised first: errors of libraries are translated where the library is called, with `raise … from error`.
Engines raise none of these; they return data about bad data.
"""

__all__ = ["Misconfigured", "Overloaded", "Rejected", "ServiceError", "Transient", "Unreachable", "first_of"]


class ServiceError(Exception):
    """
    Root of the errors that a shell raises on purpose; anything else that reaches the process loop is a bug.
    """


class Transient(ServiceError):
    """
    The world is not ready: the same call may succeed later.
    """


class Unreachable(Transient):
    """
    Nobody answers at the other end: refused, timed out, name unknown.
    """


class Overloaded(Transient):
    """
    The other end takes no more for now.

    `retry_after_ms` says when to try again, if anyone knows.
    """

    def __init__(self, message: str, *, retry_after_ms: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms


class Rejected(ServiceError):
    """
    This input will never be accepted.

    `reason` is the stable name of the cause (the value of an enum of the caller): the same word goes to the log, the
    metric's label and the dead letter.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Misconfigured(ServiceError):
    """
    This process cannot do its work as it was started; the message names the setting and the fix.
    """


def first_of(errors: BaseException) -> BaseException:
    """
    Find the first of errors that came together, however deep in groups; of one that came alone, that one.
    """
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors
