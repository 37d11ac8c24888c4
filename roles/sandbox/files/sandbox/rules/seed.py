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
from .model import ISSUE_TYPES, PRIORITIES, STATUSES, Account, Issue, LinkType, Project, RemoteLink
from .store import Store

Seed = dict[str, Any]
DEFAULT_SEED = Path(__file__).parent.parent / "seed" / "default.json"
SITE_PARTS = ("title", "cloud_id", "groups", "roles", "accounts", "oauth_clients", "link_types")
CONTENT_PARTS = ("projects", "moved", "links", "generated_links", "comments", "remote_links")
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


class SeedError(Exception):
    """The seed cannot be used; the message says why in one line."""


def load_seed(path: Path | None = None) -> Seed:
    """Read a seed file; what it leaves out about the site comes from the default seed."""
    try:
        given = json.loads((path or DEFAULT_SEED).read_text(encoding="utf-8"))
    except OSError as error:
        raise SeedError(f"cannot read the seed {path}: {error.strerror}") from error
    except ValueError as error:
        raise SeedError(f"the seed {path} is not JSON: {error}") from error
    return complete_seed(given)


def complete_seed(given: Any) -> Seed:
    """Add what a seed leaves out: the site's parts, and the projects if it names none."""
    if not isinstance(given, dict):
        raise SeedError("a seed must be a JSON object")
    unknown = sorted(set(given) - set(SITE_PARTS) - set(CONTENT_PARTS))
    if unknown:
        raise SeedError(f"the seed has unknown parts: {', '.join(unknown)}")
    default: Seed = json.loads(DEFAULT_SEED.read_text(encoding="utf-8"))
    parts = SITE_PARTS if "projects" in given else (*SITE_PARTS, "projects", "moved")
    return {**{part: default[part] for part in parts}, **given}


def build_store(seed: Seed, deployment: str) -> Store:
    """Make a store of a complete seed. Raises SeedError, naming the part that is wrong."""
    store = Store(deployment)
    store.title, store.cloud_id = seed["title"], seed["cloud_id"]
    steps = (_site, _projects, _moved, _links, _generated_links, _comments, _remote_links)
    for step in steps:
        try:
            step(store, seed)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            part = step.__name__.strip("_")
            raise SeedError(f"the seed's {part} cannot be used: {type(error).__name__}: {error}") from error
    return store


def stable_id(*words: str) -> str:
    return str(uuid5(NAMESPACE_URL, "linkops-sandbox:" + ":".join(words)))


def _site(store: Store, seed: Seed) -> None:
    store.groups = {name: stable_id("group", name) for name in seed["groups"]}
    store.roles = {name: 10002 + index for index, name in enumerate(seed["roles"])}
    for entry in seed["accounts"]:
        store.accounts[entry["name"]] = _account(entry)
    for entry in seed["link_types"]:
        link_type = LinkType(next(store.link_type_ids), entry["name"], entry["inward"], entry["outward"])
        store.link_types[link_type.id] = link_type


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
    for entry in seed["projects"]:
        project = _project(10000 + len(store.projects), entry)
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
    """The next issue of the project. Raises ValueError, and adds none, where the entry makes no sense."""
    number = project.last_number + 1
    for name, known in (("status", STATUSES), ("type", ISSUE_TYPES), ("priority", PRIORITIES)):
        if entry.get(name) and entry[name] not in known:
            raise ValueError(f"{project.key}-{number} has {entry[name]!r}, which is none of {', '.join(known)}")
    project.last_number, issue_id = number, next(store.issue_ids)
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


def _known(store: Store, key: str) -> Issue:
    issue = store.find(key)
    if issue is None:
        raise ValueError(f"there is no issue {key}")
    return issue


def _moved(store: Store, seed: Seed) -> None:
    for old_key, key in seed.get("moved", {}).items():
        store.remember_old_key(old_key, _known(store, key))


def _links(store: Store, seed: Seed) -> None:
    """Each link reads: inward issue, name of the type, outward issue (REL-1 Blocks APP-7)."""
    for inward, type_name, outward in seed.get("links", []):
        link_type = find_type(store, None, type_name)
        if link_type is None:
            raise ValueError(f"there is no link type {type_name}")
        ends = _known(store, inward), _known(store, outward)
        if ends[0] is ends[1]:
            raise ValueError(f"{inward} cannot be linked to itself")
        if not store.link_between(ends[0], link_type, ends[1]):
            store.add_link(ends[0], link_type, ends[1])


def _generated_links(store: Store, seed: Seed) -> None:
    """So many links, spread over all issues and types, the same ones every time."""
    issues, types = list(store.issues.values()), list(store.link_types.values())
    wanted, size = seed.get("generated_links", 0), len(issues)
    if wanted > size * (size - 1) * len(types):
        raise ValueError(f"{wanted} links are more than {size} issues can have")
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
        author = store.accounts[entry["author"]] if "author" in entry else None
        seed_comment(store, _known(store, entry["issue"]), author, entry)


def _remote_links(store: Store, seed: Seed) -> None:
    for entry in seed.get("remote_links", []):
        fields = {name: value for name, value in entry.items() if name != "issue"}
        remote_link = RemoteLink(next(store.ids), fields)
        _known(store, entry["issue"]).remote_links[remote_link.id] = remote_link
