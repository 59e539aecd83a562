"""The keys of ``teksten.toml`` that the code uses, so that one can be missed before a resident does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SAYING = frozenset({"say", "reply", "choice", "has"})
"""Calls whose first argument is a key."""
IN_TEMPLATE = re.compile(r"""\bsay\(\s*["'](\w+(?:\.\w+)+)["']""")


def keys_in_code(folder: Path = Path(__file__).parent) -> frozenset[str]:
    """Keys written out in calls, in code and in templates; those put together at run time are left to the tests."""
    keys: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAYING:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
                    keys.add(first.value)
    for path in folder.rglob("*.html"):
        keys |= set(IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    return frozenset(keys)
