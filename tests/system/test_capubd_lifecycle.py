# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: its command line, start and end, what it gives up, and systemd's sockets."""

import contextlib
import grp
import os
import pathlib
import pwd
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time

import pytest

import publisher
from loopback import free_port
from processes import LIBC, wait_until
from publisher import SOAP_MESSAGE, Wire, message

PR_SET_CHILD_SUBREAPER = 36

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user, which needs root")


# The command line

def test_check_says_fine(tmp_path):
    with publisher.Publisher(tmp_path, start=False) as server:
        done = server.run("-n")
        assert done.returncode == 0
        assert re.fullmatch(rf"{re.escape(str(server.site_file))}: 1 chain, 2 certificates, the "
                            r"first expires on \d{4}-\d\d-\d\d: fine\n", done.stdout)


def test_check_needs_no_free_port(tmp_path):
    with publisher.Publisher(tmp_path) as server:
        assert server.run("-n").returncode == 0


@pytest.mark.parametrize("arguments", [["-n", "-d"], ["-x"], ["extra"], ["-c"], ["-d", "-n"]],
                         ids=" ".join)
def test_wrong_usage(arguments):
    done = subprocess.run([publisher.PROGRAM, *arguments], capture_output=True, timeout=10,
                          text=True, check=False)
    assert done.returncode == 2 and done.stdout == "" and done.stderr


@pytest.mark.parametrize("argument", ["--help", "--version", "-h", "-V"])
def test_help_and_version(argument):
    done = subprocess.run([publisher.PROGRAM, argument], capture_output=True, timeout=10, text=True,
                          check=False)
    assert done.returncode == 0 and "ucprov-capubd" in done.stdout and done.stderr == ""


def test_port_in_use(tmp_path):
    with publisher.Publisher(tmp_path) as server:
        for kind in publisher.KINDS:
            second = publisher.Publisher(tmp_path, start=False)
            with second:
                second.write(**{kind: f"127.0.0.1:{server.ports[kind]}"})
                done = second.run("-d")
                assert done.returncode == 2
                assert (f"ca.{kind}: cannot listen on 127.0.0.1:{server.ports[kind]}: Address "
                        "already in use") in done.stderr and "ss -ltnp" in done.stderr


def test_address_that_is_not_here(tmp_path):
    with publisher.Publisher(tmp_path, {"http": "192.0.2.1:8080"}, start=False) as server:
        done = server.run("-d")
        assert done.returncode == 2
        assert "192.0.2.1:8080" in done.stderr and "no such address" in done.stderr


@needs_root
def test_no_such_user(tmp_path):
    with publisher.Publisher(tmp_path, {"user": "no-such-user"}, start=False) as server:
        done = server.run("-d")
        assert done.returncode == 2
        assert 'ca.user: there is no user "no-such-user"' in done.stderr
        assert "adduser --system" in done.stderr
        assert server.run("-n").returncode != 0


@pytest.mark.parametrize("site_file", ["/nonexistent/ucprov.conf", "/"])
def test_site_file_that_cannot_be_read(site_file):
    for option in ("-d", "-n"):
        done = subprocess.run([publisher.PROGRAM, "-c", site_file, option], capture_output=True,
                              timeout=10, text=True, check=False)
        assert done.returncode == 2 and site_file in done.stderr, done.stderr


# Start and end

def test_killed_and_started_again_at_once(tmp_path):
    """On the same ports, with connections of the killed one still around."""
    with publisher.Publisher(tmp_path) as server, contextlib.ExitStack() as stack:
        for _ in range(5):
            for kind in ("http", "https"):
                wire = stack.enter_context(server.connect(kind))
                wire.send(SOAP_MESSAGE)
                wire.answer()
            server.process.kill()
            server.process.wait()
            begin = time.monotonic()
            server.start()
            assert time.monotonic() - begin < 2
            assert len(server.fetch_chains("https")) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_at_a_signal(tmp_path, number):
    with publisher.Publisher(tmp_path) as server:
        server.fetch_chains()
        server.process.send_signal(number)
        assert server.process.wait(5) == 0
        server.reader.join(5)
        assert f"stopping: signal {int(number)}" in server.log()
        assert "chain 200" in server.log()  # what was logged last is not lost
        server.notices.clear()
        with contextlib.suppress(publisher.PublisherError):
            server.wait_for_notice(lambda notice: notice == "STOPPING=1", 1)
        assert server.notices[-1] == "STOPPING=1"


def big_answer(server):
    """A template whose response is bigger than what sockets hold."""
    text = (f'<s:Envelope xmlns:s="{publisher.SOAP}"><s:Body><GetRootCertChainsResponse '
            f'xmlns="{publisher.SERVICE}" ResponseClass="Success"><!--{"x" * 1000000}-->'
            "{{#chains}}<CertChain>{{pkcs7}}</CertChain>{{/chains}}"
            "</GetRootCertChainsResponse></s:Body></s:Envelope>")
    server.settings["response_template"] = server.copy("response", text)
    server.write()


def slow_reader(server):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(10)
    client.connect(("127.0.0.1", server.ports["http"]))
    return Wire(client)


@pytest.mark.parametrize("when", ["before", "during"])
def test_answers_are_completed(tmp_path, when):
    with publisher.Publisher(tmp_path, start=False) as server:
        big_answer(server)
        server.start()
        with slow_reader(server) as wire, server.connect("https") as idle:
            if when == "during":
                wire.send(SOAP_MESSAGE)
                wire.until(b"<!--")
            else:
                wire.send(SOAP_MESSAGE[:-5])
                time.sleep(0.1)
            server.process.terminate()
            server.wait_for_log("stopping")
            time.sleep(0.3)
            if when == "before":
                wire.send(SOAP_MESSAGE[-5:])
                answer = wire.answer()
                assert answer.headers["Connection"] == "close"
                assert len(answer.body) > 1000000 and answer.body.endswith(b"</s:Envelope>")
            assert wire.rest().endswith(b"</s:Envelope>" if when == "during" else b"")
            assert server.process.wait(5) == 0
            idle.socket.settimeout(2)
            assert idle.rest() == b""


def test_ends_in_spite_of_connections(tmp_path):
    """After a moment's grace."""
    with publisher.Publisher(tmp_path, start=False) as server, contextlib.ExitStack() as stack:
        big_answer(server)
        server.start()
        for kind in ("http", "https", "legacy_https"):
            stack.enter_context(server.plain(kind)).send(b"\x16")
            stack.enter_context(server.connect(kind)).send(SOAP_MESSAGE[:30])
        stuck = stack.enter_context(slow_reader(server))
        stuck.send(SOAP_MESSAGE)
        begin = time.monotonic()
        server.end(5)
        assert time.monotonic() - begin < 4


def test_watchdog(tmp_path):
    with publisher.Publisher(tmp_path, start=False) as server:
        server.environment["WATCHDOG_USEC"] = "300000"
        server.start()
        begin = time.monotonic()
        for _ in range(4):
            server.wait_for_notice(lambda notice: notice == "WATCHDOG=1", 2)
        assert 0.3 < time.monotonic() - begin < 2


def processes_with(site_file):
    """Those whose command line has this file."""
    found = []
    for directory in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(site_file).encode() in (directory / "cmdline").read_bytes().split(b"\0"):
                found.append(int(directory.name))
    return found


@contextlib.contextmanager
def reaping():
    """Orphans of this process become its children, so that their end can be seen."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def test_background(tmp_path):
    with publisher.Publisher(tmp_path, start=False) as server, reaping():
        done = server.run()
        pid, = processes_with(server.site_file)
        try:
            assert (done.returncode, done.stdout) == (0, "")
            assert "error" not in done.stderr
            made = publisher.authorities()
            for kind in ("http", "https", "legacy_https"):  # at once: it said that it serves
                assert server.fetch_chains(kind) == [
                    publisher.fingerprints(made.issuing, made.root)]
            assert os.getsid(pid) == pid
            if os.geteuid() == 0:  # what must not be dumped shows its descriptors to root alone
                for number in range(3):
                    assert os.readlink(f"/proc/{pid}/fd/{number}") == "/dev/null"
            os.kill(pid, signal.SIGHUP)
            wait_until(lambda: server.metrics()["ucprov_reloads_total", ()] == 1, 5, "reload")
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT), 5,
                       "the end")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        with pytest.raises(ConnectionRefusedError):
            server.plain()


@pytest.mark.parametrize("wrong, status", [
    ({"chain": "/nonexistent"}, 1), ({"http": "192.0.2.1:8080"}, 2), ({"port": 1}, 1)])
def test_background_that_cannot_serve(tmp_path, wrong, status):
    with publisher.Publisher(tmp_path, wrong, start=False) as server, reaping():
        done = server.run()
        assert done.returncode == status
        assert "error: " in done.stderr
        assert processes_with(server.site_file) == []


# What it gives up

@pytest.mark.skipif(os.geteuid() != 0, reason="looks at /proc/PID/fd, which needs root")
def test_holds_no_files(tmp_path):
    with publisher.Publisher(tmp_path) as server:
        for _ in range(2):
            server.fetch_chains("https")
            folder = pathlib.Path(f"/proc/{server.process.pid}/fd")
            kinds = {os.readlink(each) for each in folder.iterdir()}
            regular = [each for each in kinds if each.startswith("/") and each != "/dev/null"]
            assert regular == []
            assert not any(stat.S_ISREG(each.stat().st_mode) for each in folder.iterdir())
            server.reload()


def test_gives_up_what_it_does_not_need(tmp_path):
    with publisher.Publisher(tmp_path) as server:
        server.fetch_chains()
        status = server.status()
        for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
            assert int(status[name], 16) == 0
        assert status["NoNewPrivs"] == "1"
        if "seccomp on" in server.log():
            for task in pathlib.Path(f"/proc/{server.process.pid}/task").iterdir():
                assert "\nSeccomp:\t2\n" in (task / "status").read_text()


def test_reads_nothing_elsewhere(tmp_path):
    """Landlock: a reload finds new versions of its files, and no others."""
    made = publisher.authorities()
    (tmp_path / "site").mkdir()
    with publisher.Publisher(tmp_path / "site") as server:
        if "Landlock on" not in server.log():
            pytest.skip("this kernel has no Landlock")
        elsewhere = tmp_path / "chain.pem"
        elsewhere.write_text(made.issuing.chain.read_text())
        server.write(chain=elsewhere)
        said = server.reload()
        assert f"ca.chain: {elsewhere}: Permission denied" in said and "is refused" in said
        beside = server.copy("other.pem", made.second.chain.read_text())
        server.write(chain=beside)
        assert "reloaded " in server.reload()


@pytest.fixture
def public():
    """A folder that everybody may enter."""
    with tempfile.TemporaryDirectory(prefix="publisher-", dir="/tmp") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        yield folder


@needs_root
def test_becomes_another_user(public):
    user = pwd.getpwnam("nobody")
    port = 80  # which takes root, or a capability
    address = "127.77.41.3"
    with publisher.Publisher(public, {"user": "nobody"}, start=False) as server:
        server.write(http=[f"127.0.0.1:{server.ports['http']}", f"{address}:{port}"])
        key = server.settings["key"]
        key.chmod(0o640)
        os.chown(key, 0, user.pw_gid)
        server.start()
        status = server.status()
        assert status["Uid"].split() == [str(user.pw_uid)] * 4
        assert status["Gid"].split() == [str(user.pw_gid)] * 4
        assert {int(each) for each in status["Groups"].split()} <= {
            user.pw_gid, *(group.gr_gid for group in grp.getgrall() if "nobody" in group.gr_mem)}
        for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
            assert int(status[name], 16) == 0
        assert status["NoNewPrivs"] == "1"
        # The kernel gives /proc/PID of what must not be dumped to root.
        assert os.stat(f"/proc/{server.process.pid}/environ").st_uid == 0
        for _ in range(2):
            for kind in ("http", "https", "legacy_https"):
                assert len(server.fetch_chains(kind)) == 1
            with socket.create_connection((address, port), 5) as client:
                client.sendall(SOAP_MESSAGE)
                assert Wire(client).answer().status == 200
            assert "reloaded " in server.reload()
        # A key that only root can read stops neither a reload's refusal nor the service.
        os.chown(key, 0, 0)
        said = server.reload()
        assert "ca.key" in said and "give the file that group, and mode 0640" in said
        assert len(server.fetch_chains("https")) == 1
        server.end()


@needs_root
def test_key_that_the_user_cannot_read(public):
    with publisher.Publisher(public, {"user": "nobody"}, start=False) as server:
        for option in ("-d", "-n"):
            done = server.run(option)
            assert done.returncode == 1
            assert "ca.key" in done.stderr and "Permission denied" in done.stderr
            assert "give the file that group, and mode 0640" in done.stderr


@needs_root
def test_site_file_that_the_user_cannot_read(public):
    """A reload would find that out too late."""
    with publisher.Publisher(public, {"user": "nobody"}, start=False) as server:
        for mode, folder_mode in ((0o600, 0o755), (0o644, 0o700)):
            server.site_file.chmod(mode)
            public.chmod(folder_mode)
            for option in ("-d", "-n"):
                done = server.run(option)
                assert done.returncode == 1, done.stderr
                assert f"{server.site_file}: cannot be read: Permission denied" in done.stderr
        public.chmod(0o755)


def test_reads_the_site_file_once(tmp_path):
    """What is opened as root and what is served come from one and the same reading."""
    trace = tmp_path / "trace"
    with publisher.Publisher(tmp_path, start=False) as server:
        done = subprocess.run(["strace", "-f", "-e", "trace=open,openat", "-o", trace,
                               publisher.PROGRAM, "-n", "-c", server.site_file],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert trace.read_text().count(f'"{server.site_file}"') == 1


def test_core_is_not_dumped(tmp_path):
    """Its memory has the key."""
    with publisher.Publisher(tmp_path) as server:
        pid = server.process.pid
        unlimited = (resource.RLIM_INFINITY,) * 2
        try:
            resource.prlimit(pid, resource.RLIMIT_CORE, unlimited)
        except (PermissionError, ValueError):
            pytest.skip("raises the limit of a core file, which needs root")
        os.kill(pid, signal.SIGABRT)  # which nobody ignores; SIGQUIT a background job does
        ended = wait_until(lambda: os.waitid(os.P_PID, pid,
                                             os.WEXITED | os.WNOWAIT | os.WNOHANG), 10, "end")
        assert (ended.si_code, ended.si_status) == (os.CLD_KILLED, signal.SIGABRT)
        server.kill()
        server.process = None


@needs_root
def test_started_by_an_ordinary_user(public):
    """`user` is root's business; there are no capabilities either."""
    user = pwd.getpwnam("nobody")
    setpriv = shutil.which("setpriv")
    with publisher.Publisher(public, {"user": "no-such-user"}, start=False,
                             command=[setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                                      "--clear-groups"]) as server:
        os.chown(server.settings["key"], user.pw_uid, user.pw_gid)
        server.program = shutil.copy(server.program, public)
        server.start()
        assert len(server.fetch_chains("https")) == 1
        assert server.status()["Uid"].split()[0] == str(user.pw_uid)
        server.end()


# systemd's sockets

needs_activate = pytest.mark.skipif(shutil.which("systemd-socket-activate") is None,
                                    reason="systemd-socket-activate is not installed")


def activated(server, *kinds, extra=()):
    """The command that listens, and starts the daemon at the first connection."""
    name = "@" + server.notify.getsockname()[1:].decode()
    listens = [f"--listen=127.0.0.1:{server.ports[kind]}" for kind in kinds]
    return ["systemd-socket-activate", *listens, *extra, f"--setenv=NOTIFY_SOCKET={name}"]


@needs_activate
@pytest.mark.parametrize("kinds", [("http",), ("http", "https", "legacy_https", "admin")],
                         ids=["one", "all"])
def test_sockets_of_systemd(tmp_path, kinds):
    with publisher.Publisher(tmp_path, start=False) as server:
        server.command = activated(server, *kinds)
        server.begin()
        server.wait_for_log("Listening on")
        with server.connect() as first:  # which starts it, and is served
            first.send(SOAP_MESSAGE)
            server.wait_for_notice(lambda notice: notice.startswith("READY=1"))
            assert first.answer().status == 200
        for kind in ("http", "https", "legacy_https"):
            assert len(server.fetch_chains(kind)) == 1
        assert server.metrics()["ucprov_connections_total", ()] == 4
        assert "reloaded " in server.reload()
        assert len(server.fetch_chains("https")) == 1
        server.end()


@needs_activate
def test_socket_that_is_no_listeners(tmp_path):
    with publisher.Publisher(tmp_path, start=False) as server:
        other = free_port()
        server.command = activated(server, "http", extra=[f"--listen=127.0.0.1:{other}"])
        server.begin()
        server.wait_for_log(f"Listening on .*{other}")
        server.plain().close()
        assert server.process.wait(10) == 2
        line = server.wait_for_log("error: ")
        assert f"systemd passes a socket on 127.0.0.1:{other}" in line
        assert "make ListenStream= and \"ca\" agree" in line
        server.process = None


@pytest.mark.parametrize("make", ["unix", "udp", "ipv6", "connected"])
def test_sockets_of_other_kinds(tmp_path, make):
    if make == "unix":
        passed = socket.socket(socket.AF_UNIX)
        passed.bind("")
        passed.listen()
    elif make == "udp":
        passed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        passed.bind(("127.0.0.1", 0))
    elif make == "ipv6":
        passed = socket.socket(socket.AF_INET6)
        try:
            passed.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
        passed.listen()
    else:
        passed = socket.socket()
        passed.bind(("127.0.0.1", 0))
    with publisher.Publisher(tmp_path, start=False) as server, passed:
        script = f'exec 3<&{passed.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
        server.command = ["bash", "-c", script, "bash"]
        process = server.launch("-d", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                pass_fds=[passed.fileno()])
        try:
            _, errors = process.communicate(timeout=10)
        finally:
            process.kill()
        assert process.returncode == 2, errors
        assert "ListenStream=" in errors


# Under valgrind

def test_valgrind(tmp_path):
    """No wrong access, and nothing lost, from the start over a bit of everything to the end."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        pytest.skip("valgrind is not installed")
    made = publisher.authorities()
    report = tmp_path / "valgrind"
    command = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
               "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
               f"--log-file={report}"]
    with publisher.Publisher(tmp_path, {"workers": 1}, command=command) as server:
        for kind in ("http", "https", "legacy_https"):
            assert len(server.fetch_chains(kind)) == 1
        with server.connect("https") as wire:
            for path in ("/", "/healthz", "/chain.pem", "/root.cer", "/none",
                         publisher.PATH + "?wsdl"):
                wire.send(message("GET", path))
                assert wire.answer().status in (200, 404)
        for body in (b"", b"<x", b"<!DOCTYPE x><x/>", publisher.envelope("<x/>")):
            assert server.ask(publisher.PATH, body).status == 500
        assert server.ask(publisher.PATH, b"x" * 70000).status == 413
        for octets in (b"\0" * 100, SOAP_MESSAGE):
            with server.plain("https") as client:
                client.sendall(octets)
        server.copy("chain.pem", made.second.chain.read_text())
        assert "reloaded " in server.reload()
        assert server.fetch_chains() == [publisher.fingerprints(made.second)]
        server.copy("chain.pem", "nothing")
        assert "is refused" in server.reload()
        server.metrics()
        left = server.connect("https")  # open at the end
        with left:
            server.end()
        # "--PID--" lines are about the sandbox's system calls, which valgrind does not know.
        assert not re.search("^==", report.read_text(), re.M), report.read_text()
