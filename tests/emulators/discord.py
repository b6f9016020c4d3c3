"""Discord on loopback: its gateway and API, and the people who talk to the bot there."""

import asyncio
import base64
import json
import mimetypes
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote

from aiohttp import web

from . import discord_rest as rest
from . import discord_rules as rules
from .discord_gateway import NONE, Gateway, Intent
from .discord_people import Interaction, Person
from .discord_places import (
    DM,
    Attachment,
    Channel,
    Guild,
    Message,
    Permission,
    Place,
    Snowflakes,
    Thread,
    User,
)
from .server import MEGABYTE, Emulator, Fault, Refused, Request, Upload

__all__ = [
    "DM",
    "EVERYWHERE",
    "Attachment",
    "Channel",
    "DiscordEmulator",
    "Guild",
    "Intent",
    "Interaction",
    "Message",
    "Permission",
    "Person",
    "Place",
    "Thread",
    "User",
]

T = TypeVar("T")
EVERYWHERE = "everywhere"  # Fault.status(429, EVERYWHERE, retry_after=1): the global rate limit
_API = "/api/v10"
_ATTACHMENTS = "/attachments/"
_GATEWAY = "/gateway"
_LIMITED = {
    Intent.PRESENCES: 1 << 13,
    Intent.GUILD_MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}
CODES = {
    "Unknown Channel": 10003,
    "Unknown Guild": 10004,
    "Unknown Member": 10007,
    "Unknown Message": 10008,
    "Unknown User": 10013,
    "Unknown Emoji": 10014,
    "Unknown Webhook": 10015,
    "Unknown interaction": 10062,
    "Unknown application command": 10063,
    "Request entity too large": 40005,
    "Interaction has already been acknowledged.": 40060,
    "Missing Access": 50001,
    "Cannot execute action on a DM channel": 50003,
    "Cannot edit a message authored by another user": 50005,
    "Cannot send an empty message": 50006,
    "Cannot send messages to this user": 50007,
    "Missing Permissions": 50013,
    "Cannot execute action on this channel type": 50024,
    "Invalid Webhook Token": 50027,
    "Thread is archived": 50083,
    "The request body contains invalid JSON.": 50109,
    "Voice messages do not support additional content.": 50159,
    "Voice messages must have a single audio attachment.": 50160,
    "Voice messages must have supporting metadata.": 50161,
    "Voice messages cannot be edited": 50162,
    "Cannot send voice messages in this channel": 50173,
}
_INVALID_FORM = 50035


class Unreadable:
    """A body that is no JSON."""

    def __repr__(self) -> str:
        return "(unreadable)"


class DiscordEmulator(Emulator):
    """What is public may be set at any time; `granted` are the privileged intents."""

    def __init__(self, token: str = "", *, granted: Intent = NONE, name: str = "PersonaAI") -> None:
        super().__init__()
        self.next_id = Snowflakes()
        self.bot = User(self.next_id(), name, is_bot=True)
        self.application_id = self.bot.id
        self.token = token or _token(self.application_id)
        self.granted = granted
        self.owner = Person(self, self.next_id(), "Olga")
        self.people: dict[str, Person] = {self.owner.name: self.owner}
        self.guilds: list[Guild] = []
        self.places: dict[int, Place] = {}
        self.commands: list[dict[str, Any]] = []
        self.guild_commands: dict[int, list[dict[str, Any]]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.late: list[Interaction] = []
        self.attachments: dict[int, Attachment] = {}
        self.acknowledge_within = 3.0
        self.token_lifetime = 900.0
        self.heartbeat_interval = 41_250
        self.largest_upload = 10 * MEGABYTE
        self.gateway = Gateway(self)
        self._link = 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gateway.drop()
        await super().__aexit__(kind, error, trace)

    @property
    def api_url(self) -> str:
        return self.url + _API

    @property
    def gateway_url(self) -> str:
        return self.url.replace("http", "ws", 1) + _GATEWAY

    @property
    def application_flags(self) -> int:
        return sum(flag for intent, flag in _LIMITED.items() if self.granted & intent)

    @property
    def online(self) -> bool:
        """A bot has identified and is connected."""
        return any(session.connection for session in self.gateway.sessions)

    @property
    def unanswered(self) -> list[Interaction]:
        """The people to whom it says "The application did not respond"."""
        return [
            interaction
            for interaction in self.interactions.values()
            if not interaction.acknowledged and interaction.age > self.acknowledge_within
        ]

    # Who and what there is

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = Person(self, self.next_id(), name)
        return self.people[name]

    def guild(
        self, name: str, channels: Iterable[str] = ("general",), members: Iterable[str] = ()
    ) -> Guild:
        """A server that has the bot; one who is connected hears of it."""
        guild = Guild(self, self.next_id(), name)
        guild.members = [self.person(member) for member in members]
        guild.channels = [Channel(self, self.next_id(), title, guild) for title in channels]
        self.places |= {channel.id: channel for channel in guild.channels}
        self.guilds.append(guild)
        self.gateway.dispatch("GUILD_CREATE", guild.event, Intent.GUILDS)
        return guild

    def dm(self, name: str) -> DM:
        person = self.person(name)
        for place in self.places.values():
            if isinstance(place, DM) and place.person is person:
                return place
        dm = DM(self, self.next_id(), person)
        self.places[dm.id] = dm
        return dm

    def commands_in(self, guild: Guild | None) -> list[dict[str, Any]]:
        return self.commands + (self.guild_commands.get(guild.id, []) if guild else [])

    # What happens to messages, and who hears of it

    def post(self, message: Message) -> None:
        place = message.place
        if isinstance(place, Thread) and place.archived:
            place.archived = False
            self.gateway.dispatch("THREAD_UPDATE", place.json(), Intent.GUILDS)
        place.everything.append(message)
        self._tell("MESSAGE_CREATE", message)

    def changed(self, message: Message) -> None:
        self._tell("MESSAGE_UPDATE", message)

    def remove(self, message: Message) -> None:
        message.deleted = True
        if not message.ephemeral and message.place.bot_listens:
            gone = self._where(message)
            gone["id"] = gone.pop("message_id")
            self.gateway.dispatch("MESSAGE_DELETE", gone, self._needs(message.place, "MESSAGES"))

    def react(self, message: Message, emoji: str, user: User) -> None:
        users = message.reactions.setdefault(emoji, [])
        if user not in users:
            users.append(user)
            self._tell_reaction("MESSAGE_REACTION_ADD", message, emoji, user)

    def unreact(self, message: Message, emoji: str, user: User) -> None:
        users = message.reactions.get(emoji, [])
        if user not in users:
            raise Refused(404, "Unknown Emoji")
        users.remove(user)
        if not users:
            del message.reactions[emoji]
        self._tell_reaction("MESSAGE_REACTION_REMOVE", message, emoji, user)

    def remove_thread(self, thread: Thread) -> None:
        thread.deleted = True
        thread.guild.threads.remove(thread)
        gone = {
            k: v for k, v in thread.json().items() if k in {"id", "guild_id", "parent_id", "type"}
        }
        self.gateway.dispatch("THREAD_DELETE", gone, Intent.GUILDS)

    async def delete(self, message: Message) -> None:
        """As one who moderates does it."""
        self.remove(message)
        await self.notify()

    def _tell(self, event: str, message: Message) -> None:
        """What only one person sees is not told to the gateway."""
        if not message.ephemeral and message.place.bot_listens:
            self.gateway.dispatch(event, message.event, self._needs(message.place, "MESSAGES"))

    def _tell_reaction(self, event: str, message: Message, emoji: str, user: User) -> None:
        change = self._where(message) | {
            "user_id": str(user.id),
            "message_author_id": str(message.author.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if message.place.guild and event.endswith("ADD"):
            change["member"] = message.place.guild.member_json(user)
        self.gateway.dispatch(event, change, self._needs(message.place, "MESSAGE_REACTIONS"))

    def _where(self, message: Message) -> dict[str, Any]:
        shape = {"channel_id": str(message.place.id), "message_id": str(message.id)}
        return shape | ({"guild_id": str(message.place.guild.id)} if message.place.guild else {})

    def _needs(self, place: Place, what: str) -> Intent:
        return Intent[f"{'GUILD' if place.guild else 'DIRECT'}_{what}"]

    # Files

    def keep(
        self, upload: Upload | bytes, *, name: str = "file", ephemeral: bool = False
    ) -> Attachment:
        """Take a file in; what it is goes by its name where the form does not say."""
        if isinstance(upload, bytes):
            upload = Upload(name, "application/octet-stream", upload)
        mime = upload.mime
        if mime == "application/octet-stream":
            mime = mimetypes.guess_type(upload.name)[0] or mime
        attachment = Attachment(
            self.next_id(), upload.name, mime, upload.data, self._url, ephemeral=ephemeral
        )
        self.attachments[attachment.id] = attachment
        return attachment

    def expire_attachments(self) -> None:
        """Every link that was given out so far leads nowhere; new answers hold new links."""
        self._link += 1

    def _url(self, attachment: Attachment) -> str:
        path = f"{_ATTACHMENTS}{self.application_id}/{attachment.id}/{quote(attachment.name)}"
        return f"{self.url}{path}?ex={self._link:x}&is={self._link:x}&hm={self._link:064x}"

    # The connection

    async def reconnect(self) -> None:
        """Ask the bot to connect again and resume, as Discord does every few hours."""
        self.gateway.reconnect()
        await self.notify()

    async def invalidate_session(self, *, resumable: bool = False) -> None:
        self.gateway.invalidate(resumable=resumable)
        await self.notify()

    async def drop(self) -> None:
        """Cut the connection without a word."""
        self.gateway.drop()
        await self.notify()

    def record(self, operation: str, data: Any) -> None:
        """Keep what the bot said to the gateway among the requests."""
        at = asyncio.get_running_loop().time()
        self.requests.append(Request(operation, "GATEWAY", _GATEWAY, data, at, {}, {}))

    async def wait(self, predicate: Callable[[], T], limit: float, explain: Callable[[], str]) -> T:
        return await self._wait(predicate, limit, lambda: f"{explain()}\n{self._recent()}")

    def _recent(self) -> str:
        return "\n".join([super()._recent(), *self.violations])

    # The transport

    async def _handle(self, http: web.Request) -> web.StreamResponse:
        if http.path != _GATEWAY:
            return await super()._handle(http)
        match self._next_fault("gateway"):
            case None:
                return await self.gateway.serve(http)
            case Fault("hang"):
                await self._released.wait()
                return await self.gateway.serve(http)
            case fault:
                return web.Response(status=fault.code if fault.kind == "status" else 502)

    async def _read(self, http: web.Request) -> tuple[str, Any]:
        if http.path.startswith(_ATTACHMENTS):
            return "download", None
        found = rest.find(http.method, http.path.removeprefix(_API))
        operation = found[0].operation if found else f"{http.method} {http.path}"
        return operation, await _body(http)

    def _check(self, request: Request) -> Iterable[Refused]:
        if request.operation == "download":
            return
        found = rest.ROUTES.get(request.operation)
        if found is None or not request.path.startswith(_API):
            yield Refused(404, f"no such operation here: {request.operation}")
            return
        if found.auth and not request.headers.get("Authorization", "").startswith("Bot "):
            yield Refused(401, "no Authorization: Bot token")
        elif isinstance(request.body, Unreadable):
            yield Refused(400, "The request body contains invalid JSON.")
        else:
            description = rules.published()
            problems: list[rules.Problem] = []
            if description:
                problems += description.check(request.operation, request.query, request.body)
            for problem in problems or rules.check(request.operation, request.body):
                errors = {"errors": problem.errors()} if problem.code else {}
                yield Refused(400, str(problem) if errors else problem.text, **errors)

    async def _carry_out(self, request: Request) -> web.Response:
        if request.operation == "download":
            return self._download(request)
        found = rest.find(request.method, request.path.removeprefix(_API))
        if found is None:
            raise Refused(404, "")
        route, params = found
        if route.auth and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, "")
        if params.get("application_id", str(self.application_id)) != str(self.application_id):
            raise Refused(403, "Missing Access")
        answer = route.handler(self, rest.Call(params, request.query, request.body))
        if answer is None:
            return _answer(None, 204)
        return _answer(answer, route.status)

    async def _answer(
        self, request: Request, http: web.Request, problems: list[Refused], fault: Fault | None
    ) -> web.Response:
        response = await super()._answer(request, http, problems, fault)
        if request.operation != "download":
            left = "0" if response.status == HTTPStatus.TOO_MANY_REQUESTS else "999"
            limits = {"Limit": "1000", "Remaining": left, "Reset-After": "1.000"}
            limits |= {"Reset": f"{time.time() + 1:.3f}", "Bucket": request.operation}
            for name, value in limits.items():
                response.headers.setdefault(f"X-RateLimit-{name}", value)
            response.headers["Via"] = "1.1 google"
        return response

    def _download(self, request: Request) -> web.Response:
        number = int(request.path.split("/")[3])
        attachment = self.attachments.get(number)
        if attachment is None or request.query.get("hm") != f"{self._link:064x}":
            return web.Response(text="This content is no longer available.", status=404)
        return web.Response(body=attachment.data, content_type=attachment.mime)

    def _refusal(
        self, code: int, message: str, *, retry_after: int | None = None, **more: Any
    ) -> web.Response:
        headers: dict[str, str] = {}
        answer: dict[str, Any]
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            everywhere = message == EVERYWHERE
            seconds = float(retry_after or 0)
            answer = {"message": "You are being rate limited.", "retry_after": seconds}
            answer["global"] = everywhere
            headers["Retry-After"] = str(int(seconds))
            headers["X-RateLimit-Scope"] = "global" if everywhere else "user"
            if everywhere:
                headers["X-RateLimit-Global"] = "true"
        elif "errors" in more:
            answer = {"message": "Invalid Form Body", "code": _INVALID_FORM, **more}
        else:
            # Other messages are for the list of violations alone.
            known = message if message in CODES else f"{code}: {HTTPStatus(code).phrase}"
            answer = {"message": known, "code": CODES.get(message, 0)}
        return _answer(answer, code, headers)


def _token(application_id: int) -> str:
    """As Discord's look: who it is for, when, and a signature."""
    return f"{base64.b64encode(str(application_id).encode()).decode().rstrip('=')}.Gtest.loopback"


async def _body(http: web.Request) -> Any:
    """What a form says, with its files beside it as `files[n]`."""
    try:
        if http.content_type == "application/json":
            return json.loads(await http.read() or b"null")
        if http.content_type != "multipart/form-data":
            return Unreadable() if await http.read() else None
        form = await http.post()
        body = json.loads(str(form.get("payload_json", "{}")))
        for name, value in form.items():
            if isinstance(value, web.FileField):
                with value.file as file:
                    body[name] = Upload(value.filename, value.content_type, file.read())
        return body  # noqa: TRY300 - each way to read it ends here
    except (ValueError, TypeError):
        return Unreadable()


def _answer(content: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """As Discord sends it: `application/json`, with no charset."""
    if content is None:
        return web.Response(status=status, headers=headers)
    kind = {"Content-Type": "application/json"}
    return web.Response(
        body=json.dumps(content).encode(), status=status, headers=kind | (headers or {})
    )
