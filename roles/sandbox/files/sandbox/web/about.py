# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site itself: serverInfo, myself, fields, permissions, the gateway's token and tenant."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from ..rules.model import Project, Refusal
from ..rules.shapes import read_json
from ..rules.store import GLOBAL_PERMISSIONS, PERMISSIONS, now
from .answers import Answer, json_answer
from .auth import TOKEN_SECONDS
from .calls import Call
from .render import ALL
from .site import Site

CLOUD_VERSION, CLOUD_BUILD = (1001, 0, 0), 100290


def server_info(call: Call) -> Answer:
    cloud = call.store.cloud
    numbers = CLOUD_VERSION if cloud else call.site.data_center_version
    version = ".".join(map(str, numbers))
    info: dict[str, Any] = {
        "baseUrl": call.render.site_url,
        "version": f"{version}-SNAPSHOT" if cloud else version,
        "versionNumbers": list(numbers),
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": CLOUD_BUILD if cloud else int("{}{:02}{:04}".format(*numbers)),
        "buildDate": "2026-01-02T00:00:00.000+0000",
        "serverTime": now(),
        "scmInfo": "0" * 40,
        "serverTitle": call.store.title,
    }
    if cloud:
        info["displayUrl"] = call.render.site_url
    return json_answer(info)


def myself(call: Call) -> Answer:
    if call.account is None:
        raise Refusal(401, "You are not authenticated.")
    return json_answer(call.render.user(call.account))


def fields(call: Call) -> Answer:
    return json_answer([_field(name) for name in ALL])


def _field(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "key": name,
        "name": "Linked Issues" if name == "issuelinks" else name.capitalize(),
        "custom": False,
        "orderable": True,
        "navigable": name != "comment",
        "searchable": True,
        "clauseNames": [name],
        "schema": {
            "type": "array" if name in ("issuelinks", "labels", "subtasks", "fixVersions") else "any",
            "system": name,
        },
    }


def my_permissions(call: Call) -> Answer:
    """What the account may do: in an issue's project, in a project, or anywhere.

    `permissions` may have commas, may be repeated, or both.
    """
    wanted = [key for keys in call.query.getall("permissions", ()) for key in keys.split(",") if key]
    if not wanted and call.store.cloud:
        raise Refusal(400, "The 'permissions' query parameter is required.")
    unknown = [key for key in wanted if key not in PERMISSIONS]
    if unknown:
        raise Refusal(400, f"Unrecognized permission: {', '.join(unknown)}")
    project = _project_in_question(call)
    return json_answer({"permissions": {key: _permission(call, key, project) for key in wanted or PERMISSIONS}})


def _project_in_question(call: Call) -> Project | None:
    issue = call.query.get("issueKey") or call.query.get("issueId")
    if issue:
        return call.store.visible(call.account, issue).project
    wanted = call.query.get("projectKey") or call.query.get("projectId")
    if not wanted:
        return None
    for project in call.store.projects.values():
        if wanted in (project.key, str(project.id)) and call.store.may(call.account, "BROWSE_PROJECTS", project):
            return project
    raise Refusal(404, f"No project could be found with key '{wanted}'.")


def _permission(call: Call, key: str, project: Project | None) -> dict[str, Any]:
    may = call.store.may(call.account, key, project) if project else call.store.may_anywhere(call.account, key)
    return {
        "id": str(PERMISSIONS.index(key) + 10),
        "key": key,
        "name": key.replace("_", " ").title(),
        "type": "GLOBAL" if key in GLOBAL_PERMISSIONS else "PROJECT",
        "description": "",
        "havePermission": may,
    }


# --- what stands beside the REST API on Cloud


def tenant_info(site: Site) -> Answer:
    return json_answer({"cloudId": site.store.cloud_id})


def oauth_token(site: Site, content_type: str, body: bytes) -> Answer:
    """Client credentials for an access token of 60 minutes; JSON or a form, as the token service takes both."""
    try:
        given = read_json(body) if "json" in content_type else _form(body)
    except ValueError:
        given = None
    if not isinstance(given, dict) or given.get("grant_type") != "client_credentials":
        return _oauth_error(400, "unsupported_grant_type", "The grant_type must be client_credentials.")
    token = site.credentials.issue_token(str(given.get("client_id")), str(given.get("client_secret")))
    if token is None:
        return _oauth_error(401, "access_denied", "Unauthorized")
    scope = "read:jira-work write:jira-work"
    return json_answer({"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer", "scope": scope})


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _oauth_error(status: int, error: str, description: str) -> Answer:
    return json_answer({"error": error, "error_description": description}, status)
