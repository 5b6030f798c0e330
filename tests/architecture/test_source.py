"""Do the sources keep the rules that no type checker knows: one clock, one place that commits, plain names?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.rooms import PACKAGE, modules, name_of, tree

CLOCK = PACKAGE / "domain" / "clock.py"
MAY_COMMIT = {PACKAGE / "edge" / "transactions.py"}
FORBIDDEN_WORDS = {"helper", "helpers", "manager", "managers", "util", "utils", "common", "misc", "data", "info"}
ALLOWED_IN_FUNCTIONS = {"common", "data"}
"""The form that the kinds without facts of their own share is the *common* one; a project has a *data revision*."""
CLOCK_CALLS = {
    "now": {"datetime"},
    "utcnow": {"datetime"},
    "today": {"date", "datetime"},
    "time": {"time"},
    "time_ns": {"time"},
}
OF_LIBRARIES = {
    "set_response_info",
}


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def asks_the_machine(call: ast.Call) -> bool:
    """Whether a call is ``datetime.now()``, ``date.today()``, ``time.time()`` or alike."""
    target = call.func
    if not isinstance(target, ast.Attribute) or target.attr not in CLOCK_CALLS:
        return False
    owner = target.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name in CLOCK_CALLS[target.attr]


def test_only_the_clock_asks_what_time_it_is():
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules()
        if path != CLOCK
        for call in calls(path)
        if asks_the_machine(call)
    ]
    assert found == []


def test_only_the_edge_commits():
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules()
        if path not in MAY_COMMIT
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit" and call.args == []
        if not is_own_database_file(path)
    ]
    assert found == []


def is_own_database_file(path: Path) -> bool:
    """Copies of a whole database (backup, restore) are made outside any unit of work."""
    return path == PACKAGE / "db" / "backup.py"


def test_modules_have_names_that_say_something():
    found = [name_of(path) for path in modules() if FORBIDDEN_WORDS & set(path.stem.split("_"))]
    assert found == []


def test_functions_and_classes_have_names_that_say_something():
    found = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in OF_LIBRARIES:
                words = re.findall(r"[a-z]+|[A-Z][a-z]*", node.name)
                if (FORBIDDEN_WORDS - ALLOWED_IN_FUNCTIONS) & {word.lower() for word in words}:
                    found.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert found == []


def test_every_module_says_which_question_it_answers():
    assert [name_of(path) for path in modules() if not ast.get_docstring(tree(path))] == []


def test_no_error_is_swallowed_unseen():
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
        and all(isinstance(statement, ast.Pass | ast.Continue) for statement in node.body)
    ]
    assert found == []


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    assert [name_of(path) for path in modules() if marks.search(path.read_text(encoding="utf-8"))] == []


def test_sql_is_never_built_from_text():
    """``text(f"…")`` and ``text("…" + x)`` outside the room that knows the database (ASVS 1.2.4)."""
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules()
        if PACKAGE / "db" not in path.parents
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "text" and call.args
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert found == []


def test_nothing_starts_a_shell():
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules()
        for call in calls(path)
        if any(
            keyword.arg == "shell" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
            for keyword in call.keywords
        )
        or ast.unparse(call.func) in ("os.system", "os.popen")
    ]
    assert found == []
