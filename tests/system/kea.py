# SPDX-License-Identifier: MPL-2.0
"""Real kea-dhcp4 servers for tests: each in a directory of its own, on loopback or in a network
namespace, started when it answers, killed at the end whatever happens."""

import collections
import contextlib
import functools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from loopback import free_port
from namespaces import in_namespace
from processes import die_with_parent, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("UCPROV_BUILD", ROOT / "build"))
HOOK = BUILD / "libdhcp_ucprov.so"
LOAD = BUILD / "tests" / "load"
PROGRAM = "/usr/sbin/kea-dhcp4"

START_TIMEOUT = 20  # seconds
REFUSAL_TIMEOUT = 5
COMMAND_TIMEOUT = 30
VALGRIND_FACTOR = 20  # everything takes longer under valgrind

# Relative to each server's working directory: a full path might not fit a unix socket's 107 octets.
CONTROL_SOCKET = "ctl"

Subnet = collections.namedtuple("Subnet", "id prefix")

# Where the tests' clients live. The site files of the tests speak of the same subnets.
PHONES = Subnet(20, "127.20.0.0/16")
MIXED = Subnet(25, "127.25.0.0/16")  # phones, and VLAN discovery
DATA = Subnet(30, "127.30.0.0/16")  # VLAN discovery alone
ELSEWHERE = Subnet(40, "127.40.0.0/16")  # no vlan of the site file
SUBNETS = (PHONES, MIXED, DATA, ELSEWHERE)


class KeaError(Exception):
    """Kea did not start, crashed, or complained of something fatal."""


@functools.cache
def version():
    """Of the installed kea-dhcp4, as a tuple of numbers."""
    done = subprocess.run([PROGRAM, "-v"], text=True, capture_output=True, check=True)
    return tuple(map(int, done.stdout.split()[0].split(".")))


def option(name, data, **more):
    return {"name": name, "data": data, **more}


def raw_option(code, octets):
    return {"code": code, "csv-format": False, "data": octets.hex(), "always-send": True}


def subnet(which, **more):
    """A Kea subnet with a pool in its upper half."""
    network = which.prefix.rsplit(".", 2)[0]
    return {
        "id": which.id,
        "subnet": which.prefix,
        "pools": [{"pool": f"{network}.128.1 - {network}.255.250"}],
        **more,
    }


def hook(site_file, state_file=None, library=HOOK):
    """What to put in hooks-libraries."""
    parameters = {"site-file": str(site_file)}
    if state_file is not None:
        parameters["state-file"] = str(state_file)
    return {"library": str(library), "parameters": parameters}


def configuration(subnets=None, hooks=(), threads=0, interfaces=("lo",), raw=False, **more):
    """A Dhcp4 configuration; Kea fills in the control socket and the log itself, see Kea."""
    return {
        "interfaces-config": {
            "interfaces": list(interfaces),
            "dhcp-socket-type": "raw" if raw else "udp",
        },
        "lease-database": {"type": "memfile", "persist": False},
        "multi-threading": {
            "enable-multi-threading": threads > 0,
            "thread-pool-size": threads,
            "packet-queue-size": 256,
        },
        "authoritative": True,
        "valid-lifetime": 4000,
        "subnet4": [subnet(each) for each in SUBNETS] if subnets is None else list(subnets),
        "hooks-libraries": list(hooks),
        **more,
    }


class Kea:
    """A running kea-dhcp4.

    Kea(configuration) starts one; use it with `with`. Leaving the block stops it and raises
    KeaError when it had crashed or written FATAL. `namespace` is the pid of a process whose network
    namespace to run in, with standard ports; without, it listens on loopback on free ports.
    """

    def __init__(self, config, namespace=None, wrapper=(), environment=None, severity="INFO",
                 directory=None):
        self.owned = directory is None
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="kea-"))
        self.namespace = namespace
        self.severity = severity
        self.log_file = self.directory / "kea.log"
        self.config_file = self.directory / "kea.json"
        self.wrapper = list(wrapper)
        self.patience = VALGRIND_FACTOR if wrapper else 1
        self.environment = environment or {}
        self.process = None
        self.expected_fatal = ()  # ids of messages that a test provokes
        self.server_port, self.client_port = 67, 68
        self.client_socket = None
        if namespace is None:
            self.client_socket = self._open_client_socket()
            self.client_port = self.client_socket.getsockname()[1]
        try:
            self._start(config)
        except BaseException:
            self.kill()
            raise

    # Starting and stopping

    @staticmethod
    def _open_client_socket(port=0):
        """Receives what the server sends to any loopback address."""
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
        client.bind(("0.0.0.0", port))
        return client

    def complete(self, config):
        """The configuration with this server's control socket and log."""
        return {
            "Dhcp4": {
                **config,
                "control-socket": {"socket-type": "unix", "socket-name": CONTROL_SOCKET},
                "loggers": [{
                    "name": "kea-dhcp4",
                    "severity": self.severity,
                    "debuglevel": 99 if self.severity == "DEBUG" else 0,
                    "output_options": [{"output": str(self.log_file), "flush": True,
                                        "pattern": "%-5p [%c] %m\n", "maxsize": 0}],
                }],
            }
        }

    def write(self, config):
        """What the next config-reload, or restart, will read."""
        self.config_file.write_text(json.dumps(self.complete(config)))

    def _start(self, config):
        self.write(config)
        command = self.wrapper + [PROGRAM, "-c", str(self.config_file)]
        if self.namespace is None:
            self.server_port = free_port()
            command += ["-p", str(self.server_port), "-P", str(self.client_port)]
        else:
            command = in_namespace(self.namespace, *command)
        (self.directory / CONTROL_SOCKET).unlink(missing_ok=True)
        with open(self.directory / "output", "ab") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **self._folders(), **self.environment},
                cwd=self.directory, start_new_session=True, preexec_fn=die_with_parent)
        wait_until(self._is_ready, START_TIMEOUT * self.patience, "kea-dhcp4 starting")
        if "DHCP4_OPEN_SOCKET_FAIL" in self.log() or "DHCP4_NO_SOCKETS_OPEN" in self.log():
            raise KeaError(f"kea-dhcp4 could not listen\n{self.log()}")

    def _folders(self):
        """Where Kea may have files, by default in its installation alone; the first two also in 2.2."""
        here = str(self.directory)
        self.directory.chmod(0o750)  # 2.6 wants just that of the control socket's
        return {"KEA_PIDFILE_DIR": here, "KEA_LOCKFILE_DIR": "none", "KEA_HOOKS_PATH": str(BUILD),
                "KEA_LOG_FILE_DIR": here, "KEA_CONTROL_SOCKET_DIR": "."}

    def _is_ready(self):
        if self.process.poll() is not None:
            raise KeaError(f"kea-dhcp4 ended with {self.process.returncode} at start\n"
                           f"{self.output()}{self.log()}")
        try:
            return self.command("version-get")["result"] == 0
        except OSError:
            return False

    def restart(self, config=None):
        """Stops it and starts it anew, on the same ports when it is on loopback."""
        self._end()
        self.check()
        self._start(config if config is not None
                    else json.loads(self.config_file.read_text())["Dhcp4"])

    def crash(self, config=None):
        """kill -9, and a start."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._start(config if config is not None
                    else json.loads(self.config_file.read_text())["Dhcp4"])

    def _end(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10 * self.patience)
            except subprocess.TimeoutExpired:
                self.kill()
                raise KeaError(f"kea-dhcp4 did not end\n{self.log()}") from None

    def kill(self):
        """No questions asked; leaves nothing behind."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.client_socket is not None:
            self.client_socket.close()
        if self.owned:
            shutil.rmtree(self.directory, ignore_errors=True)

    def check(self):
        """Raises when it crashed or complained of something fatal."""
        status = self.process.poll()
        if status not in (None, 0):
            raise KeaError(f"kea-dhcp4 crashed: {status}\n{self.output()}{self.log()[-4000:]}")
        fatal = [line for line in self.log().splitlines() if line.startswith("FATAL")
                 and not any(f" {each} " in line for each in self.expected_fatal)]
        if fatal:
            raise KeaError("\n".join(fatal))

    def stop(self):
        try:
            self.check()
            self._end()
            self.check()
        finally:
            self.kill()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.stop()
        else:
            self.kill()

    # Talking to it

    def command(self, name, arguments=None):
        """Sends a command to the control channel and returns the whole answer."""
        request = {"command": name}
        if arguments is not None:
            request["arguments"] = arguments
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
            channel.settimeout(COMMAND_TIMEOUT * self.patience)
            channel.connect(f"/proc/{self.process.pid}/cwd/{CONTROL_SOCKET}")
            channel.sendall(json.dumps(request).encode())
            channel.shutdown(socket.SHUT_WR)
            answer = b""
            while octets := channel.recv(1 << 16):
                answer += octets
        return json.loads(answer)

    def ask(self, name, arguments=None):
        """A command that must succeed; returns its arguments."""
        answer = self.command(name, arguments)
        assert answer["result"] == 0, answer
        return answer.get("arguments")

    def set_configuration(self, config):
        return self.command("config-set", self.complete(config))

    def reload(self, config=None):
        if config is not None:
            self.write(config)
        return self.command("config-reload")

    def statistic(self, name):
        samples = self.ask("statistic-get", {"name": name})
        return samples[name][0][0] if samples and name in samples else None

    def wait_for_statistic(self, name, value):
        """The hook hands its counts to Kea once a second."""
        wait_until(lambda: self.statistic(name) == value, 5 * self.patience,
                   f"{name} being {value}, not {self.statistic(name)}")

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def output(self):
        return (self.directory / "output").read_text(errors="replace")

    def rss(self):
        """Resident memory, kB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise KeaError("no VmRSS")

    # Load

    def start_load(self, count, **settings):
        """The load generator against this server, as a Popen; see finish_load()."""
        settings = {"ciaddr": "127.20.1.1", "window": 64, **settings}
        command = [str(LOAD), "--server", f"127.0.0.1:{self.server_port}",
                   "--client-port", str(self.client_port), "--count", str(count)]
        for name, value in settings.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        # Two sockets on one port: the kernel gives a datagram to the younger. Ours is in the way.
        self.client_socket.close()
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                preexec_fn=die_with_parent)

    def finish_load(self, load):
        """Waits for it, and returns what it counted."""
        try:
            output, _ = load.communicate(timeout=300 * self.patience)
        finally:
            load.kill()
            self.client_socket = self._open_client_socket(self.client_port)
        assert load.returncode == 0, "the load generator could not run"
        return json.loads(output)

    def load(self, count, **settings):
        return self.finish_load(self.start_load(count, **settings))


def refused_start(config, **settings):
    """Starts a Kea that must not come up; returns all it said."""
    kea = None
    try:
        kea = Kea(config, **settings)
        # 2.6 may answer a command before it has come to what it refuses.
        kea.process.wait(REFUSAL_TIMEOUT)
        raise KeaError(kea.output() + kea.log())
    except KeaError as error:
        return str(error)
    except subprocess.TimeoutExpired:
        raise AssertionError("Kea started with a configuration it should refuse") from None
    finally:
        if kea is not None:
            kea.kill()
