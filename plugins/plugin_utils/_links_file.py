# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a file that declares links: the options of jira_issue_links that it states, or all its mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._model.options import InputError, apart, as_element, check_form, key_mistakes
from ..module_utils._module import Spec, by_every_name, given
from ..module_utils._text import counted, listed, printable
from ._lines import Document, Mistake, decoded, from_json, from_yaml
from ._links_csv import from_csv

_READERS: dict[str, Callable[[str], Document]] = {".csv": from_csv, ".json": from_json}
"""By the end of a file's name. Any other file is YAML."""
_VAULT = b"$ANSIBLE_VAULT;"
_EXAMPLE = "REL-1 is blocked by APP-7"
_WRONG_TYPE = re.compile(r"is of type .* unable to convert to (\w+).*", re.DOTALL)


def contents(path: str, loader: Any) -> bytes:
    """What is in a file, decrypted if Ansible Vault has encrypted it.

    :param loader: Ansible's DataLoader, which knows the vaults.
    :raises InputError: it cannot be read.
    """
    try:
        data = Path(path).read_bytes()
        return _decrypted(path, loader) if data.startswith(_VAULT) else data
    except OSError as error:
        raise InputError(f"{printable(path)} cannot be read: {error.strerror}.") from error
    except AnsibleError as error:
        raise InputError(f"{printable(path)} cannot be read: {error.message}") from error


def _decrypted(path: str, loader: Any) -> bytes:
    clear = loader.get_real_file(path)
    try:
        return Path(clear).read_bytes()
    finally:
        loader.cleanup_tmp_file(clear)


def read_links_file(path: str, data: bytes, spec: Spec) -> dict[str, Any]:
    """The options of jira_issue_links that a file states, ``links`` always among them, each with its origin.

    :param data: what is in the file.
    :param spec: the argument spec of jira_issue_links.
    :raises InputError: there are mistakes in the file; all of them are named, each with its line.
    """
    read = _READERS.get(PurePath(path).suffix.lower(), from_yaml)
    try:
        document = read(decoded(data))
        mistakes = [*document.mistakes, *_mistakes(document, spec)]
    except Mistake as unreadable:
        mistakes = [unreadable]
    if mistakes:
        texts = " ".join(map(str, sorted(mistakes, key=lambda mistake: mistake.line)))
        raise InputError(f"{counted(len(mistakes), 'mistake')} in {printable(path)}: {texts}")
    return {**_options(document), "links": list(_links(document, PurePath(path).name))}


def _options(document: Document) -> dict[str, Any]:
    """What a document states. It may be a mapping of options, or just the links."""
    return document.value if isinstance(document.value, dict) else {"links": document.value}


def _links(document: Document, file: str) -> Iterator[dict[str, Any]]:
    """The links as elements of the option ``links``: a text is a sentence."""
    place = ("links",) if isinstance(document.value, dict) else ()
    for position, link in enumerate(_options(document)["links"]):
        yield {"origin": f"{file} line {document.line(*place, position)}", **as_element(link)}


def _mistakes(document: Document, spec: Spec) -> Iterator[Mistake]:
    """What makes no sense in it, whatever the site would say of the rest."""
    options = _options(document)
    others = {**spec, "links": {"type": "raw"}}
    for name in options.keys() - {"links"}:
        for problem in _checked({name: options[name]}, others).problems:
            yield Mistake(document.line(name), problem)
    place = ("links",) if isinstance(document.value, dict) else ()
    links = options.get("links")
    if isinstance(links, list):
        for position, link in enumerate(links):
            for problem in _link_problems(link, spec["links"]["options"]):
                yield Mistake(document.line(*place, position), problem)
    elif "links" in options and place:
        yield Mistake(document.line("links"), f"links has to be a list of links, each such as {_EXAMPLE}.")
    else:
        yield Mistake(
            1, f"the file has to be a list of links, or a mapping of {listed(spec)}, with such a list as links."
        )


def _link_problems(link: Any, spec: Spec) -> list[str]:
    link = as_element(link)
    if not isinstance(link, dict):
        text = "null" if link is None else printable(repr(link))
        return [f"{text[:60]} is no link. A link is a sentence such as {_EXAMPLE}, or a mapping."]
    checked = _checked(link, spec)
    return checked.problems or list(_nonsense(checked.params))


def _nonsense(link: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a link of which every option by itself is right."""
    try:
        check_form(link)
        link = apart(link)
    except InputError as mistake:
        yield str(mistake)
    yield from key_mistakes(link)


class _Checked(NamedTuple):
    """Options as a module gets them, and what is wrong with each of them."""

    params: dict[str, Any]
    problems: list[str]


def _checked(options: Mapping[str, Any], spec: Spec) -> _Checked:
    known, asked = by_every_name(spec), given(options, spec, {})
    right = {name: value for name, value in asked.options.items() if name in known}
    checked = ArgumentSpecValidator(spec).validate(right)
    refusals = (_WRONG_TYPE.sub(r"has to be of type \1", text).removesuffix(".") for text in checked.error_messages)
    return _Checked(checked.validated_parameters, [*asked.mistakes, *(f"{text}." for text in refusals)])
