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
from typing import Any, NoReturn

import nst
from nst.cli.exit_codes import DONE, FAILED, INTERRUPTED, MISUSED
from nst.cli.flags import OPTIMIZE, add_settings, numbers
from nst.cli.interrupts import Ended, ending
from nst.cli.places import PLACES
from nst.cli.regions import add_protection, add_regions
from nst.cli.terminal import forgiving
from nst.engines.registry import ENGINES
from nst.errors import NstError
from nst.settings.fields import flag
from nst.settings.print_size import DPI, PAPERS
from nst.system.files import is_file
from nst.training.style_settings import StyleTraining


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command given by the arguments, those of the process by default, and return its exit code.

    Raises SystemExit if the arguments are invalid, and after --help or --version.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")  # of large or incomplete images, which end in an ImageError
    with ending(), forgiving() as output:
        args = build_parser().parse_args(argv)
        code = _run(args)
        output.flush()
        if code == DONE and args.prints and output.lost:
            print(f"nst: Cannot write to standard output: {output.error}.", file=sys.stderr)
            return FAILED
        return code


def _run(args: argparse.Namespace) -> int:
    try:
        code: int = args.run(args)
    except NstError as error:
        print(f"nst: {error}", file=sys.stderr)
        return FAILED
    except Ended as end:
        print("nst: aborted.", file=sys.stderr)
        return end.code
    except KeyboardInterrupt:  # raised by a library that handles Ctrl-C itself
        return INTERRUPTED
    return code


class Parser(argparse.ArgumentParser):
    """Argument parser with one-line error messages; argparse would print all flags first."""

    _dashed: str | None = None  # an existing file whose name looks like a flag

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        flags = given[: given.index("--")] if "--" in given else given
        self._dashed = next((each for each in flags if each.startswith("-") and is_file(each)), None)
        if self._dashed is not None and self._subparsers is None and self._dashed not in self._option_string_actions:
            self.error(f"'{self._dashed}' is read as a flag")  # e.g. -old.png as -o ld.png
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        hint = f" Write the name '{self._dashed}' as './{self._dashed}'." if self._dashed else ""
        self.exit(MISUSED, f"{self.prog}: {message}.{hint} See {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the complete parser, built without importing TensorFlow or an image library."""
    parser = Parser(prog="nst", description="Repaint a photo in the style of a painting.")
    parser.set_defaults(prints=False)  # True for commands whose only result is printed text
    parser.add_argument("--version", action="version", version=f"nst {nst.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_stylize(commands.add_parser("stylize", help="repaint a photo", description=_STYLIZE))
    _add_forecast(commands.add_parser("forecast", help="forecast time and memory", description=_FORECAST))
    _add_mask(commands.add_parser("mask", help="find the subject, the sky or faces in a photo", description=_MASK))
    _add_blend(commands.add_parser("blend", help="mix a result with its photo", description=_BLEND))
    _add_enlarge(commands.add_parser("enlarge", help="repaint a result larger, for a print", description=_ENLARGE))
    _add_recipe(commands.add_parser("recipe", help="print the settings of a picture", description=_RECIPE))
    demo = commands.add_parser("demo", help="repaint a sample photo", description="Repaint a sample photo.")
    demo.add_argument("-o", "--output", type=Path, default=Path("nst-demo.png"), metavar="OUT", help=_OUTPUT)
    demo.set_defaults(run=_demo)
    page = commands.add_parser("app", help="open the page in the browser", description=_APP)
    page.set_defaults(run=_app)
    listing = commands.add_parser("styles", help="list the styles that ship with nst", description="List our styles.")
    listing.set_defaults(run=_styles, prints=True)
    _add_train_style(commands.add_parser("train-style", help="train a style of your own", description=_TRAIN_STYLE))
    _add_weights(commands.add_parser("weights", help="manage VGG19's weights: status, fetch, import"))
    return parser


_APP = "Open the page in the browser. Ctrl-C ends it. Streamlit's own environment variables name the port and the like."
_STYLIZE = (
    "Repaint CONTENT in the style of STYLE and print the path of the result. Progress goes to stderr. "
    "Ctrl-C stops and saves the current result; a second Ctrl-C stops at once."
)
_ENGINE = f"{OPTIMIZE}: step by step, finest result. fast: a single pass in about a second. (default: {OPTIMIZE})"
_OUTPUT = "file to write; the suffix sets the format: .png, .jpg, .webp and others; - is standard output"


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=_OUTPUT)
    parser.add_argument("--format", metavar="NAME", help="format on standard output: png, jpeg, webp, ...")
    _add_overwrite(parser)


def _add_overwrite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--overwrite", action="store_true", help="allow outputs to replace an input")


def _add_stylize(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_stylize)
    _add_pictures(parser)
    _add_output(parser)
    parser.add_argument("--style-weights", type=numbers, metavar="W,W", help="weight of each STYLE, e.g. 1,2")
    parser.add_argument(
        "--colors-from", metavar="FILE", help="picture that provides the colors for the strokes of STYLE"
    )
    add_regions(parser)
    add_protection(parser)
    parser.add_argument("--frames", type=Path, metavar="DIR", help="also save every preview, as DIR/STEP.png")
    parser.add_argument("--animate", type=Path, metavar="OUT", help="also write the run as .gif, .webp or .mp4")
    parser.add_argument("--no-recipe", action="store_true", help="do not save the settings in OUT")
    parser.add_argument(
        "--json", action="store_true", help="print events on stdout for other programs, one JSON object per line"
    )
    _add_engine(parser)


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("content", metavar="CONTENT", help="the photo; - is standard input")
    parser.add_argument("styles", metavar="STYLE", nargs="+", help="the style picture, or several")


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", choices=tuple(ENGINES), default=OPTIMIZE, help=_ENGINE)
    parser.add_argument("--init-image", metavar="FILE", help="picture to start from; implies --init image")
    add_settings(parser)


_FORECAST = (
    "Print how much time and memory this machine needs to repaint CONTENT in the style of STYLE. The first call "
    "measures the machine for a second or two."
)


def _add_forecast(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_forecast, prints=True)
    _add_pictures(parser)
    add_regions(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object, for other programs")
    _add_engine(parser)


_MASK = (
    "Find a region of PHOTO and write it as a mask, white inside, for --mask and --region of nst stylize. Any picture "
    "editor can correct the mask."
)


def _add_mask(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_mask)
    parser.add_argument("photo", metavar="PHOTO", help="the photo")
    parser.add_argument("--of", choices=PLACES, required=True, help="region to find; alpha: the opaque part")
    box = "box around the subject, in pixels: upper left corner, width and height"
    parser.add_argument("--box", type=numbers, metavar="X,Y,W,H", help=box)
    _add_output(parser)


_BLEND = "Mix PAINTING with its PHOTO, in a perceptual color space. Nothing is painted again."


def _add_blend(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_blend)
    parser.add_argument("photo", metavar="PHOTO", help="the photo")
    parser.add_argument("painting", metavar="PAINTING", help="result of nst stylize for this photo")
    _add_output(parser)
    amount = "share of the painting: 0 is the photo, 100 the painting"
    parser.add_argument("--amount", type=float, required=True, metavar="N", help=amount)


_ENLARGE = (
    "Repaint PICTURE, a result of CONTENT and STYLE, at a larger size: the same picture with finer strokes. "
    "Its settings are read from the file."
)


def _add_enlarge(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_enlarge)
    parser.add_argument("picture", metavar="PICTURE", help="result of nst stylize or of the page")
    _add_pictures(parser)
    sizes = parser.add_mutually_exclusive_group(required=True)
    sizes.add_argument("--size", type=int, metavar="PX", help="long side of the result")
    sizes.add_argument("--paper", choices=PAPERS, help="size of a print or screen; the picture is cropped to its shape")
    parser.add_argument("--dpi", type=int, choices=DPI, default=DPI[-1], help="dots per inch of a print (default: 300)")
    parser.add_argument("--colors-from", metavar="FILE", help="picture that provided the colors for the strokes")
    add_regions(parser)
    _add_output(parser)


_RECIPE = (
    "Print the command line that made PICTURE. Pictures from nst stylize and from the page contain it, unless saved "
    "without. Replace the file names in it with your own paths."
)


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_recipe, prints=True)
    parser.add_argument("file", metavar="PICTURE", help="a .png, .jpg, .webp or .avif; - is standard input")


_TRAIN_STYLE = (
    "Train a copy of the engine fast on one STYLE, or on several similar ones, for a closer match. Use the file it "
    "writes like a style picture. Ctrl-C saves the progress; the same command resumes."
)


def _add_train_style(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_train_style)
    parser.add_argument("styles", metavar="STYLE", nargs="+", help="the style picture, or several similar ones")
    parser.add_argument(
        "--photos", type=Path, required=True, metavar="DIR", help="folder of photos to train on, of any kind"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="file to write, an .npz")
    parser.add_argument(
        "--preview",
        type=Path,
        metavar="FILE|DIR",
        help="file for painting a sample photo at intervals (default: name of OUT, .preview.png)",
    )
    _add_overwrite(parser)
    for entry in fields(StyleTraining):
        text = f"{entry.metadata['help']} (default: {entry.default})"
        parser.add_argument(flag(entry.name), type=int, default=entry.default, metavar="N", help=text)


def _add_weights(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    status = actions.add_parser("status", help="list the places searched, and the network used by --network auto")
    status.set_defaults(run=_weights, action="status", prints=True)
    fetch = actions.add_parser("fetch", help="download the weights (80 MB)")
    fetch.set_defaults(run=_weights, action="fetch")
    importing = actions.add_parser("import", help="copy the weights from a file")
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


def _enlarge(args: argparse.Namespace) -> int:
    from nst.cli import enlarge

    return enlarge.enlarge(args)


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
