"""Exit codes of the command line."""

DONE = 0
FAILED = 1  # an error, described in one line on stderr
MISUSED = 2  # invalid command-line arguments
INTERRUPTED = 130  # by Ctrl-C: 128 + SIGINT, as in shells
