"""The vendors' published specs, read where the folder exists: what a request must look like."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

# jsonschema publishes no type information.
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .server import Upload

FOLDER = Path(
    os.environ.get("SPECS_DIR") or Path(__file__).resolve().parents[3] / "shared" / "specs"
)
TELEGRAM = FOLDER / "telegram-api.json"
ASSEMBLYAI = FOLDER / "assemblyai-openapi.json"
DISCORD = FOLDER / "discord-openapi.json"

found = all(spec.is_file() for spec in (TELEGRAM, ASSEMBLYAI, DISCORD))
summary = f"published specs: {'checked' if found else 'not found, requests are not checked'}"

_ALWAYS = re.compile(r'(?:always|must be) "?([a-z_]+)"?$')
_ONE_OF = re.compile(r'one of ("[^"]+"(?:[^"]*"[^"]+")*)')
_ARRAY = "Array of "
# By exact type, because Python's True is an int.
_SCALARS: dict[str, set[type]] = {
    "String": {str},
    "Boolean": {bool},
    "Integer": {int},
    "Float": {int, float},
    "InputFile": {Upload},
}


class TelegramSpec:
    """The Bot API's methods and types; `check` names every way in which a request departs."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._methods: dict[str, Any] = document["methods"]
        self._types: dict[str, Any] = document["types"]
        self.method_names = {name.lower(): name for name in self._methods}

    def fields(self, method: str) -> list[dict[str, Any]]:
        return self._methods[method].get("fields", [])  # type: ignore[no-any-return]

    def check(self, method: str, params: Mapping[str, Any]) -> list[str]:
        if method not in self._methods:
            return [f"no method {method}"]
        return list(self._departures(self._methods[method], params, ""))

    def check_answer(self, method: str, result: Any) -> list[str]:
        return self._mismatch(self._methods[method]["returns"], result, "result")

    def _departures(
        self, shape: Mapping[str, Any], value: Mapping[str, Any], at: str
    ) -> Iterator[str]:
        fields = {field["name"]: field for field in shape.get("fields", [])}
        for name in sorted(value.keys() - fields.keys()):
            yield f"unknown field {at}{name}"
        for name, field in fields.items():
            if name in value:
                yield from self._mismatch(field["types"], value[name], at + name, field)
            elif field["required"]:
                yield f"missing field {at}{name}"

    def _mismatch(
        self,
        types: list[str],
        value: Any,
        at: str,
        field: Mapping[str, Any] | None = None,
    ) -> list[str]:
        """The shortest account of why the value is none of the types; empty when it is one."""
        accounts = [self._not_a(kind, value, at) for kind in types]
        if field and isinstance(value, str) and value not in (_allowed(field) or {value}):
            return [f"{at} is {value!r}, not one of those published"]
        return min(accounts, key=len)

    def _not_a(self, kind: str, value: Any, at: str) -> list[str]:
        wrong = [f"{at} is {type(value).__name__}, not {kind}"]
        if kind.startswith(_ARRAY):
            if not isinstance(value, list):
                return wrong
            inner = [kind.removeprefix(_ARRAY)]
            return [
                problem
                for index, item in enumerate(value)
                for problem in self._mismatch(inner, item, f"{at}[{index}]")
            ]
        if kind in _SCALARS:
            return [] if type(value) in _SCALARS[kind] else wrong
        shape = self._types[kind]
        if "subtypes" in shape:
            return self._mismatch(shape["subtypes"], value, at)
        if not isinstance(value, dict):
            return wrong
        return list(self._departures(shape, value, f"{at}."))


def _allowed(field: Mapping[str, Any]) -> set[str] | None:
    """The values that the description of a text field lists, if it lists any."""
    description = field["description"]
    if always := _ALWAYS.search(description):
        return {always[1]}
    if one_of := _ONE_OF.search(description):
        return set(re.findall(r'"([^"]+)"', one_of[1]))
    return None


class OpenApi:
    """An OpenAPI 3.1 document whose schemas judge bodies."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        _close_all_of(document["components"]["schemas"])
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource("urn:spec", resource)

    def check(self, schema: str, value: Any) -> list[str]:
        """Problems of a value by the name of its schema."""
        validator = Draft202012Validator(
            {"$ref": f"urn:spec#/components/schemas/{schema}"},
            registry=self._registry,
            format_checker=FormatChecker(),
        )
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def _close_all_of(schemas: dict[str, Any]) -> None:
    """Let `allOf` branches that are each closed be met together, as their authors meant.

    Two branches with `additionalProperties: false` forbid each other's fields, so nothing is valid.
    """
    for schema in schemas.values():
        if "allOf" not in schema:
            continue
        branches = [
            schemas[branch["$ref"].rpartition("/")[2]] if "$ref" in branch else branch
            for branch in schema.pop("allOf")
        ]
        schema["properties"] = {
            k: v for branch in branches for k, v in branch.get("properties", {}).items()
        }
        schema["required"] = [name for branch in branches for name in branch.get("required", [])]


@cache
def telegram() -> TelegramSpec | None:
    return TelegramSpec(json.loads(TELEGRAM.read_text("utf-8"))) if TELEGRAM.is_file() else None


@cache
def assemblyai() -> OpenApi | None:
    return OpenApi(json.loads(ASSEMBLYAI.read_text("utf-8"))) if ASSEMBLYAI.is_file() else None
