"""The commands that look after VGG19's weights: status, fetch, import."""

# ruff: noqa: T201 (printing is what the command line is for)
from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from nst.cli.exit_codes import DONE
from nst.models.weights import search


def status(_: argparse.Namespace) -> int:
    """nst weights status"""
    found = search.status()
    for place in found.candidates:
        state = f"{place.layers[0]} to {place.layers[-1]}" if place.layers else place.problem or "nothing there"
        print(f"{place.origin}: {place.path}\n    {state}")
    print(f"--network auto means {found.auto}. {found.reason}")
    return DONE


def fetch(_: argparse.Namespace) -> int:
    """nst weights fetch"""
    print(download())
    return DONE


def download() -> Path:
    """Fetch VGG19's weights with a progress bar on stderr, if that is a terminal, and return their path."""
    console = Console(stderr=True)
    columns = TextColumn("VGG19's weights"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        return search.fetch(lambda done, total: bar.update(task, completed=done, total=total or None))


def take(args: argparse.Namespace) -> int:
    """nst weights import"""
    print(search.import_file(args.file))
    return DONE
