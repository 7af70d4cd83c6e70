"""Entry point of `nst` and `python -m nst`."""

import sys


def run() -> int:
    """Run the command line; Ctrl-C ends it in one line, also while it is being imported."""
    try:
        from nst.cli import main

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("nst: aborted.\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())
