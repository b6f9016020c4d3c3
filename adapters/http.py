"""One pool of connections for every vendor: the clients borrow it and none of them closes it."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.request import getproxies

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

CONNECTIONS_PER_HOST = 256


class Http:
    """An aiohttp session, and the same session as a transport for httpx's clients."""

    def __init__(self, session: aiohttp.ClientSession, tls: ssl.SSLContext) -> None:
        self.session = session
        self._transport = _BorrowedTransport(verify=tls, client=session)

    def transport(self) -> httpx.AsyncBaseTransport:
        return self._transport


@asynccontextmanager
async def open_http(connections_per_host: int = CONNECTIONS_PER_HOST) -> AsyncIterator[Http]:
    """Closes the session when the context ends. A full pool makes requests wait for their turn."""
    tls = httpx.create_ssl_context()  # certifi's roots: slim images have none of their own
    # Limited by host and not in all, so that a vendor which hangs holds up nobody else.
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=connections_per_host, ssl=tls)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),  # the vendors share the session, not their cookies
        trust_env=bool(getproxies()),  # it costs each request two trips to a thread
    ) as session:
        yield Http(session, tls)


class _BorrowedTransport(AiohttpTransport):
    async def aclose(self) -> None:
        """The session outlives the client that borrowed it."""
