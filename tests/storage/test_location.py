"""Where the database is: the drivers, the socket, and TLS as it was asked for, never less."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import create_server, socket

import pytest

from watchers.errors import CannotRun, ConfigError
from watchers.storage.database import Database
from watchers.storage.location import database_url, place_of

CERTIFICATE = Path(__file__).parents[1] / "fetch" / "loopback.pem"  # of 127.0.0.1; nothing in it speaks of 127.1
TLS_WANTED = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


class Guarded:
    """A server that takes no client in, and notes what each said before it could send a password: "tls" or "plain"."""

    def __init__(self, *, has_tls: bool) -> None:
        self.heard: list[str] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if has_tls else None
        if self._tls:
            self._tls.load_cert_chain(CERTIFICATE)
        self._listening = create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "Guarded":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket() as waking, self._listening:
            self.closing = True
            waking.connect(("127.0.0.1", self.port))
            self._thread.join(10)

    closing = False

    def _serve(self) -> None:
        while True:
            client, _ = self._listening.accept()
            with client:
                client.settimeout(10)
                if self.closing:
                    return
                with suppress(OSError):
                    self._meet(client)

    def _meet(self, client: socket) -> None:
        said = client.recv(8)
        if said != TLS_WANTED:
            self.heard.append("plain")
            return
        client.sendall(b"S" if self._tls else b"N")
        if self._tls:
            with self._tls.wrap_socket(client, server_side=True) as secured:
                self.heard += ["tls"] if secured.recv(8) else []
        elif client.recv(8):
            self.heard.append("plain")


@pytest.fixture
def with_tls() -> Iterator[Guarded]:
    with Guarded(has_tls=True) as server:
        yield server


@pytest.fixture
def without_tls() -> Iterator[Guarded]:
    with Guarded(has_tls=False) as server:
        yield server


def _turned_away(port: int, asked: str, host: str = "127.0.0.1") -> str:
    with (
        Database(database_url(f"postgresql://ann:secret@{host}:{port}/desk{asked}", Path("data"))) as database,
        pytest.raises(CannotRun, match="the database can't be reached") as refused,
        database.reading(),
    ):
        pytest.fail("nobody was to be let in")
    assert "secret" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ("sqlite:////var/desk.db", "sqlite+pysqlite:////var/desk.db"),
        ("postgresql://ann@db:6543/desk", "postgresql+pg8000://ann@db:6543/desk"),
        ("postgres://ann@db/desk?application_name=desk", "postgresql+pg8000://ann@db/desk"),
        ("postgresql+psycopg2://ann@db/desk", "postgresql+pg8000://ann@db/desk"),
        ("postgresql://ann@/desk?host=db&port=6543", "postgresql+pg8000://ann@db:6543/desk"),
        (
            "postgresql://ann@/desk?host=/run/postgres",
            "postgresql+pg8000://ann@/desk?unix_sock=%2Frun%2Fpostgres%2F.s.PGSQL.5432",
        ),
        (
            "postgresql+pg8000://ann@/desk?unix_sock=/run/postgres/.s.PGSQL.6543",
            "postgresql+pg8000://ann@/desk?unix_sock=%2Frun%2Fpostgres%2F.s.PGSQL.6543",
        ),
    ],
)
def test_the_drivers_are_the_ones_that_are_shipped(configured: str, expected: str) -> None:
    assert database_url(configured, Path("data")).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize(
    "configured",
    [
        "mysql://db/desk",
        "no url",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://db/desk?sslmode=maybe",
        "postgresql://db/desk?options=-csearch_path%3Ddesk",
        "postgresql://db/desk?host=one&host=other",
    ],
)
def test_what_no_desk_can_live_in_is_refused(configured: str) -> None:
    with pytest.raises(ConfigError, match="the database: "):
        database_url(configured, Path("data"))


@pytest.mark.parametrize(
    "asked", ["", "?sslmode=prefer", "?sslmode=require", f"?sslmode=verify-full&sslrootcert={CERTIFICATE}"]
)
def test_a_server_that_has_tls_hears_nothing_without_it(with_tls: Guarded, asked: str) -> None:
    _turned_away(with_tls.port, asked)
    assert set(with_tls.heard) == {"tls"}


@pytest.mark.parametrize("asked", ["", "?sslmode=prefer", "?sslmode=disable"])
def test_a_server_without_tls_is_spoken_to_plainly_where_that_was_not_ruled_out(
    without_tls: Guarded, asked: str
) -> None:
    _turned_away(without_tls.port, asked)
    assert set(without_tls.heard) == {"plain"}


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_where_tls_is_required_a_server_without_it_hears_nothing(without_tls: Guarded, mode: str) -> None:
    assert "refuses SSL" in _turned_away(without_tls.port, f"?sslmode={mode}")
    assert without_tls.heard == []


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_a_server_that_nobody_vouches_for_hears_nothing(with_tls: Guarded, mode: str) -> None:
    assert "certificate" in _turned_away(with_tls.port, f"?sslmode={mode}")
    assert with_tls.heard == []


def test_a_server_of_another_name_is_told_from_the_asked_one_in_full_mode_alone(with_tls: Guarded) -> None:
    trusted = f"&sslrootcert={CERTIFICATE}"
    assert "certificate" in _turned_away(with_tls.port, f"?sslmode=verify-full{trusted}", host="127.1")
    assert with_tls.heard == []
    _turned_away(with_tls.port, f"?sslmode=verify-ca{trusted}", host="127.1")
    assert set(with_tls.heard) == {"tls"}


def test_certificates_that_can_t_be_read_are_told(tmp_path: Path) -> None:
    url = database_url(f"postgresql://db/desk?sslmode=verify-full&sslrootcert={tmp_path}/absent.pem", tmp_path)
    with pytest.raises(ConfigError, match=r"absent\.pem: the certificates can't be read"):
        Database(url)


@pytest.mark.parametrize(
    ("configured", "shown"),
    [
        ("", "data/wiredesk.sqlite3"),
        ("postgresql://wire:hush@db.example:5433/desk?sslmode=require", "PostgreSQL, desk at db.example"),
        ("postgresql://wire:hush@/desk?host=/run/postgresql", "PostgreSQL, desk at /run/postgresql/.s.PGSQL.5432"),
        ("postgresql:///desk", "PostgreSQL, desk at localhost"),
    ],
)
def test_a_database_is_named_by_its_place_without_who_may_enter(configured: str, shown: str) -> None:
    assert place_of(database_url(configured, Path("data"))) == shown
