"""Diagnostics: detect common problems of inputs, settings and results, each reported with one fix, if there is one.

`before` checks the inputs of a run, `after` its result. Neither displays anything or runs an engine.
"""

from nst.diagnostics.image_stats import Signs
from nst.diagnostics.inputs import Plan, before
from nst.diagnostics.issue import Advice, Ailment, Edit, Fix
from nst.diagnostics.results import Result, after

__all__ = ["Advice", "Ailment", "Edit", "Fix", "Plan", "Result", "Signs", "after", "before"]
