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
HEADER = [
    "# Copyright (c) 2026, linkops.jira contributors",
    "# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
]
LAYERS = {
    # each file, and what it imports; only what stands above it
    "_text": "",
    "_secrets": "",
    "_errors": "_text",
    "_model": "_text",
    "_comment": "_text _model",
    "_plan": "_model _comment",
    "_http": "_text _secrets _errors",
    "_remote": "_text _model",
    "_remote_set": "_text _model _remote",
    "_types": "_text _model",
    "_pages": "_errors _model",
    "_api": "_errors _model _http _pages _remote",
    "_options": "_text",
    "_connect": "_text _secrets _errors _model _http _api",
    "_survey": "_model _plan _api",
    "_apply": "_errors _model _plan _http _api _survey",
    "_module": "_text _errors _model _api _options _connect",
    "_pace": "",
    "_write": "_errors _model _http _api _pace",
    "_type_write": "_errors _model _types _api _apply",
    "_type_use": "_text _errors _model _plan _types _api _survey _apply _pace _write",
    "_remote_write": "_errors _remote _api _apply _pace",
    "_set": "_text _model _comment _plan _api _survey _apply",
    # plugin_utils, which only plugins use
    "_in_controller": "_api _options _connect _module _write",
    "_markup": "_text",
    "_graph": "_text _model",
    "_picture": "_text _model _markup _graph",
}
PURE = ("_text", "_errors", "_model", "_plan", "_comment", "_remote", "_remote_set", "_types", "_pages", "_pace")
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
    """Absolute names as they are; ``.name`` for a module_utils file, whichever way it is imported."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                yield "." + module.removeprefix("module_utils.").removeprefix("plugin_utils.")
            else:
                yield module


PLUGINS, SANDBOX, TESTS = files("plugins"), files("roles/sandbox/files"), files("tests/unit")


@pytest.mark.parametrize("path", files("plugins/module_utils", "plugins/plugin_utils"), ids=name_of)
def test_a_util_imports_only_what_stands_above_it(path: Path) -> None:
    siblings = {name.removeprefix(".") for name in imports(path) if name.startswith(".")}
    assert path.stem in LAYERS, "a new file needs its place in LAYERS"
    assert siblings == set(LAYERS[path.stem].split())


def test_the_layers_have_no_way_back() -> None:
    order = list(LAYERS)
    assert all(order.index(below) < order.index(name) for name in order for below in LAYERS[name].split())


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_who_imports_what_from_elsewhere(path: Path) -> None:
    """requests in _http, ansible where the module or plugin meets Ansible, else the standard library alone."""
    outside = {name.split(".")[0] for name in imports(path) if not name.startswith(".")} - sys.stdlib_module_names
    meets_ansible = path.stem in ("_module", "_options", "_in_controller") or path.parent.name in (
        "action",
        "filter",
        "lookup",
    )
    allowed = {"requests"} if path.stem == "_http" else {"ansible"} if meets_ansible else set()
    assert outside <= allowed


def test_requests_is_imported_late() -> None:
    """A module that only explains a wrong option need not pay for it."""
    top = [node for node in tree_of(UTILS / "_http.py").body if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert not [alias.name for node in top for alias in node.names if alias.name == "requests"]


@pytest.mark.parametrize("name", PURE)
def test_what_is_pure_does_nothing(name: str) -> None:
    doing = {"os", "pathlib", "socket", "subprocess", "time", "random", "logging", "io", "threading", "urllib"}
    assert not doing & {each.split(".")[0] for each in imports(UTILS / f"{name}.py")}
    names = {node.id for node in ast.walk(tree_of(UTILS / f"{name}.py")) if isinstance(node, ast.Name)}
    assert not names & {"open", "print", "input"}


@pytest.mark.parametrize("path", SANDBOX, ids=name_of)
def test_the_sandbox_is_another_reading_of_jiras_rules(path: Path) -> None:
    """Nothing is shared with the plugins, or a mistake in one would hide in the other."""
    assert not {"ansible", "ansible_collections", "plugins"} & {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_the_plugins_know_nothing_of_the_sandbox(path: Path) -> None:
    assert not [name for name in imports(path) if "sandbox" in name or "tests" in name]


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


def test_no_imports_go_in_a_circle_in_the_sandbox() -> None:
    assert circle_of_imports(CHECKOUT / "roles/sandbox/files") == []


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
    [*PLUGINS, *SANDBOX, *files("tests"), *files("roles", "playbooks", "meta", "tests", suffix=".yml")],
    ids=name_of,
)
def test_every_file_says_its_licence(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1:4] == HEADER if lines[0].startswith("#!") else lines[:3] == HEADER


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
