# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Jira behaves where it refuses, limits and lets in, row by row, and the tests that show it.

Rows about comments of their own are left out: no module writes any. What makes a creation of a remote link safe to
repeat is its global id, and no module makes one without.
"""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """``tests`` are ``file::function``, the file without ``test_`` and ``.py``."""

    row: str
    text: str
    tests: tuple[str, ...]


ERRORS = (
    Fact("body: messages and errors", "{errorMessages: [...], errors: {...}}", ("errors::test_bodies_of_every_shape",)),
    Fact("body: messages", "errorMessages only", ("errors::test_bodies_of_every_shape",)),
    Fact("body: message", '{message, "status-code"}', ("errors::test_bodies_of_every_shape",)),
    Fact("body: page", "an HTML page", ("errors::test_bodies_of_every_shape", "errors::test_a_long_page_is_cut")),
    Fact("body: text", "plain text", ("errors::test_bodies_of_every_shape",)),
    Fact("body: nothing", "an empty body", ("errors::test_bodies_of_every_shape",)),
    Fact("body: 429", "Data Center's own 429 is a page", ("limits::test_the_page_that_data_center_answers",)),
    Fact(
        "issue missing or invisible",
        "404, in the words of each deployment",
        ("errors::test_an_issue_that_jira_does_not_show", "info::test_missing_issues"),
    ),
    Fact("unknown link type", "404, by name or id", ("errors::test_an_unknown_link_type",)),
    Fact(
        "no Link Issues permission",
        "401 in practice, 404 in the documents",
        (
            "errors::test_a_401_about_permission_says_so",
            "answers::test_a_401_about_a_permission_that_jira_said_was_there",
            "errors::test_a_404_that_is_a_permission_as_the_documents_have_it",
            "errors::test_a_removal_without_permission_says_so",
        ),
    ),
    Fact(
        "linking switched off",
        "404, and 403 for remote links",
        (
            "errors::test_linking_switched_off",
            "errors::test_a_link_id_where_linking_is_switched_off",
            "link_types::test_check_mode_foretells_the_real_run",
            "remote_links::test_check_mode_foretells_the_real_run",
            "remote_links::test_info_of_missing_issues",
        ),
    ),
    Fact(
        "no permission to change link types",
        "404, which is no missing type",
        ("link_types::test_check_mode_foretells_the_real_run",),
    ),
    Fact(
        "name of a link type in use",
        "400 in practice, 404 in the documents",
        ("link_types::test_made_by_another_run_at_the_same_moment",),
    ),
    Fact(
        "no permission to write remote links",
        "403 where issue links answer 401",
        ("remote_links::test_check_mode_foretells_the_real_run",),
    ),
    Fact(
        "remote link refused",
        "400, the reason by field",
        ("remote_links::test_jiras_own_words_for_what_only_jira_knows",),
    ),
    Fact("bad link id", "404, or 400 for what is no number", ("errors::test_link_ids_that_are_none",)),
    Fact(
        "comment refused",
        "400: unknown group, not in role, no ADF on v3",
        ("errors::test_a_refused_comment", "errors::test_a_document_that_is_none"),
    ),
    Fact(
        "per-issue limit",
        "413, 2,000 links on Cloud, permanent",
        (
            "errors::test_the_per_issue_limit_is_never_retried",
            "errors::test_the_limit_does_not_hold_on_data_center",
            "law::test_the_per_issue_limit_is_foreseen",
        ),
    ),
    Fact(
        "per-issue limit of remote links",
        "413, 2,000 on Cloud, permanent",
        ("remote_links::test_an_issue_without_room", "remote_links::test_data_center_has_no_such_limit"),
    ),
    Fact("bad or expired credentials", "401 as JSON, page or text", ("errors::test_wrong_credentials",)),
    Fact(
        "expired token, answered as anonymous",
        "200 or 404 with X-Seraph-LoginReason: AUTHENTICATED_FAILED",
        ("errors::test_an_expired_token_that_jira_answers_as_anonymous",),
    ),
    Fact(
        "CAPTCHA",
        "403, some 401, with X-Authentication-Denied-Reason; never retried",
        (
            "errors::test_captcha_is_never_retried",
            "errors::test_captcha_in_a_401",
            "errors::test_captcha_during_a_write",
        ),
    ),
    Fact(
        "one 401, two causes; one 404, five",
        "a 401 is not always about credentials",
        (
            "errors::test_a_401_about_permission_says_so",
            "answers::test_a_401_about_a_permission_that_jira_said_was_there",
            "errors::test_wrong_credentials",
            "errors::test_an_issue_that_jira_does_not_show",
            "errors::test_an_unknown_link_type",
            "errors::test_linking_switched_off",
            "errors::test_a_link_id_where_linking_is_switched_off",
            "errors::test_a_404_that_is_a_permission_as_the_documents_have_it",
            "errors::test_an_address_without_a_jira",
            "errors::test_an_address_without_a_jira_is_no_missing_issue",
            "errors::test_a_404_without_a_cause_that_could_be_found",
        ),
    ),
    Fact(
        "Data Center makes the comment after the link",
        "a refused comment can answer 400 with the link in place",
        ("errors::test_a_refused_comment", "errors::test_a_refused_comment_stops_the_repair"),
    ),
    Fact(
        "order of checks",
        "linking, type and issues, self link, permission at the inward issue, comment, creation",
        (
            "errors::test_of_several_causes_the_first_that_jira_checks_is_named",
            "errors::test_linking_is_checked_before_type_and_permission",
        ),
    ),
    Fact(
        "vanity hosts answer 301",
        "redirects on writes are refused, naming the new host",
        ("errors::test_redirects_are_refused_with_the_new_host",),
    ),
    Fact(
        "support ids",
        "X-AREQUESTID, Atl-Traceid",
        ("errors::test_every_failure_says_where_and_what_to_ask_support",),
    ),
)

LIMITS = (
    Fact(
        "writes to one issue",
        "20 in 2 s, 100 in 30 s; jira-per-issue-on-write: wait",
        (
            "limits::test_a_limit_that_passes_is_waited_for",
            "sets_limits::test_a_hub_keeps_below_the_limits_of_cloud",
            "remote_links::test_a_set_is_written_at_the_pace_of_cloud",
        ),
    ),
    Fact("burst", "jira-burst-based: wait Retry-After", ("limits::test_a_limit_that_passes_is_waited_for",)),
    Fact(
        "hourly points",
        "jira-quota-*: fail at once with X-RateLimit-Reset",
        ("limits::test_a_quota_fails_at_once_with_the_time_it_ends",),
    ),
    Fact(
        "Retry-After is a minimum in whole seconds",
        "and some 5xx carry it, too",
        (
            "limits::test_what_jira_asks_for_is_a_minimum",
            "limits::test_a_retry_after_that_is_no_number_of_seconds",
            "limits::test_some_5xx_say_how_long_to_wait",
            "limits::test_nobody_waits_for_an_hour",
        ),
    ),
    Fact(
        "else 2 s doubling to 30 s",
        "jitter x0.7 to 1.3; four retries",
        (
            "limits::test_pauses_double_up_to_half_a_minute_and_are_spread",
            "limits::test_the_number_of_attempts",
            "limits::test_between_two_attempts_the_pause_is_slept",
        ),
    ),
    Fact(
        "Data Center sends Retry-After: 0 on ordinary answers",
        "the status says throttled, never the header",
        ("limits::test_data_centers_headers_on_ordinary_answers_mean_nothing",),
    ),
    Fact(
        "safe to repeat: GET",
        "after a 5xx, a timeout, a broken connection",
        ("limits::test_reading_is_always_repeated", "info::test_a_broken_page_is_read_again"),
    ),
    Fact(
        "safe to repeat: DELETE issueLink",
        "a 404 the second time = done",
        ("limits::test_a_removal_is_repeated_and_gone_is_done",),
    ),
    Fact(
        "safe to repeat: POST issueLink without a comment",
        "a duplicate stores nothing",
        (
            "limits::test_a_creation_without_a_comment_is_repeated",
            "limits::test_what_was_done_is_told_though_no_answer_ever_came",
        ),
    ),
    Fact(
        "not safe: POST issueLink with a comment",
        "read first, then decide",
        (
            "limits::test_a_creation_with_a_comment_that_was_not_done_is_repeated_after_a_look",
            "limits::test_a_creation_with_a_comment_that_was_done_is_not_repeated",
            "limits::test_a_creation_with_a_comment_is_not_repeated_without_retries",
            "limits::test_a_slow_creation_with_a_comment_is_given_time_before_the_look",
            "limits::test_a_look_that_fails_sends_nothing_again",
            "answers::test_a_success_that_cannot_be_read_is_looked_after",
            "answers::test_a_refused_comment_and_a_look_that_fails",
            "answers::test_a_removal_that_was_done_but_never_answered",
        ),
    ),
    Fact(
        "safe to repeat: PUT and DELETE issueLinkType",
        "the same words twice are the same",
        ("link_types::test_a_change_and_a_removal_are_repeated", "link_types::test_gone_by_now_is_what_was_wanted"),
    ),
    Fact(
        "not safe: POST issueLinkType",
        "read first, then decide",
        (
            "link_types::test_no_answer_to_a_creation_is_looked_after",
            "link_types::test_a_creation_that_did_not_happen_is_sent_again",
        ),
    ),
    Fact(
        "safe to repeat: remote link with a global id",
        "POST is an upsert",
        ("remote_links::test_no_answer_and_it_is_sent_again",),
    ),
    Fact(
        "not safe: remote link without a global id",
        "it always makes another, so none is made: the URL is the global id",
        ("remote_links::test_a_second_run_finds_it_again", "remote_links::test_global_ids_fit_and_tell_urls_apart"),
    ),
    Fact(
        "a 429 was refused before any work",
        "so it may always be repeated",
        ("limits::test_a_429_is_repeated_without_reading_back",),
    ),
)

LOGINS = (
    Fact("Cloud, e-mail and API token", "Basic, at the site", ("login::test_email_and_api_token",)),
    Fact(
        "Cloud, scoped token",
        "Basic, only at the gateway; the site answers 401",
        (
            "login::test_scoped_token_through_the_gateway",
            "login::test_a_scoped_token_at_the_site_is_refused_with_the_reason",
        ),
    ),
    Fact(
        "Cloud, OAuth 2.0",
        "Bearer at the gateway; client credentials, 60 minutes",
        (
            "login::test_oauth_client_credentials",
            "login::test_an_access_token_is_renewed_before_it_ends",
            "login::test_a_wrong_client_secret_in_the_words_of_the_token_service",
        ),
    ),
    Fact("Data Center, personal access token", "Bearer", ("login::test_personal_access_token",)),
    Fact(
        "Data Center, user and password",
        "Basic; a context path belongs to the URL",
        ("login::test_user_and_password_below_a_context_path",),
    ),
    Fact("anonymous", "no header", ("login::test_anonymous", "network::test_netrc_is_never_used")),
    Fact(
        "cloudId",
        "from /_edge/tenant_info",
        (
            "login::test_scoped_token_through_the_gateway",
            "login::test_the_cloud_id_is_asked_for_without_credentials",
            "login::test_no_cloud_id_where_there_is_no_cloud",
        ),
    ),
    Fact("Basic without a challenge", "sent with the first request", ("login::test_email_and_api_token",)),
    Fact(
        "self URLs carry the gateway's host",
        "so nothing in a result depends on them",
        ("login::test_a_result_is_the_same_through_the_gateway",),
    ),
    Fact(
        "client certificates",
        "as in any HTTPS client",
        ("network::test_a_client_certificate", "network::test_no_client_certificate"),
    ),
    Fact(
        "private CA",
        "as in any HTTPS client",
        (
            "network::test_a_private_authority",
            "network::test_a_certificate_that_is_not_trusted",
            "network::test_the_authorities_of_the_environment",
        ),
    ),
    Fact(
        "proxies",
        "as in any HTTPS client",
        ("network::test_the_proxy_of_the_environment", "network::test_no_proxy"),
    ),
)

FACTS = {"errors": ERRORS, "rate limits": LIMITS, "authentication": LOGINS}
