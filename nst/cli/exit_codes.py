"""What the command line says to the shell."""

DONE = 0
FAILED = 1  # something could not be done; one line on stderr says what
MISUSED = 2  # the command itself was not understood
INTERRUPTED = 130  # by Ctrl-C; as shells count it, 128 + SIGINT
