"""Entry in the history of a session: a finished result."""

from __future__ import annotations

from dataclasses import dataclass

from nst.run.snapshot import Snapshot
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.run_handle import RunHandle


@dataclass(frozen=True)
class HistoryEntry:
    """Finished result in the history; `number` counts the results of the session from 1."""

    number: int
    handle: RunHandle

    @property
    def end(self) -> Snapshot:
        """Final snapshot of the run: the result."""
        end = self.handle.job.progress.snapshot
        assert end is not None, "only pictures are kept"
        return end

    @property
    def bytes(self) -> int:
        """Approximate memory of the result, its draft and its preview history, in bytes."""
        draft, previews = self.handle.draft, self.handle.previews.before(self.end.step)
        pictures = (self.end, draft) if draft else (self.end,)
        return sum(each.picture.nbytes for each in pictures) + sum(len(each.file) for each in previews)

    @property
    def name(self) -> str:
        """Display name: number, content image and styles."""
        return f"{self.number}: {self.handle.request.photo.name} as {self.handle.request.mix.names}"

    @property
    def choice(self) -> ImageChoice:
        """The result as an image that can be selected in a gallery."""
        request = self.handle.request
        alt = f"{request.photo.name} in the style of {request.mix.names}"
        name = f"{self.number} · {request.mix.styles[0].name}"
        return ImageChoice(f"history-{self.handle.job.token}", name, alt, self.end.on_white)
