"""Exceptions that NST Studio raises deliberately.

    NstError                    base class; the message is shown to users verbatim
    +-- InputError              unusable input from the caller
    |   +-- FileError           a file or folder cannot be found, read or written
    |   +-- ImageError          an image cannot be decoded or used
    |   +-- SettingsError       a setting has an invalid value
    |   +-- RecipeError         an image or a link has no recipe, or an invalid one
    +-- ModelError              a network cannot be used
    |   +-- WeightsUnavailable  weights are missing, incomplete or for another network
    |   +-- OutOfMemory         too little memory for an image of this size
    +-- Diverged                the optimization produced non-finite numbers
    +-- Busy                    the server cannot accept another job now

Each message names the received value, the expected value and a remedy.
Only the outer layers catch these exceptions: the command line, the page and the job worker.
"""

from __future__ import annotations

from typing import Any


class NstError(Exception):
    """Base class of the errors that a user can understand and fix.

    `snapshot` is the last valid Snapshot of a run that failed, or None.
    """

    def __init__(self, message: str, snapshot: Any = None) -> None:
        super().__init__(message)
        self.snapshot = snapshot


class InputError(NstError):
    """An image, file, setting or other input from the caller cannot be used."""


class FileError(InputError):
    """A file or folder cannot be found, read or written; the message names path, cause and remedy."""


class ImageError(InputError):
    """An image cannot be decoded or used."""


class SettingsError(InputError):
    """A setting has an invalid value; the message names the setting, the value and the allowed range."""


class RecipeError(InputError):
    """An image or a link contains no recipe, or an invalid one. A recipe holds the settings that made a result."""


class ModelError(NstError):
    """A network cannot be used, for example because its weights are missing or memory is short."""


class WeightsUnavailable(ModelError):
    """The weights of a network are missing, incomplete or for another network."""


class OutOfMemory(ModelError):
    """The machine has too little memory for an image of this size; the message names a size that would fit."""


class Diverged(NstError):
    """The optimization diverged: a loss or a gradient is infinite or not a number."""


class Busy(NstError):
    """The server cannot accept another job now."""
