"""The one way to the web, as the settings have it: the address guard, the fetcher behind it, and its name there."""

from random import Random

from bot import __version__
from config.settings import Settings
from watchers.clock import Clock
from watchers.fetch.client import Fetcher, user_agent
from watchers.fetch.guard import AllowHosts, Guard


def make_guard(settings: Settings, *more_hosts: str) -> Guard:
    """The address guard of the settings; `more_hosts` are allowed besides."""
    return Guard(AllowHosts.parse(",".join(filter(None, (settings.allow_hosts, *more_hosts)))))


def make_fetcher(settings: Settings, guard: Guard, random: Random) -> Fetcher:
    """The one way to the web's sources. Servers speak of the real time, whatever the desk's clock shows."""
    return Fetcher(guard=guard, version=__version__, random=random, clock=Clock(), contact=settings.contact)


def own_name(settings: Settings) -> dict[str, str]:
    """The header by which what is posted names itself, as what is fetched does."""
    return {"User-Agent": user_agent(__version__, settings.contact)}
