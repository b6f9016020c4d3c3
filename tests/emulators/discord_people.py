"""What people do in Discord, with what their screens let them do, and what then becomes of it."""

import asyncio
import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeVar

from . import discord_rules as rules
from .discord_gateway import Intent
from .discord_places import (
    DM,
    IS_VOICE_MESSAGE,
    Guild,
    Message,
    Place,
    Thread,
    User,
    label_of,
)
from .server import Upload

if TYPE_CHECKING:
    from .discord import DiscordEmulator

T = TypeVar("T")
_TYPES: dict[int, type | tuple[type, ...]] = {
    3: str,
    4: int,
    5: bool,
    6: User,
    7: Place,
    10: (int, float),
    11: (Upload, bytes),
}
_GROUPS = {1, 2}
_BOOLEAN = 5
_GUILD, _BOT_DM = 0, 1


class Kind(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Reply(IntEnum):
    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class Interaction:
    """What one person started, and what the bot has made of it so far."""

    def __init__(
        self,
        kind: Kind,
        person: "Person",
        place: Place,
        data: dict[str, Any],
        *,
        message: Message | None = None,
        origin: "Interaction | None" = None,
    ) -> None:
        self.emulator = person.emulator
        self.id = self.emulator.next_id()
        self.token = f"interaction-token-{self.id}"
        self.kind, self.person, self.place, self.data = kind, person, place, data
        self.message, self.origin = message, origin
        self.at = asyncio.get_running_loop().time()
        self.acknowledged_after: float | None = None
        self.reply: Reply | None = None
        self.original: Message | None = None
        self.messages: list[Message] = []
        self.modal: dict[str, Any] | None = None
        self.choices: list[dict[str, Any]] | None = None

    @property
    def acknowledged(self) -> bool:
        return self.acknowledged_after is not None

    @property
    def deferred(self) -> bool:
        return self.reply in {Reply.DEFERRED, Reply.DEFERRED_UPDATE}

    @property
    def age(self) -> float:
        return asyncio.get_running_loop().time() - self.at

    async def wait_for(
        self,
        predicate: Callable[["Interaction"], T],
        timeout: float = 10,  # noqa: ASYNC109 - reads best at the call
    ) -> T:
        """The predicate's value once it is true; a LookupError inside it means "not yet"."""
        return await self.emulator.wait(lambda: predicate(self), timeout, self.place.screen)

    async def submit(self, fields: Mapping[str, Any]) -> "Interaction":
        """Fill in the modal once it is there, each field by its label or custom_id."""
        modal = await self.wait_for(lambda interaction: interaction.modal or {})
        inputs = list(_inputs(modal["components"]))
        labels = [label or part["custom_id"] for label, part in inputs]
        for name in fields:
            if not any(name in {label, part["custom_id"]} for label, part in inputs):
                raise AssertionError(f"no field {name!r} in {modal['title']!r}: {labels}")
        resolved: dict[str, Any] = {}
        filled = [
            self._filled(component, fields, resolved)
            for component in modal["components"]
            if component["type"] in {rules.ROW, rules.LABEL}
        ]
        data = {"custom_id": modal["custom_id"], "components": filled, "resolved": resolved}
        return await self.person.start(
            Kind.MODAL, self.place, data, message=self.message, origin=self
        )

    def _filled(
        self, component: dict[str, Any], fields: Mapping[str, Any], resolved: dict[str, Any]
    ) -> dict[str, Any]:
        ((label, part),) = _inputs([component])
        given = fields.get(part["custom_id"], fields.get(label))
        answer = {"type": part["type"], "id": part["id"], "custom_id": part["custom_id"]}
        answer |= self._answered(label, part, given, resolved)
        around: dict[str, Any] = {"type": component["type"], "id": component["id"]}
        if component["type"] == rules.ROW:
            return around | {"components": [answer]}
        return around | {"component": answer}

    def _answered(
        self, label: str, part: dict[str, Any], given: Any, resolved: dict[str, Any]
    ) -> dict[str, Any]:
        match part["type"]:
            case rules.TEXT_INPUT:
                return {"value": _typed(label, part, given)}
            case rules.STRING_SELECT | rules.CHECKBOX_GROUP:
                return {"values": _chosen(part, _listed(given))}
            case rules.RADIO_GROUP:
                return {"value": next(iter(_chosen(part, _listed(given))), None)}
            case rules.CHECKBOX:
                return {"value": bool(part.get("default") if given is None else given)}
            case rules.FILE_UPLOAD:
                files = [self.emulator.keep(file, ephemeral=True) for file in _listed(given)]
                resolved["attachments"] = {str(file.id): file.json() for file in files}
                return {"values": [str(file.id) for file in files]}
            case kind:
                raise AssertionError(f"{label!r} is a component of type {kind}: not emulated")

    def json(self) -> dict[str, Any]:
        """INTERACTION_CREATE."""
        shape: dict[str, Any] = {
            "id": str(self.id),
            "application_id": str(self.emulator.application_id),
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel_id": str(self.place.id),
            "channel": self.place.json(),
            "app_permissions": str(int(self.place.permissions)),
            "locale": "en-US",
            "entitlements": [],
            "attachment_size_limit": self.emulator.largest_upload,
            "authorizing_integration_owners": self._owners(),
            "context": _context(self.place),
        }
        if guild := self.place.guild:
            permissions = str(int(guild.permissions))
            shape["channel"]["permissions"] = permissions
            shape |= {"guild_id": str(guild.id), "guild_locale": "en-US"}
            shape["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
            shape["member"] = guild.member_json(self.person) | {"permissions": permissions}
        else:
            shape["user"] = self.person.json()
        if self.message:
            shape["message"] = self.message.json()
        return shape

    def metadata(self) -> dict[str, Any]:
        """What a message says of the interaction that it came from."""
        shape: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "user": self.person.json(),
            "authorizing_integration_owners": self._owners(),
        }
        if self.origin:
            shape["triggering_interaction_metadata"] = self.origin.metadata()
        elif self.message:
            shape["interacted_message_id"] = str(self.message.id)
        return shape

    @property
    def command_reply(self) -> Message | None:
        """The first answer to a command, which shows the command above it."""
        return self.messages[0] if self.kind is Kind.COMMAND and self.messages else None

    def named(self) -> dict[str, Any]:
        """The older form of `metadata`, for commands alone."""
        who = {"id": str(self.id), "type": self.kind, "user": self.person.json()}
        return who | {"name": self.data["name"]}

    def _owners(self) -> dict[str, str]:
        return {"0": str(self.place.guild.id if self.place.guild else 0)}

    def __repr__(self) -> str:
        state = self.reply.name if self.reply else "unanswered"
        return f"<Interaction {self.kind.name} of {self.person.name}: {state}>"


class Person(User):
    """`accepts_dms` may be set at any time."""

    def __init__(self, emulator: "DiscordEmulator", user_id: int, name: str) -> None:
        super().__init__(user_id, name)
        self.emulator = emulator
        self.accepts_dms = True

    # Messages

    async def say(self, place: Place, text: str, *, reply_to: Message | None = None) -> Message:
        return await self._send(place, Message(0, place, self, text, reply_to=reply_to))

    async def send_voice(self, place: Place, ogg: bytes, seconds: float = 5.0) -> Message:
        """As the phone app records it."""
        voice = self.emulator.keep(Upload("voice-message.ogg", "audio/ogg", ogg))
        voice.seconds = seconds
        voice.waveform = base64.b64encode(bytes(min(256, max(1, int(seconds * 10))))).decode()
        message = Message(0, place, self, attachments=[voice], flags=IS_VOICE_MESSAGE)
        return await self._send(place, message)

    async def send_file(
        self,
        place: Place,
        name: str,
        data: bytes,
        content_type: str = "application/octet-stream",
        *,
        text: str = "",
    ) -> Message:
        file = self.emulator.keep(Upload(name, content_type, data))
        return await self._send(place, Message(0, place, self, text, attachments=[file]))

    async def edit(self, message: Message, text: str) -> None:
        if message.author is not self:
            raise AssertionError(f"{self.name} did not write this message")
        before, message.content = message.text, text
        message.mark_edited(before)
        self.emulator.changed(message)
        await self.emulator.notify()

    async def react(self, message: Message, emoji: str) -> None:
        self._must_see(message.place)
        self.emulator.react(message, emoji, self)
        await self.emulator.notify()

    async def leave(self, guild: Guild) -> None:
        guild.members.remove(self)
        for thread in guild.threads:
            thread.people.pop(self.id, None)
        gone = {"guild_id": str(guild.id), "user": self.json()}
        self.emulator.gateway.dispatch("GUILD_MEMBER_REMOVE", gone, Intent.GUILD_MEMBERS)
        await self.emulator.notify()

    async def _send(self, place: Place, message: Message) -> Message:
        self._must_see(place)
        if isinstance(place, Thread) and place.locked:
            raise AssertionError(f"the thread {place.name!r} is locked")
        message.id = self.emulator.next_id()
        self.emulator.post(message)
        await self.emulator.notify()
        return message

    def _must_see(self, place: Place) -> None:
        if not place.visible_to(self):
            raise AssertionError(f"{self.name} does not see {place.title}")

    # Interactions

    async def command(self, place: Place, name: str, /, **options: Any) -> Interaction:
        """Run "name", or "name subcommand", as the registered commands let them be filled in."""
        resolved: dict[str, Any] = {}
        command, path = self._command(place, name)
        given = self._options(path[-1], options, resolved)
        data = _command_data(command, path, given)
        if resolved:
            data["resolved"] = resolved
        return await self.start(Kind.COMMAND, place, data)

    async def autocomplete(
        self, place: Place, name: str, /, *, option: str, text: str, **others: Any
    ) -> list[dict[str, Any]]:
        """The choices that the bot offers while this text is being typed."""
        command, path = self._command(place, name)
        wanted = _option(path[-1], option)
        if not wanted.get("autocomplete"):
            raise AssertionError(f"/{name} does not complete {option!r}")
        given = [{"type": wanted["type"], "name": option, "value": text, "focused": True}]
        given += [
            {"type": _option(path[-1], other)["type"], "name": other, "value": value}
            for other, value in others.items()
        ]
        data = _command_data(command, path, given)
        interaction = await self.start(Kind.AUTOCOMPLETE, place, data)
        await interaction.wait_for(lambda i: i.acknowledged)
        return interaction.choices or []

    async def press(self, message: Message, label: str) -> Interaction:
        """Press a button by its label or the start of it; leading symbols may be left out."""
        self._must_see_message(message)
        parts = [component for _, component in rules.walk(message.components)]
        buttons = [c for c in parts if c["type"] == rules.BUTTON and "custom_id" in c]
        labels = [label_of(button) for button in buttons]
        exact = [button for button in buttons if label_of(button) == label]
        starting = [
            button
            for button in buttons
            if label_of(button).startswith(label)
            or re.sub(r"^\W+", "", label_of(button)).startswith(label)
        ]
        matching = exact or starting
        if len(matching) != 1:
            raise AssertionError(f"{len(matching)} buttons are {label!r}: {labels}")
        return await self._use(message, matching[0])

    async def choose(self, message: Message, *options: str, menu: str = "") -> Interaction:
        """Choose from a select menu by the options' labels or values."""
        self._must_see_message(message)
        menus = [c for _, c in rules.walk(message.components) if c["type"] == rules.STRING_SELECT]
        if menu:
            menus = [c for c in menus if menu in {c["custom_id"], c.get("placeholder")}]
        if len(menus) != 1:
            raise AssertionError(f"{len(menus)} menus, of {message.menus}")
        return await self._use(message, menus[0], values=_chosen(menus[0], options))

    async def _use(self, message: Message, component: dict[str, Any], **more: Any) -> Interaction:
        if component.get("disabled"):
            raise AssertionError(f"{label_of(component) or component['custom_id']!r} is disabled")
        data = {
            "component_type": component["type"],
            "custom_id": component["custom_id"],
            "id": component["id"],
        }
        return await self.start(Kind.COMPONENT, message.place, data | more, message=message)

    async def start(
        self,
        kind: Kind,
        place: Place,
        data: dict[str, Any],
        *,
        message: Message | None = None,
        origin: Interaction | None = None,
    ) -> Interaction:
        """Hand an interaction to the bot."""
        self._must_see(place)
        interaction = Interaction(kind, self, place, data, message=message, origin=origin)
        self.emulator.interactions[interaction.token] = interaction
        self.emulator.gateway.dispatch("INTERACTION_CREATE", interaction.json())
        await self.emulator.notify()
        return interaction

    def _must_see_message(self, message: Message) -> None:
        self._must_see(message.place)
        if message.deleted:
            raise AssertionError(f"the message is deleted\n{message.place.screen()}")
        if message.ephemeral and message.interaction and message.interaction.person is not self:
            raise AssertionError(f"only {message.interaction.person.name} sees this message")

    def _command(self, place: Place, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The registered command, and the steps down to its subcommand."""
        first, *rest = name.split()
        registered = {c["name"]: c for c in self.emulator.commands_in(place.guild)}
        command = registered.get(first)
        if command is None:
            raise AssertionError(f"no command /{first}; there are {sorted(registered)}")
        if _context(place) not in _contexts(command):
            raise AssertionError(f"/{first} is not offered in {place.title}")
        path = [command]
        for word in rest:
            path.append(_option(path[-1], word))
        if any(option["type"] in _GROUPS for option in path[-1].get("options", ())):
            raise AssertionError(f"/{name} needs a subcommand")
        return command, path

    def _options(
        self, command: dict[str, Any], given: Mapping[str, Any], resolved: dict[str, Any]
    ) -> list[dict[str, Any]]:
        for option in command.get("options", ()):
            if option.get("required") and option["name"] not in given:
                raise AssertionError(f"/{command['name']} needs {option['name']!r}")
        filled = []
        for name, value in given.items():
            option = _option(command, name)
            _must_fit(option, value)
            sent = self._resolve(name, value, resolved)
            filled.append({"type": option["type"], "name": name, "value": sent})
        return filled

    def _resolve(self, name: str, value: Any, resolved: dict[str, Any]) -> Any:
        match value:
            case Upload() | bytes():
                file = self.emulator.keep(value, name=name, ephemeral=True)
                resolved.setdefault("attachments", {})[str(file.id)] = file.json()
                return str(file.id)
            case User():
                resolved.setdefault("users", {})[str(value.id)] = value.json()
                return str(value.id)
            case Place():
                resolved.setdefault("channels", {})[str(value.id)] = value.json()
                return str(value.id)
            case _:
                return value


def _context(place: Place) -> int:
    return _BOT_DM if isinstance(place, DM) else _GUILD


def _contexts(command: dict[str, Any]) -> list[int]:
    everywhere = [_GUILD, _BOT_DM] if command.get("dm_permission", True) else [_GUILD]
    return command.get("contexts") or everywhere


def _option(command: dict[str, Any], name: str) -> dict[str, Any]:
    options: list[dict[str, Any]] = command.get("options", [])
    for option in options:
        if option["name"] == name:
            return option
    names = sorted(option["name"] for option in options)
    raise AssertionError(f"/{command['name']} has no {name!r}; it has {names}")


def _command_data(
    command: dict[str, Any], path: list[dict[str, Any]], given: list[dict[str, Any]]
) -> dict[str, Any]:
    for step in reversed(path[1:]):
        given = [{"type": step["type"], "name": step["name"], "options": given}]
    data: dict[str, Any] = {name: command[name] for name in ("id", "name", "type")}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | {"options": given}


def _must_fit(option: dict[str, Any], value: Any) -> None:
    name, kind = option["name"], option["type"]
    wanted = _TYPES[kind]
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != _BOOLEAN):
        raise AssertionError(f"{name!r} is not given as {wanted}: {value!r}")
    if isinstance(value, str):
        if not option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000):
            raise AssertionError(f"{name!r} has {len(value)} characters")
    elif isinstance(value, int | float):
        low, high = option.get("min_value", value), option.get("max_value", value)
        if not low <= value <= high:
            raise AssertionError(f"{name!r} is not within {low}-{high}: {value}")
    choices = [choice["value"] for choice in option.get("choices", ())]
    if choices and value not in choices:
        raise AssertionError(f"{name!r} offers {choices}, not {value!r}")


def _inputs(components: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field of a modal, and what stands over it."""
    for component in components:
        if component["type"] == rules.ROW:
            part = component["components"][0]
            yield part.get("label", ""), part
        elif component["type"] == rules.LABEL:
            yield component["label"], component["component"]


def _typed(label: str, part: dict[str, Any], given: Any) -> str:
    text = str(part.get("value", "") if given is None else given)
    if not text and part.get("required", True):
        raise AssertionError(f"{label!r} must be filled in")
    if text and not part.get("min_length", 0) <= len(text) <= part.get("max_length", 4000):
        raise AssertionError(f"{label!r} does not take {len(text)} characters")
    return text


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def _chosen(menu: dict[str, Any], wanted: Iterable[str]) -> list[str]:
    options = menu["options"]
    values = []
    for name in wanted:
        found = [o["value"] for o in options if name in {o["label"], o["value"]}]
        if not found:
            raise AssertionError(f"no {name!r} among {[o['label'] for o in options]}")
        values.append(found[0])
    if not values:
        values = [o["value"] for o in options if o.get("default")]
    low = menu.get("min_values", 1) if menu.get("required", True) else 0
    most = len(options) if menu["type"] == rules.CHECKBOX_GROUP else 1
    high = menu.get("max_values", most)
    if not low <= len(values) <= high:
        raise AssertionError(f"{len(values)} options chosen, {low}-{high} wanted")
    return values
