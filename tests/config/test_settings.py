"""Settings come from the variables that are handed over and the files that these name, and from nowhere else."""

from datetime import timedelta
from pathlib import Path

import pytest

from config.problems import ConfigError
from config.settings import SHIPPED_WATCHLIST, FirstLook, Settings, load_settings, secret_from

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def problems_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_settings(environ)
    return caught.value.problems


def test_without_variables_the_documented_defaults_hold() -> None:
    settings = load_settings({})
    assert settings.watchlist == SHIPPED_WATCHLIST
    assert settings.data == Path("data")
    assert settings.database_url is None
    assert settings.first_look == FirstLook(timedelta(hours=24))
    assert settings.burst == 10
    assert (settings.max_sources, settings.max_watches) == (2000, 500)
    assert settings.allow_hosts == ""
    assert settings.contact == ""
    assert settings.discord_token is None
    assert settings.discord_api is None
    assert settings.warnings == ()


def test_the_shipped_watch_list_lies_beside_the_module() -> None:
    assert SHIPPED_WATCHLIST.is_file()


def test_the_process_s_own_environment_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREDESK_BURST", "3")
    monkeypatch.setenv("burst", "4")
    assert load_settings({}).burst == 10
    assert Settings().burst == 10


def test_a_variable_set_to_nothing_counts_as_unset() -> None:
    assert load_settings({"WIREDESK_BURST": "", "DISCORD_TOKEN": " "}) == load_settings({})


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings({}).burst = 3


@pytest.mark.parametrize(
    ("text", "span"),
    [("24h", timedelta(hours=24)), ("90s", timedelta(seconds=90)), ("2d", timedelta(days=2)), ("0", timedelta(0))],
)
def test_the_first_look_is_a_span_or_nothing(text: str, span: timedelta) -> None:
    assert load_settings({"WIREDESK_FIRST_LOOK": text}).first_look.span == span


@pytest.mark.parametrize("text", ["all", "ALL"])
def test_the_first_look_may_be_everything(text: str) -> None:
    assert load_settings({"WIREDESK_FIRST_LOOK": text}).first_look.span is None


@pytest.mark.parametrize("text", ["24", "h", "-1h", "1.5h", "some", "1h30m", "٣h"])
def test_any_other_first_look_is_refused(text: str) -> None:
    assert problems_of({"WIREDESK_FIRST_LOOK": text}) == (
        "WIREDESK_FIRST_LOOK: neither a duration, 0 nor all: write a span as 24h or 2d, 0 or all",
    )


@pytest.mark.parametrize("text", ["0", "-1", "ten", "1.5", "²"])
def test_a_burst_is_a_whole_number_from_one_up(text: str) -> None:
    assert problems_of({"WIREDESK_BURST": text}) == (
        "WIREDESK_BURST: not a number of alerts: write a whole number from 1 up",
    )


def test_every_problem_is_told_at_once() -> None:
    problems = problems_of(
        {
            "WIREDESK_BURST": "0",
            "WIREDESK_FIRST_LOOK": "soon",
            "WIREDESK_DISCORD_API": "discord",
            "WIREDESK_CONTACT": "desk@example.org\nX-Header: 1",
            "DISCORD_TOKEN_FILE": "/no/such/file",
        }
    )
    assert {problem.partition(":")[0] for problem in problems} == {
        "WIREDESK_BURST",
        "WIREDESK_FIRST_LOOK",
        "WIREDESK_DISCORD_API",
        "WIREDESK_CONTACT",
        "DISCORD_TOKEN_FILE",
    }


@pytest.mark.parametrize("url", ["mysql://h/x", "postgres://u:hunter2@h/x", "sqlite", "data.db"])
def test_a_database_is_sqlite_or_postgresql_and_its_password_is_not_repeated(url: str) -> None:
    (problem,) = problems_of({"WIREDESK_DATABASE_URL": url})
    assert problem.startswith("WIREDESK_DATABASE_URL: not a database address: write ")
    assert "hunter2" not in problem


@pytest.mark.parametrize("url", ["sqlite:///desk.db", "postgresql+pg8000://u:p@h/x", "postgresql://u:p@h/x"])
def test_either_database_with_any_driver_is_taken(url: str) -> None:
    database_url = load_settings({"WIREDESK_DATABASE_URL": url}).database_url
    assert database_url is not None
    assert database_url.get_secret_value() == url


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "WIREDESK_DATABASE_URL"])
def test_a_secret_may_lie_in_a_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("postgresql://u:p@h/x\n")
    settings = load_settings({f"{name}_FILE": str(file)})
    secret = settings.discord_token if name == "DISCORD_TOKEN" else settings.database_url
    assert secret is not None
    assert secret.get_secret_value() == "postgresql://u:p@h/x"
    assert settings.warnings == ()


def test_a_secret_is_not_taken_from_two_places(tmp_path: Path) -> None:
    environ = {"DISCORD_TOKEN": "a", "DISCORD_TOKEN_FILE": str(tmp_path / "secret")}
    assert problems_of(environ) == ("DISCORD_TOKEN: set twice, also by DISCORD_TOKEN_FILE: keep one of the two",)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", b"x" * 70_000])
def test_a_file_without_a_usable_secret_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    (problem,) = problems_of({"DISCORD_TOKEN_FILE": str(file)})
    assert problem.startswith(f"DISCORD_TOKEN_FILE: {file} ")
    assert problem.endswith("put the secret alone into it")


def test_secrets_are_never_shown() -> None:
    settings = load_settings({"DISCORD_TOKEN": "hunter2", "WIREDESK_DATABASE_URL": "postgresql://u:hunter2@h/x"})
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings.model_dump())


def test_a_variable_that_only_looks_like_a_setting_is_a_warning() -> None:
    settings = load_settings({"WIREDESK_FIRSTLOOK": "all", "WIREDESK_TEAM_HOOK": "x", "PATH": "/bin"})
    assert settings.warnings == (
        "WIREDESK_FIRSTLOOK: no such setting: did you mean WIREDESK_FIRST_LOOK?",
        "WIREDESK_TEAM_HOOK: no such setting: it counts only where a url_env names it",
    )


def test_a_channel_s_secret_comes_from_the_variable_it_names() -> None:
    assert secret_from({"TEAM_WEBHOOK": " https://chat.example/x "}, env="TEAM_WEBHOOK", file=None) == (
        "https://chat.example/x"
    )


def test_a_channel_s_secret_comes_from_the_file_it_names(tmp_path: Path) -> None:
    file = tmp_path / "hook"
    file.write_text("https://chat.example/x\n")
    assert secret_from({}, env=None, file=str(file)) == "https://chat.example/x"


@pytest.mark.parametrize(
    ("env", "file", "told"),
    [("TEAM", None, "TEAM: not set"), (None, "/no/such", "/no/such can't be read"), (None, None, "no secret named")],
)
def test_a_secret_that_is_not_there_says_what_to_do(env: str | None, file: str | None, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        secret_from({}, env=env, file=file)


def test_the_example_names_every_variable_and_can_be_used_as_it_is() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    environ = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings = load_settings(environ)
    assert settings == load_settings({})
    variables = {str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias}
    assert set(environ) == {*variables, "DISCORD_TOKEN_FILE", "WIREDESK_DATABASE_URL_FILE"}


@pytest.mark.parametrize("name", ["WIREDESK_MAX_SOURCES", "WIREDESK_MAX_WATCHES"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "12345678"])
def test_a_quota_is_a_whole_number_from_1_up(name: str, value: str) -> None:
    assert problems_of({name: value}) == (f"{name}: not a number: write a whole number from 1 up",)


def test_quotas_are_as_they_are_set() -> None:
    settings = load_settings({"WIREDESK_MAX_SOURCES": "3", "WIREDESK_MAX_WATCHES": "4"})
    assert (settings.max_sources, settings.max_watches) == (3, 4)
