"""Discord's gateway: who is connected, what they may hear, and what they have missed."""

import asyncio
import contextlib
import itertools
import json
import zlib
from collections.abc import Callable
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from .discord import DiscordEmulator

Event = dict[str, Any]
_LARGEST_COMMAND = 4096


class Intent(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


NONE = Intent(0)
PRIVILEGED = Intent.GUILD_MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT
_LARGEST_INTENTS = 1 << 26


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    VOICE_STATE_UPDATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQ = 4007
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


# What an operator sets wrong; every other code is a client's fault.
_NO_VIOLATION = {Close.AUTHENTICATION_FAILED, Close.DISALLOWED_INTENTS}


class Closed(Exception):  # noqa: N818 - an answer of Discord's, not a failure of the server
    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code


class Connection:
    """One WebSocket. Payloads leave in the order in which they were sent."""

    def __init__(self, http: web.Request, socket: web.WebSocketResponse) -> None:
        self._http, self._socket = http, socket
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        # zstd-stream is asked for on newer Pythons; text is understood by every client.
        compressed = http.query.get("compress") == "zlib-stream"
        self._compressor = zlib.compressobj() if compressed else None
        self.session: Session | None = None

    def send(self, op: Op, data: Any) -> None:
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, payload: str) -> None:
        self._waiting.put_nowait(payload)

    async def pump(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                payload = await self._waiting.get()
                if self._compressor is None:
                    await self._socket.send_str(payload)
                    continue
                packed = self._compressor.compress(payload.encode())
                await self._socket.send_bytes(packed + self._compressor.flush(zlib.Z_SYNC_FLUSH))

    def drop(self) -> None:
        if self._http.transport is not None:
            self._http.transport.abort()


class Session:
    """What one identified client has been told; it outlives the connection."""

    def __init__(self, number: int, intents: Intent) -> None:
        self.id = f"session-{number}"
        self.intents = intents
        self.events: list[str] = []
        self.connection: Connection | None = None

    def dispatch(self, event: str, data: Event) -> None:
        number = len(self.events) + 1
        payload = json.dumps({"op": Op.DISPATCH, "d": data, "s": number, "t": event})
        self.events.append(payload)
        if self.connection:
            self.connection.send_text(payload)

    def attach(self, connection: Connection, after: int) -> None:
        """Replay what came after the event of that number, and go on from there."""
        self.connection, connection.session = connection, self
        for payload in self.events[after:]:
            connection.send_text(payload)


class Gateway:
    def __init__(self, emulator: "DiscordEmulator") -> None:
        self._emulator = emulator
        self._numbers = itertools.count(1)
        self.sessions: list[Session] = []
        self.connections: list[Connection] = []

    def dispatch(
        self, event: str, data: Event | Callable[[Intent], Event], needs: Intent = NONE
    ) -> None:
        """Tell every session that asked for such events; `data` may depend on its intents."""
        for session in self.sessions:
            if not needs or session.intents & needs:
                session.dispatch(event, data(session.intents) if callable(data) else data)

    async def serve(self, http: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=_LARGEST_COMMAND)
        await socket.prepare(http)
        connection = Connection(http, socket)
        self.connections.append(connection)
        pump = asyncio.create_task(connection.pump())
        connection.send(Op.HELLO, {"heartbeat_interval": self._emulator.heartbeat_interval})
        try:
            with contextlib.suppress(ConnectionError):
                await self._listen(connection, socket)
        finally:
            pump.cancel()
            self._forget(connection)
        return socket

    async def _listen(self, connection: Connection, socket: web.WebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(connection, message.data)
        except Closed as closed:
            if closed.code not in _NO_VIOLATION:
                self._emulator.violations.append(f"gateway: closed with {closed}")
            await socket.close(code=closed.code, message=closed.code.name.encode())

    def _forget(self, connection: Connection) -> None:
        self.connections.remove(connection)
        if connection.session and connection.session.connection is connection:
            connection.session.connection = None

    async def _receive(self, connection: Connection, text: str) -> None:
        try:
            match json.loads(text):
                case {"op": int(number), "d": data}:
                    op = Op(number)
                case _:
                    raise Closed(Close.DECODE_ERROR)
        except ValueError as error:
            unknown = not isinstance(error, json.JSONDecodeError)
            raise Closed(Close.UNKNOWN_OPCODE if unknown else Close.DECODE_ERROR) from None
        if op is not Op.HEARTBEAT:
            self._emulator.record(op.name, data)
        if not _is_whole(op, data):
            raise Closed(Close.DECODE_ERROR)
        self._obey(connection, op, data)
        await self._emulator.notify()

    def _obey(self, connection: Connection, op: Op, data: Any) -> None:
        if op is Op.HEARTBEAT:
            connection.send(Op.HEARTBEAT_ACK, None)
        elif op in {Op.IDENTIFY, Op.RESUME}:
            if connection.session:
                raise Closed(Close.ALREADY_AUTHENTICATED)
            if data["token"] != self._emulator.token:
                raise Closed(Close.AUTHENTICATION_FAILED)
            (self._identify if op is Op.IDENTIFY else self._resume)(connection, data)
        elif connection.session is None:
            raise Closed(Close.NOT_AUTHENTICATED)
        elif op is Op.REQUEST_GUILD_MEMBERS:
            self._members(connection.session, data)
        elif op not in {Op.PRESENCE_UPDATE, Op.VOICE_STATE_UPDATE}:
            raise Closed(Close.UNKNOWN_OPCODE)

    def _identify(self, connection: Connection, data: Any) -> None:
        if not 0 <= data["intents"] < _LARGEST_INTENTS:
            raise Closed(Close.INVALID_INTENTS)
        intents = Intent(data["intents"])
        if intents & PRIVILEGED & ~self._emulator.granted:
            raise Closed(Close.DISALLOWED_INTENTS)
        # A client that identifies anew has given its old session up.
        self.sessions = [session for session in self.sessions if session.connection]
        session = Session(next(self._numbers), intents)
        session.attach(connection, 0)
        self.sessions.append(session)
        guilds = self._emulator.guilds
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": self._emulator.bot.json() | {"verified": True, "mfa_enabled": False},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self._emulator.gateway_url,
                "private_channels": [],
                "application": {
                    "id": str(self._emulator.application_id),
                    "flags": self._emulator.application_flags,
                },
            },
        )
        if intents & Intent.GUILDS:
            for guild in guilds:
                session.dispatch("GUILD_CREATE", guild.event(intents))

    def _resume(self, connection: Connection, data: Any) -> None:
        for session in self.sessions:
            if session.id != data["session_id"]:
                continue
            if data["seq"] not in range(len(session.events) + 1):
                raise Closed(Close.INVALID_SEQ)
            if session.connection:
                session.connection.drop()
            session.attach(connection, data["seq"])
            session.dispatch("RESUMED", {"_trace": []})
            return
        connection.send(Op.INVALID_SESSION, data=False)

    def _members(self, session: Session, data: Any) -> None:
        guild = next(g for g in self._emulator.guilds if g.id == int(data["guild_id"]))
        wanted = {int(user) for user in data.get("user_ids", ())}
        prefix = data.get("query", "").lower()
        members = [
            guild.member_json(user)
            for user in (*guild.members, self._emulator.bot)
            if (user.id in wanted if wanted else user.name.lower().startswith(prefix))
        ]
        chunk: Event = {"guild_id": str(guild.id), "members": members}
        chunk |= {"chunk_index": 0, "chunk_count": 1, "not_found": []}
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    # On command

    def reconnect(self) -> None:
        for connection in self.connections:
            connection.send(Op.RECONNECT, None)

    def invalidate(self, *, resumable: bool) -> None:
        if not resumable:
            self.sessions.clear()
        for connection in self.connections:
            if not resumable:
                connection.session = None
            connection.send(Op.INVALID_SESSION, resumable)

    def drop(self) -> None:
        for connection in self.connections:
            connection.drop()


def _is_whole(op: Op, data: Any) -> bool:
    match op, data:
        case (
            Op.IDENTIFY,
            {
                "token": str(),
                "properties": {"os": str(), "browser": str(), "device": str()},
                "intents": int(),
            },
        ):
            return True
        case Op.RESUME, {"token": str(), "session_id": _, "seq": _}:
            return True
        case Op.REQUEST_GUILD_MEMBERS, {"guild_id": _}:
            return True
        case _:
            return op not in {Op.IDENTIFY, Op.RESUME, Op.REQUEST_GUILD_MEMBERS}
