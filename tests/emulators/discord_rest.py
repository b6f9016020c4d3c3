"""Discord's HTTP API: one function for each operation, named as the description names it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from . import discord_rules as rules
from .discord_gateway import Intent
from .discord_people import Interaction, Kind, Person, Reply
from .discord_places import (
    DM,
    EPHEMERAL,
    IS_VOICE_MESSAGE,
    LOADING,
    PRIVATE_THREAD,
    Attachment,
    Channel,
    Guild,
    Message,
    Permission,
    Place,
    Thread,
    now,
)
from .server import Refused

if TYPE_CHECKING:
    from .discord import DiscordEmulator

_PARAMETER = re.compile(r"\\\{(\w+)\\\}")
_BY_BOT = IS_VOICE_MESSAGE | rules.IS_COMPONENTS_V2 | 1 << 2 | 1 << 12
_ANSWERS = {
    Kind.COMMAND: {Reply.MESSAGE, Reply.DEFERRED, Reply.MODAL},
    Kind.COMPONENT: set(Reply) - {Reply.CHOICES},
    Kind.AUTOCOMPLETE: {Reply.CHOICES},
    Kind.MODAL: {Reply.MESSAGE, Reply.DEFERRED, Reply.DEFERRED_UPDATE, Reply.UPDATE},
}


@dataclass(frozen=True)
class Call:
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any

    def id(self, name: str) -> int:
        return int(self.params[f"{name}_id"])


Handler = Callable[["DiscordEmulator", Call], Any]


@dataclass(frozen=True)
class Route:
    """`auth` is false where the path holds a token of its own."""

    method: str
    path: str
    status: int
    auth: bool
    handler: Handler

    @property
    def operation(self) -> str:
        return self.handler.__name__


def _group(parameter: re.Match[str]) -> str:
    return rf"(?P<{parameter[1]}>{'[0-9]+' if parameter[1].endswith('_id') else '[^/]+'})"


ROUTES: dict[str, Route] = {}


def route(
    method: str, path: str, *, status: int = 200, auth: bool = True
) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        ROUTES[handler.__name__] = Route(method, path, status, auth, handler)
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for candidate, pattern in _patterns():
        if candidate.method == method and (match := pattern.fullmatch(path)):
            return candidate, match.groupdict()
    return None


@cache
def _patterns() -> list[tuple[Route, re.Pattern[str]]]:
    """The more literal a path is, the earlier it is tried."""
    ordered = sorted(ROUTES.values(), key=lambda candidate: candidate.path.count("{"))
    return [
        (candidate, re.compile(_PARAMETER.sub(_group, re.escape(candidate.path))))
        for candidate in ordered
    ]


# The bot itself


@route("GET", "/gateway")
def get_gateway(e: "DiscordEmulator", call: Call) -> Any:
    return {"url": e.gateway_url}


@route("GET", "/gateway/bot")
def get_bot_gateway(e: "DiscordEmulator", call: Call) -> Any:
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return {"url": e.gateway_url, "shards": 1, "session_start_limit": limit}


@route("GET", "/users/@me")
def get_my_user(e: "DiscordEmulator", call: Call) -> Any:
    return e.bot.json() | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


@route("GET", "/oauth2/applications/@me")
def get_my_oauth2_application(e: "DiscordEmulator", call: Call) -> Any:
    return _application(e)


@route("GET", "/applications/@me")
def get_my_application(e: "DiscordEmulator", call: Call) -> Any:
    return _application(e)


def _application(e: "DiscordEmulator") -> Any:
    return {
        "id": str(e.application_id),
        "name": e.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": e.bot.json(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": e.application_flags,
        "flags_new": str(e.application_flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": e.owner.json(),
        "approximate_guild_count": len(e.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


# Users and guilds


@route("GET", "/users/{user_id}")
def get_user(e: "DiscordEmulator", call: Call) -> Any:
    return _user(e, call.id("user")).json()


@route("POST", "/users/@me/channels")
def create_dm(e: "DiscordEmulator", call: Call) -> Any:
    recipient = call.body.get("recipient_id")
    for person in e.people.values():
        if str(person.id) == str(recipient):
            return e.dm(person.name).json()
    raise Refused(400, "Cannot send messages to this user")


@route("GET", "/guilds/{guild_id}")
def get_guild(e: "DiscordEmulator", call: Call) -> Any:
    return _guild(e, call).json()


@route("GET", "/guilds/{guild_id}/channels")
def list_guild_channels(e: "DiscordEmulator", call: Call) -> Any:
    return [channel.json() for channel in _guild(e, call).channels]


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def get_guild_member(e: "DiscordEmulator", call: Call) -> Any:
    guild = _guild(e, call)
    for user in (*guild.members, e.bot):
        if user.id == call.id("user"):
            return guild.member_json(user)
    raise Refused(404, "Unknown Member")


@route("GET", "/guilds/{guild_id}/threads/active")
def get_active_guild_threads(e: "DiscordEmulator", call: Call) -> Any:
    threads = [t for t in _guild(e, call).threads if not t.archived and t.bot_listens]
    joined = [t.member_json(e.bot) for t in threads if e.bot.id in t.people]
    shown = [{k: v for k, v in t.json().items() if k != "member"} for t in threads]
    return {"threads": shown, "members": joined, "has_more": False}


def _guild(e: "DiscordEmulator", call: Call) -> Guild:
    for guild in e.guilds:
        if guild.id == call.id("guild"):
            return guild
    raise Refused(404, "Unknown Guild")


def _user(e: "DiscordEmulator", user_id: int) -> Any:
    for user in (*e.people.values(), e.bot):
        if user.id == user_id:
            return user
    raise Refused(404, "Unknown User")


# Channels and threads


@route("GET", "/channels/{channel_id}")
def get_channel(e: "DiscordEmulator", call: Call) -> Any:
    return _place(e, call).json()


@route("PATCH", "/channels/{channel_id}")
def update_channel(e: "DiscordEmulator", call: Call) -> Any:
    thread = _thread(e, call)
    change = call.body
    if thread.archived and change.get("archived") is not False:
        raise Refused(400, "Thread is archived")
    if "locked" in change or thread.locked or thread.owner is not e.bot:
        _require(thread, Permission.MANAGE_THREADS)
    was = thread.archived
    for name in ("name", "archived", "locked", "invitable"):
        if change.get(name) is not None:
            setattr(thread, name, change[name])
    thread.minutes = change.get("auto_archive_duration") or thread.minutes
    if thread.archived != was:
        thread.changed_at = now()
    e.gateway.dispatch("THREAD_UPDATE", thread.json(), Intent.GUILDS)
    return thread.json()


@route("DELETE", "/channels/{channel_id}")
def delete_channel(e: "DiscordEmulator", call: Call) -> Any:
    place = _place(e, call)
    if isinstance(place, DM):
        return place.json()
    if not isinstance(place, Thread):
        raise Refused(403, "Missing Permissions")
    _require(place, Permission.MANAGE_THREADS)
    answer = place.json()
    e.remove_thread(place)
    return answer


@route("POST", "/channels/{channel_id}/threads", status=201)
def create_thread(e: "DiscordEmulator", call: Call) -> Any:
    parent = _place(e, call)
    if isinstance(parent, Thread) or not isinstance(parent, Channel):
        raise Refused(400, "Cannot execute action on this channel type")
    if call.body.get("type", PRIVATE_THREAD) != PRIVATE_THREAD:
        raise Refused(400, "only private threads are emulated")
    _require(parent, Permission.CREATE_PRIVATE_THREADS)
    thread = Thread(parent, e.next_id(), call.body["name"], e.bot)
    thread.minutes = call.body.get("auto_archive_duration") or thread.minutes
    if call.body.get("invitable") is not None:
        thread.invitable = call.body["invitable"]
    e.places[thread.id] = thread
    thread.guild.threads.append(thread)
    created = thread.json() | {"newly_created": True}
    e.gateway.dispatch("THREAD_CREATE", created, Intent.GUILDS)
    return thread.json()


@route("GET", "/channels/{channel_id}/thread-members")
def list_thread_members(e: "DiscordEmulator", call: Call) -> Any:
    thread = _thread(e, call)
    return [thread.member_json(user) for user in thread.people.values()]


@route("PUT", "/channels/{channel_id}/thread-members/@me", status=204)
def join_thread(e: "DiscordEmulator", call: Call) -> Any:
    _join(e, _open(_thread(e, call)), e.bot)


@route("DELETE", "/channels/{channel_id}/thread-members/@me", status=204)
def leave_thread(e: "DiscordEmulator", call: Call) -> Any:
    _part(e, _open(_thread(e, call)), e.bot.id)


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}", status=204)
def add_thread_member(e: "DiscordEmulator", call: Call) -> Any:
    thread = _open(_thread(e, call))
    _require(thread, Permission.SEND_MESSAGES_IN_THREADS)
    for member in thread.guild.members:
        if member.id == call.id("user"):
            return _join(e, thread, member)
    raise Refused(404, "Unknown Member")


@route("DELETE", "/channels/{channel_id}/thread-members/{user_id}", status=204)
def delete_thread_member(e: "DiscordEmulator", call: Call) -> Any:
    thread = _open(_thread(e, call))
    if thread.owner is not e.bot:
        _require(thread, Permission.MANAGE_THREADS)
    _part(e, thread, call.id("user"))


def _join(e: "DiscordEmulator", thread: Thread, user: Any) -> None:
    thread.people[user.id] = user
    _tell_members(e, thread, {"added_members": [thread.member_json(user)]}, user.id)


def _part(e: "DiscordEmulator", thread: Thread, user_id: int) -> None:
    if thread.people.pop(user_id, None):
        _tell_members(e, thread, {"removed_member_ids": [str(user_id)]}, user_id)


def _tell_members(
    e: "DiscordEmulator", thread: Thread, change: dict[str, Any], user_id: int
) -> None:
    """Of itself a bot hears always, of others with GUILD_MEMBERS only."""
    needs = Intent.GUILDS if user_id == e.bot.id else Intent.GUILD_MEMBERS
    ids = {"id": str(thread.id), "guild_id": str(thread.guild.id)}
    counted = ids | {"member_count": len(thread.people)} | change
    e.gateway.dispatch("THREAD_MEMBERS_UPDATE", counted, needs)


def _thread(e: "DiscordEmulator", call: Call) -> Thread:
    place = _place(e, call)
    if not isinstance(place, Thread):
        raise Refused(400, "Cannot execute action on this channel type")
    return place


def _open(thread: Thread) -> Thread:
    if thread.archived:
        raise Refused(400, "Thread is archived")
    return thread


def _place(e: "DiscordEmulator", call: Call) -> Place:
    place = e.places.get(call.id("channel"))
    if place is None or place.deleted:
        raise Refused(404, "Unknown Channel")
    if not place.bot_listens:
        raise Refused(403, "Missing Access")
    return place


def _require(place: Place, *permissions: Permission) -> None:
    if any(not place.permissions & permission for permission in permissions):
        raise Refused(403, "Missing Permissions")


# Messages


@route("GET", "/channels/{channel_id}/messages")
def list_messages(e: "DiscordEmulator", call: Call) -> Any:
    """Newest first; with `after`, those that follow it directly."""
    place = _place(e, call)
    if not place.permissions & Permission.READ_MESSAGE_HISTORY:
        return []
    limit = int(call.query.get("limit", 50))
    messages = place.messages
    if "before" in call.query:
        messages = [m for m in messages if m.id < int(call.query["before"])]
    if "after" in call.query:
        messages = [m for m in messages if m.id > int(call.query["after"])][:limit]
    if "around" in call.query:
        raise Refused(400, "around is not emulated")
    return [_shown(e, message) for message in reversed(messages[-limit:])]


@route("POST", "/channels/{channel_id}/messages")
def create_message(e: "DiscordEmulator", call: Call) -> Any:
    place, body = _place(e, call), call.body
    flags = body.get("flags") or 0
    _may_write(place, body, flags)
    nonce = body.get("nonce")
    if body.get("enforce_nonce") and nonce is not None:
        for earlier in place.cards:
            if earlier.nonce == nonce:
                return earlier.json()
    message = Message(e.next_id(), place, e.bot, flags=flags & _BY_BOT, nonce=nonce)
    message.reply_to = _replied_to(place, body.get("message_reference"))
    _fill(e, message, body, rules.uploads(body))
    e.post(message)
    return message.json()


@route("GET", "/channels/{channel_id}/messages/{message_id}")
def get_message(e: "DiscordEmulator", call: Call) -> Any:
    place = _place(e, call)
    _require(place, Permission.READ_MESSAGE_HISTORY)
    return _shown(e, _message(place.messages, call.id("message")))


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def update_message(e: "DiscordEmulator", call: Call) -> Any:
    message = _message(_place(e, call).messages, call.id("message"))
    if message.author is not e.bot:
        raise Refused(403, "Cannot edit a message authored by another user")
    return _edit(e, message, call.body)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}", status=204)
def delete_message(e: "DiscordEmulator", call: Call) -> Any:
    place = _place(e, call)
    message = _message(place.messages, call.id("message"))
    if message.author is not e.bot:
        if isinstance(place, DM):
            raise Refused(403, "Cannot execute action on a DM channel")
        _require(place, Permission.MANAGE_MESSAGES)
    e.remove(message)


@route("POST", "/channels/{channel_id}/typing", status=204)
def trigger_typing_indicator(e: "DiscordEmulator", call: Call) -> Any:
    place = _place(e, call)
    _may_write(place, {}, 0)
    place.typing += 1


_REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me"


@route("PUT", _REACTION, status=204)
def add_my_message_reaction(e: "DiscordEmulator", call: Call) -> Any:
    place = _place(e, call)
    message = _message(place.messages, call.id("message"))
    _open_place(place)
    _require(place, Permission.READ_MESSAGE_HISTORY, Permission.ADD_REACTIONS)
    e.react(message, _emoji(call), e.bot)


@route("DELETE", _REACTION, status=204)
def delete_my_message_reaction(e: "DiscordEmulator", call: Call) -> Any:
    place = _place(e, call)
    message = _message(place.messages, call.id("message"))
    _open_place(place)
    e.unreact(message, _emoji(call), e.bot)


def _emoji(call: Call) -> str:
    name = call.params["emoji_name"]
    if name.isascii():
        raise Refused(400, "Unknown Emoji")
    return name


def _open_place(place: Place) -> None:
    if isinstance(place, Thread):
        _open(place)


def _message(messages: Iterable[Message], message_id: int) -> Message:
    for message in messages:
        if message.id == message_id and not message.deleted:
            return message
    raise Refused(404, "Unknown Message")


def _shown(e: "DiscordEmulator", message: Message) -> dict[str, Any]:
    return message.json(whole=message.readable(granted=bool(e.granted & Intent.MESSAGE_CONTENT)))


def _may_write(place: Place, body: Mapping[str, Any], flags: int) -> None:
    match place:
        case DM(person=Person(accepts_dms=False)):
            raise Refused(403, "Cannot send messages to this user")
        case Thread():
            if place.locked:
                raise Refused(400, "Thread is archived")
            _require(place, Permission.SEND_MESSAGES_IN_THREADS)
        case _:
            _require(place, Permission.SEND_MESSAGES)
    if body.get("embeds"):
        _require(place, Permission.EMBED_LINKS)
    if flags & IS_VOICE_MESSAGE and not place.permissions & Permission.SEND_VOICE_MESSAGES:
        raise Refused(403, "Cannot send voice messages in this channel")
    if rules.uploads(body):
        _require(place, Permission.ATTACH_FILES)


def _replied_to(place: Place, reference: Mapping[str, Any] | None) -> Message | None:
    if not reference:
        return None
    for message in place.messages:
        if message.id == int(reference["message_id"]):
            return message
    if reference.get("fail_if_not_exists") is False:
        return None
    code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
    raise Refused(
        400,
        "Unknown message",
        errors=rules.Problem(("message_reference",), code, "Unknown message").errors(),
    )


def _edit(e: "DiscordEmulator", message: Message, body: Mapping[str, Any]) -> dict[str, Any]:
    if message.deleted:
        raise Refused(404, "Unknown Message")
    _open_place(message.place)
    if message.is_voice:
        raise Refused(400, "Voice messages cannot be edited")
    before = message.text
    _fill(e, message, body, rules.uploads(body))
    message.mark_edited(before)
    e.changed(message)
    return message.json()


def _fill(
    e: "DiscordEmulator", message: Message, body: Mapping[str, Any], files: Mapping[int, Any]
) -> None:
    """Put what a form names into the message, and leave the rest of it as it is."""
    described = {int(a["id"]): a for a in body.get("attachments") or []}
    kept = message.attachments
    if "attachments" in body:
        kept = [a for a in kept if a.id in described]
    content = (body.get("content") or "").strip() if "content" in body else message.content
    components = message.components
    if "components" in body:
        components = _in_message(body["components"] or [])
    embeds = body["embeds"] or [] if "embeds" in body else message.embeds
    if not (content or embeds or components or kept or files):
        raise Refused(400, "Cannot send an empty message")
    if any(len(file.data) > e.largest_upload for file in files.values()):
        raise Refused(413, "Request entity too large")
    new = []
    for number, file in files.items():
        about = described.get(number, {})
        attachment = e.keep(file, ephemeral=message.ephemeral)
        attachment.name = about.get("filename") or attachment.name
        attachment.description = about.get("description")
        attachment.seconds, attachment.waveform = about.get("duration_secs"), about.get("waveform")
        new.append(attachment)
    message.attachments = [*kept, *new]
    message.content, message.components = content, components
    if "embeds" in body:
        message.embeds = [_embed(embed, message.attachments) for embed in embeds]


def _embed(embed: Mapping[str, Any], attachments: list[Attachment]) -> dict[str, Any]:
    """With the links of the attachments that it shows."""
    shape: dict[str, Any] = _without_nulls(embed) | {"type": "rich"}
    links = {f"attachment://{attachment.name}": attachment.url for attachment in attachments}
    for name in ("image", "thumbnail"):
        if name in shape:
            url = shape[name]["url"]
            shape[name] = {"url": links.get(url, url)}
    if "fields" in shape:
        shape["fields"] = [{"inline": False} | part for part in shape["fields"]]
    return shape


def _numbered(components: list[Any]) -> list[Any]:
    """As they come back: each with an id, and with the defaults of a select menu."""
    shaped: list[Any] = _without_nulls(components)
    for number, (_, component) in enumerate(rules.walk(shaped), start=1):
        component.setdefault("id", number)
        if component["type"] in rules.SELECTS:
            component.setdefault("min_values", 1)
            component.setdefault("max_values", 1)
    return shaped


def _in_message(components: list[Any]) -> list[Any]:
    """Whether a menu is required is for modals to say."""
    shaped = _numbered(components)
    for _, component in rules.walk(shaped):
        if component["type"] in rules.SELECTS:
            component.pop("required", None)
    return shaped


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


# Application commands

_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


@route("GET", _COMMANDS)
def list_application_commands(e: "DiscordEmulator", call: Call) -> Any:
    return e.commands


@route("PUT", _COMMANDS)
def bulk_set_application_commands(e: "DiscordEmulator", call: Call) -> Any:
    e.commands = _registered(e, call.body, e.commands)
    return e.commands


@route("GET", _COMMANDS + "/{command_id}")
def get_application_command(e: "DiscordEmulator", call: Call) -> Any:
    return _registered_as(e.commands, call)


@route("GET", _GUILD_COMMANDS)
def list_guild_application_commands(e: "DiscordEmulator", call: Call) -> Any:
    return e.guild_commands.get(_guild(e, call).id, [])


@route("PUT", _GUILD_COMMANDS)
def bulk_set_guild_application_commands(e: "DiscordEmulator", call: Call) -> Any:
    guild = _guild(e, call).id
    commands = _registered(e, call.body, e.guild_commands.get(guild, []))
    e.guild_commands[guild] = [command | {"guild_id": str(guild)} for command in commands]
    return e.guild_commands[guild]


@route("GET", _GUILD_COMMANDS + "/{command_id}")
def get_guild_application_command(e: "DiscordEmulator", call: Call) -> Any:
    return _registered_as(e.guild_commands.get(_guild(e, call).id, []), call)


def _registered_as(commands: list[dict[str, Any]], call: Call) -> dict[str, Any]:
    for command in commands:
        if command["id"] == call.params["command_id"]:
            return command
    raise Refused(404, "Unknown application command")


def _registered(
    e: "DiscordEmulator", wanted: list[Any] | None, before: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """A command keeps its id for as long as it keeps its name."""
    ids = {command["name"]: command["id"] for command in before}
    registered = []
    for command in wanted or []:
        permissions = command.get("default_member_permissions")
        registered.append(
            {"type": 1, "description": "", "nsfw": False, "dm_permission": True}
            | _without_nulls(command)
            | {
                "id": ids.get(command["name"]) or str(e.next_id()),
                "application_id": str(e.application_id),
                "version": str(e.next_id()),
                "default_member_permissions": None if permissions is None else str(permissions),
            }
        )
    return registered


# Interactions


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", auth=False)
def create_interaction_response(e: "DiscordEmulator", call: Call) -> Any:
    interaction = e.interactions.get(call.params["interaction_token"])
    if interaction is None or interaction.id != call.id("interaction"):
        raise Refused(404, "Unknown interaction")
    if interaction.acknowledged:
        raise Refused(400, "Interaction has already been acknowledged.")
    if interaction.age > e.acknowledge_within:
        e.late.append(interaction)
        raise Refused(404, "Unknown interaction")
    reply = Reply(call.body["type"])
    _check_reply(e, interaction, reply)
    _reply(e, interaction, reply, call.body)
    interaction.acknowledged_after, interaction.reply = interaction.age, reply
    return (
        _callback(interaction)
        if call.query.get("with_response", "").lower() in {"true", "1"}
        else None
    )


def _check_reply(e: "DiscordEmulator", interaction: Interaction, reply: Reply) -> None:
    updates = reply in {Reply.DEFERRED_UPDATE, Reply.UPDATE}
    if reply in _ANSWERS[interaction.kind] and (interaction.message or not updates):
        return
    text = f"{interaction.kind.name} cannot be answered by {reply.name}"
    e.violations.append(f"create_interaction_response: {text}")
    problem = rules.Problem(("type",), "INTERACTION_CALLBACK_TYPE_INVALID", text)
    raise Refused(400, text, errors=problem.errors())


def _reply(e: "DiscordEmulator", interaction: Interaction, reply: Reply, body: Any) -> None:
    data = body.get("data") or {}
    files = rules.uploads(body)
    match reply:
        case Reply.MESSAGE:
            interaction.original = _say(e, interaction, data, files)
        case Reply.DEFERRED:
            interaction.original = _think(e, interaction, data)
        case Reply.DEFERRED_UPDATE:
            interaction.original = interaction.message
        case Reply.UPDATE:
            interaction.original = interaction.message
            if interaction.message and data | files:
                _edit(e, interaction.message, data | {f"files[{n}]": f for n, f in files.items()})
        case Reply.CHOICES:
            interaction.choices = data.get("choices") or []
        case Reply.MODAL:
            interaction.modal = data | {"components": _numbered(data["components"])}


def _say(
    e: "DiscordEmulator", interaction: Interaction, data: Mapping[str, Any], files: Any
) -> Message:
    flags = (data.get("flags") or 0) & (_BY_BOT | EPHEMERAL)
    message = Message(e.next_id(), interaction.place, e.bot, flags=flags, interaction=interaction)
    _fill(e, message, data, files)
    interaction.messages.append(message)
    e.post(message)
    return message


def _think(e: "DiscordEmulator", interaction: Interaction, data: Mapping[str, Any]) -> Message:
    flags = LOADING | (data.get("flags") or 0) & EPHEMERAL
    message = Message(e.next_id(), interaction.place, e.bot, flags=flags, interaction=interaction)
    interaction.messages.append(message)
    e.post(message)
    return message


def _callback(interaction: Interaction) -> dict[str, Any]:
    about: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
    shape: dict[str, Any] = {"interaction": about}
    message = interaction.original
    if message:
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
        if interaction.reply in {Reply.MESSAGE, Reply.UPDATE}:
            shape["resource"] = {"type": interaction.reply, "message": message.json()}
    return shape


_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"


@route("POST", _WEBHOOK, auth=False)
def execute_webhook(e: "DiscordEmulator", call: Call) -> Any:
    """The first follow-up takes the place of "is thinking", and its visibility."""
    interaction = _answered(e, call)
    files = rules.uploads(call.body)
    original = interaction.original
    if original and original.loading and not original.deleted:
        return _finish(e, original, call.body)
    return _say(e, interaction, call.body, files).json()


@route("GET", _WEBHOOK + "/messages/@original", auth=False)
def get_original_webhook_message(e: "DiscordEmulator", call: Call) -> Any:
    return _original(e, call).json()


@route("PATCH", _WEBHOOK + "/messages/@original", auth=False)
def update_original_webhook_message(e: "DiscordEmulator", call: Call) -> Any:
    return _finish(e, _original(e, call), call.body)


@route("DELETE", _WEBHOOK + "/messages/@original", auth=False, status=204)
def delete_original_webhook_message(e: "DiscordEmulator", call: Call) -> Any:
    e.remove(_original(e, call))


@route("GET", _WEBHOOK + "/messages/{message_id}", auth=False)
def get_webhook_message(e: "DiscordEmulator", call: Call) -> Any:
    return _message(_answered(e, call).messages, call.id("message")).json()


@route("PATCH", _WEBHOOK + "/messages/{message_id}", auth=False)
def update_webhook_message(e: "DiscordEmulator", call: Call) -> Any:
    return _finish(e, _own(_answered(e, call), call), call.body)


@route("DELETE", _WEBHOOK + "/messages/{message_id}", auth=False, status=204)
def delete_webhook_message(e: "DiscordEmulator", call: Call) -> Any:
    e.remove(_own(_answered(e, call), call))


def _own(interaction: Interaction, call: Call) -> Message:
    """Through its token an interaction reaches its replies and the message it began at."""
    reached = [*interaction.messages, *([interaction.message] if interaction.message else [])]
    return _message(reached, call.id("message"))


def _answered(e: "DiscordEmulator", call: Call) -> Interaction:
    interaction = e.interactions.get(call.params["webhook_token"])
    if call.id("webhook") != e.application_id or interaction is None:
        raise Refused(404, "Unknown Webhook")
    if interaction.age > e.token_lifetime:
        raise Refused(401, "Invalid Webhook Token")
    if not interaction.acknowledged:
        raise Refused(404, "Unknown Webhook")
    return interaction


def _original(e: "DiscordEmulator", call: Call) -> Message:
    original = _answered(e, call).original
    if original is None or original.deleted:
        raise Refused(404, "Unknown Message")
    return original


def _finish(e: "DiscordEmulator", message: Message, body: Any) -> dict[str, Any]:
    """The thought that was waited for is not an edit."""
    if not message.loading:
        return _edit(e, message, body)
    _fill(e, message, body, rules.uploads(body))
    message.flags = message.flags & ~LOADING | (body.get("flags") or 0) & _BY_BOT
    e.changed(message)
    return message.json()
