"""What every emulator shares: a server on 127.0.0.1, a record of requests, scripted faults."""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

T = TypeVar("T")
MEGABYTE = 2**20
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Fault:
    """What goes wrong; with `done`, the request is carried out first and its answer is lost."""

    kind: Literal["status", "hang", "reset", "body"]
    code: int = 200
    retry_after: int | None = None
    message: str = ""
    content: Any = None
    done: bool = False

    @classmethod
    def status(
        cls, code: int, message: str = "", *, retry_after: int | None = None, done: bool = False
    ) -> Self:
        return cls("status", code, retry_after, message, done=done)

    @classmethod
    def hang(cls, *, done: bool = False) -> Self:
        """No answer until `release()`; then the request is served as usual."""
        return cls("hang", done=done)

    @classmethod
    def reset(cls, *, done: bool = False) -> Self:
        return cls("reset", done=done)

    @classmethod
    def body(cls, content: Any, code: int = 200) -> Self:
        """Text and bytes are sent as they are, all else as JSON."""
        return cls("body", code, content=content)


@dataclass
class Script:
    operation: str
    fault: Fault
    times: int
    skip: int


@dataclass
class Request:
    operation: str
    method: str
    path: str
    body: Any
    at: float
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    response: web.Response | None = field(default=None, repr=False)

    @property
    def status(self) -> int | None:
        """None while the request is not answered."""
        return None if self.response is None else self.response.status

    @property
    def answer(self) -> Any:
        """The JSON that was sent back."""
        return None if self.response is None else json.loads(self.response.text or "null")


@dataclass(frozen=True)
class Upload:
    name: str
    mime: str
    data: bytes = field(repr=False)


class Refused(Exception):  # noqa: N818 - an answer of the vendor's, not a failure of the server
    """The vendor's refusal, raised while a request is carried out."""

    def __init__(self, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.more = code, message, more


class Emulator:
    """A vendor on 127.0.0.1. Subclasses read a request, check it and carry it out."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.faults: list[Script] = []
        self._changed = asyncio.Condition()
        self._released = asyncio.Event()
        self._released.set()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * MEGABYTE)
        app.router.add_route("*", "/{path:.*}", self._serve)
        # A killed client must not leave a long poll behind, nor an open one hold up the end.
        self._runner = web.AppRunner(
            app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    def fail(self, operation: str, fault: Fault, *, times: int = 1, skip: int = 0) -> None:
        """The next `times` requests after `skip` meet the fault; "*" and "send*" are patterns."""
        if fault.kind == "hang":
            self._released.clear()
        self.faults.append(Script(operation, fault, times, skip))

    def release(self) -> None:
        """Let everything that hangs go on, and forget the hangs that nobody has met yet."""
        self.faults = [script for script in self.faults if script.fault.kind != "hang"]
        self._released.set()

    def calls(self, operation: str) -> list[Request]:
        return [request for request in self.requests if fnmatchcase(request.operation, operation)]

    def assert_valid(self) -> None:
        if self.violations:
            raise AssertionError("requests that the vendor refuses:\n" + "\n".join(self.violations))

    async def wait_for(
        self,
        predicate: Callable[[Self], T],
        timeout: float = 10,  # noqa: ASYNC109 - reads best at the call
    ) -> T:
        """The predicate's value once it is true; a LookupError inside it means "not yet"."""
        return await self._wait(lambda: predicate(self), timeout, self._recent)

    async def _wait(
        self, predicate: Callable[[], T], limit: float, explain: Callable[[], str]
    ) -> T:
        async with self._changed:
            try:
                async with asyncio.timeout(limit):
                    while True:
                        with contextlib.suppress(LookupError):
                            if value := predicate():
                                return value
                        await self._changed.wait()
            except TimeoutError:
                raise AssertionError(f"not within {limit} s; at the end:\n{explain()}") from None

    def _recent(self) -> str:
        lines = [f"{r.operation} -> {r.status} {r.body}"[:200] for r in self.requests[-12:]]
        return "\n".join(lines) or "no request"

    async def notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _serve(self, http: web.Request) -> web.StreamResponse:
        try:
            return await self._handle(http)
        except Exception as error:
            self.violations.append(f"{http.path}: the emulator failed with {error!r}")
            raise
        finally:
            await self.notify()

    async def _handle(self, http: web.Request) -> web.StreamResponse:
        operation, body = await self._read(http)
        now = asyncio.get_running_loop().time()
        request = Request(operation, http.method, http.path, body, now, http.query, http.headers)
        self.requests.append(request)
        problems = list(self._check(request))
        self.violations += [f"{operation}: {problem}" for problem in problems]
        fault = self._next_fault(operation)
        await self.notify()
        request.response = await self._answer(request, http, problems, fault)
        return request.response

    async def _answer(
        self, request: Request, http: web.Request, problems: list[Refused], fault: Fault | None
    ) -> web.Response:
        if fault is None:
            return await self._carry_out_or_refuse(request, problems)
        answer = None
        if fault.done:
            answer = await self._carry_out_or_refuse(request, problems)
            await self.notify()
        match fault:
            case Fault("status"):
                return self._refusal(fault.code, fault.message, retry_after=fault.retry_after)
            case Fault("body"):
                return _body(fault.content, fault.code)
            case Fault("reset"):
                _cut(http)
                return web.Response(status=500)
            case Fault("hang"):
                await self._released.wait()
            case _:
                pass
        if answer is None:
            answer = await self._carry_out_or_refuse(request, problems)
        return answer

    async def _carry_out_or_refuse(self, request: Request, problems: list[Refused]) -> web.Response:
        try:
            if problems:
                raise problems[0]
            return await self._carry_out(request)
        except Refused as refused:
            return self._refusal(refused.code, refused.message, **refused.more)

    def _next_fault(self, operation: str) -> Fault | None:
        for script in self.faults:
            if not fnmatchcase(operation, script.operation):
                continue
            if script.skip:
                script.skip -= 1
                continue
            script.times -= 1
            if not script.times:
                self.faults.remove(script)
            return script.fault
        return None

    async def _read(self, http: web.Request) -> tuple[str, Any]:
        """The operation's name and its decoded body."""
        raise NotImplementedError

    def _check(self, request: Request) -> Iterable[Refused]:
        """What makes this a request that a correct client never sends."""
        raise NotImplementedError

    async def _carry_out(self, request: Request) -> web.Response:
        raise NotImplementedError

    def _refusal(
        self, code: int, message: str, *, retry_after: int | None = None, **more: Any
    ) -> web.Response:
        """A refusal in the vendor's own form."""
        raise NotImplementedError


def _body(content: Any, code: int) -> web.Response:
    if isinstance(content, bytes):
        return web.Response(body=content, status=code)
    if isinstance(content, str):
        return web.Response(text=content, status=code)
    return web.json_response(content, status=code)


def _cut(http: web.Request) -> None:
    if http.transport is not None:
        connection = http.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        http.transport.abort()
