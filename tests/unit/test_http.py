"""The clients share connections, and nothing else: not their end, not their cookies, not a jam."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web

from adapters.http import open_http


class Server:
    """Answers with the cookies it was sent; `/hang` not before `release` is set."""

    def __init__(self) -> None:
        self.url = ""
        self.release = asyncio.Event()
        self.reached = asyncio.Event()
        self.under_way = 0
        self.most_under_way = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.reached.set()
        if request.path == "/hang":
            await self.release.wait()
        self.under_way -= 1
        response = web.json_response(dict(request.cookies))
        response.set_cookie("who", "somebody")
        return response


@asynccontextmanager
async def serve() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_get("/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        server.release.set()
        await runner.cleanup()


async def test_closing_one_client_leaves_the_others_theirs() -> None:
    async with serve() as server, open_http() as http:
        async with httpx.AsyncClient(transport=http.transport()) as first:
            assert (await first.get(server.url)).status_code == 200
        async with httpx.AsyncClient(transport=http.transport()) as second:
            assert (await second.get(server.url)).status_code == 200
        assert not http.session.closed
    assert http.session.closed


async def test_a_cookie_of_one_client_is_not_sent_by_another() -> None:
    async with serve() as server, open_http() as http:
        async with httpx.AsyncClient(transport=http.transport()) as first:
            await first.get(server.url)
        async with httpx.AsyncClient(transport=http.transport()) as second:
            assert (await second.get(server.url)).json() == {}
        async with http.session.get(server.url) as response:
            assert await response.json() == {}


async def test_requests_wait_for_their_turn() -> None:
    async with serve() as server, open_http(connections_per_host=2) as http:
        async with httpx.AsyncClient(transport=http.transport()) as client:
            waiting = [asyncio.create_task(client.get(f"{server.url}/hang")) for _ in range(6)]
            await server.reached.wait()
            server.release.set()
            assert {(await request).status_code for request in waiting} == {200}
        assert server.most_under_way <= 2


async def test_a_host_that_hangs_holds_up_nobody_else() -> None:
    async with (
        serve() as jammed,
        serve() as well,
        open_http(connections_per_host=1) as http,
        httpx.AsyncClient(transport=http.transport()) as client,
    ):
        hanging = asyncio.create_task(client.get(f"{jammed.url}/hang"))
        await jammed.reached.wait()
        assert (await client.get(well.url)).status_code == 200
        jammed.release.set()
        await hanging


async def test_failures_are_httpx_errors() -> None:
    async with serve() as server:
        gone = server.url
    async with open_http() as http, httpx.AsyncClient(transport=http.transport()) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(gone)


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
async def test_the_environments_proxy_is_used(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    if proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
    async with serve() as server, open_http() as http:
        async with httpx.AsyncClient(transport=http.transport()) as client:
            if not proxy:
                assert (await client.get(server.url)).status_code == 200
                return
            with pytest.raises(httpx.TransportError):
                await client.get(server.url)
        assert not server.reached.is_set()
