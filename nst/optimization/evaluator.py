"""Evaluation of the losses at each resolution level of a run: on the whole image, or in tiles if memory is short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import tensorflow as tf

from nst.models.extractors.extractor import FeatureExtractor
from nst.models.extractors.networks import NetworkChoice
from nst.optimization.footprint import TILE, Footprint
from nst.optimization.likeness import Likeness
from nst.optimization.losses import formulation_of
from nst.optimization.minimize import Array, Evaluation
from nst.optimization.objective import Aim, Objective
from nst.optimization.problem import Problem
from nst.optimization.strength import Weights
from nst.optimization.tiled_objective import TiledObjective
from nst.run.regions import Map, over
from nst.settings.engines import OptimizeSettings
from nst.system import memory

# Exceptions of a failed allocation in NumPy, in TensorFlow, and in oneDNN below TensorFlow.
EXHAUSTED = (MemoryError, tf.errors.ResourceExhaustedError, tf.errors.AbortedError)
_ONEDNN_OUT_OF_MEMORY = "Status: 1,"  # dnnl_out_of_memory; other statuses of AbortedError are bugs
RESCUED = "Low memory: the picture is now painted in tiles. The result is the same, but takes longer."

Size = tuple[int, int]  # (width, height) in pixels


class Evaluator:
    """Choice between evaluating the losses of a run on the whole image or in tiles, depending on the free memory.

    `parts` is the number of regions, 0 without regions. `go_on` is called before each tile; if it returns False,
    Interrupted is raised. `note` is a message for the user after a fallback to tiles, else "".
    """

    def __init__(
        self,
        network: FeatureExtractor,
        choice: NetworkChoice,
        settings: OptimizeSettings,
        parts: int,
        go_on: Callable[[], bool],
    ) -> None:
        asked = (
            network,
            choice.content_layers,
            choice.style_layers,
            formulation_of(settings),
        )
        self._whole, self._tiled = Objective(*asked), TiledObjective(*asked, side=TILE, go_on=go_on)
        self._footprint = Footprint.of(choice, network.dtype, settings.optimizer, parts)
        self._cutting, self._rescued = False, False
        self.network, self.note = network.name, ""

    def check(self, size: Size) -> None:
        """Raise OutOfMemory if an image of `size` needs more than the free memory, even in tiles."""
        self._footprint.in_tiles(size, memory.available())

    def at(self, size: Size, problem: Problem) -> Aim:
        """Return the objective of `problem` at `size`: a function from image and loss weights to losses and gradient.

        Raises OutOfMemory if the image needs more than the free memory, even in tiles.
        """
        self._cutting = self._footprint.in_tiles(size, memory.available()) or self._rescued
        goal = self._tiled if self._cutting else self._whole
        (photo, styles, shares), guide = problem.targets(size), problem.guide(size)
        aim = goal.aim(photo, styles, shares, guide)
        likeness = problem.likeness(size)
        if likeness is not None:
            aim = partial(_with_likeness, aim, likeness)
        return aim if guide is None or guide.coverage is None else partial(_under_coverage, aim, photo, guide.coverage)

    def rescue(self, error: Exception) -> bool:
        """Switch to tiles after a failed allocation. Returns False if tiles were in use already, else True.

        Re-raises `error` if it is an AbortedError with a cause other than memory.
        """
        if isinstance(error, tf.errors.AbortedError) and _ONEDNN_OUT_OF_MEMORY not in error.message:
            raise error
        if self._cutting:
            return False
        self._rescued, self.note = True, RESCUED
        return True


def _with_likeness(aim: Aim, likeness: Likeness, x: Array, *, weights: Weights) -> Evaluation:
    """Evaluate `x` with the likeness loss added to the content loss."""
    losses, gradient = aim(x, weights=weights)
    if not weights.likeness:
        return Evaluation(losses, gradient)
    loss, slope = likeness.evaluate(x)
    losses = replace(losses, content=losses.content + weights.likeness * loss)
    return Evaluation(losses, gradient + np.float32(weights.likeness) * slope)


def _under_coverage(aim: Aim, photo: Array, coverage: Map, x: Array, *, weights: Weights) -> Evaluation:
    """Return the losses, from `aim`, of `x` composited over the content image `photo` with opacity `coverage` (H, W).

    The gradient with respect to `x` is scaled by `coverage`, by the chain rule.
    """
    losses, gradient = aim(over(photo, x, coverage), weights=weights)
    return Evaluation(losses, gradient * coverage[..., None])
