"""Every exception that NST Studio raises on purpose.

    NstError                  the message is written for people and shown verbatim
    +-- InputError            what the caller gave cannot be used
    |   +-- ImageError        a picture cannot be read or written
    |   +-- SettingsError     a setting has a value that makes no sense
    |   +-- RecipeError       a picture or a link does not say what it was made with, or says nonsense
    +-- ModelError            a network cannot be used
    |   +-- WeightsUnavailable  its weights are missing, incomplete or of another network
    |   +-- OutOfMemory       the machine is too small for the picture
    +-- Diverged              the optimization left the finite numbers
    +-- Busy                  the server has no room for another job right now

A message says what was received, what was expected and what to do about it.
They are caught only at the edges: the command line, the page, and the job worker.
"""

from __future__ import annotations

from typing import Any


class NstError(Exception):
    """Anything that went wrong in a way that a person can understand and mend.

    `snapshot` is the last good Snapshot of a run that broke off, or None.
    """

    def __init__(self, message: str, snapshot: Any = None) -> None:
        super().__init__(message)
        self.snapshot = snapshot


class InputError(NstError):
    """What the caller gave cannot be used."""


class ImageError(InputError):
    """A picture cannot be read, decoded or written."""


class SettingsError(InputError):
    """A setting has a value that makes no sense; the message names field, value and range."""


class RecipeError(InputError):
    """A picture or a link does not say what it was made with, or says what cannot be."""


class ModelError(NstError):
    """A network cannot be used."""


class WeightsUnavailable(ModelError):
    """The weights of a network are missing, incomplete, or belong to another network."""


class OutOfMemory(ModelError):
    """The machine has too little memory for a picture of this size; the message names one that would fit."""


class Diverged(NstError):
    """The optimization left the finite numbers."""


class Busy(NstError):
    """The server has no room for another job right now."""
