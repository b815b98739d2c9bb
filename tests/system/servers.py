# SPDX-License-Identifier: MPL-2.0
"""Servers of a few lines, which say whatever a test wants. They run from the moment they are made
to the end of a `with` block."""

import collections
import contextlib
import http.server
import socket
import threading
import time

from namespaces import inside


class _Server:
    """Calls _serve_one() over and over."""

    def __init__(self, server):
        self.socket, self.closing = server, False
        self.port = server.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while not self.closing:
            with contextlib.suppress(OSError):
                self._serve_one()

    def close(self):
        self.closing = True
        with contextlib.suppress(OSError):  # "not connected", and yet the thread wakes up
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(30)
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class UdpServer(_Server):
    """Answers each datagram with those that `script(query)` gives; a number among them is a pause,
    in seconds. `queries`: what came; `peer`: who sent the last."""

    def __init__(self, script, address=("127.0.0.1", 0), namespace=None):
        self.script, self.queries, self.peer = script, [], None
        with inside(namespace):
            server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(address)
        super().__init__(server)

    def _serve_one(self):
        query, self.peer = self.socket.recvfrom(65536)
        if self.closing:
            return
        self.queries.append(query)
        for each in self.script(query):
            if isinstance(each, (int, float)):
                time.sleep(each)
            else:
                self.socket.sendto(each, self.peer)


class TcpServer(_Server):
    """Calls `serve(connection)` for each client, one after the other, and closes the connection."""

    def __init__(self, serve, address=("127.0.0.1", 0)):
        self.serve = serve
        server = socket.create_server(address)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        super().__init__(server)

    def _serve_one(self):
        connection, _ = self.socket.accept()
        with connection:
            connection.settimeout(20)
            self.serve(connection)


Request = collections.namedtuple("Request", "method path headers body")


class HttpServer:
    """Answers GET and POST with what `answer(request)` gives: status, body, and more headers where
    there is a third. `asked`: the requests that came."""

    def __init__(self, answer, address=("127.0.0.1", 0), context=None):
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # pylint: disable=invalid-name
                length = int(self.headers.get("Content-Length", 0))
                request = Request(self.command, self.path, dict(self.headers),
                                  self.rfile.read(length))
                outer.asked.append(request)
                self._reply(*answer(request))

            do_POST = do_GET

            def _reply(self, status, body, headers=()):
                self.send_response(status)
                for name, value in (("Content-Type", "text/xml; charset=utf-8"),
                                    ("Content-Length", str(len(body))), *headers):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(address, Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()
