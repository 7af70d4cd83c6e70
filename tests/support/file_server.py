"""Local web server that sends a file correctly or with a selected fault."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECES = 8


@dataclass
class FileServer:
    """`manner` is one of whole, slow, drip, stalled, cut, silent, missing."""

    manner: str
    content: bytes
    requests: int = 0
    url: str = ""
    closing: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    served: FileServer

    def do_GET(self) -> None:
        server = self.served
        server.requests += 1
        if server.manner == "silent":
            server.closing.wait()
        elif server.manner == "missing":
            self.send_error(404)
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(server.content)))
            self.end_headers()
            self._send(server)

    def _send(self, server: FileServer) -> None:
        content = server.content
        size = 1 if server.manner == "drip" else len(content) // PIECES + 1
        for start in range(0, len(content), size):
            if server.manner in {"cut", "stalled"} and start > len(content) // 2:
                if server.manner == "stalled":
                    server.closing.wait()
                return
            try:
                self.wfile.write(content[start : start + size])
            except ConnectionError:  # the client has had enough
                return
            if server.manner in {"slow", "drip"} and server.closing.wait(0.05):
                return

    def log_message(self, *_: object) -> None:
        """Suppress logging."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing it waits for all of them


@contextmanager
def serving(manner: str, content: bytes) -> Iterator[FileServer]:
    served = FileServer(manner, content)
    handler = type("Handler", (_Handler,), {"served": served})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        served.url = f"http://127.0.0.1:{server.server_port}/vgg19.h5"
        try:
            yield served
        finally:
            served.closing.set()
            server.shutdown()
            thread.join()
