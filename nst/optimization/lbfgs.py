"""L-BFGS that can be stopped and resumed between steps (Nocedal & Wright 2006, algorithms 7.4 and 7.5).

Projection keeps the image inside [0, 1]: pixels at a bound whose descent direction points outward are excluded from
the step (Bertsekas 1982, "Projected Newton methods").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from nst.optimization.minimize import Array, Evaluate, Evaluation, checked
from nst.optimization.preconditioner import Preconditioner, Response
from nst.run.snapshot import Losses

SUFFICIENT_DECREASE = 1e-4  # Armijo's constant
ROUNDING = 1e-5  # relative noise of a loss over bfloat16 features: smaller increases are ignored
MAX_HALVINGS = 12
ENOUGH = 6  # pairs needed before the preconditioner is used
# Factors of the preconditioned step length after a step that had to be shortened, and after one that had not.
DISTRUST, TRUST = (
    0.6,
    1.05,
)
FIRST_MOVE = 0.02  # root mean square change of a pixel in the first step, before curvature is known


def two_loop(
    gradient: Array, pairs: Iterable[tuple[Array, Array]], first: Callable[[Array], Array] | None = None
) -> Array:
    """Return H times `gradient`, with H the L-BFGS estimate of the inverse Hessian (algorithm 7.4).

    `pairs` are (s, y), oldest first: differences of images and of gradients, each of the gradient's shape. `first`
    multiplies by the initial estimate H_0; the default H_0 is the scaled identity of equation 7.20.
    """
    q = gradient.ravel().copy()
    known = [(s.ravel(), y.ravel(), 1 / np.dot(s.ravel(), y.ravel())) for s, y in pairs]
    alphas = []
    for s, y, rho in reversed(known):
        alphas.append(rho * np.dot(s, q))
        q -= alphas[-1] * y
    if first:
        q = first(q.reshape(gradient.shape)).ravel()
    elif known:
        s, y, rho = known[-1]
        q *= 1 / (rho * np.dot(y, y))
    for (s, y, rho), alpha in zip(known, reversed(alphas), strict=True):
        q += (alpha - rho * np.dot(y, q)) * s
    return q.reshape(gradient.shape)


class LBFGS:
    """L-BFGS minimizer with at most `history` pairs and a backtracking (Armijo) line search.

    `x` is the image to start from, float32 in [0, 1]. `preconditioned` requires the shape (H, W, 3); it takes two more
    numbers per pixel and pair, and a third fewer steps.
    """

    def __init__(self, x: Array, *, history: int = 10, preconditioned: bool = False) -> None:
        self.x = x
        self._pairs: deque[tuple[Array, Array]] = deque(maxlen=history)
        self._preconditioner = Preconditioner(x.shape) if preconditioned else None
        self._responses: deque[Response] = deque(maxlen=history)  # one for each pair
        self._trust = 1.0  # scale of the preconditioner's estimate, because curvature grows near kinks of the loss
        self.here: Evaluation | None = None

    def step(self, evaluate: Evaluate) -> Losses | None:
        """Take one iteration, including all evaluations of its line search.

        Returns the losses after the iteration, or None if no step lowers the loss. Raises Diverged if the losses or
        the gradient before the iteration are not finite.
        """
        here = checked(self.here or evaluate(self.x))
        free = ~(((self.x <= 0) & (here.gradient > 0)) | ((self.x >= 1) & (here.gradient < 0)))
        for direction in self._directions(here.gradient * free, free):
            found = self._search(evaluate, here, direction)
            if found is not None:
                x, there = found
                self._learn(x - self.x, there.gradient - here.gradient)
                self.x, self.here = x, there
                return there.losses
            self._unlearn()
        return None

    def _directions(self, gradient: Array, free: NDArray[np.bool_]) -> Iterable[Array]:
        """Yield search directions: the quasi-Newton direction, then scaled gradient descent as a fallback.

        Pixels where `free` is False do not move in the first. Nothing is yielded for an all-zero gradient.
        """
        size = float(np.sqrt(np.mean(gradient**2)))
        if size == 0:
            return
        if self._pairs:
            yield -two_loop(gradient, self._pairs, self._first()) * free
        # A few pixels may hold most of the gradient, such as the corners of an enlarged image. A step along the plain
        # gradient would turn them black or white before the others move.
        evened: Array = gradient / np.sqrt(gradient**2 + np.float32(size**2))
        yield evened * np.float32(-FIRST_MOVE / float(np.sqrt(np.mean(evened**2))))

    def _search(self, evaluate: Evaluate, here: Evaluation, direction: Array) -> tuple[Array, Evaluation] | None:
        """Return the first image along `direction` with sufficient decrease (Armijo), and its evaluation, or None.

        The step length starts at 1 and is halved until the loss has decreased enough; at most MAX_HALVINGS lengths are
        tried. Images are clipped to [0, 1]. `here` is the evaluation of the current image.
        """
        length = np.float32(1)
        for _ in range(MAX_HALVINGS):
            x = np.clip(self.x + length * direction, 0, 1)
            slope = float(np.vdot(here.gradient, x - self.x))
            if slope >= 0:
                return None
            there = evaluate(x)
            bound = here.losses.total * (1 + ROUNDING) + SUFFICIENT_DECREASE * slope
            if there.finite and there.losses.total <= bound:
                self._judge(went_well=length == 1)
                return x, there
            length /= 2
        return None

    def _judge(self, *, went_well: bool) -> None:
        """Adapt the scale of the preconditioner's estimate after a step, if the preconditioner was in use.

        `went_well` is True if the step was taken at its full length.
        """
        if len(self._responses) >= ENOUGH:
            self._trust = min(1.0, self._trust * (TRUST if went_well else DISTRUST))

    def _learn(self, s: Array, y: Array) -> None:
        curvature = np.vdot(s, y)
        if curvature > 1e-8 * np.sqrt(np.vdot(s, s) * np.vdot(y, y)):  # keeps H positive definite
            self._remember(s, y)

    def _remember(self, s: Array, y: Array) -> None:
        self._pairs.append((s, y))
        if self._preconditioner:
            self._responses.append(self._preconditioner.response(s, y))

    def _first(self) -> Callable[[Array], Array] | None:
        """Return the multiplication by the preconditioner as H_0, or None while fewer than ENOUGH pairs are known."""
        if self._preconditioner and len(self._responses) >= ENOUGH:
            return partial(self._preconditioner.apply, responses=self._responses, scale=self._trust)
        return None

    def _unlearn(self) -> None:
        self._trust = 1.0
        self._pairs.clear()
        self._responses.clear()

    def forget(self) -> None:
        """Discard all pairs and the current evaluation. Call after a change of the objective."""
        self._unlearn()
        self.here = None

    def state(self) -> dict[str, NDArray[np.generic]]:
        empty = np.zeros((0, *self.x.shape), np.float32)
        s, y = (
            np.stack(side) if side else empty for side in (zip(*self._pairs, strict=True) if self._pairs else ((), ()))
        )
        return {"s": s, "y": y, "trust": np.array(self._trust)}

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        pairs = zip(np.asarray(state["s"], np.float32), np.asarray(state["y"], np.float32), strict=True)
        self._unlearn()
        for pair in pairs:
            self._remember(*pair)
        self._trust = float(state["trust"])
        self.here = None  # not stored: a new evaluation gives the same numbers
