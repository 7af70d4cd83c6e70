"""The commands for VGG19's weights: `nst weights status`, `nst weights fetch` and `nst weights import`."""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from nst.cli.exit_codes import DONE
from nst.models.weights import search


def status(_: argparse.Namespace) -> int:
    """Run `nst weights status`: list the places where weights are searched. Returns the exit code."""
    found = search.status()
    for place in found.candidates:
        state = f"{place.layers[0]} to {place.layers[-1]}" if place.layers else place.problem or "no file"
        print(f"{place.origin}: {place.path}\n    {state}")
    print(f"--network auto uses {found.auto}. {found.reason}")
    return DONE


def fetch(_: argparse.Namespace) -> int:
    """Run `nst weights fetch`: download the weights and print their path. Returns the exit code."""
    print(download())
    return DONE


def download() -> Path:
    """Download VGG19's weights and return their path, with a progress bar if stderr is a terminal."""
    console = Console(stderr=True)
    columns = TextColumn("VGG19's weights"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        return search.fetch(lambda done, total: bar.update(task, completed=done, total=total or None))


def take(args: argparse.Namespace) -> int:
    """Run `nst weights import`: copy the weights from a file and print the new path. Returns the exit code."""
    print(search.import_file(args.file))
    return DONE
