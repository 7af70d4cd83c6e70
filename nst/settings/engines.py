"""Settings of the engines: every default, range and label is defined here, once.

The command line's flags, the page's sliders and the table in the docs are generated from the field metadata.
Settings are validated on construction, so engines receive only valid ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from nst.errors import SettingsError
from nst.settings.fields import LayerWeights, Position, parse_layers, parse_place, setting, validate

Colors = Literal["style", "photo", "matched", "palette"]
ExtractorName = Literal["auto", "vgg19", "lite"]
StylizerName = Literal["fast", "magenta"]
FormulationName = Literal["normalized", "gatys", "tutorial", "half-sum"]
StyleLossName = Literal["gram", "moments", "wasserstein"]
Init = Literal["content", "noise", "image", "fast"]
OptimizerName = Literal["lbfgs", "adam"]
Pooling = Literal["average", "max"]
Precision = Literal["auto", "bfloat16", "float32"]

DEFAULT_STRENGTH = 80.0  # strong style, content still recognizable
# Maximum long side in pixels at which the fast engine's stylizers run: their strokes have a fixed size in pixels and
# would be hair-thin in an image of 4,000 pixels.
PAINTED_SIDE = 1024
FINEST_SIDE = 2 * PAINTED_SIDE  # maximum with style_scale < 1: a larger one could exhaust a server's memory
UNPAINTED_COLORS: Colors = "palette"  # recolors the content image without stylizing it
BLENDED_COLORS: tuple[Colors, ...] = ("photo", "matched")  # modes that color_amount applies to
PAINTED_COLORS: tuple[Colors, ...] = ("style", *BLENDED_COLORS)  # modes that a running job can switch between
GAIN_STEPS = 10  # iterations per measured improvement: enough to average out Adam's fluctuations
FORMER_FAST = "micro"  # alias of the network "fast" in recipes and links of earlier versions
FORMER_NAMES = {"freedom": "init_noise", "least_gain": "min_improvement"}  # settings in recipes and links, likewise
ADAM = {"learning_rate": 0.02, "beta_1": 0.9, "epsilon": 1e-8}  # defaults with optimizer="adam"


@dataclass(frozen=True, kw_only=True)
class SharedSettings:
    """Settings shared by all engines: color transfer and stroke size."""

    colors: Colors = setting(
        "style",
        "Colors",
        "style: colors of the style. photo: colors of the photo. matched: colors of the "
        "style, adjusted to the photo. palette: the photo in the colors of the style, without strokes.",
        choices=Colors,
        live=True,
    )
    color_amount: float = setting(
        100.0, "Color amount",
        "0 uses the colors of the style, 100 those of the photo (photo) or those adjusted to it (matched).", "number",
        minimum=0, maximum=100, step=1, unit="%", live=True,
    )  # fmt: skip
    style_scale: float = setting(
        1.0, "Brush size",
        "Size of the strokes: 0.25 is fine, 1 as in the style, 4 bold. The style strength does not change.", "number",
        minimum=0.25, maximum=4,
    )  # fmt: skip

    def __post_init__(self) -> None:
        validate(self)
        if self.color_amount != SharedSettings.color_amount and self.colors not in BLENDED_COLORS:
            raise SettingsError(
                f"color_amount requires colors='photo' or 'matched', received {self.color_amount:g} with "
                f"colors={self.colors!r}. Leave it out, or change colors."
            )

    @property
    def recolors(self) -> bool:
        """Return True if the content image is only recolored, not stylized."""
        return self.colors == UNPAINTED_COLORS


def _size() -> Any:
    """Return a new `size` field. Every engine has one, at its own position in the field order."""
    return setting(
        512, "Picture size", "Long side of the result.", "whole", optional=True,
        minimum=32, maximum=8192, step=64, unit="px",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OptimizeSettings(SharedSettings):
    """Settings of the engine `optimize`, the optimization loop of Gatys et al. 2015.

    `strength` and the raw weights are mutually exclusive; without either, strength is 80.
    Layers are given as text, "block1_conv1,block2_conv1:0.5", or as ((name, weight), ...).
    """

    strength: float | None = setting(
        None,
        "Style strength",
        "0 keeps the photo. 100 is the strongest style that keeps the photo's layout.",
        "number",
        optional=True,
        minimum=0,
        maximum=100,
        step=1,
        live=True,
    )
    steps: int = setting(
        100,
        "Iterations",
        "Number of improvement steps, over all working sizes together.",
        "whole",
        minimum=1,
        maximum=10_000,
        step=10,
    )
    size: int | None = _size()
    network: ExtractorName = setting(
        "auto",
        "Network",
        "Network that compares the pictures. auto: vgg19 if its weights are on this machine, else lite.",
        choices=ExtractorName,
    )
    weights: str | None = setting(
        None, "VGG19 weights", "File with VGG19's weights: .h5, .keras or .npz by layer name.", "path", optional=True
    )
    content_layers: LayerWeights | None = setting(
        None,
        "Content layers",
        "Layers used to keep the photo's structure, with weights: name or name:0.5.",
        "layers",
        optional=True,
    )
    style_layers: LayerWeights | None = setting(
        None,
        "Style layers",
        "Layers used to compare the style, with weights: name or name:0.5.",
        "layers",
        optional=True,
    )
    content_weight: float | None = setting(
        None,
        "Content weight",
        "Raw weight of the content loss (alpha). Cannot be combined with strength.",
        "number",
        optional=True,
        minimum=0,
    )
    style_weight: float | None = setting(
        None,
        "Style weight",
        "Raw weight of the style loss (beta). Cannot be combined with strength.",
        "number",
        optional=True,
        minimum=0,
    )
    tv_weight: float = setting(
        5.0,
        "Smoothness",
        "Higher values give a smoother picture (weight of the total variation loss).",
        "number",
        minimum=0,
        maximum=100,
        step=1,
    )
    formulation: FormulationName = setting(
        "normalized",
        "Loss formulation",
        "normalized: weights have the same effect at every size and for every style. The others follow publications.",
        choices=FormulationName,
    )
    style_loss: StyleLossName = setting(
        "gram",
        "Style loss",
        "Statistics of the features to compare. gram: their products; moments: mean and standard deviation of each; "
        "wasserstein: means and covariances, as a distance between distributions.",
        choices=StyleLossName,
    )
    init: Init = setting(
        "content",
        "Start from",
        "First picture: the photo (content), noise, your own image, or a draft by Instant (fast).",
        choices=Init,
    )
    init_noise: float = setting(
        0.0, "Random start",
        "Share of noise in the first picture. More noise lets strokes move further from the photo's outlines. "
        "The noise is coarse, so no grain remains.", "number",
        minimum=0, maximum=100, step=1, unit="%",
    )  # fmt: skip
    optimizer: OptimizerName = setting("lbfgs", "Optimizer", "Method that lowers the loss.", choices=OptimizerName)
    learning_rate: float | None = setting(
        None,
        "Learning rate",
        "Step size of adam, for pixel values from 0 to 1.",
        "number",
        optional=True,
        minimum=1e-6,
        maximum=1,
    )
    beta_1: float | None = setting(
        None, "First-moment decay", "Momentum of adam (beta 1).", "number", optional=True, minimum=0, maximum=0.9999
    )
    epsilon: float | None = setting(
        None, "Epsilon", "Small constant in adam that avoids division by zero.", "number", optional=True, minimum=0
    )
    pooling: Pooling = setting(
        "average", "Pooling", "Method that halves the size between the network's blocks.", choices=Pooling
    )
    levels: int = setting(
        3, "Coarse-to-fine levels",
        "Number of working sizes. 1 uses full size only; each further level starts at half the size. "
        "Pictures above 512 pixels get more.", "whole",
        minimum=1, maximum=6, step=1,
    )  # fmt: skip
    min_improvement: float = setting(
        0.0, "Minimum improvement",
        f"Ends a working size early if {GAIN_STEPS} iterations lower the loss by no more than this. 0: never.",
        "number", minimum=0, maximum=50, step=0.1, unit="%",
    )  # fmt: skip
    precision: Precision = setting(
        "auto",
        "Precision",
        "Number format of the network. auto: bfloat16 (faster) if the processor supports it, else float32.",
        choices=Precision,
    )
    preview_every: int = setting(
        3, "Preview every", "Iterations between two previews.", "whole", minimum=1, maximum=10_000, step=1
    )
    seed: int = setting(
        0,
        "Seed",
        "Number that selects the random noise. The same seed gives the same picture.",
        "whole",
        minimum=0,
        maximum=2**31 - 1,
        step=1,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("content_layers", "style_layers"):
            object.__setattr__(self, name, parse_layers(getattr(self, name), name))
        self._resolve_weights()
        self._resolve_adam()
        if self.init_noise and self.init == "noise":
            raise SettingsError(
                f"init_noise has no effect with init='noise', received init_noise={self.init_noise:g}. "
                "Leave out one of the two."
            )

        if self.style_loss != "gram" and self.formulation != "normalized":
            raise SettingsError(
                f"formulation={self.formulation!r} requires style_loss='gram', received {self.style_loss!r}. "
                "Change one of the two."
            )

    def _resolve_weights(self) -> None:
        raw = (self.content_weight, self.style_weight)
        if raw == (None, None):
            strength = DEFAULT_STRENGTH if self.strength is None else self.strength
            object.__setattr__(self, "strength", strength)
            return
        if self.strength is not None:
            raise SettingsError(
                f"strength and raw weights cannot be combined: received strength={self.strength:g}, "
                f"content_weight={raw[0]} and style_weight={raw[1]}. Leave out one of the two."
            )
        for name, value in zip(("content_weight", "style_weight"), raw, strict=True):
            object.__setattr__(self, name, 1.0 if value is None else value)

    def _resolve_adam(self) -> None:
        for name, default in ADAM.items():
            value = getattr(self, name)
            if self.optimizer == "lbfgs" and value is not None:
                raise SettingsError(f"{name} requires optimizer='adam', received {value:g} with 'lbfgs'. Leave it out.")
            if self.optimizer == "adam" and value is None:
                object.__setattr__(self, name, default)


@dataclass(frozen=True, kw_only=True)
class FastSettings(SharedSettings):
    """Settings of the engine `fast`, one pass through a feed-forward network."""

    strength: float = setting(
        100.0,
        "Style strength",
        "0 keeps the photo, 100 is the full style.",
        "number",
        minimum=0,
        maximum=100,
        step=1,
        live=True,
    )
    size: int | None = _size()
    network: StylizerName = setting(
        "fast",
        "Network",
        "Network that paints: fast (built in) or magenta (from TensorFlow Hub).",
        choices=StylizerName,
    )
    weights: str | None = setting(
        None,
        "Magenta's model",
        "Folder with Magenta's SavedModel or its two .tflite files. Default: download it.",
        "path",
        optional=True,
    )
    precision: Precision = setting(
        "auto",
        "Precision",
        "Number format of the network fast. auto: bfloat16 (faster) if the processor supports it, else float32.",
        choices=Precision,
    )
    seed: int = setting(
        0, "Seed", "Number that selects the random strokes. The same seed gives the same picture.", "whole",
        minimum=0, maximum=2**31 - 1, step=1,
    )  # fmt: skip
    noise_origin: Position = setting(
        (0, 0), "Noise origin",
        "Position x,y of the picture in the random pattern, in pixels. Useful for parts of a larger picture.",
        "position",
    )  # fmt: skip

    def __post_init__(self) -> None:
        if isinstance(self.network, str) and self.network == FORMER_FAST:
            object.__setattr__(self, "network", FastSettings.network)
        object.__setattr__(self, "noise_origin", parse_place(self.noise_origin, "noise_origin"))
        super().__post_init__()
        if self.weights is not None and self.network != "magenta":
            raise SettingsError(
                f"weights requires network='magenta', received '{self.weights}' with network='{self.network}'. "
                "Leave out one of the two."
            )

    def painted_side(self, side: int) -> int:
        """Return the long side in pixels at which to stylize an image of long side `side`.

        Strokes have a fixed width in pixels. Coarse strokes are made by stylizing at a smaller size and enlarging the
        result, fine strokes by stylizing at a larger size and reducing it. For images above 512 pixels FINEST_SIDE
        limits how fine strokes can get.
        """
        return max(1, min(round(min(PAINTED_SIDE, side) / self.style_scale), FINEST_SIDE))


Settings = OptimizeSettings | FastSettings
