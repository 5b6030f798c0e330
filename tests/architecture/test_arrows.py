"""Do the rooms import only downwards?"""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.rooms import ROOT

# A process of its own: the linter configures logging and with it silences the loggers that other tests listen to.
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_the_rooms_import_only_downwards():
    done = subprocess.run([sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
