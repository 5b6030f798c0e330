"""How much slower do a million activities make the pages than ten thousand? Printed, on both databases, in one run."""

from __future__ import annotations

import sys

import pytest

from tests.bench.databases import LARGE, SMALL, filled
from tests.bench.measuring import PAGES, medians
from tests.databases import BACKENDS

pytestmark = pytest.mark.bench
WORTH_EXPLAINING = 1.5


def table(backend, small, large):
    """The measurements as a table; a star marks what grows by more than one and a half."""
    lines = [
        f"\n{backend}: median server time of one request, in ms\n",
        f"| page | {SMALL:,} activities | {LARGE:,} activities | factor |",
        "|---|---:|---:|---:|",
    ]
    for name in PAGES:
        factor = large[name] / small[name]
        mark = " *" if factor > WORTH_EXPLAINING else ""
        lines.append(f"| {name} | {small[name]:,.1f} | {large[name]:,.1f} | {factor:.2f}{mark} |")
    return "\n".join(lines) + "\n"


def test_server_time_of_the_pages_at_both_sizes(pytestconfig):
    chosen = pytestconfig.getoption("--backend")
    for backend in BACKENDS if chosen == "both" else [chosen]:
        small, large = medians([filled(backend, size) for size in (SMALL, LARGE)])
        sys.stdout.write(table(backend, small, large))
        assert set(small) == set(large) == set(PAGES)
