# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: jira_issue_links
short_description: Read the links of Jira issues
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Reads the issue links of some issues, as M(linkops.jira.jira_issue_link_info) lists them, on the controller.
  - The connection comes from options, from variables, or from the environment, in this order.
  - With C(lookup), one link is returned as it is, and several as a list. C(query) always returns a list.
extends_documentation_fragment:
  - linkops.jira.connection
options:
  _terms:
    description:
      - The issues, by key or id, or by the address of their page in a browser. One that Jira does not show is an error.
      - An empty list has no links.
    type: list
    elements: str
    required: true
  phrase:
    description: Only links that this phrase says of one of the issues. With V(is blocked by), what blocks them.
    type: str
  link_types:
    description: Only links of these types, each by its exact name or by its id.
    type: list
    elements: str
  direction:
    description: V(outward) reads only links in which the issue is the inward one. V(inward) only the others.
    type: str
    choices: [inward, outward, both]
    default: both
  depth:
    description: How many steps to follow the links; V(-1) follows them to their ends.
    type: int
    default: 0
  max_issues:
    description: How many issues to read at most. More are an error.
    type: int
    default: 5000
  url:
    vars: [{name: linkops_jira_url}]
  username:
    vars: [{name: linkops_jira_username}]
  password:
    vars: [{name: linkops_jira_password}]
  token:
    vars: [{name: linkops_jira_token}]
  client_id:
    vars: [{name: linkops_jira_client_id}]
  client_secret:
    vars: [{name: linkops_jira_client_secret}]
  cloud_id:
    vars: [{name: linkops_jira_cloud_id}]
  api_version:
    vars: [{name: linkops_jira_api_version}]
  validate_certs:
    vars: [{name: linkops_jira_validate_certs}]
  oauth_url:
    vars: [{name: linkops_jira_oauth_url}]
  gateway_url:
    vars: [{name: linkops_jira_gateway_url}]
  ca_path:
    vars: [{name: linkops_jira_ca_path}]
  client_cert:
    vars: [{name: linkops_jira_client_cert}]
  client_key:
    vars: [{name: linkops_jira_client_key}]
  timeout:
    vars: [{name: linkops_jira_timeout}]
  retries:
    vars: [{name: linkops_jira_retries}]
seealso:
  - module: linkops.jira.jira_issue_link_info
  - plugin: linkops.jira.link_graph
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say how the release is linked; url and credentials come from the environment
  ansible.builtin.debug:
    msg: "{{ query('linkops.jira.jira_issue_links', 'REL-1') | map(attribute='sentence') }}"

- name: Draw everything that stands in its way
  ansible.builtin.debug:
    msg: >-
      {{ query('linkops.jira.jira_issue_links', 'REL-1', phrase='is blocked by', depth=-1)
      | linkops.jira.link_graph }}
"""

RETURN = r"""
_list:
  description: The links, each once, by ascending id.
  type: list
  elements: dict
  contains:
    id:
      description: The id of the link.
      type: str
      returned: always
    link_type:
      description: The name of its type.
      type: str
      returned: always
    link_type_id:
      description: The id of its type.
      type: str
      returned: always
    inward:
      description: The type's inward phrase, which is what the outward issue says of the inward one.
      type: str
      returned: always
    outward:
      description: The type's outward phrase, which is what the inward issue says of the outward one.
      type: str
      returned: always
    inward_issue:
      description: The current key of the issue that the link comes from.
      type: str
      returned: always
    outward_issue:
      description: The current key of the issue that the link goes to.
      type: str
      returned: always
    sentence:
      description: The link in words.
      type: str
      returned: always
      sample: APP-7 blocks REL-1
"""

import os
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..module_utils._module import COMPLETED, CONNECTION, given, missing_package, perform
from ..module_utils._text import listed, misspelt
from ..modules import jira_issue_link_info as info
from ..plugin_utils._arguments import plain

PREFIX = "linkops_jira_"
OPTIONS = (*CONNECTION, "phrase", "link_types", "direction", "depth", "max_issues")
SPEC = {**COMPLETED, **info.ARGUMENT_SPEC}
CANONICAL = {alias: name for name in OPTIONS for alias in (name, *SPEC[name].get("aliases", ()))}


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """The links of the issues that terms name.

        :raises AnsibleLookupError: Jira refused, or an option makes no sense.
        """
        unknown = sorted(kwargs.keys() - CANONICAL.keys())
        if unknown or not terms:
            wrong = (
                f"unknown options: {listed(misspelt(name, CANONICAL) for name in unknown)}"
                if unknown
                else "name an issue"
            )
            raise AnsibleLookupError(f"jira_issue_links: {wrong}. It takes {listed(OPTIONS)}.")
        direct = {CANONICAL[name]: value for name, value in kwargs.items()}
        issues = [key for term in terms for key in (term if isinstance(term, list) else [term])]
        said = {**self._ours(variables or {}), **direct, "issues": issues}
        asked = given(plain(said), SPEC, os.environ)
        if not (asked.refusal or "url" in asked.options):
            raise AnsibleLookupError(
                "jira_issue_links: url is missing. Give it, or set JIRA_URL or the variable linkops_jira_url. "
                "module_defaults are for modules and do not reach lookups."
            )
        checked = ArgumentSpecValidator(SPEC, **info.CONSTRAINTS).validate(asked.options)
        if asked.refusal or checked.error_messages:
            raise AnsibleLookupError(f"jira_issue_links: {asked.refusal or checked.errors.msg}")
        missing = missing_package()
        if missing:
            raise AnsibleLookupError(f"jira_issue_links: {missing} A lookup always runs where Ansible runs.")
        result, warnings = perform(info.run, checked.validated_parameters, False)
        for warning in [*asked.warnings, *warnings]:
            Display().warning(warning)
        if result.get("failed"):
            raise AnsibleLookupError(f"jira_issue_links: {result['msg']}")
        links: list[dict[str, Any]] = result["links"]
        return links

    def _ours(self, variables: dict[str, Any]) -> dict[str, Any]:
        """What our variables say of the connection. Before ansible-core 2.19, they come with the templates in them."""
        templar: Any = self._templar
        named = {name: f"{PREFIX}{name}" for name in CONNECTION}
        return {name: templar.template(variables[each]) for name, each in named.items() if each in variables}
