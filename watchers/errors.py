"""The one tree of Wiredesk's exceptions.

    WiredeskError
    ├── ConfigError        settings, watch list or usage are wrong: exit 2, says what to do
    │   └── QueryError     a query is wrong; `column` counts from 1
    ├── CannotRun          it could not be done: exit 1 (database locked by another desk, unreadable, full)
    │   └── LeaseLost      another desk took the database over while we ran
    ├── UnsafeAddress      the address guard refused; `reason` is fit for the admin
    └── WorkerKilled       hostile input held a worker process past its limit; its caller makes an Outcome of it

The first two are defined beside the configuration, which knows nothing of the watchers. Expected failures of the web
are no exceptions: they are an `Outcome` (`watchers.models`).
"""

from config.problems import ConfigError, WiredeskError

__all__ = [
    "CannotRun",
    "ConfigError",
    "LeaseLost",
    "QueryError",
    "UnsafeAddress",
    "WiredeskError",
    "WorkerKilled",
    "leaves",
]


class QueryError(ConfigError):
    """A query that can't be understood.

    `column` is the 1-based code point in `query` where it goes wrong; `hint` says what to write instead.
    """

    def __init__(self, message: str, *, query: str, column: int, hint: str | None = None) -> None:
        self.message = message
        self.query = query
        self.column = column
        self.hint = hint
        super().__init__(f"column {column}: {message}" + (f": {hint}" if hint else ""))


class CannotRun(WiredeskError):
    """The work could not be done, through no fault of the configuration."""


class LeaseLost(CannotRun):
    """Another desk took over this database: this one must stop writing at once."""


class UnsafeAddress(WiredeskError):
    """The address guard refused to open a connection. `reason` names what and why, without secrets."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class WorkerKilled(WiredeskError):
    """A job in the worker process passed its limit of time, CPU or memory, or died. Its text says which."""


def leaves(error: BaseException) -> tuple[WiredeskError | None, BaseException | None]:
    """What a task group wrapped: the first error of ours in it, and the first that is none."""
    if not isinstance(error, BaseExceptionGroup):
        return (error, None) if isinstance(error, WiredeskError) else (None, error)
    inner = [leaves(each) for each in error.exceptions]
    return next((ours for ours, _ in inner if ours), None), next((bug for _, bug in inner if bug), None)
