# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The house rules that a reader of the source can rely on: layers, licences, sizes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
UTILS = CHECKOUT / "plugins/module_utils"
# REUSE-IgnoreStart
HEADER = [
    "# Copyright (c) 2026, linkops.jira contributors",
    "# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
]
# REUSE-IgnoreEnd
ROOMS = {
    # each room, and those that its files may import from, besides their own
    "_text": set(),
    "_model": {"_text"},
    "_plan": {"_text", "_model"},
    "_client": {"_text", "_model"},
    "_apply": {"_text", "_model", "_plan", "_client"},
    "_module": {"_text", "_model", "_client"},
}
UTIL_ROOMS = set(ROOMS)
ROOMS["modules"] = UTIL_ROOMS
ROOMS["plugin_utils"] = UTIL_ROOMS
ROOMS["lookup"] = ROOMS["filter"] = ROOMS["action"] = UTIL_ROOMS | {"modules", "plugin_utils"}
ROOMS["doc_fragments"] = set()
PURE = (
    *("_text", "_model", "_plan", "_client.errors", "_client.pages"),
    *("_client.rate_limits", "_client.concurrency", "_client.schedule"),
)
LONGEST_FUNCTION, LONGEST_FILE = 40, 300
DOCUMENTS = {"DOCUMENTATION", "EXAMPLES", "RETURN"}


def files(*folders: str, suffix: str = ".py") -> list[Path]:
    found = [path for folder in folders for path in (CHECKOUT / folder).rglob(f"*{suffix}")]
    return sorted(path for path in found if not any(part.startswith((".", "__pycache__")) for part in path.parts))


def name_of(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Absolute names. A relative import is told from the folder ``plugins``: ``.module_utils._client.http_client``."""
    folder = path.relative_to(CHECKOUT).parts[1:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
        elif isinstance(node, ast.ImportFrom):
            place = [*folder[: len(folder) + 1 - node.level], *(node.module or "").split(".")]
            names = [".".join(["", *filter(None, place), alias.name]) for alias in node.names]
            yield from (name if name in FILES else name.rpartition(".")[0] for name in names)


def module_name(path: Path) -> str:
    return ".".join(["", *path.relative_to(CHECKOUT / "plugins").with_suffix("").parts])


def room(name: str) -> str:
    """``_client`` for ``.module_utils._client.http_client``, ``modules`` for ``.modules.jira_issue_link``."""
    parts = name.split(".")
    return parts[2] if parts[1] == "module_utils" else parts[1]


PLUGINS, SANDBOX, LIVE = files("plugins"), files("roles/sandbox/files"), files("tests/live")
TESTS = [*files("tests/unit", "tests/soak"), *LIVE]
FILES = {module_name(path): path for path in PLUGINS}


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_a_file_imports_only_from_the_rooms_before_its_own(path: Path) -> None:
    own = room(module_name(path))
    others = {room(name) for name in imports(path) if name.startswith(".")} - {own}
    assert others <= ROOMS[own]


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_who_imports_what_from_elsewhere(path: Path) -> None:
    """requests in _client/http_client.py, ansible where a module or plugin meets Ansible, else the standard library.

    And YAML, which ansible-core brings, where a file is read.
    """
    outside = {name.split(".")[0] for name in imports(path) if not name.startswith(".")} - sys.stdlib_module_names
    meets_ansible = path.parent.name in ("action", "filter", "lookup")
    special = {"http_client": {"requests"}, "_lines": {"yaml"}}
    ansible = {"_module", "_in_controller", "_links_file", "_validating"}
    allowed = special.get(path.stem) or ({"ansible"} if meets_ansible or path.stem in ansible else set())
    assert outside <= allowed


def test_requests_is_imported_late() -> None:
    """A module that only explains a wrong option need not pay for it."""
    top = [
        node
        for node in tree_of(UTILS / "_client/http_client.py").body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert not [alias.name for node in top for alias in node.names if alias.name == "requests"]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(tuple(f".module_utils.{p}" for p in PURE))])
def test_what_is_pure_does_nothing(name: str) -> None:
    doing = {"os", "pathlib", "socket", "subprocess", "time", "random", "logging", "io", "threading", "urllib"}
    assert not doing & {each.split(".")[0] for each in imports(FILES[name])}
    names = {node.id for node in ast.walk(tree_of(FILES[name])) if isinstance(node, ast.Name)}
    assert not names & {"open", "print", "input"}


@pytest.mark.parametrize("path", SANDBOX, ids=name_of)
def test_the_sandbox_is_another_reading_of_jiras_rules(path: Path) -> None:
    """Nothing is shared with the plugins, or a mistake in one would hide in the other."""
    assert not {"ansible", "ansible_collections", "plugins"} & {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_the_plugins_know_nothing_of_the_sandbox(path: Path) -> None:
    assert not [name for name in imports(path) if "sandbox" in name or "tests" in name]


@pytest.mark.parametrize("path", LIVE, ids=name_of)
def test_the_live_facts_are_a_third_reading(path: Path) -> None:
    """They know nothing of the plugins and of the sandbox; only the self-test imports the mutations."""
    outside = {name for name in imports(path) if name.split(".")[0] not in {*sys.stdlib_module_names, "requests"}}
    assert not [name for name in outside if not name.startswith("tests.live.") or name == "tests.live.mutations"]


def circle_of_imports(top: Path) -> list[str]:
    """Names of modules below this folder, each imported by the next; the last is the first. Empty if there is none."""
    paths = {".".join(path.relative_to(top).with_suffix("").parts): path for path in top.rglob("*.py")}
    modules = {name.removesuffix(".__init__"): path for name, path in paths.items()}
    graph = {name: imported_modules(name, path, modules) for name, path in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def imported_modules(name: str, path: Path, modules: Container[str]) -> set[str]:
    """Wherever the import stands, and whatever for: inside a function and for types only, too."""
    package = name.split(".") if path.stem == "__init__" else name.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            inside = [f"{module}.{alias.name}" for alias in node.names]
            found.update(each if each in modules else module for each in inside)
    return {each for each in found if each in modules and each != name}


@pytest.mark.parametrize("folder", ["plugins", "roles/sandbox/files"])
def test_no_imports_go_in_a_circle(folder: str) -> None:
    assert circle_of_imports(CHECKOUT / folder) == []


def test_a_circle_of_imports_is_found(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    sources = {
        "__init__": "from .high import High\n",
        "low": "if TYPE_CHECKING:\n    from .high import High\n",
        "middle": "from . import low\n",
        "high": "def late():\n    import package.middle\n",
    }
    for name, source in sources.items():
        (tmp_path / "package" / f"{name}.py").write_text(source)
    assert set(circle_of_imports(tmp_path)) == {"package.low", "package.middle", "package.high"}
    (tmp_path / "package/low.py").write_text("")
    assert circle_of_imports(tmp_path) == []


def test_only_run_module_ends_a_module() -> None:
    for path in PLUGINS:
        for function in functions(path):
            ends = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
            if ends & {"exit_json", "fail_json", "exit"}:
                assert (path.stem, function.name) in (
                    ("_module", "run_module"),
                    ("_module", "fail_json"),
                )  # AnsibleModule's


@pytest.mark.parametrize(
    "path",
    [*PLUGINS, *SANDBOX, *files("tests"), *files("roles", "playbooks", "meta", "extensions", "tests", suffix=".yml")],
    ids=name_of,
)
def test_every_file_says_its_licence(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1:4] == HEADER if lines[0].startswith("#!") else lines[:3] == HEADER


@pytest.mark.parametrize("path", files("roles", "playbooks", suffix=".yml"), ids=name_of)
def test_no_quote_in_a_template_is_escaped(path: Path) -> None:
    """Before ansible-core 2.19 a backslash in an expression stands for itself, so the quote would end the text."""
    assert "\\'" not in path.read_text(encoding="utf-8")


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", [*PLUGINS, *SANDBOX, *TESTS], ids=name_of)
def test_nothing_is_too_long(path: Path) -> None:
    lengths = {each.name: (each.end_lineno or 0) - each.lineno + 1 for each in functions(path)}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert lines_of_code(path) <= LONGEST_FILE


def lines_of_code(path: Path) -> int:
    """Without blank lines, comments, docstrings and the documentation of modules."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    code = {number for number, line in lines if line.strip() and not line.lstrip().startswith("#")}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.Expr, ast.Assign)) and _is_text(node):
            code -= set(range(node.lineno, (node.end_lineno or 0) + 1))
    return len(code)


def _is_text(node: ast.Expr | ast.Assign) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id in DOCUMENTS for target in node.targets)
    return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
