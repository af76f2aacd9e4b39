"""Discord's refusals: the statuses, its own codes, and the nested form of a body that breaks its rules."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

_KNOWN = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    30032: (400, "Maximum number of application commands reached (100)."),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
}


class Refused(Exception):
    """A request that Discord would refuse; `body` is its JSON."""

    def __init__(self, code: int, faults: Iterable[tuple[str, str]] = (), more: Json | None = None) -> None:
        self.status, message = _KNOWN[code]
        self.code = code
        self.body: Json = {"message": message, "code": code, **(more or {})}
        if nested := _nested(faults):
            self.body["errors"] = nested
        super().__init__(f"{code} {message} {self.body.get('errors', '')}")


def _nested(faults: Iterable[tuple[str, str]]) -> Json:
    """`("embeds.0.title", "…")` as Discord nests it, a level for each step."""
    errors: Json = {}
    for where, what in faults:
        level = errors
        for step in where.split("."):
            level = level.setdefault(step, {})
        level.setdefault("_errors", []).append({"code": "BASE_TYPE_BAD_LENGTH", "message": what})
    return errors
