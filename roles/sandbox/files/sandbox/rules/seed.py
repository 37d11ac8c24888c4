# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seed data: a JSON description becomes a store. The default one is seed/default.json."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from .comments import seed_comment
from .links import find_type
from .model import ISSUE_TYPES, PRIORITIES, STATUSES, Account, Issue, LinkType, Project, RemoteLink, counted
from .remote_links import FIELDS
from .shapes import choice, flag, line, list_of, mapping, pattern, read_json, record, text, whole
from .store import Store

Seed = dict[str, Any]
DEFAULT_SEED = Path(__file__).parent.parent / "seed" / "default.json"
MOST = 200_000  # issues or links; more would take minutes
DEFAULT_GRANTS = {
    "browse": ["group:jira-users"],
    "link": ["role:Developers"],
    "comment": ["group:jira-users"],
}
PERMISSION_OF_GRANT = {"browse": "BROWSE_PROJECTS", "link": "LINK_ISSUES", "comment": "ADD_COMMENTS"}
VERBS = ("Prepare", "Fix", "Review", "Document", "Automate", "Measure", "Replace", "Test")
THINGS = (
    "the login page", "the nightly build", "the payment service", "the search index", "the release notes",
    "the backup job", "the import of orders", "the audit log", "the mail queue",
)  # fmt: skip
FIRST_DAY = datetime(2026, 1, 5, 9, 0)

KEY = pattern(r"[A-Z][A-Z0-9_]*", "a key in capital letters")
HOLDERS = list_of(pattern(r"anyone|(group|role|user):.+", "anyone, group:NAME, role:NAME or user:NAME"))
ISSUE = {"summary": text, "status": choice(*STATUSES), "type": choice(*ISSUE_TYPES), "priority": choice(*PRIORITIES)}
SITE = {
    "title": text,
    "cloud_id": pattern(r"[0-9A-Za-z-]+", "letters, digits and hyphens"),
    "groups": list_of(line),
    "roles": list_of(line),
    "accounts": list_of(
        record(
            {"name": line, "email": line},
            {
                "display_name": text,
                "groups": list_of(line),
                "roles": mapping(line, list_of(line)),
                "captcha": flag,
                **dict.fromkeys(("tokens", "pats", "scoped_tokens", "expired_tokens", "expired_pats"), list_of(line)),
            },
        )
    ),
    "oauth_clients": list_of(record({"client_id": line, "client_secret": line, "account": line})),
    "link_types": list_of(record({"name": text, "inward": text, "outward": text})),
}
CONTENT = {
    "projects": list_of(
        record(
            {"key": KEY},
            {
                "name": text,
                "type": line,
                "count": whole(0, MOST),
                "issues": list_of(record({}, ISSUE)),
                **dict.fromkeys(PERMISSION_OF_GRANT, HOLDERS),
            },
        )
    ),
    "moved": mapping(line, line),
    "versions": mapping(line, list_of(line)),
    "links": list_of(list_of(text)),
    "generated_links": whole(0, MOST),
    "comments": list_of(
        record(
            {"issue": text, "body": text},
            {
                "author": line,
                "internal": flag,
                "visibility": record({"type": choice("group", "role"), "value": line}, {"identifier": line}),
            },
        )
    ),
    "remote_links": list_of(record({"issue": text, "object": FIELDS["object"]}, FIELDS)),
}
SHAPE = record({}, {**SITE, **CONTENT})


class SeedError(Exception):
    """The seed cannot be used; the message says why in one line."""


def load_seed(path: Path | None = None) -> Seed:
    """Read a seed file; what it leaves out about the site comes from the default seed."""
    try:
        given = read_json((path or DEFAULT_SEED).read_bytes())
    except OSError as error:
        raise SeedError(f"cannot read the seed {path}: {error.strerror}") from error
    except ValueError as error:
        raise SeedError(f"the seed {path} is not JSON: {error}") from error
    return complete_seed(given)


def complete_seed(given: Any) -> Seed:
    """Add what a seed leaves out: the site's parts, and the projects if it names none."""
    try:
        SHAPE(given, "seed")
    except ValueError as error:
        raise SeedError(str(error)) from error
    default: Seed = json.loads(DEFAULT_SEED.read_bytes())
    parts = SITE if "projects" in given else (*SITE, "projects", "moved", "versions")
    return {**{part: default[part] for part in parts}, **given}


def build_store(seed: Seed, deployment: str) -> Store:
    """Make a store of a complete seed. Raises SeedError, naming the part that is wrong."""
    store = Store(deployment)
    store.title, store.cloud_id = seed["title"], seed["cloud_id"]
    steps = (_site, _projects, _moved, _versions, _links, _generated_links, _comments, _remote_links)
    for step in steps:
        try:
            step(store, seed)
        except ValueError as error:
            raise SeedError(f"seed.{step.__name__.strip('_')}: {error}") from error
    return store


def stable_id(*words: str) -> str:
    return str(uuid5(NAMESPACE_URL, "linkops-sandbox:" + ":".join(words)))


def _site(store: Store, seed: Seed) -> None:
    store.groups = {name: stable_id("group", name) for name in seed["groups"]}
    store.roles = {name: 10002 + index for index, name in enumerate(seed["roles"])}
    for entry in seed["accounts"]:
        store.accounts[entry["name"]] = _account(entry)
    for entry in seed["oauth_clients"]:
        _account_named(store, entry["account"])
    for entry in seed["link_types"]:
        link_type = LinkType(next(store.link_type_ids), entry["name"], entry["inward"], entry["outward"])
        store.link_types[link_type.id] = link_type


def _account_named(store: Store, name: str) -> Account:
    if name not in store.accounts:
        raise ValueError(f"there is no account {name}")
    return store.accounts[name]


def _account(entry: dict[str, Any]) -> Account:
    return Account(
        name=entry["name"],
        email=entry["email"],
        display_name=entry.get("display_name", entry["name"]),
        account_id=stable_id("account", entry["name"]),
        groups=frozenset(entry.get("groups", ())),
        roles={role: tuple(projects) for role, projects in entry.get("roles", {}).items()},
        captcha=entry.get("captcha", False),
    )


def _projects(store: Store, seed: Seed) -> None:
    total = sum(entry.get("count", 0) for entry in seed["projects"])
    if total > MOST:
        raise ValueError(f"there are {total} issues, more than {MOST}")
    for entry in seed["projects"]:
        project = _project(10000 + len(store.projects), entry)
        if project.key in store.projects:
            raise ValueError(f"there are two projects {project.key}")
        store.projects[project.key] = project
        given = entry.get("issues", [])
        for index in range(max(entry.get("count", 0), len(given))):
            add_issue(store, project, given[index] if index < len(given) else {})


def _project(project_id: int, entry: dict[str, Any]) -> Project:
    grants = {
        permission: tuple(entry.get(grant, DEFAULT_GRANTS[grant])) for grant, permission in PERMISSION_OF_GRANT.items()
    }
    return Project(project_id, entry["key"], entry.get("name", entry["key"]), entry.get("type", "software"), grants)


def add_issue(store: Store, project: Project, entry: dict[str, str]) -> Issue:
    """The next issue of the project; the entry is an ISSUE."""
    number, issue_id = project.last_number + 1, next(store.issue_ids)
    project.last_number = number
    issue = Issue(
        id=issue_id,
        key=f"{project.key}-{number}",
        project=project,
        summary=entry.get("summary") or f"{VERBS[number % len(VERBS)]} {THINGS[issue_id % len(THINGS)]}",
        status=entry.get("status") or _spread(STATUSES, number * 7 + issue_id % 5),
        issue_type=entry.get("type") or _spread(ISSUE_TYPES, number * 5),
        priority=entry.get("priority") or _spread(PRIORITIES, number + 1),
        created=(FIRST_DAY + timedelta(minutes=issue_id - 10001)).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
    )
    store.add_issue(issue)
    return issue


def _spread(values: dict[str, int], number: int) -> str:
    return list(values)[number % len(values)]


def _moved(store: Store, seed: Seed) -> None:
    for old_key, key in seed.get("moved", {}).items():
        store.remember_old_key(old_key, store.known(key))


def _versions(store: Store, seed: Seed) -> None:
    """By the name of a version, the issues that it is the fix version of."""
    for name, keys in seed.get("versions", {}).items():
        for key in keys:
            issue = store.known(key)
            issue.fix_versions = (*issue.fix_versions, name)


def _links(store: Store, seed: Seed) -> None:
    """Each link reads: inward issue, name of the type, outward issue (REL-1 Blocks APP-7)."""
    for link in seed.get("links", []):
        if len(link) != 3:
            raise ValueError(f"{link} is no list of an issue, a link type and an issue")
        inward, type_name, outward = link
        link_type = find_type(store, None, type_name)
        if link_type is None:
            raise ValueError(f"there is no link type {type_name}")
        ends = store.known(inward), store.known(outward)
        if ends[0] is ends[1]:
            raise ValueError(f"{inward} cannot be linked to itself")
        if not store.link_between(ends[0], link_type, ends[1]):
            store.add_link(ends[0], link_type, ends[1])


def _generated_links(store: Store, seed: Seed) -> None:
    """So many links, spread over all issues and types, the same ones every time."""
    issues, types = list(store.issues.values()), list(store.link_types.values())
    wanted, size = seed.get("generated_links", 0), len(issues)
    if wanted > size * (size - 1) * len(types):
        raise ValueError(f"{counted(size, 'issue')} cannot have {counted(wanted, 'link')}")
    for number in range(size * size * len(types)):
        if len(store.links) >= wanted:
            return
        step, start = divmod(number, size)
        inward, outward = issues[start], issues[(start + 1 + step // len(types)) % size]
        link_type = types[(step + start) % len(types)]
        if inward is not outward and not store.link_between(inward, link_type, outward):
            store.add_link(inward, link_type, outward)


def _comments(store: Store, seed: Seed) -> None:
    for entry in seed.get("comments", []):
        author = _account_named(store, entry["author"]) if "author" in entry else None
        seed_comment(store, store.known(entry["issue"]), author, entry)


def _remote_links(store: Store, seed: Seed) -> None:
    for entry in seed.get("remote_links", []):
        fields = {name: value for name, value in entry.items() if name != "issue"}
        remote_link = RemoteLink(next(store.ids), fields)
        store.known(entry["issue"]).remote_links[remote_link.id] = remote_link
