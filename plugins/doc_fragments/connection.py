# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The options are CONNECTION in module_utils/_module.py.
    DOCUMENTATION = r"""
requirements:
  - python >= 3.9
  - requests
options:
  url:
    description:
      - The address of the Jira site as a browser knows it, with its context path if it has one.
      - If not set, the environment variable E(JIRA_URL) is used. One of the two is required.
    type: str
    aliases: [uri]
  username:
    description:
      - The e-mail address (Cloud) or user name (Data Center) that O(password) belongs to.
      - If not set, the environment variable E(JIRA_USERNAME) is used.
      - Without O(username), O(token) and O(client_id), requests are anonymous.
    type: str
  password:
    description:
      - The API token (Cloud) or password (Data Center).
      - If not set, the environment variable E(JIRA_PASSWORD) is used; or else, where there is a user name,
        E(JIRA_API_TOKEN).
    type: str
    aliases: [api_token]
  token:
    description:
      - A token that is sent as Bearer, such as a personal access token of Data Center.
      - If not set, the environment variable E(JIRA_TOKEN) is used.
    type: str
  client_id:
    description:
      - The client id of an OAuth 2.0 credential, for the client credentials grant.
      - On Cloud the requests then go through the gateway; O(cloud_id) is looked up if it is not set.
      - If not set, the environment variable E(JIRA_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - The secret that belongs to O(client_id).
      - If not set, the environment variable E(JIRA_CLIENT_SECRET) is used.
    type: str
  cloud_id:
    description:
      - The cloud id of the site, or V(auto) to look it up. Requests then go through the gateway, which is the only way
        for scoped API tokens, service accounts and OAuth.
      - If not set, the environment variable E(JIRA_CLOUD_ID) is used.
    type: str
  api_version:
    description:
      - The version of the REST API. V(auto) is 3 for hosts of Jira Cloud, else what the server says it is.
      - Setting it saves that question, one request a task.
    type: str
    choices: [auto, "2", "3"]
    default: auto
  oauth_url:
    description: The address of the token service that O(client_id) belongs to.
    type: str
    default: https://auth.atlassian.com/oauth/token
  gateway_url:
    description: The address of the gateway, to which the cloud id is appended.
    type: str
    default: https://api.atlassian.com/ex/jira
  validate_certs:
    description: Whether to check the certificate of the server.
    type: bool
    default: true
  ca_path:
    description: A file or folder with the certificates of the authorities to trust.
    type: path
  client_cert:
    description: A client certificate in PEM format, which may hold its key too.
    type: path
  client_key:
    description: The key of O(client_cert), if that file does not hold it.
    type: path
  timeout:
    description:
      - How long to wait for a connection, and then for each part of an answer, in seconds.
      - A whole answer may take five times as long.
    type: float
    default: 30.0
  retries:
    description:
      - How often a request is sent again after an answer of 429 or 5xx, an empty answer to a read, a timeout or a
        broken connection.
      - A 429 for too many writes to one issue does not count. It is waited out, until none has succeeded for two
        minutes.
      - Where sending it twice would do harm, as with a comment or a new link type, Jira is asked first whether it was
        done. While it may still be at work, nothing is sent again, and the task says that it may have been done.
    type: int
    default: 4
notes:
  - The task, or C(module_defaults), decides the kind of login. The environment completes that kind and adds no other;
    its own login is used only where the task names none. An option that is set to V("") keeps its variable out.
  - Where E(JIRA_URL) is set and O(url) is another site, the login and the cloud id of the environment are not used. Nor
    are they if they would go through another O(gateway_url) or O(oauth_url) than Atlassian's or one below E(JIRA_URL).
  - Null is an option left out. An option that is empty is an error, unless its documentation says what that means.
  - Proxies are taken from the environment, as in any program that uses requests.
"""
