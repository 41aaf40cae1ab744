"""A publisher on this machine: serves files, and does on request what goes wrong with real ones."""

import threading
from collections import defaultdict
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Publisher:
    """
    Files by path, and what the next requests for a path meet.

    `next[path]` is a list of functions of the request handler and the content; one is used up by
    each request. Without any, the file is served as a good server serves it.
    """

    def __init__(self):
        self.files, self.next, self.asked = {}, defaultdict(list), []
        self.address = ""

    def url(self, path):
        return f"{self.address}{path}"

    def ranges(self):
        return [headers.get("Range") for _, headers in self.asked]

    def times(self, path):
        return sum(asked == path for asked, _ in self.asked)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def do_GET(self):
        path = urlsplit(self.path)._replace(scheme="", netloc="").geturl()
        self.publisher.asked.append((path, dict(self.headers)))
        waiting, content = self.publisher.next[path], self.publisher.files.get(path)
        if waiting:
            waiting.pop(0)(self, content)
        elif content is None:
            answer(self, b"nothing here", status=404, kind="text/plain")
        else:
            serve(self, content)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing of a client that hung up: that is what the tests are about."""


def answer(handler, body, *, status=200, kind="text/csv", length=None, **headers):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def tag(content):
    return f'"{sha256(content).hexdigest()[:8]}"'


def serve(handler, content, *, validator=None, cut=None):
    """Serve all or, where the request's If-Range still holds, the rest; `cut` breaks off early."""
    headers = validator or {"ETag": tag(content)}
    asked, start, status = handler.headers.get("Range"), 0, 200
    if asked and handler.headers.get("If-Range") in headers.values():
        start, status = int(asked.removeprefix("bytes=").removesuffix("-")), 206
        headers = headers | {"Content_Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
    body = content[start:]
    if cut is None:
        return answer(handler, body, status=status, **headers)
    answer(handler, body[:cut], status=status, length=len(body), **headers)
    hang_up(handler)


def hang_up(handler):
    handler.close_connection = True
    handler.wfile.flush()
    handler.connection.close()


def cut(after, **more):
    return lambda handler, content: serve(handler, content, cut=after, **more)


def status(code, **headers):
    return lambda handler, content: answer(handler, b"busy", status=code, **headers)


def redirect(to):
    return lambda handler, content: answer(handler, b"", status=302, Location=to)


@contextmanager
def publisher():
    """Run a publisher for as long as the block lasts."""
    about = Publisher()
    server = Server(("127.0.0.1", 0), type("Its", (Handler,), {"publisher": about}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    about.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield about
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
