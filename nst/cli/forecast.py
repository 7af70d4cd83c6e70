"""The command `nst forecast`: estimate the time and memory that a stylization needs on this machine."""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import argparse
import json
from dataclasses import asdict

import nst
from nst.cli.exit_codes import DONE
from nst.cli.flags import settings as settings_from
from nst.cli.quiet import quiet
from nst.cli.regions import regions_of
from nst.cli.report import duration
from nst.cli.streams import read_stream


def forecast(args: argparse.Namespace) -> int:
    """Run the command `nst forecast`: print the estimated time and memory. Returns the exit code."""
    settings = settings_from(args)
    args.content, *args.styles = map(read_stream, [args.content, *args.styles])
    with quiet():  # may load TensorFlow to measure this machine
        found = nst.forecast(settings, args.content, args.styles, regions=regions_of(args))
    if args.json:
        print(json.dumps(asdict(found)))
        return DONE
    width, height = found.size
    tiles = ", in tiles" if found.tiles else ""
    print(f"{width}x{height} pixels{tiles}: about {duration(found.seconds)}, {found.memory / 1e9:.1f} GB of memory.")
    return DONE
