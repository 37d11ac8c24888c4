# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small JQL: enough for issue keys, ids, projects, statuses, types, link types and words of the summary."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple, TypeVar

from .model import ISSUE_TYPES, STATUS_CATEGORIES, STATUSES, Account, Issue, Link, LinkType, Project, Refusal
from .store import Store

TOKEN = re.compile(
    r"""\s*(?: (?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
           | (?P<sign>!=|!~|[()=,~])
           | (?P<word>[^\s()=,~!"']+) )""",
    re.VERBOSE,
)
OPERATORS = ("=", "!=", "~", "!~", "in", "not in")
OTHER_OPERATORS = ("is", "was", "changed", "<", "<=", ">", ">=")
ALIASES = {"issuekey": "key", "issue": "key", "type": "issuetype"}
FIELDS = ("key", "id", "project", "status", "issuetype", "statuscategory", "summary", "issuelinktype", "fixversion")
OTHER_FIELDS = (
    "affectedversion", "approvals", "assignee", "attachments", "category", "comment", "component", "created", "creator",
    "description", "due", "duedate", "environment", "filter", "hierarchylevel", "labels", "lastviewed",
    "level", "originalestimate", "parent", "priority", "remainingestimate", "reporter", "resolution", "resolutiondate",
    "resolved", "sprint", "text", "timespent", "updated", "voter", "votes", "watcher", "watchers", "worklogauthor",
)  # fmt: skip
LINKED_ISSUES = "linkedIssues"
DEEPEST = 50  # parentheses inside each other
ORDERS: dict[str, Callable[[Issue], tuple[str | int, ...]]] = {
    "key": lambda issue: (issue.project.key, int(issue.key.rpartition("-")[2])),
    "id": lambda issue: (issue.id,),
    "created": lambda issue: (issue.created, issue.id),
}

Test = Callable[[Issue], bool]
T = TypeVar("T")


class Function(NamedTuple):
    """A value that is computed: linkedIssues(KEY, phrase)."""

    name: str
    arguments: tuple[str, ...]


class Clause(NamedTuple):
    field: str
    operator: str
    values: tuple[str, ...]
    functions: tuple[Function, ...] = ()


class Group(NamedTuple):
    """Clauses joined by AND or OR."""

    word: str
    members: tuple[Clause | Group, ...]


class Jql(NamedTuple):
    """`where` is None for a query without a restriction."""

    where: Clause | Group | None
    order: tuple[tuple[str, bool], ...]


def parse(text: str) -> Jql:
    """Raises Refusal 400 for what is not JQL, or not in this small one."""
    return _Parser(text).query()


def _wrong(message: str) -> Refusal:
    return Refusal(400, f"Error in the JQL Query: {message}")


def _lacking(what: str, known: Iterable[str]) -> Refusal:
    """For what Jira would understand."""
    return Refusal(400, f"The JQL of this sandbox lacks the {what}; it has {', '.join(known)}.")


class _Token(NamedTuple):
    kind: str
    text: str

    def says(self, *words: str) -> bool:
        return self.kind != "quoted" and self.text.lower() in words


END = _Token("end", "the end")


def _tokens(text: str) -> list[_Token]:
    tokens, position, text = [], 0, text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise _wrong(f"the character at {position} cannot be understood: {text[position:].strip()[:20]}")
        kind, value = str(match.lastgroup), match.group(str(match.lastgroup))
        tokens.append(_Token(kind, re.sub(r"\\(.)", r"\1", value[1:-1]) if kind == "quoted" else value))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def _peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else END

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _accept(self, *words: str) -> bool:
        if self._peek().says(*words):
            self._at += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        token = self._next()
        if not token.says(word):
            raise _wrong(f"expected {word!r} but found {token.text!r}.")

    def query(self) -> Jql:
        where = None if self._peek().says("order") or self._peek() is END else self._either()
        order = self._order() if self._accept("order") else ()
        if self._peek() is not END:
            raise _wrong(f"expected AND, OR or ORDER BY but found {self._peek().text!r}.")
        return Jql(where, order)

    def _either(self) -> Clause | Group:
        return self._joined("or", lambda: self._joined("and", self._term))

    def _joined(self, word: str, part: Callable[[], Clause | Group]) -> Clause | Group:
        members = [part()]
        while self._accept(word):
            members.append(part())
        return members[0] if len(members) == 1 else Group(word, tuple(members))

    def _term(self) -> Clause | Group:
        if self._accept("("):
            return self._group()
        name = self._next().text.lower()
        field = ALIASES.get(name, name)
        if field in OTHER_FIELDS:
            raise _lacking(f"field '{name}'", FIELDS)
        if field not in FIELDS:
            raise _wrong(f"Field '{name}' does not exist or you do not have permission to view it.")
        operator = self._operator(field)
        operands = self._operands() if operator.endswith("in") else (self._operand(),)
        functions = tuple(each for each in operands if isinstance(each, Function))
        if functions and (field not in ("key", "id") or not operator.endswith("in")):
            raise _wrong(f"the function {functions[0].name} cannot be used with {field} {operator}.")
        return Clause(field, operator, tuple(each for each in operands if isinstance(each, str)), functions)

    def _group(self) -> Clause | Group:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _wrong(f"more than {DEEPEST} parentheses are open.")
        inside = self._either()
        self._expect(")")
        self._depth -= 1
        return inside

    def _operator(self, field: str) -> str:
        operator = self._next().text.lower()
        if operator == "not":
            self._expect("in")
            operator = "not in"
        if operator in OTHER_OPERATORS:
            raise _lacking(f"operator '{operator}'", OPERATORS)
        if operator not in OPERATORS or ("~" in operator) != (field == "summary"):
            raise _wrong(f"The operator '{operator}' is not supported by the '{field}' field.")
        return operator

    def _operands(self) -> tuple[str | Function, ...]:
        """A list, or a function alone."""
        if self._accept("("):
            return self._list(self._operand)
        operand = self._operand()
        if isinstance(operand, str):
            raise _wrong(f"expected a list in parentheses but found {operand!r}.")
        return (operand,)

    def _list(self, member: Callable[[], T]) -> tuple[T, ...]:
        """The rest of a list, up to its end."""
        members = [member()]
        while self._accept(","):
            members.append(member())
        self._expect(")")
        return tuple(members)

    def _operand(self) -> str | Function:
        value = self._value()
        if not self._accept("("):
            return value
        if value.lower() != LINKED_ISSUES.lower():
            raise _lacking(f"function '{value}'", [LINKED_ISSUES])
        if self._accept(")"):
            raise _wrong(f"the function {LINKED_ISSUES} needs an issue.")
        return Function(LINKED_ISSUES, self._list(self._value))

    def _value(self) -> str:
        token = self._next()
        if token.kind not in ("quoted", "word"):
            raise _wrong(f"expected a value but found {token.text!r}.")
        return token.text

    def _order(self) -> tuple[tuple[str, bool], ...]:
        self._expect("by")
        orders = [self._order_term()]
        while self._accept(","):
            orders.append(self._order_term())
        return tuple(orders)

    def _order_term(self) -> tuple[str, bool]:
        name = self._next().text.lower()
        field = ALIASES.get(name, name)
        if field not in ORDERS:
            raise _wrong(f"It is not possible to order by '{name}' here; use {', '.join(ORDERS)}.")
        descending = self._accept("desc")
        if not descending:
            self._accept("asc")
        return field, descending


def search(
    store: Store, account: Account | None, jql: Jql, validate: bool = True, reconciled: Collection[int] = ()
) -> list[Issue]:
    """The issues that the account sees and the query finds; newest first unless ordered.

    A value that does not exist for the account fails the whole query, unless `validate` is off. Where the index is
    behind, issues are found as they were, apart from those that are reconciled.
    """
    problems: list[str] = []
    test = _compile(store, account, jql.where, problems) if jql.where else lambda issue: True
    if problems and validate:
        raise Refusal(400, *problems)
    found = [issue for issue in store.indexed(reconciled) if store.sees(account, issue) and test(issue)]
    for field, descending in reversed(jql.order or (("created", True),)):
        found.sort(key=ORDERS[field], reverse=descending)
    return [store.issues.get(issue.id, issue) for issue in found]


def _compile(store: Store, account: Account | None, part: Clause | Group, problems: list[str]) -> Test:
    if isinstance(part, Clause):
        return _clause(store, account, part, problems)
    tests = [_compile(store, account, member, problems) for member in part.members]
    every = all if part.word == "and" else any
    return lambda issue: every(test(issue) for test in tests)


def _clause(store: Store, account: Account | None, clause: Clause, problems: list[str]) -> Test:
    negative = clause.operator in ("!=", "!~", "not in")
    positive = _positive(store, account, clause, problems)
    return (lambda issue: not positive(issue)) if negative else positive


def _positive(store: Store, account: Account | None, clause: Clause, problems: list[str]) -> Test:
    if clause.field in ("key", "id"):
        ids = _issue_ids(store, account, clause, problems)
        return lambda issue: issue.id in ids
    if clause.field == "summary":
        words = clause.values[0].lower().rstrip("*").split()
        return lambda issue: all(word in issue.summary.lower() for word in words)
    wanted = {value.lower() for value in clause.values}
    problems += [
        f"The value '{value}' does not exist for the field '{clause.field}'."
        for value in clause.values
        if value.lower() not in _known_values(store, account, clause.field)
    ]
    if clause.field == "issuelinktype":
        return lambda issue: any(wanted & _words_at(store, issue, link) for link in issue.links.values())
    return _value_test(clause.field, wanted)


def _issue_ids(store: Store, account: Account | None, clause: Clause, problems: list[str]) -> set[int]:
    ids = set()
    for value in clause.values:
        issue = store.find_visible(account, value)
        if issue is None:
            problems.append(f"An issue with key '{value}' does not exist for field '{clause.field}'.")
        else:
            ids.add(issue.id)
    return ids.union(*(_linked_ids(store, account, function, problems) for function in clause.functions))


def _linked_ids(store: Store, account: Account | None, function: Function, problems: list[str]) -> set[int]:
    """What stands at the other end of the issue's links; with phrases, where issue, phrase and that make a sentence."""
    key, *phrases = function.arguments
    issue = store.find_visible(account, key)
    known = {phrase for each in store.link_types.values() for phrase in (each.inward, each.outward)}
    if not store.linking_enabled:
        problems.append(f"Function '{function.name}' cannot be called as issue linking is currently disabled.")
    if issue is None:
        problems.append(f"Issue '{key}' could not be found in function '{function.name}'.")
    problems += [
        f"Issue link type '{phrase}' could not be found in function '{function.name}'."
        for phrase in phrases
        if phrase not in known
    ]
    links = issue.links.values() if issue and store.linking_enabled else ()
    return {
        (link.outward if link.inward is issue else link.inward).id
        for link in links
        if not phrases or _phrase_at(issue, link) in phrases
    }


def _known_values(store: Store, account: Account | None, field: str) -> set[str]:
    if field == "project":
        visible = [each for each in store.projects.values() if store.may(account, "BROWSE_PROJECTS", each)]
        return {name for each in visible for name in _project_names(each)}
    if field == "issuelinktype":
        return {word for each in store.link_types.values() for word in _words_of(store, each)}
    if field == "fixversion":
        return {name.lower() for issue in store.issues.values() for name in issue.fix_versions}
    names = {"status": list(STATUSES), "issuetype": list(ISSUE_TYPES), "statuscategory": list(STATUS_CATEGORIES)}
    return {name.lower() for name in names[field]}


def _words_of(store: Store, link_type: LinkType) -> set[str]:
    """The words of a type that issueLinkType takes."""
    finds = store.issue_link_type_finds
    names = [link_type.name] if "names" in finds else []
    phrases = [link_type.inward, link_type.outward] if "phrases" in finds else []
    return {word.lower() for word in (*names, *phrases)}


def _project_names(project: Project) -> tuple[str, str, str]:
    return project.key.lower(), project.name.lower(), str(project.id)


def _value_test(field: str, wanted: set[str]) -> Test:
    if field == "project":
        return lambda issue: not wanted.isdisjoint(_project_names(issue.project))
    if field == "issuetype":
        return lambda issue: issue.issue_type.lower() in wanted
    if field == "fixversion":
        return lambda issue: not wanted.isdisjoint(name.lower() for name in issue.fix_versions)
    return lambda issue: issue.status.lower() in wanted  # each status has its category's name


def _words_at(store: Store, issue: Issue, link: Link) -> set[str]:
    """What finds an issue by its link: the type's name, and the phrase that applies at this end."""
    return {link.type.name.lower(), _phrase_at(issue, link).lower()} & _words_of(store, link.type)


def _phrase_at(issue: Issue | None, link: Link) -> str:
    return link.type.outward if issue and link.inward.id == issue.id else link.type.inward
