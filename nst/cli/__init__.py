"""The command line: parsing of arguments and dispatch to the commands.

Modules that only one command needs are imported when the command runs, so --help is instant.
"""

# ruff: noqa: T201 (the command line prints its output)
from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

import nst
from nst.cli.exit_codes import DONE, FAILED, INTERRUPTED, MISUSED
from nst.cli.flags import OPTIMIZE, add_settings, numbers
from nst.cli.places import PLACES
from nst.cli.regions import add_regions
from nst.engines.registry import ENGINES
from nst.errors import NstError
from nst.settings.fields import flag
from nst.training.style_settings import StyleTraining


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Raises SystemExit for invalid arguments."""
    args = build_parser().parse_args(argv)
    warnings.filterwarnings("ignore", "Image size .* exceeds limit")  # Pillow's; such an image ends in an ImageError
    try:
        code: int = args.run(args)
    except NstError as error:
        print(f"nst: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("nst: aborted.", file=sys.stderr)
        return INTERRUPTED
    return code


class Parser(argparse.ArgumentParser):
    """Argument parser with one-line error messages; argparse would print all flags first."""

    def error(self, message: str) -> NoReturn:
        self.exit(MISUSED, f"{self.prog}: {message}. See {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the complete parser, built without importing TensorFlow or an image library."""
    parser = Parser(prog="nst", description="Repaint a photo in the manner of a painting.")
    parser.add_argument("--version", action="version", version=f"nst {nst.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_stylize(commands.add_parser("stylize", help="repaint a photo", description=_STYLIZE))
    _add_forecast(commands.add_parser("forecast", help="say how long that would take", description=_FORECAST))
    _add_mask(commands.add_parser("mask", help="find the subject, the sky or faces in a photo", description=_MASK))
    _add_blend(commands.add_parser("blend", help="mix a result with its photo", description=_BLEND))
    _add_recipe(commands.add_parser("recipe", help="say what a picture was made with", description=_RECIPE))
    demo = commands.add_parser("demo", help="repaint a sample photo", description="Repaint a sample photo.")
    demo.add_argument("-o", "--output", type=Path, default=Path("nst-demo.png"), metavar="OUT", help=_OUTPUT)
    demo.set_defaults(run=_demo)
    page = commands.add_parser("app", help="open the page in the browser", description=_APP)
    page.set_defaults(run=_app)
    listing = commands.add_parser("styles", help="list the styles that ship with nst", description="List our styles.")
    listing.set_defaults(run=_styles)
    _add_train_style(commands.add_parser("train-style", help="train a style of your own", description=_TRAIN_STYLE))
    _add_weights(commands.add_parser("weights", help="look after VGG19's weights: status, fetch, import"))
    return parser


_APP = "Open the page in the browser. Ctrl-C ends it. Streamlit's own environment variables name the port and the like."
_STYLIZE = (
    "Repaint CONTENT in the manner of STYLE and print the path of the result. Progress goes to stderr. "
    "Ctrl-C saves what is there and stops; a second one stops at once."
)
_ENGINE = f"{OPTIMIZE}: step by step, the finest. fast: in one go, in a blink. (default: {OPTIMIZE})"
_OUTPUT = "file to write; its suffix names the format: .png, .jpg, .webp and others"


def _add_stylize(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_stylize)
    _add_pictures(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=_OUTPUT)
    parser.add_argument("--style-weights", type=numbers, metavar="W,W", help="how much each STYLE counts, e.g. 1,2")
    parser.add_argument("--colors-from", metavar="FILE", help="the picture whose colors the strokes of STYLE have")
    add_regions(parser)
    parser.add_argument("--frames", type=Path, metavar="DIR", help="also save every preview, as DIR/STEP.png")
    parser.add_argument("--animate", type=Path, metavar="OUT", help="also write the run as .gif, .webp or .mp4")
    parser.add_argument("--no-recipe", action="store_true", help="do not write into OUT what it was made with")
    parser.add_argument("--json", action="store_true", help="events for programs on stdout, one JSON object a line")
    _add_engine(parser)


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("content", metavar="CONTENT", help="the photo")
    parser.add_argument("styles", metavar="STYLE", nargs="+", help="the painting, or several")


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", choices=tuple(ENGINES), default=OPTIMIZE, help=_ENGINE)
    parser.add_argument("--init-image", metavar="FILE", help="picture to start from; implies --init image")
    add_settings(parser)


_FORECAST = (
    "Say how long it would take on this machine to repaint CONTENT in the manner of STYLE, and how much memory. "
    "The first time, the machine is measured for a second or two."
)


def _add_forecast(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_forecast)
    _add_pictures(parser)
    add_regions(parser)
    parser.add_argument("--json", action="store_true", help="for programs: one JSON object")
    _add_engine(parser)


_MASK = (
    "Find a part of PHOTO and write it as a mask, white where it is, for --mask and --region of nst stylize. Any "
    "picture editor can correct it."
)


def _add_mask(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_mask)
    parser.add_argument("photo", metavar="PHOTO", help="the photo")
    parser.add_argument("--of", choices=PLACES, required=True, help="what to find; alpha: where it is not transparent")
    box = "around the subject, in pixels: its upper left corner, width and height"
    parser.add_argument("--box", type=numbers, metavar="X,Y,W,H", help=box)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=_OUTPUT)


_BLEND = "Mix PAINTING with the PHOTO that it was made from, in a perceptual color space. Nothing is painted again."


def _add_blend(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_blend)
    parser.add_argument("photo", metavar="PHOTO", help="the photo")
    parser.add_argument("painting", metavar="PAINTING", help="what nst stylize made of it")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=_OUTPUT)
    amount = "how much of the painting there is: 0 is the photo, 100 the painting"
    parser.add_argument("--amount", type=float, required=True, metavar="N", help=amount)


_RECIPE = (
    "Print the command line that PICTURE was made with. Pictures by nst stylize and by the page have it inside, unless "
    "they were saved without it. Give your own paths for the pictures that it names."
)


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_recipe)
    parser.add_argument("file", metavar="PICTURE", help="a .png, .jpg, .webp or .avif")


_TRAIN_STYLE = (
    "Teach a copy of the fast engine's network one STYLE, or what several have in common, better than it knows any "
    "style yet. The file that it makes is a style like any picture. Ctrl-C keeps what was learned; the same command "
    "goes on with it."
)


def _add_train_style(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_train_style)
    parser.add_argument("styles", metavar="STYLE", nargs="+", help="the painting, or a few of one manner")
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="folder of any photos to practice on")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="file to write, an .npz")
    parser.add_argument(
        "--preview",
        type=Path,
        metavar="FILE|DIR",
        help="where a sample photo is painted now and then (default: OUT's name, .preview.png)",
    )
    for entry in fields(StyleTraining):
        text = f"{entry.metadata['help']} (default: {entry.default})"
        parser.add_argument(flag(entry.name), type=int, default=entry.default, metavar="N", help=text)


def _add_weights(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    status = actions.add_parser("status", help="say where weights were looked for, and what --network auto means")
    status.set_defaults(run=_weights, action="status")
    fetch = actions.add_parser("fetch", help="download them (80 MB)")
    fetch.set_defaults(run=_weights, action="fetch")
    importing = actions.add_parser("import", help="take them from a file of your own")
    importing.add_argument("file", metavar="FILE", help=".h5, .keras or .npz by layer name")
    importing.set_defaults(run=_weights, action="take")


def _stylize(args: argparse.Namespace) -> int:
    from nst.cli import stylize

    return stylize.stylize(args)


def _forecast(args: argparse.Namespace) -> int:
    from nst.cli import forecast

    return forecast.forecast(args)


def _mask(args: argparse.Namespace) -> int:
    from nst.cli import mask

    return mask.mask(args)


def _blend(args: argparse.Namespace) -> int:
    from nst.cli import blend

    return blend.blend(args)


def _recipe(args: argparse.Namespace) -> int:
    from nst.cli import recipe

    return recipe.recipe(args)


def _demo(args: argparse.Namespace) -> int:
    from nst.cli import stylize

    return stylize.demo(args)


def _app(_: argparse.Namespace) -> int:
    from nst.cli import app

    return app.app()


def _styles(_: argparse.Namespace) -> int:
    from nst.images import samples

    for sample in samples.styles():
        print(f"{sample.name:24}{sample.path}")
    return DONE


def _train_style(args: argparse.Namespace) -> int:
    from nst.cli import train_style

    return train_style.train_style(args)


def _weights(args: argparse.Namespace) -> int:
    from nst.cli import weights

    code: int = {"status": weights.status, "fetch": weights.fetch, "take": weights.take}[args.action](args)
    return code
