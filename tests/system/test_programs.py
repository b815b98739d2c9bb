# SPDX-License-Identifier: MPL-2.0
"""What all programs have in common: how they speak JSON, and how they end."""

import json
import re
import subprocess

import pytest

from kea import BUILD

# What each is asked for, and the exit status. Everything here fails.
FAILURES = [
    ("ucprov-checkconf", ["--json", "--bogus"], 2),
    ("ucprov-checkconf", ["--json", "/no/such/file"], 2),
    ("ucprov-options", ["--json", "--bogus"], 2),
    ("ucprov-options", ["--format", "json", "--vlan", "x", "-c", "/no/such/file"], 2),
    ("ucprov-options", ["--json", "--option", "43", "--decode", "zz"], 2),
    ("ucprov-zone", ["--json", "--bogus"], 2),
    ("ucprov-zone", ["--format=json", "-c", "/no/such/file"], 2),
    ("ucprov-zone", ["-j", "--check", "127.0.0.1#1", "--update", "127.0.0.1#1"], 2),
    ("ucprov-ca", ["check", "--json", "/no/such/file"], 2),
    ("ucprov-ca", ["chekc", "--json"], 2),
    ("ucprov-probe", ["--json", "--bogus"], 2),
    ("ucprov-probe", ["--json", "-i", "no-such-interface"], 2),
    ("ucprov-probe", ["explain", "--json", "nonsense"], 2),
    ("ucprov-probe", ["audit", "--json", "/no/such/file"], 2),
    ("ucprov-probe", ["audit", "--json", "-", "-"], 2),
    ("ucprov-checkconf", ["--json", "-", "-"], 2),
    ("ucprov-checkconf", ["--json", "-", "-c", "-"], 2),
    ("ucprov-zone", ["--json", "-c", "/a", "-c", "/b"], 2),
]


def run(program, *arguments, **options):
    return subprocess.run([BUILD / program, *arguments], text=True, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=30, **options)


@pytest.mark.parametrize("program, arguments, status", FAILURES,
                         ids=lambda value: " ".join(value) if isinstance(value, list) else None)
def test_json_when_it_could_not_run(program, arguments, status):
    done = run(program, *arguments)
    assert done.returncode == status, done.stderr
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    assert document["error"]
    if "errors" in document:  # checkconf has all of them there, with their lines
        assert document["errors"][0]["text"] in document["error"]
    else:
        assert set(document) == {"schema", "error"}
        assert document["error"] in done.stderr


def test_json_of_what_went_well(tmp_path):
    file = tmp_path / "ucprov.conf"
    file.write_text('pools = { hq = { sip_server = "pool01.contoso.com"; addresses = ["10.1.1.10"]; }; };\n'
                    'vlans = ( { name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; ntp = [ ];\n'
                    '            domain = "contoso.com"; } );\n')
    for arguments in (["ucprov-checkconf", "-j", file], ["ucprov-checkconf", "-l", "-j"],
                      ["ucprov-checkconf", "-j", file, file],
                      ["ucprov-options", "-j", "-c", file, "--vlan", "v"],
                      ["ucprov-options", "-j", "--option", "15", "--decode", "636f6e746f736f2e636f6d"],
                      ["ucprov-zone", "-j", "-c", file],
                      ["ucprov-probe", "explain", "--json", "0x2F0D/0"]):
        done = run(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)
        document = json.loads(done.stdout)
        assert document["schema"] == 1 and "error" not in document, arguments


@pytest.mark.parametrize("arguments", [["ucprov-checkconf", "-l"], ["ucprov-checkconf", "-l", "-j"],
                                       ["ucprov-options", "--help"], ["ucprov-zone", "--help"],
                                       ["ucprov-ca", "--help"], ["ucprov-probe", "--help"],
                                       ["ucprov-probe", "explain", "0x2F0D/0"],
                                       ["ucprov-probe", "explain", "--json", "0x2F0D/0"],
                                       ["ucprov-options", "-j", "--sip-server", "a.b"]],
                         ids=" ".join)
def test_standard_output_that_takes_nothing(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run([BUILD / arguments[0], *arguments[1:]], stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=30)
    assert done.returncode == 2
    assert "standard output: No space left on device" in done.stderr


# Options with a value that may be given several times, as the manual pages say.
REPEAT = {("ucprov-checkconf", "config"), ("ucprov-options", "domain"), ("ucprov-options", "ntp"),
          ("ucprov-ca check", "name"), ("ucprov-ca issue", "name"), ("ucprov-ca csr", "name"),
          ("ucprov-probe", "domain"), ("ucprov-probe", "resolver"), ("ucprov-probe", "ntp")}


def command_lines():
    """Each program, and each of its commands, with what its --help says of options with a value."""
    for program in sorted(path.name for path in BUILD.glob("ucprov-*") if path.is_file()):
        shown = run(program, "--help").stdout
        commands = re.findall(r"^  ([a-z]+)  +[a-zA-Z]", shown, re.M)
        for command in [[], *([one] for one in commands)]:
            shown = run(program, *command, "--help").stdout
            for name in re.findall(r"^\s+(?:-\w, )?--([a-z-]+)[ =][A-Z]", shown, re.M):
                yield program, command, name


def test_an_option_with_one_value_is_refused_when_it_is_given_twice():
    """Of every program, by its --help. A value that is no good is complained of before that it is there
    twice, so that values are tried until one is taken."""
    values = ["/f", "a.contoso.com", "10.1.1.1", "7", "1000", "20", "02:00:00:00:00:01", "text",
              "http://a.contoso.com/x", "4.0.7577.4363", "ms-uc", "43", "00", "inform", "10.1.1.1#53",
              "json", "rsa", "hmac-sha256:k:c2VjcmV0c2VjcmV0", "nsupdate", "uint16"]
    tried = set()
    for program, command, name in command_lines():
        said = ""
        for value in values:
            done = run(program, *command, f"--{name}", value, f"--{name}", value, "--bogus-option")
            said = done.stderr
            assert done.returncode == 2, (program, command, name, value, said)
            if f'--{name}: "' not in said:
                break
        repeats = (" ".join([program, *command]), name) in REPEAT
        assert (f"--{name}: given twice; it takes one value" in said) != repeats, (
            program, command, name, said)
        tried.add((program, name))
    assert len(tried) > 40, tried
