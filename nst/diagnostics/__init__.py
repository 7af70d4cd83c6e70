"""The doctor: understands what goes wrong with pictures and settings, and says it with the one change that mends it.

`before` looks at what is about to be painted, `after` at what was. Neither draws or paints anything.
"""

from nst.diagnostics.image_stats import Signs
from nst.diagnostics.inputs import Plan, before
from nst.diagnostics.issue import Advice, Ailment, Edit, Fix
from nst.diagnostics.results import Result, after

__all__ = ["Advice", "Ailment", "Edit", "Fix", "Plan", "Result", "Signs", "after", "before"]
