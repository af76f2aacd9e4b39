"""Host name → addresses, by the machine's own resolver, without ever holding the program up.

`getaddrinfo` can't be cancelled. Each look-up has a daemon thread of its own, so that a name server which hangs
delays neither other look-ups (as in a shared pool) nor the end of the program (pool threads are joined at exit).
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host (ASCII) and port → addresses as text, best first. Raises OSError where there are none."""


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Every address that the machine's resolver gives for `host`, in its order, without repeats.

    Raises OSError (`socket.gaierror`) for a name that does not resolve. Cancelling leaves only the thread behind.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str] | OSError) -> None:
        if answer.done():
            return
        if isinstance(found, OSError):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def look_up() -> None:
        found: list[str] | OSError
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(row[4][0]) for row in rows))
        except UnicodeError as refused:  # a label that is too long or empty
            found = socket.gaierror(socket.EAI_NONAME, str(refused))
        except OSError as failure:
            found = failure
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await answer
