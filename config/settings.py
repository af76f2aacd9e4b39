"""The environment and its secret files → one frozen `Settings`.

    mapping of variables ─secrets from files→ texts ─validate→ Settings, or every problem at once

Nothing here looks at the process's own environment: the composition root hands it over. A variable that is set to
nothing counts as unset, which is how a compose file leaves one out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.durations import parse_duration
from config.problems import ConfigError, nearest

SHIPPED_WATCHLIST = Path(__file__).with_name("watchlist.yaml")

_PREFIX = "WIREDESK_"
_SECRETS = ("DISCORD_TOKEN", "WIREDESK_DATABASE_URL")  # may also be named by `…_FILE`
_SECRET_FILE_LIMIT = 64 * 1024  # bytes; a secret is a line, so more than this is the wrong file


@dataclass(frozen=True, slots=True)
class FirstLook:
    """How far back a source's first successful poll is told: zero tells nothing, None tells everything."""

    span: timedelta | None


def _first_look(value: object) -> object:
    if not isinstance(value, str):
        return value
    match value.strip().casefold():
        case "all":
            return FirstLook(None)
        case "0":
            return FirstLook(timedelta(0))
        case text:
            try:
                return FirstLook(parse_duration(text))
            except ValueError:
                raise ValueError("neither a duration, 0 nor all: write a span as 24h or 2d, 0 or all") from None


def _burst(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch("0*[1-9][0-9]{0,5}", value.strip()):
        raise ValueError("not a number of alerts: write a whole number from 1 up")
    return value


def _quota(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch("0*[1-9][0-9]{0,5}", value.strip()):
        raise ValueError("not a number: write a whole number from 1 up")
    return value


def _database(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    dialect = address.partition("://")[0].partition("+")[0]
    if "://" not in address or dialect not in {"sqlite", "postgresql"}:
        raise ValueError("not a database address: write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    return value


def _base_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("not a base address: write one as https://HOST/api/v10")
    return value


def _header_text(value: str) -> str:
    # It becomes part of the User-Agent, and a header is one line of printable ASCII.
    if not (value.isascii() and value.isprintable()):
        raise ValueError("not plain text: write an address or e-mail in one line of ASCII")
    return value


class Settings(BaseSettings):
    """Everything that the environment decides. Secrets are `SecretStr`: no log or repr shows them."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", case_sensitive=True, populate_by_name=True, arbitrary_types_allowed=True
    )

    watchlist: Path = Field(default=SHIPPED_WATCHLIST, validation_alias="WIREDESK_WATCHLIST")
    data: Path = Field(default=Path("data"), validation_alias="WIREDESK_DATA")
    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = Field(
        default=None, validation_alias="WIREDESK_DATABASE_URL", description="None: SQLite in `data`"
    )
    first_look: Annotated[FirstLook, BeforeValidator(_first_look)] = Field(
        default=FirstLook(timedelta(hours=24)), validation_alias="WIREDESK_FIRST_LOOK"
    )
    burst: Annotated[int, BeforeValidator(_burst), Field(ge=1)] = Field(default=10, validation_alias="WIREDESK_BURST")
    max_sources: Annotated[int, BeforeValidator(_quota), Field(ge=1)] = Field(
        default=2000, validation_alias="WIREDESK_MAX_SOURCES", description="that chat may add up to, a desk"
    )
    max_watches: Annotated[int, BeforeValidator(_quota), Field(ge=1)] = Field(
        default=500, validation_alias="WIREDESK_MAX_WATCHES", description="that chat may add up to, a desk"
    )
    allow_hosts: str = Field(
        default="", validation_alias="WIREDESK_ALLOW_HOSTS", description="as written: the address guard reads it"
    )
    contact: Annotated[str, AfterValidator(_header_text)] = Field(default="", validation_alias="WIREDESK_CONTACT")
    discord_token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    discord_api: Annotated[str, AfterValidator(_base_address)] | None = Field(
        default=None, validation_alias="WIREDESK_DISCORD_API", description="None: Discord's own"
    )
    warnings: tuple[str, ...] = Field(default=(), description="variables that look like settings and are none")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what the caller hands over, never the process's own environment."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Make the settings of these variables, reading the files that `…_FILE` variables name.

    Raises ConfigError with every problem, one a line: `VARIABLE: what: what to do`.
    """
    problems: list[str] = []
    given = {name: text for name in _variables() if (text := environ.get(name, "").strip())}
    for name in _SECRETS:
        file = environ.get(f"{name}_FILE", "").strip()
        if not file:
            continue
        if name in given:
            problems.append(f"{name}: set twice, also by {name}_FILE: keep one of the two")
            continue
        try:
            given[name] = _read_secret(Path(file))
        except ValueError as error:
            problems.append(f"{name}_FILE: {error}")
    try:
        # By alias, as pydantic-settings takes them: the variables' own names.
        settings = Settings.model_validate({**given, "warnings": _unknown(environ)})
    except ValidationError as error:
        problems.extend(_problem(details["loc"], details["msg"]) for details in error.errors(include_input=False))
    if problems:
        raise ConfigError(*problems)
    return settings


def secret_from(environ: Mapping[str, str], *, env: str | None, file: str | None) -> str:
    """Return the secret that a channel names, from the variable `env` or the file `file`.

    Raises ConfigError where it is unset, empty or unreadable. The text of the error never holds the secret.
    """
    if env is not None:
        secret = environ.get(env, "").strip()
        if not secret:
            raise ConfigError(f"{env}: not set in the environment: set it to the channel's secret address")
        return secret
    if file is None:
        raise ConfigError("no secret named: give the channel url_env or url_file")
    try:
        return _read_secret(Path(file))
    except ValueError as error:
        raise ConfigError(str(error)) from None


def _variables() -> tuple[str, ...]:
    return tuple(
        str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias is not None
    )


def _unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    known = (*_variables(), *(f"{name}_FILE" for name in _SECRETS))
    short = {name.removeprefix(_PREFIX): name for name in known}  # what all share makes nothing alike
    warnings: list[str] = []
    for name in sorted(environ):
        if name.startswith(_PREFIX) and name not in known:
            near = nearest(name.removeprefix(_PREFIX), short)
            advice = f"did you mean {short[near]}?" if near else "it counts only where a url_env names it"
            warnings.append(f"{name}: no such setting: {advice}")
    return tuple(warnings)


def _problem(location: tuple[int | str, ...], message: str) -> str:
    return f"{location[0]}: {message.removeprefix('Value error, ')}"


def _read_secret(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_SECRET_FILE_LIMIT + 1)
        secret = content.decode("utf-8").strip()
    except OSError as error:
        raise ValueError(f"{path} can't be read ({error.strerror}): name a readable file") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text in UTF-8: put the secret alone into it") from None
    if not secret or len(content) > _SECRET_FILE_LIMIT:
        raise ValueError(f"{path} holds no secret: put the secret alone into it")
    return secret
