"""Atomic downloads of weights, with progress reports and timeouts."""

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

Progress = Callable[[int, int], None]  # (bytes done, total bytes or 0 if unknown)

CHUNK = 1 << 16  # bytes


@dataclass(frozen=True)
class Timeouts:
    """Timeouts of a download."""

    answer: float = 8.0  # seconds until the server starts to answer
    stall: float = 20.0  # seconds within which `least` bytes must arrive
    least: int = CHUNK  # bytes


@dataclass(frozen=True)
class Words:
    """Parts of the error messages: `what` names the download, `otherwise` the alternatives for users."""

    what: str = "VGG19's weights"
    otherwise: str = (
        "copy the file from another machine and run 'nst weights import FILE', or use the network lite, "
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
    patience: Timeouts | None = None,
) -> None:
    """Download `url` to `path`, unless a file with `known_hash`, such as "md5:253f8c...", is there already.

    With `known_hash` None, any file is accepted. `words` are for error messages; the default describes VGG19.
    `patience` holds the timeouts. `progress` is called after each chunk; `cancelled` is polled then and ends the
    download if True. The file is written under a temporary name in the folder of `path` and renamed when complete.
    Raises WeightsUnavailable, leaving `path` unchanged, if the download fails, is cancelled or has another hash. pooch
    and requests are imported on use.
    """
    import pooch
    import requests
    import urllib3

    patience = patience or Timeouts()
    failed = partial(_failed, words or Words(), url)

    def transfer(url: str, output: str, _: Any) -> None:
        with _answer(url, patience.answer, patience.stall) as response, Path(output).open("wb") as file:
            if not response.ok:
                raise failed(f"The server answered '{response.status_code} {response.reason}'.")
            _receive(response, file, progress, cancelled, patience)

    pooch.get_logger().setLevel("WARNING")  # progress is reported by this module
    try:
        pooch.retrieve(url, known_hash, path.name, path.parent, downloader=transfer)
    except requests.ConnectionError as error:
        raise failed("The server does not respond. Check the internet connection.") from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise failed("The server stopped sending data.") from error
    except urllib3.exceptions.HTTPError as error:
        raise failed("The connection was lost.") from error
    except requests.RequestException as error:
        raise failed(f"{error}.") from error
    except OSError as error:
        raise WeightsUnavailable(f"Cannot write '{path}': {reason(error)}") from error
    except ValueError as error:  # raised by pooch for a wrong hash
        raise failed("The received file is not the expected one; it may be a login page.") from error


def _answer(url: str, deadline: float, stall: float) -> requests.Response:
    """Return the server's response, with its body not read yet.

    requests' timeouts exclude the DNS lookup and restart for each address of a server. Therefore the request runs in
    another thread, which is abandoned after `deadline` seconds; ConnectTimeout is raised then. `stall` is the timeout
    of a single read, in seconds.
    """
    import requests

    answers: queue.Queue[requests.Response | requests.RequestException] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(
                requests.get(url, stream=True, timeout=(deadline, stall), headers={"Accept-Encoding": "identity"})
            )
        except requests.ReadTimeout as error:  # connected, but no response yet
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
    patience: Timeouts,
) -> None:
    """Write the response body to `file` as it arrives.

    Raises ReadTimeout if fewer bytes arrive than `patience` requires, WeightsUnavailable if cancelled.
    """
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
