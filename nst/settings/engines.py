"""Settings of the engines: every default, range and label is defined here, once.

The command line's flags, the page's sliders and the table in the docs are generated from the field metadata.
Settings are validated on construction, so engines receive only valid ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nst.errors import SettingsError
from nst.settings.fields import Place, parse_layers, parse_place, setting, validate

LayerWeights = tuple[tuple[str, float], ...]  # ((layer name, weight), ...)

DEFAULT_STRENGTH = 80.0  # strong style, content still recognizable
# Maximum long side in pixels at which the fast engine's stylizers run: their strokes have a fixed size in pixels and
# would be hair-thin in an image of 4,000 pixels.
PAINTED_SIDE = 1024
FINEST_SIDE = 2 * PAINTED_SIDE  # maximum with style_scale < 1: a larger one could exhaust a server's memory
UNPAINTED_COLORS = "palette"  # recolors the content image without stylizing it
BLENDED_COLORS = ("photo", "matched")  # modes that color_amount applies to
PAINTED_COLORS = ("style", *BLENDED_COLORS)  # modes that a running job can switch between
GAIN_STEPS = 10  # iterations per measured improvement: enough to average out Adam's fluctuations
FORMER_FAST = "micro"  # alias of the network "fast" in recipes and links of earlier versions
ADAM = {"learning_rate": 0.02, "beta_1": 0.9, "epsilon": 1e-8}  # defaults with optimizer="adam"


@dataclass(frozen=True, kw_only=True)
class Look:
    """Settings shared by all engines: color transfer and stroke size."""

    colors: str = setting(
        "style",
        "Colors",
        "The painting's (style); the photo's own, where only light and dark are painted (photo); the painting's, first "
        "toned like the photo (matched); or just the photo in the painting's colors, without strokes, in one go "
        "(palette).",
        choices=(*PAINTED_COLORS, UNPAINTED_COLORS),
        live=True,
    )
    color_amount: float = setting(
        100.0, "Color amount",
        "How far colors go from the painting's, at 0, to the photo's or to those toned like it, at 100.",
        minimum=0, maximum=100, step=1, unit="%", live=True,
    )  # fmt: skip
    style_scale: float = setting(
        1.0, "Brush size",
        "Size of the strokes: 0.25 is fine, 1 as in the painting, 4 bold. How strong the style is stays as it is.",
        minimum=0.25, maximum=4,
    )  # fmt: skip

    def __post_init__(self) -> None:
        validate(self)
        if self.color_amount != Look.color_amount and self.colors not in BLENDED_COLORS:
            raise SettingsError(
                f"color_amount belongs to colors='photo' and 'matched', received {self.color_amount:g} with "
                f"colors={self.colors!r}. Leave it out, or choose one of these."
            )

    @property
    def recolors(self) -> bool:
        """Return True if the content image is only recolored, not stylized."""
        return self.colors == UNPAINTED_COLORS


def _size() -> Any:
    """Return a new `size` field. Every engine has one, at its own position in the field order."""
    return setting(
        512, "Size", "Long side of the result. The photo's own where it is not given.",
        minimum=32, maximum=8192, step=64, unit="px",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OptimizeSettings(Look):
    """Settings of the engine `optimize`, the optimization loop of Gatys et al. 2015.

    `strength` and the raw weights are mutually exclusive; without either, strength is 80.
    Layers are given as text, "block1_conv1,block2_conv1:0.5", or as ((name, weight), ...).
    """

    strength: float | None = setting(
        None,
        "Style strength",
        "0 gives the photo back, 100 the strongest style that keeps its layout.",
        minimum=0,
        maximum=100,
        step=1,
        live=True,
    )
    steps: int = setting(
        100, "Iterations", "Optimizer iterations, over all sizes together.", minimum=1, maximum=10_000, step=10
    )
    size: int | None = _size()
    network: str = setting(
        "auto",
        "Network",
        "What looks at the pictures. auto: vgg19 where its weights are on this machine, else lite.",
        choices=("auto", "vgg19", "lite"),
    )
    weights: str | None = setting(
        None, "VGG19 weights", "File with VGG19's weights: .h5, .keras or .npz by layer name."
    )
    content_layers: LayerWeights | None = setting(
        None, "Content layers", "Layers that hold the photo's structure, with weights: name or name:0.5."
    )
    style_layers: LayerWeights | None = setting(
        None, "Style layers", "Layers whose Gram matrices carry the style, with weights: name or name:0.5."
    )
    content_weight: float | None = setting(
        None, "Content weight", "Raw weight of the content loss (alpha). Excludes strength.", minimum=0
    )
    style_weight: float | None = setting(
        None, "Style weight", "Raw weight of the style loss (beta). Excludes strength.", minimum=0
    )
    tv_weight: float = setting(
        5.0, "Smoothness", "Weight of the total variation loss: more is smoother.", minimum=0, maximum=100, step=1
    )
    formulation: str = setting(
        "normalized",
        "Loss formulation",
        "normalized: weights mean the same at every size, for every style. The others are as published.",
        choices=("normalized", "gatys", "tutorial", "half-sum"),
    )
    style_loss: str = setting(
        "gram",
        "Style loss",
        "What of the features is compared. gram: which of them go together; moments: the mean and spread of each; "
        "wasserstein: means, spreads and what goes together, as one distance of distributions.",
        choices=("gram", "moments", "wasserstein"),
    )
    init: str = setting(
        "content",
        "Start from",
        "The picture that is repainted: the photo, noise, an image of your own, or the fast engine's draft.",
        choices=("content", "noise", "image", "fast"),
    )
    freedom: float = setting(
        0.0, "Freedom",
        "How far a run starts from that picture: at 0 with it, at 100 with noise, so that strokes fall as they like. "
        "The noise belongs to the coarsest size only, so that no grain is left.",
        minimum=0, maximum=100, step=1, unit="%",
    )  # fmt: skip
    optimizer: str = setting("lbfgs", "Optimizer", "How the picture is moved downhill.", choices=("lbfgs", "adam"))
    learning_rate: float | None = setting(
        None, "Learning rate", "Of adam, for pixels in 0 to 1.", minimum=1e-6, maximum=1
    )
    beta_1: float | None = setting(None, "First-moment decay", "Of adam.", minimum=0, maximum=0.9999)
    epsilon: float | None = setting(None, "Epsilon", "Of adam.", minimum=0)
    pooling: str = setting("average", "Pooling", "Between the network's blocks.", choices=("average", "max"))
    levels: int = setting(
        3, "Coarse-to-fine levels",
        "1 works at full size only; each further level starts at half the size. Pictures above 512 pixels get more.",
        minimum=1, maximum=6, step=1,
    )  # fmt: skip
    least_gain: float = setting(
        0.0, "Least gain",
        f"A size ends early once {GAIN_STEPS} iterations lower its loss by no more than this. 0: never.",
        minimum=0, maximum=50, step=0.1, unit="%",
    )  # fmt: skip
    precision: str = setting(
        "auto",
        "Precision",
        "Of the convolutions. auto: bfloat16 where the processor has it; losses are always float32.",
        choices=("auto", "bfloat16", "float32"),
    )
    preview_every: int = setting(
        3, "Preview every", "Iterations between two previews.", minimum=1, maximum=10_000, step=1
    )
    seed: int = setting(0, "Seed", "Of the noise to start from.", minimum=0, maximum=2**31 - 1, step=1)

    def __post_init__(self) -> None:
        for name in ("content_layers", "style_layers"):
            object.__setattr__(self, name, parse_layers(getattr(self, name), name))
        self._resolve_weights()
        self._resolve_adam()
        super().__post_init__()
        if self.freedom and self.init == "noise":
            raise SettingsError(
                f"init='noise' has all the freedom there is, received freedom={self.freedom:g} with it. "
                "Leave one of the two out."
            )

        if self.style_loss != "gram" and self.formulation != "normalized":
            raise SettingsError(
                f"formulation={self.formulation!r} compares Gram matrices; received style_loss={self.style_loss!r} "
                "with it. Leave one of the two out."
            )

    def _resolve_weights(self) -> None:
        raw = (self.content_weight, self.style_weight)
        if raw == (None, None):
            strength = DEFAULT_STRENGTH if self.strength is None else self.strength
            object.__setattr__(self, "strength", strength)
            return
        if self.strength is not None:
            raise SettingsError(
                f"strength and raw weights exclude each other: received strength={self.strength:g}, "
                f"content_weight={raw[0]} and style_weight={raw[1]}. Give one or the other."
            )
        for name, value in zip(("content_weight", "style_weight"), raw, strict=True):
            object.__setattr__(self, name, 1.0 if value is None else value)

    def _resolve_adam(self) -> None:
        for name, default in ADAM.items():
            value = getattr(self, name)
            if self.optimizer == "lbfgs" and value is not None:
                raise SettingsError(f"{name} belongs to adam, received {value:g} with optimizer='lbfgs'. Leave it out.")
            if self.optimizer == "adam" and value is None:
                object.__setattr__(self, name, default)


@dataclass(frozen=True, kw_only=True)
class FastSettings(Look):
    """Settings of the engine `fast`, one pass through a feed-forward network."""

    strength: float = setting(
        100.0,
        "Style strength",
        "0 gives the photo back, 100 is all that the network learned to do.",
        minimum=0,
        maximum=100,
        step=1,
        live=True,
    )
    size: int | None = _size()
    network: str = setting(
        "fast",
        "Network",
        "The network that repaints: fast, ours, which ships with the package, or magenta, from TensorFlow Hub.",
        choices=("fast", "magenta"),
    )
    weights: str | None = setting(
        None,
        "Magenta's model",
        "Folder with Magenta's SavedModel, or with its two .tflite files. It is downloaded where this is not given.",
    )
    precision: str = setting(
        "auto",
        "Precision",
        "Of fast's convolutions. auto: bfloat16 where the processor has it.",
        choices=("auto", "bfloat16", "float32"),
    )
    seed: int = setting(
        0, "Seed", "Of the noise that strokes follow: another seed, other strokes.",
        minimum=0, maximum=2**31 - 1, step=1,
    )  # fmt: skip
    noise_origin: Place = setting(
        (0, 0), "Noise origin",
        "Place x,y of the picture on the field of noise, in its own pixels: for pictures that show parts of a whole.",
    )  # fmt: skip

    def __post_init__(self) -> None:
        if self.network == FORMER_FAST:
            object.__setattr__(self, "network", FastSettings.network)
        object.__setattr__(self, "noise_origin", parse_place(self.noise_origin, "noise_origin"))
        if self.weights is not None and self.network != "magenta":
            raise SettingsError(
                f"weights are Magenta's here, received '{self.weights}' with network='{self.network}'. "
                "Leave one of the two out."
            )
        super().__post_init__()

    def painted_side(self, side: int) -> int:
        """Return the long side in pixels at which to stylize an image of long side `side`.

        Strokes have a fixed width in pixels. Coarse strokes are made by stylizing at a smaller size and enlarging the
        result, fine strokes by stylizing at a larger size and reducing it. For images above 512 pixels FINEST_SIDE
        limits how fine strokes can get.
        """
        return max(1, min(round(min(PAINTED_SIDE, side) / self.style_scale), FINEST_SIDE))


Settings = OptimizeSettings | FastSettings
