# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds this project's contract with Jira against Jira's own description of the same endpoints, both in OpenAPI 3.

The contract may leave out what is not used. What it says has to be said there, too: paths, methods, parameters, bodies,
statuses, properties and types. What is required of a request is the same in both; of an answer the contract may require
more. A schema with `x-otherwise` is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def differences(contract: Json, description: Json) -> list[str]:
    """What the contract says and the description does not, each with its place. Only the description has `$ref`."""
    return [*_of_paths(contract["paths"], Description(description))]


class Description:
    """A description whose references are followed."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.paths: Json = document["paths"]

    def resolved(self, schema: Json) -> Json:
        """A schema without `$ref`, and without the `allOf` of one schema that adds facts such as `readOnly` to it."""
        if "$ref" in schema:
            found: Any = self.document
            for name in schema["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            return self.resolved(found)
        return self.resolved(schema["allOf"][0]) if "allOf" in schema else schema


def _of_paths(paths: Json, theirs: Description) -> Iterator[str]:
    for path, operations in paths.items():
        for method, operation in operations.items():
            where = f"{method.upper()} {path}"
            found = theirs.paths.get(path, {}).get(method)
            if found is None:
                yield f"{where} is not described"
            else:
                yield from _of_parameters(where, operation, found)
                yield from _of_request(where, operation, found, theirs)
                yield from _of_answers(where, operation["responses"], found["responses"], theirs)


def _of_parameters(where: str, ours: Json, theirs: Json) -> Iterator[str]:
    described = {(each["name"], each["in"]): each for each in theirs.get("parameters", [])}
    known = {(each["name"], each["in"]): each for each in ours.get("parameters", [])}
    for key, parameter in known.items():
        place, found = f"{where}: parameter {key[0]}", described.get(key)
        if found is None:
            yield f"{place} is not described"
            continue
        if parameter.get("required", False) != found.get("required", False):
            yield f"{place} is required by one of them only"
        yield from _of_schemas(place, parameter["schema"], found["schema"], Description({"paths": {}}), exact=True)
    for name, _place in (key for key, found in described.items() if found.get("required") and key not in known):
        yield f"{where}: the required parameter {name} is missing"


def _of_request(where: str, ours: Json, theirs: Json, description: Description) -> Iterator[str]:
    body, described = ours.get("requestBody"), theirs.get("requestBody")
    if body is None or described is None:
        if body is not described:
            yield f"{where}: only one of them has a request body"
        return
    if body.get("required", False) != described.get("required", False):
        yield f"{where}: the request body is required by one of them only"
    yield from _of_schemas(f"{where}: request", _schema(body), _schema(described), description, exact=True)


def _of_answers(where: str, ours: Json, theirs: Json, description: Description) -> Iterator[str]:
    for status, answer in ours.items():
        if status not in theirs:
            yield f"{where}: the status {status} is not described"
        else:
            yield from _of_schemas(f"{where}: {status}", _schema(answer), _schema(theirs[status]), description)


def _schema(body: Json) -> Json:
    """The schema of a body's JSON; empty, which allows everything, where there is none."""
    return body.get("content", {}).get("application/json", {}).get("schema") or {}


def _of_schemas(where: str, ours: Json, theirs: Json, description: Description, exact: bool = False) -> Iterator[str]:
    """:param exact: neither may require a property that the other does not."""
    theirs = description.resolved(theirs)
    if "type" not in theirs or "x-otherwise" in ours:
        return
    for fact in ("type", "format", "enum", "nullable", "maxLength"):
        if ours.get(fact, theirs.get(fact)) != theirs.get(fact, ours.get(fact)):
            yield f"{where}: {fact} is {ours.get(fact)} here and {theirs.get(fact)} there"
    yield from _of_properties(where, ours, theirs, description, exact)
    for inner in ("items", "additionalProperties"):
        if isinstance(ours.get(inner), dict) and isinstance(theirs.get(inner), dict):
            yield from _of_schemas(f"{where}[]", ours[inner], theirs[inner], description, exact)


def _of_properties(where: str, ours: Json, theirs: Json, description: Description, exact: bool) -> Iterator[str]:
    """An object that is described without any property may hold what it likes."""
    known, described = ours.get("properties", {}), theirs.get("properties", {})
    for name, schema in known.items() if described else ():
        if name in described:
            yield from _of_schemas(f"{where}.{name}", schema, described[name], description, exact)
        else:
            yield f"{where}.{name} is not described"
    if theirs.get("additionalProperties") is False and ours.get("additionalProperties") is not False:
        yield f"{where}: other properties are allowed here only"
    required, there = set(ours.get("required", [])), set(theirs.get("required", []))
    for name in sorted(required ^ there if exact else there - required):
        yield f"{where}.{name} is required by one of them only"
