# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sheets as people save them: what Excel, LibreOffice, Google and Jira make of them, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Element = Mapping[str, Any]
APP_7: Element = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
LIB_2: Element = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "LIB-2"}
UMLAUTS = "Die Bibliothek gehört dazu: «dringend», 5 €."
COMMENTED: Element = {**LIB_2, "comment": UMLAUTS}


class Sheet(NamedTuple):
    """A file, and what it has to be read as.

    :param links: the elements that it says, by their lines.
    :param mistakes: what is said of its other lines: the line, and words of the message.
    :param warned: words of the only warning; empty if there is none.
    """

    name: str
    data: bytes
    links: Sequence[tuple[int, Element]] = ()
    mistakes: Sequence[tuple[int, str]] = ()
    warned: str = ""


def lines(*rows: str, end: str = "\r\n", last: bool = True) -> str:
    return end.join(rows) + (end if last else "")


def by_type(inward: str, link_type: str, outward: str) -> Element:
    return {"link_type": link_type, "inward_issue": inward, "outward_issue": outward}


GERMAN = lines(
    "issue;phrase;linked_issue;comment", "REL-1;is blocked by;APP-7;", f'REL-1;"is blocked by";LIB-2;"{UMLAUTS}"'
)
ENGLISH = lines(
    "Issue key,Phrase,Linked issue,Comment,Owner,Due date",
    'REL-1,is blocked by,APP-7,,"Doe, Jane",2026-12-24',
    f'REL-1,is blocked by,LIB-2,"{UMLAUTS}"',
)
JIRA = lines(
    "Summary,Issue key,Issue id,Issue Type,Status,Inward issue link (Blocks),Inward issue link (Blocks),"
    "Outward issue link (Blocks),Outward issue link (Relates),Comment,Comment,Custom field (Phrase)",
    '"Release, one",REL-1,10001,Task,Open,APP-7,LIB-2,,OPS-3,"12/Nov/26;a;Old, ""quoted""\nwords","2;b;c",x',
    "App,APP-7,10047,Bug,Done,,,REL-1,,13/Nov/26;a;Older words,,",
    "Alone,APP-9,10049,Bug,Done,,,,,,,",
    "Library,LIB-2,10082,Bug,Done,,,REL-1,",
)
JIRA_LINKS = [
    (2, by_type("APP-7", "Blocks", "REL-1")),
    (2, by_type("LIB-2", "Blocks", "REL-1")),
    (2, by_type("REL-1", "Relates", "OPS-3")),
]
PROTECTED = {**by_type("APP-7", "Blocks", "REL-1"), "comment": " Hush. ", "comment_internal": "true"}

SHEETS = [
    # Excel, German: semicolons
    Sheet("excel-de-utf-8.csv", GERMAN.encode("utf-8-sig"), [(2, APP_7), (3, COMMENTED)]),
    Sheet(
        "excel-de-1252.csv",
        GERMAN.encode("cp1252") + b"REL-1;is blocked by;OPS 3;\r\nREL-1;geh\xf6rt zu;OPS-3;\r\n",
        [(2, APP_7)],
        [(3, "it is not in UTF-8"), (4, "'OPS 3' is no issue key"), (5, "In Excel that is 'CSV UTF-8'")],
    ),
    Sheet("excel-de-unicode-text.csv", GERMAN.replace(";", "\t").encode("utf-16"), [(2, APP_7), (3, COMMENTED)]),
    Sheet(
        "excel-de-phantom-columns.csv",
        lines(
            "issue;phrase;linked_issue;;;", "REL-1;is blocked by;APP-7;;;", ";;;;;", "REL-1;is blocked by;LIB-2;;;;"
        ).encode(),
        [(2, APP_7), (4, LIB_2)],
    ),
    Sheet(
        "excel-de-value-without-a-name.csv",
        lines(
            "issue;;phrase;linked_issue;", "REL-1;;is blocked by;APP-7", "REL-1;;is blocked by;LIB-2;ask Jo"
        ).encode(),
        [(2, APP_7)],
        [(3, "field 5 has a value, and its column has no name.")],
    ),
    # Excel, English: commas, columns of one's own, and nothing behind the last value of a row
    Sheet(
        "excel-en-utf-8.csv",
        ENGLISH.encode("utf-8-sig"),
        [(2, APP_7), (3, COMMENTED)],
        warned="left alone: 'Owner' and 'Due date'. Those that do are issue, sentence, phrase, linked_issue, link_type",
    ),
    Sheet("excel-en-sep.csv", b"sep=;\r\n" + GERMAN.encode(), [(3, APP_7), (4, COMMENTED)]),
    Sheet("excel-en-quoted-sep.csv", b'"sep=|"\r\n' + GERMAN.replace(";", "|").encode(), [(3, APP_7), (4, COMMENTED)]),
    Sheet("excel-mac.csv", GERMAN.replace("\r\n", "\r").encode("utf-8-sig"), [(2, APP_7), (3, COMMENTED)]),
    Sheet(
        "excel-en-commas-in-comments.csv",
        lines(
            "issue,phrase,linked_issue,comment",
            "REL-1,is blocked by,APP-7,one, two",
            "REL-1,is blocked by,LIB-2,one",
            "REL-1,is blocked by,OPS-3,one, two, three",
        ).encode(),
        [(3, {**LIB_2, "comment": "one"})],
        [(2, "it has 5 fields, and the first line 4."), (4, "it has 6 fields, and the first line 4.")],
    ),
    Sheet(
        "excel-en-title-above.csv",
        lines("Links of release 1,,", "issue,phrase,linked_issue", "REL-1,is blocked by,APP-7").encode(),
        [],
        [(1, "columns are missing. A link is said with sentence, or with issue, phrase and linked_issue, or with")],
    ),
    # LibreOffice: every text in quotes, line breaks in cells, any encoding
    Sheet(
        "libreoffice.csv",
        lines(
            '"linked_issue","issue","comment","phrase"',
            '"APP-7","REL-1","One.\n\nTwo, ""three"".","is blocked by"',
            '"LIB-2","REL-1",,"is blocked by"',
            end="\n",
        ).encode(),
        [(2, {**APP_7, "comment": 'One.\n\nTwo, "three".'}), (5, LIB_2)],
    ),
    Sheet("libreoffice-utf-16.csv", b"\xfe\xff" + GERMAN.encode("utf-16-be"), [(2, APP_7), (3, COMMENTED)]),
    Sheet(
        "libreoffice-broken-quotes.csv",
        lines(
            "issue,phrase,linked_issue", 'REL-1,"is blocked" by,APP-7', "REL-1,is blocked by,LIB-2", end="\n"
        ).encode(),
        [(3, LIB_2)],
        [(2, "it cannot be read, check its quotes")],
    ),
    # Google: commas, no byte order mark, no end of the last line, and a check box in every row
    Sheet(
        "google.csv",
        lines("Sentence,Done,Comment", "REL-1 is blocked by APP-7,TRUE,", ",FALSE,", ",FALSE,", last=False).encode(),
        [(2, {"sentence": "REL-1 is blocked by APP-7"})],
        warned="'Done'",
    ),
    Sheet(
        "google-sentences.csv",
        lines(
            "sentence,comment",
            "REL-1 is blocked by APP-7,",
            "REL-1 is blocked by,",
            ",Lost.",
            "APP-7 blocks app-7,",
            "\u00a0REL-1 is blocked by LIB-2 ,",
            last=False,
        ).encode(),
        [(2, {"sentence": "REL-1 is blocked by APP-7"}), (6, {"sentence": "REL-1 is blocked by LIB-2"})],
        [
            (3, "'REL-1 is blocked by' is no sentence about two issues: 'by' is"),
            (4, "This one has nothing"),
            (5, "itself"),
        ],
    ),
    # Jira itself
    Sheet("jira-cloud.csv", JIRA.encode(), JIRA_LINKS),
    Sheet("jira-data-center.csv", JIRA.replace("\r\n", "\n").encode("utf-8-sig"), JIRA_LINKS),
    Sheet(
        "jira-by-excel-de.csv",
        lines(
            "Issue key;Outward issue link (Relates);Inward issue link (Relates);Comment",
            'REL-1;OPS-3;;"12.11.26;a;Old."',
            "OPS-3;;REL-1;Older.",
        ).encode("utf-8-sig"),
        [(2, by_type("REL-1", "Relates", "OPS-3"))],
    ),
    Sheet(
        "jira-without-links.csv",
        lines("Summary,Issue key,Issue id,Comment", "Release,REL-1,10001,Old.").encode(),
        [],
        [(1, "columns are missing"), (1, "old comments would be posted again")],
    ),
    Sheet(
        "jira-spoilt.csv",
        lines("Summary,Phrase,Outward issue link,Outward issue link (404)", "Release,x,APP-7,APP-8").encode(),
        [],
        [
            (1, "needs one column 'Issue key'"),
            (1, "'Outward issue link' and 'Outward issue link (404)' names no link type"),
            (1, "phrase beside it would say links in two ways"),
        ],
    ),
    Sheet(
        "jira-with-a-broken-key.csv",
        lines("Issue key,Outward issue link (Blocks)", "REL-1,APP 7", "REL-1,LIB-2", ",LIB-3").encode(),
        [(3, by_type("REL-1", "Blocks", "LIB-2"))],
        [(2, "'APP 7' is no issue key"), (4, "inward_issue is empty")],
    ),
    Sheet(
        "jira-short-rows.csv",
        lines("Summary,Inward issue link (Blocks),Issue key", "Release,APP-7,REL-1", "Short", "Shorter,APP-8").encode(),
        [(2, by_type("APP-7", "Blocks", "REL-1"))],
        [(4, "outward_issue is empty")],
    ),
    Sheet(
        "jira-with-a-state.csv",
        lines("Issue key,state,Inward issue link (Blocks)", "REL-1,absent,APP-9").encode(),
        [],
        [(1, "state beside it would say links in two ways")],
    ),
    # columns by all their names
    Sheet(
        "rest-names.csv",
        lines(
            "linktype,Inward Issue,OUTWARD-ISSUE,comment,comment_internal,Comment visibility (type),"
            "comment_visibility.value,State,link_id,Origin",
            "Blocks,APP-7,REL-1, Hush. ,true,,,,,elsewhere",
            "Blocks,LIB-2,REL-1,Hush.,,role,Developers",
            "Blocks,LIB-3,REL-1,,,,,absent,10001",
        ).encode(),
        [
            (2, PROTECTED),
            (
                3,
                {
                    **by_type("LIB-2", "Blocks", "REL-1"),
                    "comment": "Hush.",
                    "comment_visibility": {"type": "role", "value": "Developers"},
                },
            ),
            (4, {**by_type("LIB-3", "Blocks", "REL-1"), "state": "absent", "link_id": "10001"}),
        ],
        warned="'Origin'",
    ),
    Sheet(
        "queries.csv",
        lines("issue,phrase,linked_jql,allow_empty", 'REL-1,is blocked by,"fixVersion = 2.4, 2.5",true').encode(),
        [
            (
                2,
                {
                    "issue": "REL-1",
                    "phrase": "is blocked by",
                    "linked_jql": "fixVersion = 2.4, 2.5",
                    "allow_empty": "true",
                },
            )
        ],
    ),
    Sheet(
        "misspelt.csv",
        lines(
            "isue,phrases,linked_isseu,coment,Owner", "REL-1,is blocked by,APP-7,,Jo", "REL-1,is blocked by,LIB 2,,Jo"
        ).encode(),
        [(2, APP_7)],
        [
            (1, "the column isue is misspelt: perhaps issue is meant"),
            (1, "the column phrases is misspelt: perhaps phrase is meant"),
            (1, "the column linked_isseu is misspelt: perhaps linked_issue is meant"),
            (1, "the column coment is misspelt: perhaps comment is meant"),
            (3, "'LIB 2' is no issue key"),
        ],
        warned="'Owner'",
    ),
    Sheet(
        "values-that-are-none.csv",
        lines(
            "sentence,state,comment_internal,comment,comment_visibility_value",
            "REL-1 blocks APP-7,gone,,,",
            "REL-1 blocks APP-8,,WAHR,x,",
            "REL-1 blocks APP-9,,,x,Developers",
        ).encode(),
        [],
        [
            (2, "value of state must be one of: present, absent, got: gone."),
            (3, "argument 'comment_internal' has to be of type bool."),
            (4, "missing required arguments: type found in comment_visibility."),
        ],
    ),
    Sheet(
        "jira-export-de.csv",
        lines("Vorgangsschlüssel,Zusammenfassung,Verknüpfung nach außen (Blocks)", "APP-7,Anmeldung,REL-1").encode(),
        [],
        [(1, "If Jira has exported it: its names are known in English only.")],
    ),
    Sheet("empty.csv", b"\xef\xbb\xbf\r\n", [], [(1, "columns are missing")]),
    Sheet("header-only.csv", b"issue;phrase;linked_issue\r\n", []),
]
