"""The doctor: understands what goes wrong with pictures and settings, and says it with the one change that mends it.

`before` looks at what is about to be painted, `after` at what was. Neither draws or paints anything.
"""

from nst.doctor.advice import Advice, Ailment, Edit, Fix
from nst.doctor.after import Result, after
from nst.doctor.before import Plan, before
from nst.doctor.signs import Signs

__all__ = ["Advice", "Ailment", "Edit", "Fix", "Plan", "Result", "Signs", "after", "before"]
