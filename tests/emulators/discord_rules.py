"""What Discord allows: its published description where it is at hand, and its prose always."""

import base64
import binascii
import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

# jsonschema publishes no type information.
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from . import specs
from .server import Upload

DESCRIPTION = specs.FOLDER / "discord-openapi.json"

IS_VOICE_MESSAGE = 1 << 13
IS_COMPONENTS_V2 = 1 << 15
ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 2, 3, 4, 10, 18
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
SELECTS = frozenset({3, 5, 6, 7, 8})
_LINK, _PREMIUM = 5, 6
_NAME = "urn:discord"
_SHOWN = "attachment://"
_FILE = re.compile(r"files\[(\d+)\]")
_COMMAND = re.compile(r"[-_'\w]{1,32}")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Relaxation:
    """What requests may say beyond the description, by schema and field, and why."""

    schema: str
    field: str
    shape: Mapping[str, Any]
    reason: str


RELAXATIONS = [
    Relaxation(
        "SnowflakeType",
        "",
        {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$", "minimum": 0},
        "the reference says that ids are taken as integers too; answers hold text alone",
    ),
    Relaxation(
        "ApplicationCommandUpdateRequest",
        "nsfw",
        {"type": "boolean"},
        "documented for commands, sent by discord.py, and described for answers alone",
    ),
    *(
        Relaxation(
            schema,
            "tts",
            {"const": False},
            "discord.py sends it with every edit, and false asks for nothing",
        )
        for schema in (
            "MessageEditRequestPartial",
            "IncomingWebhookUpdateRequestPartial",
            "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
        )
    ),
    Relaxation(
        "RichEmbed",
        "flags",
        {"const": 0},
        "discord.py sends it with every embed, and zero asks for nothing",
    ),
]


@dataclass(frozen=True)
class Problem:
    """One fault of a form, as Discord names it: where, which code, what to do."""

    at: Path
    code: str
    text: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.at)) or 'body'}: {self.text}"

    def errors(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"_errors": [{"code": self.code, "message": self.text}]}
        for key in reversed(self.at):
            shape = {str(key): shape}
        return shape


def uploads(body: Any) -> dict[int, Upload]:
    """The files of a form, by their number."""
    if not isinstance(body, dict):
        return {}
    return {int(m[1]): file for key, file in body.items() if (m := _FILE.fullmatch(key))}


def walk(components: Iterable[Any], at: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every component and where it stands, outermost first."""
    for index, component in enumerate(components):
        here = (*at, index)
        yield here, component
        yield from walk(component.get("components") or (), (*here, "components"))
        for inner in ("accessory", "component"):
            if inner in component:
                for _, part in walk([component[inner]]):
                    yield (*here, inner), part


# The published description


class Description:
    """The OpenAPI document, with every object closed, so that a misspelt field is seen."""

    def __init__(self, document: dict[str, Any]) -> None:
        _close(document["components"]["schemas"])
        self.operations: dict[str, tuple[str, str]] = {}
        self._bodies: dict[str, Any] = {}
        self._queries: dict[str, dict[str, Any]] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    self._add(method.upper(), path, operation)
        self._described = _registry(document)
        self._relaxed = _registry(_relax(copy.deepcopy(document)))

    def _add(self, method: str, path: str, operation: dict[str, Any]) -> None:
        name = operation["operationId"]
        self.operations[name] = method, path
        self._bodies[name] = _json_schema(operation.get("requestBody", {}))
        self._queries[name] = {
            parameter["name"]: parameter["schema"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query"
        }
        self._answers[name] = {
            status: _json_schema(answer) for status, answer in operation["responses"].items()
        }

    def check(self, operation: str, query: Mapping[str, str], body: Any) -> Iterator[Problem]:
        known = self._queries[operation]
        for name, text in query.items():
            if name not in known:
                yield Problem((name,), "UNKNOWN_PARAMETER", "No such query parameter.")
            else:
                for error in _errors(self._relaxed, known[name], _decoded(text, known[name])):
                    yield Problem((name,), "INVALID_PARAMETER", error.message[:200])
        if isinstance(body, dict):
            body = {key: value for key, value in body.items() if not _FILE.fullmatch(key)}
        if self._bodies[operation] is not None:
            yield from map(_problem, _errors(self._relaxed, self._bodies[operation], body))
        elif body is not None:
            yield Problem((), "UNEXPECTED_BODY", "This request has no body.")

    def check_answer(self, operation: str, status: int, answer: Any) -> list[str]:
        """Why an answer is not the one that is described."""
        shapes = self._answers[operation]
        if str(status) not in shapes:
            return [f"{operation} never answers {status}"]
        shape = shapes[str(status)]
        if shape is None:
            return [] if answer is None else [f"{operation} answers nothing with {status}"]
        return [f"{operation}: {_problem(e)}" for e in _errors(self._described, shape, answer)]


def _relax(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    for relaxation in RELAXATIONS:
        if relaxation.field:
            schemas[relaxation.schema]["properties"][relaxation.field] = relaxation.shape
        else:
            schemas[relaxation.schema] = relaxation.shape
    return document


def _registry(document: dict[str, Any]) -> "Registry[Any]":
    resource = DRAFT202012.create_resource(document)
    registry: Registry[Any] = Registry().with_resource(_NAME, resource)
    return registry


def _errors(registry: "Registry[Any]", schema: Any, value: Any) -> Iterator[Any]:
    validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
    return map(_innermost, validator.iter_errors(value))


def _json_schema(part: Mapping[str, Any]) -> Any:
    return part.get("content", {}).get("application/json", {}).get("schema")


def _close(schema: Any) -> None:
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for key, inner in schema.items():
            # Branches of `allOf` are met together, so none of them may be closed.
            if key != "allOf":
                _close(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _close(inner)


def _decoded(text: str, schema: Mapping[str, Any]) -> Any:
    """A query is all text: numbers are digits, and yes is `1` or `true`."""
    kind = schema.get("type")
    if kind == "integer" and text.isdigit():
        return int(text)
    return truth(text) if kind == "boolean" else text


def truth(text: str) -> Any:
    return {"1": True, "true": True, "0": False, "false": False}.get(text.lower(), text)


def _innermost(error: Any) -> Any:
    """In a union, the error in the branch that the value's own `type` says it is."""
    while error.context:
        branches: dict[int, list[Any]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = [errors for errors in branches.values() if not any(map(_is_other_type, errors))]
        error = min(meant or branches.values(), key=len)[0]
    return error


def _is_other_type(error: Any) -> bool:
    at = list(error.path)
    return at == ["type"] or (not at and error.validator == "type")


def _problem(error: Any) -> Problem:
    at = tuple(error.absolute_path)
    match error.validator:
        case "required":
            return Problem(
                (*at, error.message.split("'")[1]), "BASE_TYPE_REQUIRED", "This field is required"
            )
        case "maxLength" | "minLength" | "maxItems" | "minItems":
            code = "BASE_TYPE_BAD_LENGTH"
        case "enum" | "const":
            code = "BASE_TYPE_CHOICES"
        case _:
            code = "BASE_TYPE_INVALID"
    return Problem(at, code, error.message[:300])


@cache
def published() -> Description | None:
    if not DESCRIPTION.is_file():
        return None
    # Its parts are checked one by one, so they must find each other by the whole's name.
    text = DESCRIPTION.read_text("utf-8").replace('"#/components', f'"{_NAME}#/components')
    return Description(json.loads(text))


# The prose


def check(operation: str, body: Any) -> Iterator[Problem]:
    match operation:
        case "create_message" | "execute_webhook":
            yield from _message(body, creating=True)
        case "update_message" | "update_original_webhook_message" | "update_webhook_message":
            yield from _message(body)
        case "create_interaction_response":
            yield from _callback(body)
        case "bulk_set_application_commands" | "bulk_set_guild_application_commands":
            for index, command in enumerate(body or []):
                yield from _command(command, (index,))
        case "create_thread":
            yield from _length(("name",), body["name"], 1, 100)
        case "update_channel":
            yield from _length(("name",), body.get("name"), 1, 100)
        case _:
            pass


def _length(at: Path, value: Any, low: int, high: int) -> Iterator[Problem]:
    if value is not None and not low <= len(value) <= high:
        need = f"between {low} and {high}" if low else f"{high} or fewer"
        yield Problem(at, "BASE_TYPE_BAD_LENGTH", f"Must be {need} in length.")


def _unique(at: Path, values: Iterable[Any], code: str) -> Iterator[Problem]:
    seen = set()
    for value in values:
        if value in seen:
            yield Problem(at, code, f"{value!r} cannot be duplicated")
        seen.add(value)


def _message(
    body: Mapping[str, Any], at: Path = (), *, creating: bool = False
) -> Iterator[Problem]:
    components = body.get("components") or []
    embeds = body.get("embeds") or []
    flags = body.get("flags") or 0
    yield from _length((*at, "content"), body.get("content"), 0, 2000)
    yield from _length((*at, "embeds"), embeds, 0, 10)
    for index, embed in enumerate(embeds):
        yield from _embed(embed, (*at, "embeds", index))
    if sum(len(text) for embed in embeds for text in _embed_texts(embed)) > 6000:
        text = "Embed size exceeds maximum size of 6000"
        yield Problem((*at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", text)
    yield from _components(components, (*at, "components"), v2=bool(flags & IS_COMPONENTS_V2))
    if flags & IS_COMPONENTS_V2:
        for name in ("content", "embeds"):
            if body.get(name):
                text = f"The '{name}' field cannot be used with MessageFlags.IS_COMPONENTS_V2"
                yield Problem((*at, name), "MESSAGE_CANNOT_USE_LEGACY_FIELDS", text)
    yield from _files(body, at)
    yield from _pictures(embeds, body, (*at, "embeds"))
    if creating and flags & IS_VOICE_MESSAGE:
        yield from _voice(body)
    elif creating and not (_said(body) or embeds or components or uploads(body)):
        yield Problem((), "", "Cannot send an empty message")


def _said(body: Mapping[str, Any]) -> str:
    return (body.get("content") or "").strip()


def _embed(embed: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    yield from _length((*at, "title"), embed.get("title"), 0, 256)
    yield from _length((*at, "description"), embed.get("description"), 0, 4096)
    yield from _length((*at, "footer", "text"), (embed.get("footer") or {}).get("text"), 0, 2048)
    yield from _length((*at, "author", "name"), (embed.get("author") or {}).get("name"), 0, 256)
    yield from _length((*at, "fields"), embed.get("fields"), 0, 25)
    for index, field in enumerate(embed.get("fields") or []):
        for name, longest in (("name", 256), ("value", 1024)):
            where = (*at, "fields", index, name)
            if not field[name].strip():
                yield Problem(where, "BASE_TYPE_REQUIRED", "This field is required")
            yield from _length(where, field[name], 0, longest)


def _embed_texts(embed: Mapping[str, Any]) -> Iterator[str]:
    yield from (embed.get("title") or "", embed.get("description") or "")
    yield (embed.get("footer") or {}).get("text") or ""
    yield (embed.get("author") or {}).get("name") or ""
    for field in embed.get("fields") or []:
        yield from (field["name"], field["value"])


def _components(rows: list[dict[str, Any]], at: Path, *, v2: bool) -> Iterator[Problem]:
    everything = list(walk(rows, at))
    if v2 and len(everything) > 40:
        yield Problem(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "More than 40 components")
    if not v2:
        yield from _length(at, rows, 0, 5)
        for index, row in enumerate(rows):
            if row["type"] != ROW:
                text = "Only an action row may stand here without MessageFlags.IS_COMPONENTS_V2"
                yield Problem((*at, index, "type"), "UNION_TYPE_CHOICES", text)
    for where, component in everything:
        yield from _component(component, where)
    ids = [c["custom_id"] for _, c in everything if c.get("custom_id")]
    yield from _unique(at, ids, "COMPONENT_CUSTOM_ID_DUPLICATED")


def _component(component: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    kind = component["type"]
    yield from _length((*at, "custom_id"), component.get("custom_id"), 1, 100)
    if kind == ROW:
        inner = component["components"]
        yield from _length((*at, "components"), inner, 1, 5)
        if len(inner) > 1 and any(part["type"] in SELECTS for part in inner):
            text = "The specified component exceeds the maximum width"
            yield Problem((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)
    elif kind == BUTTON:
        yield from _button(component, at)
    elif kind in SELECTS:
        yield from _select(component, at)
    elif kind == TEXT_INPUT:
        yield Problem((*at, "type"), "UNION_TYPE_CHOICES", "A text input stands in modals only")
    elif kind == TEXT_DISPLAY:
        yield from _length((*at, "content"), component["content"], 1, 4000)


def _button(button: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    yield from _length((*at, "label"), button.get("label"), 0, 80)
    if not button.get("label") and not button.get("emoji"):
        text = "A button must have a label or an emoji"
        yield Problem((*at, "label"), "BUTTON_COMPONENT_INVALID", text)
    needed = {_LINK: "url", _PREMIUM: "sku_id"}.get(button["style"], "custom_id")
    for name in ("custom_id", "url", "sku_id"):
        if bool(button.get(name)) != (name == needed):
            text = f"A button of style {button['style']} has {needed} and nothing else"
            yield Problem((*at, name), "BUTTON_COMPONENT_INVALID", text)


def _select(select: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    yield from _length((*at, "placeholder"), select.get("placeholder"), 0, 150)
    low, high = _default(select, "min_values"), _default(select, "max_values")
    if low > high:
        yield Problem((*at, "max_values"), "SELECT_COMPONENT_INVALID", "Less than min_values")
    if select["type"] != STRING_SELECT:
        return
    options = select["options"]
    yield from _length((*at, "options"), options, 1, 25)
    if high > len(options):
        yield Problem((*at, "max_values"), "SELECT_COMPONENT_INVALID", "More than the options")
    for index, option in enumerate(options):
        for name, low in (("label", 1), ("value", 1), ("description", 0)):
            yield from _length((*at, "options", index, name), option.get(name), low, 100)
    values = [option["value"] for option in options]
    yield from _unique((*at, "options"), values, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")


def _default(component: Mapping[str, Any], name: str) -> int:
    given = component.get(name)
    return 1 if given is None else int(given)


def _files(body: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    """A new file and its description share a number; an older attachment has its own id."""
    given = uploads(body)
    yield from _length(("files",), given, 0, 10)
    for index, attachment in enumerate(body.get("attachments") or []):
        number = int(attachment["id"])
        if number < 100 and number not in given:
            text = f"There is no files[{number}]"
            yield Problem((*at, "attachments", index, "id"), "ATTACHMENT_NOT_FOUND", text)


def _pictures(
    embeds: Iterable[Mapping[str, Any]], body: Mapping[str, Any], at: Path
) -> Iterator[Problem]:
    """An embed shows a file of its own message by `attachment://` and the file's name."""
    names = {file.name for file in uploads(body).values()}
    for index, embed in enumerate(embeds):
        url = (embed.get("image") or {}).get("url", "")
        if url.startswith(_SHOWN) and url.removeprefix(_SHOWN) not in names:
            text = f"There is no file {url.removeprefix(_SHOWN)!r}"
            yield Problem((*at, index, "image", "url"), "ATTACHMENT_NOT_FOUND", text)


def _voice(body: Mapping[str, Any]) -> Iterator[Problem]:
    if body.get("content") or body.get("embeds") or body.get("components"):
        yield Problem((), "", "Voice messages do not support additional content.")
    files = uploads(body)
    described = {int(a["id"]): a for a in body.get("attachments") or []}
    if len(files) != 1 or not next(iter(files.values())).mime.startswith("audio/"):
        yield Problem((), "", "Voice messages must have a single audio attachment.")
        return
    about = described.get(next(iter(files)), {})
    if not about.get("duration_secs") or not _is_waveform(about.get("waveform")):
        yield Problem((), "", "Voice messages must have supporting metadata.")


def _is_waveform(text: Any) -> bool:
    try:
        return 1 <= len(base64.b64decode(text or "", validate=True)) <= 256
    except (binascii.Error, TypeError):
        return False


def _callback(body: Mapping[str, Any]) -> Iterator[Problem]:
    data = body.get("data") or {}
    files = {key: value for key, value in body.items() if _FILE.fullmatch(key)}
    match body["type"]:
        case 4:
            yield from _message(data | files, ("data",), creating=True)
        case 7:
            yield from _message(data | files, ("data",))
        case 8:
            yield from _choices(data.get("choices") or [], ("data", "choices"))
        case 9:
            yield from _modal(data, ("data",))
        case _:
            pass


def _choices(choices: list[Mapping[str, Any]], at: Path) -> Iterator[Problem]:
    yield from _length(at, choices, 0, 25)
    for index, choice in enumerate(choices):
        yield from _length((*at, index, "name"), choice["name"], 1, 100)
        if isinstance(choice["value"], str):
            yield from _length((*at, index, "value"), choice["value"], 1, 100)


def _modal(modal: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    yield from _length((*at, "title"), modal["title"], 1, 45)
    yield from _length((*at, "custom_id"), modal["custom_id"], 1, 100)
    yield from _length((*at, "components"), modal["components"], 1, 5)
    everything = list(walk(modal["components"], (*at, "components")))
    for where, component in everything:
        if component["type"] in {TEXT_INPUT, LABEL}:
            yield from _length((*where, "label"), component.get("label"), 1, 45)
        yield from _length((*where, "placeholder"), component.get("placeholder"), 0, 100)
        yield from _length((*where, "custom_id"), component.get("custom_id"), 1, 100)
    for where, component in walk(modal["components"], (*at, "components")):
        if component["type"] == ROW and not component["components"][0].get("label"):
            text = "This field is required"
            yield Problem((*where, "components", 0, "label"), "BASE_TYPE_REQUIRED", text)
    ids = [c["custom_id"] for _, c in everything if c.get("custom_id")]
    yield from _unique((*at, "components"), ids, "COMPONENT_CUSTOM_ID_DUPLICATED")


def _command(command: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    chat_input = (command.get("type") or 1) == 1
    if chat_input:
        yield from _command_name(command["name"], (*at, "name"))
        yield from _length((*at, "description"), command.get("description") or "", 1, 100)
    yield from _options(command.get("options") or [], (*at, "options"))


def _command_name(name: str, at: Path) -> Iterator[Problem]:
    if not _COMMAND.fullmatch(name) or name != name.lower():
        yield Problem(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _options(options: list[Mapping[str, Any]], at: Path) -> Iterator[Problem]:
    yield from _length(at, options, 0, 25)
    yield from _unique(
        at, [o["name"] for o in options], "APPLICATION_COMMAND_OPTIONS_NAME_REPEATED"
    )
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        text = "Required options must be placed before non-required options"
        yield Problem(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
    for index, option in enumerate(options):
        here = (*at, index)
        yield from _command_name(option["name"], (*here, "name"))
        yield from _length((*here, "description"), option["description"], 1, 100)
        yield from _choices(option.get("choices") or [], (*here, "choices"))
        if option.get("choices") and option.get("autocomplete"):
            text = "Choices and autocomplete cannot be used together"
            yield Problem(here, "APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_INVALID", text)
        yield from _options(option.get("options") or [], (*here, "options"))
