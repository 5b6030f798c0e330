"""Do templates and scripts keep the content policy: nothing inline, nothing unescaped, nothing from outside?"""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.rooms import PACKAGE, TEMPLATES, name_of, templates

INLINE = re.compile(r"""\s(?:style|on[a-z]+)\s*=\s*["'{]""")
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false")
SAFE_BY_REVIEW = {"map/page.html": "folium makes it from layer names of the code; records come as JSON afterwards"}
"""Templates that may print markup as it is: path → why it cannot carry text of a person."""
KEPT_FILES = {"reports/file.html": "a file to keep: it is opened without the server and its policy"}
OUTSIDE = re.compile(r"""(?:src|href|action|url)\s*[=(]\s*["']?\s*(?:https?:)?//[a-z0-9]""", re.IGNORECASE)
LINK_OUT = re.compile(r"""<a\b[^>]*\brel="[^"]*external[^"]*"[^>]*>""")


def own_scripts() -> list[Path]:
    """The scripts and styles written for the registry, not the vendored libraries."""
    static = PACKAGE / "static"
    return sorted(path for folder in ("js", "css") for path in (static / folder).rglob("*.*"))


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


def test_no_template_has_inline_styles_or_handlers():
    found = [name_of(path) for path in templates() if INLINE.search(without_comments(path.read_text(encoding="utf-8")))]
    assert found == []


def test_everything_a_template_prints_is_escaped():
    found = {
        path.relative_to(TEMPLATES).as_posix()
        for path in templates()
        if UNESCAPED.search(without_comments(path.read_text(encoding="utf-8")))
    }
    assert found - SAFE_BY_REVIEW.keys() == set()


def test_nothing_is_fetched_from_another_host():
    pages = [(path, LINK_OUT.sub("", path.read_text(encoding="utf-8"))) for path in templates()]
    files = [(path, path.read_text(encoding="utf-8")) for path in own_scripts()]
    assert [name_of(path) for path, text in (*pages, *files) if OUTSIDE.search(text)] == []


def test_every_script_of_a_template_carries_the_nonce():
    script = re.compile(r"<(?:script|style)\b[^>]*>")
    found = [
        f"{name_of(path)}: {tag}"
        for path in templates()
        if path.relative_to(TEMPLATES).as_posix() not in KEPT_FILES
        for tag in script.findall(without_comments(path.read_text(encoding="utf-8")))
        if "nonce" not in tag and 'type="application/json"' not in tag
    ]
    assert found == []


def test_scripts_build_no_code_and_no_markup_from_text():
    builders = re.compile(r"\beval\(|new Function\(|document\.write\(|\.outerHTML\s*=|insertAdjacentHTML\(")
    scripts = [path for path in own_scripts() if path.suffix == ".js"]
    assert scripts
    assert [name_of(path) for path in scripts if builders.search(path.read_text(encoding="utf-8"))] == []


def test_every_vendored_library_has_its_licence():
    folders = [path for path in (PACKAGE / "static" / "vendor").iterdir() if path.is_dir()]
    assert folders
    assert [name_of(path) for path in folders if not list(path.glob("LICEN[CS]E*"))] == []
