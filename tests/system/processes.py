# SPDX-License-Identifier: MPL-2.0
"""Processes that tests start: up when they say so, and gone with the tests."""

import contextlib
import ctypes
import signal
import subprocess
import threading
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For a child process: killed by the kernel when the tests are."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_until(condition, seconds, what):
    """Polls until the condition holds, and returns its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.01)


def start(*command):
    """A process whose output, errors and all, comes through a pipe."""
    return subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            preexec_fn=die_with_parent)


@contextlib.contextmanager
def running(*command, ready, log=None):
    """A server that is up when its output has `ready`."""
    server = start(*command)
    lines = log if log is not None else []
    reader = threading.Thread(target=lambda: lines.extend(server.stdout), daemon=True)
    reader.start()
    try:
        def is_up():
            assert server.poll() is None, "".join(lines)
            return any(ready in line for line in lines)
        wait_until(is_up, 10, f"{command[0]}: {ready}")
        yield lines
        assert server.poll() is None, "".join(lines)
    finally:
        server.kill()
        server.wait()
        reader.join(5)
