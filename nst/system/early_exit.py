"""End the process without a traceback on Ctrl-C while the command line is being imported.

Importing this module has no effect in other programs. A function called by __main__.py or by the command's script would
come too late, because Python imports the package, and with it NumPy, before either. After the imports,
nst.cli.interrupts handles Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys


def is_our_program() -> bool:
    """Return True if this process was started as `nst` or `python -m nst`.

    While Python imports a package for `-m`, sys.argv[0] is "-m" instead of the script's path.
    """
    script = sys.argv[0] if sys.argv else ""
    module = script == "-m" and sys.orig_argv[sys.orig_argv.index("-m") + 1 :][:1] == ["nst"]
    return module or os.path.splitext(os.path.basename(script))[0] == "nst"  # noqa: PTH119, PTH122 (pathlib is slow)


if is_our_program() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
