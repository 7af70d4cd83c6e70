"""Diagnostics: detect common problems of images, settings and results, and suggest a fix for each where possible.

before() checks the inputs of a style-transfer run, after() its result. Neither displays anything or runs an engine.
"""

from nst.diagnostics.image_stats import ImageStats
from nst.diagnostics.inputs import RunPlan, before
from nst.diagnostics.issue import Advice, Edit, Fix, Issue
from nst.diagnostics.results import Result, after

__all__ = ["Advice", "Edit", "Fix", "ImageStats", "Issue", "Result", "RunPlan", "after", "before"]
