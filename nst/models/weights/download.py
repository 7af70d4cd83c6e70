"""Downloads of weights: say how far they are, give up in time, leave the whole file or what was there."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nst.errors import WeightsUnavailable
from nst.system.files import reason

if TYPE_CHECKING:
    import requests

Progress = Callable[[int, int], None]  # (bytes done, bytes in all or 0 where the server does not say)

CHUNK = 1 << 16  # bytes


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server."""

    answer: float = 8.0  # seconds until it begins to answer
    stall: float = 20.0  # seconds in which `least` bytes must come
    least: int = CHUNK


@dataclass(frozen=True)
class Words:
    """What is downloaded, and what else people can do."""

    what: str = "VGG19's weights"
    otherwise: str = (
        "bring the file from another machine with 'nst weights import FILE', or use the network lite, "
        "which needs no download"
    )


def download(
    url: str,
    path: Path,
    known_hash: str | None,
    *,
    words: Words | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    patience: Patience | None = None,
) -> None:
    """Bring the file at `url` to `path`, unless it is there already with the right hash, such as "md5:253f8c...".

    Where there is no hash to be known, any file will do. `words` are for when it cannot be had, VGG19's if not given.
    It is written under a temporary name in the folder of `path` and takes its place when it is whole. Raises
    WeightsUnavailable; then `path` is as it was before. pooch and requests are imported on use.
    """
    import pooch
    import requests
    import urllib3

    patience = patience or Patience()
    failed = partial(_failed, words or Words(), url)

    def transfer(url: str, output: str, _: Any) -> None:
        with _answer(url, patience.answer, patience.stall) as response, Path(output).open("wb") as file:
            if not response.ok:
                raise failed(f"The server answered '{response.status_code} {response.reason}'.")
            _receive(response, file, progress, cancelled, patience)

    pooch.get_logger().setLevel("WARNING")  # what it does is said by us
    try:
        pooch.retrieve(url, known_hash, path.name, path.parent, downloader=transfer)
    except requests.ConnectionError as error:
        raise failed("The server does not answer; is this machine online?") from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise failed("The server stopped sending.") from error
    except urllib3.exceptions.HTTPError as error:
        raise failed("The connection was cut off.") from error
    except requests.RequestException as error:
        raise failed(f"{error}.") from error
    except OSError as error:
        raise WeightsUnavailable(f"Cannot write '{path}': {reason(error)}") from error
    except ValueError as error:  # pooch's, of a wrong hash
        raise failed("What came is not the expected file; a log-in page may have answered.") from error


def _answer(url: str, deadline: float, stall: float) -> requests.Response:
    """The server's response with its body still to come.

    requests' own time-outs leave out the look-up of the name and count anew for each address of a server, so
    another thread asks, and is left alone when it takes too long.
    """
    import requests

    answers: queue.Queue[requests.Response | requests.RequestException] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(
                requests.get(url, stream=True, timeout=(deadline, stall), headers={"Accept-Encoding": "identity"})
            )
        except requests.ReadTimeout as error:  # it was reached, but there is no answer to read from yet
            answers.put(requests.ConnectTimeout(str(error)))
        except requests.RequestException as error:
            answers.put(error)

    threading.Thread(target=ask, name="download", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline)
    except queue.Empty:
        raise requests.ConnectTimeout(f"no answer from {url} within {deadline:g} s") from None
    if isinstance(answer, requests.RequestException):
        raise answer
    return answer


def _receive(
    response: requests.Response,
    file: IO[bytes],
    progress: Progress | None,
    cancelled: Callable[[], bool],
    patience: Patience,
) -> None:
    """Write the body to `file` as it comes. A server that sends a byte now and then counts as silent."""
    import requests

    total = int(response.headers.get("Content-Length", 0))
    done = counted = 0
    since = time.monotonic()
    while chunk := response.raw.read1(CHUNK):
        file.write(chunk)
        done += len(chunk)
        if progress:
            progress(done, total)
        if cancelled():
            raise WeightsUnavailable("The download was stopped.")
        if done - counted >= patience.least:
            counted, since = done, time.monotonic()
        elif time.monotonic() - since > patience.stall:
            raise requests.ReadTimeout(f"{done - counted} bytes in {patience.stall:g} s")


def _failed(words: Words, url: str, why: str) -> WeightsUnavailable:
    source = urlsplit(url).netloc or url
    return WeightsUnavailable(f"Cannot download {words.what} from {source}. {why} Try again later, {words.otherwise}.")
