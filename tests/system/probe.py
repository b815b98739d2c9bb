# SPDX-License-Identifier: MPL-2.0
"""Runs ucprov-probe, and reads what it prints."""

import json
import os
import subprocess

from kea import BUILD
from namespaces import in_namespace

PROBE = BUILD / "ucprov-probe"
QUICK = ("--timeout", "1", "--tries", "2", "--wait", "0.2")


class Outcome:
    """What a run of the probe came to. With --json, `checks` is {id: check}."""

    def __init__(self, done):
        self.status, self.text, self.errors = done.returncode, done.stdout, done.stderr
        assert self.status in (0, 1, 2), (self.status, self.text, self.errors)
        self.document = json.loads(self.text) if self.text.startswith("{") else {}
        self.checks = {check["id"]: check for check in self.document.get("checks", ())}
        if self.checks:
            self._check_document()

    def _check_document(self):
        """What holds of every report."""
        checks = self.document["checks"]
        assert len(self.checks) == len(checks), "an id is there twice"
        for check in checks:
            assert set(check) == {"id", "severity", "text", "remedy"}
            assert check["severity"] in ("pass", "wait", "warn", "fail", "skip")
            assert check["text"]
            assert (check["text"] + (check["remedy"] or "")).isprintable()
        failed = any(check["severity"] == "fail" for check in checks)
        open_questions = self.document["not_looked_at"] or self.document["interrupted"] or \
            "route" in self.checks
        assert self.status == (1 if failed else 2 if open_questions else 0)
        order = ("skip", "pass", "note", "wait", "warn", "fail")
        assert self.document["status"] == (
            "skip" if open_questions and not failed
            else max((check["severity"] for check in checks), key=order.index))

    def status_of(self, name):
        return self.checks[name]["severity"]

    def summary_of(self, name):
        return self.checks[name]["text"]


def last_of_each(arguments):
    """What a test says in place of QUICK, a laboratory's ports or a phone counts: the probe refuses an
    option that is there twice."""
    arguments = list(map(str, arguments))
    ports = tuple(f"--{name}-port" for name in ("http", "https", "update", "registrar", "ntp"))
    for name in QUICK[::2] + ports + ("--address",):
        while arguments.count(name) > 1:
            first = arguments.index(name)
            del arguments[first:first + 2]
    return arguments


def run(*arguments, namespace=None, user=None, environment=None):
    command = in_namespace(namespace, PROBE, *last_of_each(arguments))
    environment = {**os.environ, **(environment or {})}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                          preexec_fn=become(user, command, environment) if user else None,
                          env=environment)


def probe(*arguments, **settings):
    return Outcome(run("--json", *arguments, **settings))


def become(user, command, environment):
    """Runs a command as another user, even from a folder that this user may not enter."""
    descriptor = os.open(command[0], os.O_RDONLY)

    def change_and_execute():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
        os.execve(descriptor, command, environment)

    return change_and_execute
