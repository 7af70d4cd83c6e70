"""The page with the fake engine, for browser tests: no TensorFlow, and runs that last as long as a test needs."""

import time

import pytest

from nst.engines import registry
from nst.ui.app import app
from nst.ui.server.background import Background
from tests.support import fake_engine

QUICK = 30  # steps of a run that is watched to its end; later ones leave time to stop, steer or leave the run


def pace(step: int) -> None:
    time.sleep(0.05 if step <= QUICK else 0.2)


if registry.ENGINES["fast"][1] != fake_engine.__name__:  # else an earlier run of this script has installed it
    patch = pytest.MonkeyPatch()
    fake_engine.install(patch, fake_engine.Script(on_step=pace))
    patch.setattr(Background, "begin", lambda self: None)

app()
