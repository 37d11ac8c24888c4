# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small client of the REST API, which knows nothing of the plugins."""

from __future__ import annotations

from typing import Any

import requests

from tests.local_jira import LocalJira

DEMO = ("demo@example.com", "demo-token")
ADMIN = ("admin@example.com", "admin-token")
VIEWER = ("viewer@example.com", "viewer-token")
Auth = tuple[str, str] | None
JSON_TYPE = {"Content-Type": "application/json"}
MISSING = {
    "cloud": "Issue does not exist or you do not have permission to see it.",
    "data_center": "Issue Does Not Exist",
}


class RestJira:
    """Calls go to the REST API as the demo account unless `auth` says otherwise."""

    def __init__(self, site: LocalJira) -> None:
        self.site = site
        self.deployment, self.cloud, self.url, self.origin = site.deployment, site.cloud, site.url, site.origin
        self.control = site.control
        self.api = f"/rest/api/{3 if self.cloud else 2}"
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(
        self, method: str, path: str, body: Any = None, auth: Auth = DEMO, **options: Any
    ) -> requests.Response:
        """A path without a leading slash is one of the REST API in its usual version."""
        url = self.url + (path if path.startswith("/") else f"{self.api}/{path}")
        headers = dict(options.pop("headers", {}))
        if auth:
            headers["Authorization"] = requests.auth._basic_auth_str(*auth)
        options.setdefault("allow_redirects", False)
        # an explicit header, since requests would otherwise look for a .netrc
        return self.session.request(method, url, json=body, headers=headers, timeout=20, **options)

    def link(self, inward: str, outward: str, auth: Auth = DEMO, **more: Any) -> requests.Response:
        """POST issueLink: `inward` blocks `outward`, unless another `type` is given."""
        body = {"type": {"name": "Blocks"}, "inwardIssue": {"key": inward}, "outwardIssue": {"key": outward}}
        return self("POST", "issueLink", {**body, **more}, auth)

    def linked(self, inward: str, outward: str, **more: Any) -> str:
        """Make a link and return its id."""
        assert self.link(inward, outward, **more).status_code == 201
        return str(self.control("GET", "state")["links"][-1]["id"])

    def links_of(self, key: str, auth: Auth = DEMO) -> list[dict[str, Any]]:
        answer = self("GET", f"issue/{key}", auth=auth, params={"fields": "issuelinks"})
        assert answer.status_code == 200, answer.text
        links: list[dict[str, Any]] = answer.json()["fields"]["issuelinks"]
        return links

    def body_of_comment(self, text: str) -> Any:
        """A comment's body as this deployment takes it."""
        if not self.cloud:
            return text
        paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
        return {"type": "doc", "version": 1, "content": [paragraph]}

    def messages(self, answer: requests.Response) -> list[str]:
        body = answer.json()
        return [*body["errorMessages"], *body["errors"].values()]
