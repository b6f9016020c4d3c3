"""Gemini's REST API (v1beta) on loopback; its requests are checked by a hand-written shape."""

import asyncio
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from aiohttp import web
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import SchemaError  # type: ignore[import-untyped]

from .server import Emulator, Fault, Refused, Request

Json = dict[str, Any]
API_KEY = "test-gemini-key"
_TYPE_URL = "type.googleapis.com/google.rpc."
_PATH = re.compile(r"/v1beta/models/([^/:]+)(:generateContent)?")
_STATUS = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    403: ("PERMISSION_DENIED", "The caller does not have permission"),
    404: ("NOT_FOUND", "Requested entity was not found."),
    429: ("RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan."),
    500: ("INTERNAL", "An internal error has occurred. Please retry."),
    503: ("UNAVAILABLE", "The model is overloaded. Please try again later."),
    504: ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}


def _closed(needed: tuple[str, ...] = (), /, **properties: Any) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(needed),
        "additionalProperties": False,
    }


def _list(items: Json, least: int = 0) -> Json:
    return {"type": "array", "items": items, "minItems": least}


def _enum(*values: str) -> Json:
    return {"enum": list(values)}


_TEXT = {"type": "string", "minLength": 1}
_WHOLE = {"type": "integer"}
_COUNT = {"type": "integer", "minimum": 1}
_NUMBER = {"type": "number"}
_FLAG = {"type": "boolean"}
_SCHEMA_REF = {"$ref": "#/$defs/schema"}
_SCHEMA = _closed(
    type=_enum("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT"),
    format=_TEXT,
    title={"type": "string"},
    description={"type": "string"},
    nullable=_FLAG,
    enum=_list(_TEXT, 1),
    items=_SCHEMA_REF,
    minItems=_WHOLE,
    maxItems=_WHOLE,
    properties={"type": "object", "additionalProperties": _SCHEMA_REF, "minProperties": 1},
    required=_list(_TEXT),
    propertyOrdering=_list(_TEXT),
    minProperties=_WHOLE,
    maxProperties=_WHOLE,
    minLength=_WHOLE,
    maxLength=_WHOLE,
    pattern=_TEXT,
    minimum=_NUMBER,
    maximum=_NUMBER,
    anyOf=_list(_SCHEMA_REF, 1),
    default={},
    example={},
) | {
    # A union may leave its own type out.
    "anyOf": [{"required": ["type"]}, {"required": ["anyOf"]}],
    "allOf": [
        {
            "if": {"properties": {"type": {"const": "OBJECT"}}, "required": ["type"]},
            "then": {"required": ["properties"]},
        },
        {
            "if": {"properties": {"type": {"const": "ARRAY"}}, "required": ["type"]},
            "then": {"required": ["items"]},
        },
    ],
}
_PART = _closed(
    text=_TEXT,
    inlineData=_closed(("mimeType", "data"), mimeType=_TEXT, data=_TEXT),
) | {"minProperties": 1, "maxProperties": 1}
_CONFIG = _closed(
    responseMimeType=_enum("text/plain", "application/json", "text/x.enum"),
    responseSchema=_SCHEMA_REF,
    responseJsonSchema={"type": "object"},
    temperature={"type": "number", "minimum": 0, "maximum": 2},
    topP={"type": "number", "minimum": 0, "maximum": 1},
    topK=_COUNT,
    candidateCount=_COUNT,
    seed=_WHOLE,
    maxOutputTokens=_COUNT,
    stopSequences={"type": "array", "items": _TEXT, "maxItems": 5},
    presencePenalty=_NUMBER,
    frequencyPenalty=_NUMBER,
    thinkingConfig=_closed(
        includeThoughts=_FLAG,
        thinkingBudget={"type": "integer", "minimum": -1},
        thinkingLevel=_enum("MINIMAL", "LOW", "MEDIUM", "HIGH"),
    ),
)
_SAFETY = _closed(
    ("category", "threshold"),
    category=_enum(
        "HARM_CATEGORY_HARASSMENT",
        "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_DANGEROUS_CONTENT",
        "HARM_CATEGORY_CIVIC_INTEGRITY",
    ),
    threshold=_enum(
        "BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF"
    ),
)
_REQUEST = _closed(
    ("contents", "systemInstruction"),
    contents=_list(_closed(("parts",), role=_enum("user", "model"), parts=_list(_PART, 1)), 1),
    systemInstruction=_closed(
        ("parts",), role=_enum("user", "system"), parts=_list(_closed(("text",), text=_TEXT), 1)
    ),
    generationConfig=_CONFIG,
    safetySettings=_list(_SAFETY),
) | {"$defs": {"schema": _SCHEMA}}


class GeminiEmulator(Emulator):
    """`reply` writes the model's text from the request; without it, the schema is filled in.

    It takes `seconds` to reply: for benchmarks alone, as no test waits for time to pass.
    """

    def __init__(self, api_key: str = API_KEY, models: Iterable[str] | None = None) -> None:
        super().__init__()
        self.api_key = api_key
        self.models = None if models is None else set(models)
        self.reply: Callable[[Json], Json | list[Any] | str] = fill_in
        self.seconds = 0.0

    async def _read(self, http: web.Request) -> tuple[str, Any]:
        data = await http.read()
        match = _PATH.fullmatch(http.path)
        if match and match[2] and http.method == "POST":
            return "generateContent", camel(_json_or_none(data))
        if match and not match[2] and http.method == "GET":
            return "getModel", None
        return f"{http.method} {http.path}", None

    def _check(self, request: Request) -> Iterable[Refused]:
        if request.operation not in {"generateContent", "getModel"}:
            yield Refused(404, f"nothing at {request.path}; is the version v1beta?")
        for name in request.query.keys() - {"alt", "$alt"}:
            yield Refused(400, f"{name!r} in the URL, where logs keep it")
        if request.operation == "generateContent":
            for problem in check(request.body):
                yield Refused(400, problem)

    async def _carry_out(self, request: Request) -> web.Response:
        key = request.headers.get("x-goog-api-key")
        if key is None:
            raise Refused(403, "Method doesn't allow unregistered callers")
        if key != self.api_key:
            fault = bad_key()
            return web.json_response(fault.content, status=fault.code)
        match = _PATH.fullmatch(request.path)
        model = match[1] if match else ""
        if self.models is not None and model not in self.models:
            raise Refused(
                404,
                f"models/{model} is not found for API version v1beta, or is not supported for "
                "generateContent. Call ListModels to see the list of available models and their "
                "supported methods.",
            )
        if request.operation == "getModel":
            return web.json_response(_model(model))
        await asyncio.sleep(self.seconds)
        reply = self.reply(request.body)
        text = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
        return web.json_response(_generated(text, "STOP", model))

    def _refusal(
        self, code: int, message: str, *, retry_after: int | None = None, **more: Any
    ) -> web.Response:
        details = [] if retry_after is None else _out_of_quota(retry_after, "Minute")
        return web.json_response(_error(code, message, details) | more, status=code)


def check(body: Any) -> Iterator[str]:
    """What is wrong with the body of a generateContent request."""
    for error in Draft202012Validator(_REQUEST).iter_errors(body):
        yield f"Invalid JSON payload received. {error.json_path}: {error.message}"
    config = body.get("generationConfig", {}) if isinstance(body, dict) else {}
    schemas = {"responseSchema", "responseJsonSchema"} & config.keys()
    if len(schemas) > 1:
        yield "responseSchema and responseJsonSchema exclude each other"
    if schemas and config.get("responseMimeType") != "application/json":
        yield "a response schema needs responseMimeType application/json"
    if "responseJsonSchema" in config:
        try:
            Draft202012Validator.check_schema(config["responseJsonSchema"])
        except SchemaError as error:
            yield f"responseJsonSchema: {error.message}"


def camel(body: Any) -> Any:
    """Google's JSON takes a field by either name, thinkingBudget or thinking_budget."""
    if isinstance(body, list):
        return [camel(item) for item in body]
    if not isinstance(body, dict):
        return body
    shaped = {}
    for name, value in body.items():
        spelt = re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
        if spelt in {"responseJsonSchema", "default", "example"}:
            shaped[spelt] = value
        elif spelt == "properties":
            shaped[spelt] = {own: camel(schema) for own, schema in value.items()}
        else:
            shaped[spelt] = camel(value)
    return shaped


def texts(body: Json) -> str:
    """All that the request says to the model, for a scripted reply to look into."""
    contents = [body["systemInstruction"], *body["contents"]]
    return "\n".join(part.get("text", "") for content in contents for part in content["parts"])


def fill_in(body: Json) -> Any:
    """The least that conforms to the request's schema."""
    config = body.get("generationConfig", {})
    schema = config.get("responseSchema") or config.get("responseJsonSchema") or {"type": "STRING"}
    return _sample(schema, schema.get("$defs", {}), itertools.count(1))


def _sample(schema: Json, named: Json, numbers: Iterator[int]) -> Any:
    if "$ref" in schema:
        return _sample(named[schema["$ref"].rpartition("/")[2]], named, numbers)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return _sample(schema[union][0], named, numbers)
    match schema.get("type", "object").upper():
        case "OBJECT":
            fields = schema.get("properties", {})
            return {name: _sample(value, named, numbers) for name, value in fields.items()}
        case "ARRAY":
            count = _within(2, schema.get("minItems"), schema.get("maxItems"))
            return [_sample(schema["items"], named, numbers) for _ in range(int(count))]
        case "INTEGER":
            return int(_within(3, schema.get("minimum"), schema.get("maximum")))
        case "NUMBER":
            return _within(0.5, schema.get("minimum"), schema.get("maximum"))
        case "BOOLEAN":
            return True
        case "NULL":
            return None
        case _:
            text = f"Sample text {next(numbers)}.".ljust(schema.get("minLength", 0), ".")
            return text[: schema.get("maxLength")]


def _within(value: float, least: float | None, most: float | None) -> float:
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def blocked(reason: str = "PROHIBITED_CONTENT") -> Fault:
    """The prompt is refused: no candidate at all."""
    return Fault.body({"promptFeedback": {"blockReason": reason}, "usageMetadata": _usage(0)})


def stopped(reason: str = "SAFETY") -> Fault:
    """The answer is refused: a candidate with nothing in it."""
    return Fault.body(_generated(None, reason, "gemini"))


def cut_off(text: str = '{"questions": [{"te') -> Fault:
    """The token limit ends the answer in the middle."""
    return Fault.body(_generated(text, "MAX_TOKENS", "gemini"))


def empty() -> Fault:
    """A candidate that stops at once."""
    return Fault.body(_generated(None, "STOP", "gemini"))


def quota(retry_after: int = 34, per: str = "Day") -> Fault:
    """`per` is Day or Minute."""
    return Fault.body(_error(429, "", _out_of_quota(retry_after, per)), 429)


def bad_key(code: int = 400) -> Fault:
    """400 is a key that does not exist, 403 one that Google has shut."""
    if code == 403:
        message = "Your API key was reported as leaked. Please use another API key."
        return Fault.body(_error(403, message, []), 403)
    message = "API key not valid. Please pass a valid API key."
    details: list[Json] = [
        {
            "@type": f"{_TYPE_URL}ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        },
        {"@type": f"{_TYPE_URL}LocalizedMessage", "locale": "en-US", "message": message},
    ]
    return Fault.body(_error(400, message, details), 400)


def _error(code: int, message: str, details: list[Json]) -> Json:
    status, usual = _STATUS.get(code, ("UNKNOWN", "Unknown error."))
    error: Json = {"code": code, "message": message or usual, "status": status}
    return {"error": error | ({"details": details} if details else {})}


def _out_of_quota(retry_after: int, per: str) -> list[Json]:
    return [
        {
            "@type": f"{_TYPE_URL}QuotaFailure",
            "violations": [
                {
                    "quotaMetric": "generativelanguage.googleapis.com/"
                    "generate_content_free_tier_requests",
                    "quotaId": f"GenerateRequestsPer{per}PerProjectPerModel-FreeTier",
                    "quotaDimensions": {"location": "global", "model": "gemini-3.8-flash"},
                    "quotaValue": "20",
                }
            ],
        },
        {
            "@type": f"{_TYPE_URL}Help",
            "links": [
                {
                    "description": "Learn more about Gemini API quotas",
                    "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
                }
            ],
        },
        {"@type": f"{_TYPE_URL}RetryInfo", "retryDelay": f"{retry_after}s"},
    ]


def _generated(text: str | None, reason: str, model: str) -> Json:
    content: Json = {"role": "model"} | ({"parts": [{"text": text}]} if text is not None else {})
    return {
        "candidates": [{"content": content, "finishReason": reason, "index": 0}],
        "usageMetadata": _usage(len(text or "") // 4),
        "modelVersion": model,
        "responseId": "bWFkZS11cC1yZXNwb25zZQ",
    }


def _usage(written: int) -> Json:
    return {
        "promptTokenCount": 100,
        "candidatesTokenCount": written,
        "totalTokenCount": 100 + written,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 100}],
    }


def _model(name: str) -> Json:
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name.replace("-", " ").title(),
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2,
    }


def _json_or_none(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
