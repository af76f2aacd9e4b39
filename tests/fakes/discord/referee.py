"""Referee in both directions: Discord's published OpenAPI document judges requests and replies.

A route of the fake carries the document's own path template, so its schemas are found by template, method and status.
What a client of Discord is known to send otherwise than the document says is in `QUIRKS`, each with its reason.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

DOCUMENT = Path(__file__).resolve().parents[3].parent / "shared" / "discord" / "openapi.json"

Json = dict[str, Any]

# Where in a request body (`[]` for each item of a list), and why it differs from the document.
QUIRKS: tuple[tuple[str, str], ...] = (
    ("allowed_mentions.users.[]", "discord.py sends snowflakes as integers; Discord takes both"),
    ("allowed_mentions.roles.[]", "discord.py sends snowflakes as integers; Discord takes both"),
    ("attachments.[].id", "discord.py sends the index of a new file and the id of a kept one as integers"),
    ("message_reference.message_id", "discord.py sends snowflakes as integers; Discord takes both"),
    ("message_reference.channel_id", "discord.py sends snowflakes as integers; Discord takes both"),
    ("message_reference.guild_id", "discord.py sends snowflakes as integers; Discord takes both"),
    ("applied_tags.[]", "discord.py sends snowflakes as integers; Discord takes both"),
)

# An interaction's answer and a forum's first message carry the message one level down.
_CARRIERS = ("", "data.", "message.")


def absent() -> str:
    """Why there is no referee; empty if there is one."""
    return "" if DOCUMENT.is_file() else f"{DOCUMENT.name} is not beside the project: nothing is refereed"


def known(method: str, template: str) -> bool:
    """Whether the document has the operation."""
    return method.lower() in _document()["paths"].get(template, {})


def wrong_request(method: str, template: str, body: Any) -> str | None:
    """What is wrong with the body (JSON, or the `payload_json` of a multipart form); None if nothing is."""
    operation = _document()["paths"][template][method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    if body is None:
        return "the body is missing" if operation.get("requestBody", {}).get("required") else None
    if "application/json" not in content:
        return "the document has no JSON body here"
    where = _pointer(template, method.lower(), "requestBody", "content", "application/json", "schema")
    return _error(where, _forgiven(body))


def wrong_reply(method: str, template: str, status: int, body: Any) -> str | None:
    """What is wrong with a reply. 5xx are not in the document and never wrong."""
    responses = _document()["paths"][template][method.lower()]["responses"]
    if status >= 500:
        return None
    name = str(status) if str(status) in responses else f"{status // 100}XX"
    if name not in responses:
        return f"the document has no reply {status} here"
    response = responses[name]
    if "$ref" in response:
        *_, component = response["$ref"].split("/")
        where = f"urn:d#/components/responses/{component}/content/application~1json/schema"
        return _error(where, body)
    if "application/json" not in response.get("content", {}):
        return None if body is None else "the document has no body here"
    return _error(_pointer(template, method.lower(), "responses", name, "content", "application/json", "schema"), body)


def _pointer(template: str, *names: str) -> str:
    escaped = [name.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D") for name in names]
    path = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    return "/".join(("urn:d#/paths", path, *escaped))


def _error(where: str, body: Any) -> str | None:
    validator = _validator(where)
    if validator.is_valid(body):
        return None
    errors: list[str] = []
    for error in validator.iter_errors(body):
        errors.extend(f"{'/'.join(map(str, path))}: {message}" for path, message in _deepest(error))
    return "; ".join(errors)[:1500]


def _deepest(error: Any) -> list[tuple[list[Any], str]]:
    """The innermost complaints of a choice among schemas: "not valid under any" alone helps nobody."""
    branches = getattr(error.kind, "context", None) or []
    inner = [found for branch in branches for one in branch for found in _deepest(one)]
    if not inner:
        return [(list(error.instance_path), error.message)]
    depth = max(len(path) for path, _ in inner)
    return [one for one in inner if len(one[0]) == depth]


@cache
def _document() -> Json:
    document: Json = json.loads(DOCUMENT.read_bytes())
    return document


@cache
def _registry() -> Any:
    return jsonschema_rs.Registry([("urn:d", _document())])


@cache
def _validator(where: str) -> Any:
    return jsonschema_rs.validator_for({"$ref": where}, registry=_registry(), validate_formats=True)


def _forgiven(body: Any) -> Any:
    """A copy of the body with the quirks put as the document wants them."""
    copy = json.loads(json.dumps(body))
    for carrier in _CARRIERS:
        for path, _reason in QUIRKS:
            _change(copy, (carrier + path).split("."), lambda value: str(value) if isinstance(value, int) else value)
    return copy


def _change(value: Any, path: list[str], change: Callable[[Any], Any]) -> None:
    step, *rest = path
    keys: list[Any] = []
    if step == "[]" and isinstance(value, list):
        keys = list(range(len(value)))
    elif isinstance(value, dict) and step in value:
        keys = [step]
    for key in keys:
        if rest:
            _change(value[key], rest, change)
        else:
            value[key] = change(value[key])
