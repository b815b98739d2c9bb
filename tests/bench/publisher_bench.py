#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""GetRootCertChains requests per second and memory: ucprov-capubd beside nginx, which returns the
same octets to the same POST from memory; then a boot storm, one connection a phone.

Both servers run at the same time, with as many workers as there are CPUs, and are loaded in turns
by wrk, so that what else the machine does hits both. The ratio of a kind of load is the median of
its rounds'. ucprov-capubd has its log, its limits and its metrics on; nginx has its log off. Exit 1
when a ratio is under its limit, or a phone of the storm failed.

Before that, the instructions of a request, counted by callgrind: what is repeatable."""

import contextlib
import os
import pathlib
import re
import resource
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import certificates
import kea
import loopback
import processes

CAPUBD = kea.BUILD / "ucprov-capubd"
PATH = "/CertProv/CertProvisioningService.svc"
REQUEST = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
<GetRootCertChains xmlns="http://schemas.microsoft.com/OCS/AuthWebServices/"/>\
</s:Body></s:Envelope>
"""
CONTENT_TYPE = "text/xml; charset=utf-8"
ACTION = '"http://schemas.microsoft.com/OCS/AuthWebServices/GetRootCertChains"'

COUNTED = 1000  # requests whose instructions are counted
ROUNDS = 5
SECONDS = 2
CONNECTIONS = 32
STORM = 20000
STORM_AT_ONCE = 512
PER_CONNECTION_MIN = 1.0  # of nginx's rate: what phones do
KEEP_ALIVE_MIN = 0.7

SITE = """
pools = {{ hq = {{ sip_server = "pool01.contoso.com"; addresses = [ "127.0.0.1" ]; }}; }};
vlans = ( {{ name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.com";
            ntp = [ "10.1.0.1" ]; }} );
ca = {{ chain = "{chain}"; http = "127.0.0.1:{http}"; https = "127.0.0.1:{https}";
       certificate = "{certificate}"; key = "{key}"; admin = [ ]; user = "root";
       max_connections_per_address = 1000000; max_requests_per_second = 1000000; {settings} }};
"""

# "return" answers from memory: nginx can be no faster. TLS versions as ours.
NGINX = """
daemon off; user root; worker_processes auto; pid {directory}/nginx.pid;
error_log {directory}/nginx.err; worker_rlimit_nofile 65536;
events {{ worker_connections 16384; }}
http {{
  access_log off; keepalive_requests 100000000; default_type "{content_type}";
  client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{http} reuseport backlog=4096;
    listen 127.0.0.1:{https} ssl reuseport backlog=4096;
    ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3;
    location = {path} {{ return 200 '{response}'; }}
  }}
}}
"""

WRK = """
wrk.method = "POST"
wrk.body = [[{request}]]
wrk.headers["Content-Type"] = "{content_type}"
wrk.headers["SOAPAction"] = '{action}'
if os.getenv("CONNECTION_EACH") then wrk.headers["Connection"] = "close" end
"""

MESSAGE = (f"POST {PATH} HTTP/1.1\r\nHost: pool01.contoso.com\r\nContent-Type: {CONTENT_TYPE}\r\n"
           f"SOAPAction: {ACTION}\r\nContent-Length: {len(REQUEST)}\r\nConnection: close\r\n\r\n"
           f"{REQUEST}").encode()


class Server:
    def __init__(self, name, command, directory):
        self.name = name
        self.http, self.https = (loopback.free_port() for _ in range(2))
        self.log = open(directory / f"{name}.log", "wb")
        self.command = command
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log,
                                        preexec_fn=processes.die_with_parent)
        processes.wait_until(self.answers, 60, f"{self.name} answers")

    def answers(self):
        if self.process.poll() is not None:
            sys.exit(f"{self.name} ended: {pathlib.Path(self.log.name).read_text()}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.http), 1):
            return True
        return False

    def memory(self):
        """Megabytes of it and its children, what they share counted once."""
        pids = [self.process.pid]
        children = pathlib.Path(f"/proc/{pids[0]}/task/{pids[0]}/children").read_text().split()
        total = 0
        for pid in pids + children:
            rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])
        return total / 1024

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(60)
        self.log.close()


def fetch(port):
    """The body of one answer."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(MESSAGE)
        answer = b""
        while octets := connection.recv(65536):
            answer += octets
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    return body


def publisher(directory, server, before=(), settings=""):
    server_ = Server("ucprov-capubd", [*before, CAPUBD, "-d", "-c", directory / "site.conf"],
                     directory)
    (directory / "site.conf").write_text(SITE.format(
        chain=server.issuer.chain, http=server_.http, https=server_.https,
        certificate=server.chain, key=server.key, settings=settings))
    return server_


def nginx(directory, server, response):
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    server_ = Server("nginx", [program, "-c", directory / "nginx.conf", "-p", directory], directory)
    (directory / "nginx.conf").write_text(NGINX.format(
        directory=directory, http=server_.http, https=server_.https, certificate=server.chain,
        key=server.key, path=PATH, response=response.decode(), content_type=CONTENT_TYPE))
    return server_


def wrk(directory, url, each):
    environment = dict(os.environ)
    if each:
        environment["CONNECTION_EACH"] = "1"
    done = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "-s",
                           directory / "post.lua", url], env=environment, text=True,
                          capture_output=True, check=True)
    assert "Non-2xx" not in done.stdout, done.stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def compare(directory, servers, scheme, each):
    """The median of the rounds' ratios, after printing it."""
    rates = {server: [] for server in servers}
    for _ in range(ROUNDS):
        for server in servers:
            port = server.https if scheme == "https" else server.http
            rates[server].append(wrk(directory, f"{scheme}://127.0.0.1:{port}{PATH}", each))
    ours, theirs = rates.values()
    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
    least = PER_CONNECTION_MIN if each else KEEP_ALIVE_MIN
    print(f"{scheme:5} {'one connection a request' if each else 'keep-alive':24} "
          f"{statistics.median(ours):8.0f}/s, nginx {statistics.median(theirs):8.0f}/s: "
          f"{ratio:.2f} (at least {least})", flush=True)
    return ratio >= least


def spend(port, requests, each):
    """Sends requests one after the other."""
    message = MESSAGE if each else MESSAGE.replace(b"Connection: close\r\n", b"")
    connection = None
    for _ in range(requests):
        if connection is None:
            connection = socket.create_connection(("127.0.0.1", port), 30)
        connection.sendall(message)
        answer = b""
        while not answer.endswith(b"Envelope>"):
            octets = connection.recv(65536)
            assert octets, answer
            answer += octets
        if each:
            connection.close()
            connection = None


def instructions(directory, server, requests, each):
    """Of a whole run with so many requests, on one thread."""
    out = directory / "callgrind.out"
    running = publisher(directory, server, ["valgrind", "-q", "--tool=callgrind",
                                            f"--callgrind-out-file={out}"], "workers = 1;")
    try:
        running.start()
        spend(running.http, requests, each)
    finally:
        running.stop()
    return int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.M)[1])


def count(directory, server):
    for each in (True, False):
        few, many = (instructions(directory, server, requests, each)
                     for requests in (COUNTED // 10, COUNTED + COUNTED // 10))
        print(f"{'one connection a request' if each else 'keep-alive':24} "
              f"{(many - few) / COUNTED:8.0f} instructions a request", flush=True)


def storm(port):
    """Phones that all boot at once: each its own address and connection. How many were served."""
    poller = select.epoll()
    phones, started, served = {}, 0, 0
    while started < STORM or phones:
        while started < STORM and len(phones) < STORM_AT_ONCE:
            phone = socket.socket()
            phone.setblocking(False)
            phone.bind((f"127.{1 + started // 60000}.{started // 250 % 240}.{1 + started % 250}", 0))
            phone.connect_ex(("127.0.0.1", port))
            phones[phone.fileno()] = [phone, b""]
            poller.register(phone.fileno(), select.EPOLLOUT)
            started += 1
        events = poller.poll(10)
        if not events:
            break
        for descriptor, event in events:
            phone, answer = phones[descriptor]
            if event & select.EPOLLOUT:
                with contextlib.suppress(OSError):
                    phone.sendall(MESSAGE)
                poller.modify(descriptor, select.EPOLLIN)
                continue
            try:
                octets = phone.recv(65536)
            except OSError:
                octets = b""
            if octets:
                phones[descriptor][1] = answer + octets
                continue
            served += answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"Envelope>")
            poller.unregister(descriptor)
            phone.close()
            del phones[descriptor]
    return served


def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    (kea.BUILD / "tmp").mkdir(parents=True, exist_ok=True)
    good = True
    with tempfile.TemporaryDirectory(dir=kea.BUILD / "tmp") as name, \
            contextlib.ExitStack() as ends:
        directory = pathlib.Path(name)
        root = certificates.Authority(directory, "Contoso Root CA")
        issuing = root.authority("Contoso Issuing CA")
        server = issuing.server("pool01.contoso.com", names=["pool01.contoso.com"])
        (directory / "post.lua").write_text(WRK.format(request=REQUEST, action=ACTION,
                                                       content_type=CONTENT_TYPE))
        count(directory, server)
        ours = publisher(directory, server)
        ends.callback(ours.stop)
        ours.start()
        response = fetch(ours.http)
        theirs = nginx(directory, server, response)
        ends.callback(theirs.stop)
        theirs.start()
        assert fetch(theirs.http) == response
        servers = [ours, theirs]
        for scheme in ("http", "https"):
            for each in (True, False):
                good &= compare(directory, servers, scheme, each)
        memory = [server.memory() for server in servers]
        print(f"memory after that: {memory[0]:.1f} MB, nginx {memory[1]:.1f} MB")
        good &= memory[0] < memory[1]
        began = time.monotonic()
        served = storm(ours.http)
        print(f"boot storm: {served} of {STORM} phones served in {time.monotonic() - began:.1f} s, "
              f"{STORM_AT_ONCE} at once; memory {ours.memory():.1f} MB")
        good &= served == STORM
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
