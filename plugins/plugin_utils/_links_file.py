# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a file that declares links: the options of jira_issue_links that it states, or all its mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._model.options import InputError, Mistaken, apart, as_element, check_form, key_mistakes
from ..module_utils._module import Spec, by_every_name, given
from ..module_utils._text import counted, listed, printable
from ._lines import Document, Mistake, decoded, from_json, from_yaml
from ._links_csv import from_csv

_VAULT = b"$ANSIBLE_VAULT;"
_EXAMPLE = "REL-1 is blocked by APP-7"
_OF_A_PLAY = ("hosts", "import_playbook", "ansible.builtin.import_playbook")
_PLAYBOOK = (
    "this is a playbook. Run it with ansible-playbook. A file of links is a list of sentences, each in a line such as: "
    f"- {_EXAMPLE}."
)
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


class LinksFile(NamedTuple):
    """What a file declares.

    :param options: those of jira_issue_links that it states and that make sense. ``links`` is always among them: the
        links in the order of their lines, each with its origin, and an element for each mistake.
    :param mistakes: everything that is wrong in it, in the order of the lines.
    """

    path: str
    options: dict[str, Any]
    mistakes: list[Mistake]
    warnings: list[str]

    @property
    def refusal(self) -> str:
        """The mistakes as one text."""
        texts = " ".join(map(str, self.mistakes))
        return f"{counted(len(self.mistakes), 'mistake')} in {printable(self.path)}: {texts}"

    def to_result(self) -> list[dict[str, str]]:
        """The mistakes as a task returns them."""
        return [Mistaken(each.text, origin(self.path, each.line)).to_result() for each in self.mistakes]


class CheckedLinks(NamedTuple):
    """The links of a document that make sense as elements, by line, and what is wrong with the others."""

    elements: list[tuple[int, dict[str, Any]]]
    mistakes: list[Mistake]


def read_links_file(path: str, data: bytes, spec: Spec) -> LinksFile:
    """Read a file that declares links.

    :param data: what is in the file.
    :param spec: the argument spec of jira_issue_links, as far as a file may state it.
    """
    try:
        document = _document(PurePath(path).suffix.lower(), data, spec)
    except Mistake as unreadable:
        document = Document([], {(): 1}, [unreadable], clear=False)
    options, links = _options(document), check_links(document, spec)
    wrong = {name: found for name in options if name != "links" and (found := _option_mistakes(name, document, spec))}
    of_options = [mistake for found in wrong.values() for mistake in found]
    mistakes = sorted([*document.mistakes, *of_options, *links.mistakes], key=lambda mistake: mistake.line)
    # Under a misspelt name may be the state, without which nobody knows what the links are to be.
    clear = document.clear and not any(name == "state" or name not in spec for name in wrong)
    told = [(mistake.line, {"mistake": mistake.text}) for mistake in mistakes]
    elements = sorted([*(links.elements if clear else ()), *told], key=lambda element: element[0])
    right = {name: value for name, value in options.items() if name not in wrong}
    return LinksFile(
        path,
        {**right, "links": [{"origin": origin(path, line), **element} for line, element in elements]},
        mistakes,
        [f"{PurePath(path).name}: {warning}" for warning in document.warnings],
    )


def origin(path: str, line: int) -> str:
    """``release-1.csv line 7``"""
    return f"{PurePath(path).name} line {line}"


def _document(suffix: str, data: bytes, spec: Spec) -> Document:
    if suffix == ".csv":  # goes on behind a line that is not in UTF-8
        return from_csv(decoded(data, "surrogateescape"), spec["links"]["options"])
    return from_json(decoded(data)) if suffix == ".json" else from_yaml(decoded(data))


def _options(document: Document) -> dict[str, Any]:
    """What a document states. It may be a mapping of options, or just the links."""
    return document.value if isinstance(document.value, dict) else {"links": document.value}


def _option_mistakes(name: str, document: Document, spec: Spec) -> list[Mistake]:
    problems = _checked({name: _options(document)[name]}, {**spec, "links": {"type": "raw"}}).problems
    return [Mistake(document.line(name), problem) for problem in problems]


def check_links(document: Document, spec: Spec) -> CheckedLinks:
    """Check what makes no sense in the links of a document, whatever the site would say of the rest.

    :param spec: as `read_links_file` takes it.
    """
    place = ("links",) if isinstance(document.value, dict) else ()
    links = _options(document).get("links")
    if not isinstance(links, list):
        text = f"links has to be a list of links, each such as {_EXAMPLE}."
        if "links" not in _options(document) or not place:
            text = f"the file has to be a list of links, or a mapping of {listed(spec)}, with such a list as links."
        return CheckedLinks([], [Mistake(document.line(*place), text)])
    if any(isinstance(link, dict) and not link.keys().isdisjoint(_OF_A_PLAY) for link in links):
        return CheckedLinks([], [Mistake(document.line(*place), _PLAYBOOK)])
    checked = CheckedLinks([], [])
    for position, link in enumerate(links):
        line, problems = document.line(*place, position), _link_problems(link, spec["links"]["options"])
        checked.mistakes.extend(Mistake(line, problem) for problem in problems)
        checked.elements.extend([] if problems else [(line, as_element(link))])
    return checked


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


def _checked(options: Mapping[Any, Any], spec: Spec) -> _Checked:
    nameless = [printable(repr(name)) for name in options if not isinstance(name, str)]
    if nameless:
        return _Checked({}, [f"{listed(nameless)} is no name of an option. A name is text."])
    known, asked = by_every_name(spec), given(options, spec, {})
    right = {name: value for name, value in asked.options.items() if name in known}
    checked = ArgumentSpecValidator(spec).validate(right)
    refusals = (_WRONG_TYPE.sub(r"has to be of type \1", text).removesuffix(".") for text in checked.error_messages)
    return _Checked(checked.validated_parameters, [*asked.mistakes, *(f"{text}." for text in refusals)])
