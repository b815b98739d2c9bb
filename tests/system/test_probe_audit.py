# SPDX-License-Identifier: MPL-2.0
"""ucprov-probe audit: logs of update servers, as they lie around."""

import json
import subprocess

import pytest

from probe import PROBE, run

OLD = ("7/23/2014 2:55:05 PM,10.20.1.17,UCPhone,00-04-F2-95-31-A2,64167F0001,Polycom,CX600,A,en-US,"
       "cpe.nbt;4.0.7577.4100;7/1/2012 1:00:00 AM,cpe.nbt;4.0.7577.4444;3/2/2014 1:00:00 AM,"
       "sip:a@contoso.com")
NEW = ('"7/23/2014 3:55:05 PM","10.20.1.18","UCPhone","00-04-F2-95-31-A3","64167F0002","Polycom",'
       '"CX500","A","en-US","cpe.nbt;4.0.7577.4444;3/2/2014 1:00:00 AM","",""')


@pytest.fixture(name="log")
def fixture_log(tmp_path):
    def write(*lines, encoding="utf-8", end="\r\n", name="log"):
        file = tmp_path / name
        file.write_bytes("".join(line + end for line in lines).encode(encoding))
        return file
    return write


def test_table(log):
    done = run("audit", log(OLD, NEW))
    assert done.returncode == 1 and done.stderr == ""
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].split()[:5] == ["old", "00:04:f2:95:31:a2", "CX600", "4.0.7577.4100",
                                    "4.0.7577.4444"]
    assert lines[2].split()[:5] == ["ok", "00:04:f2:95:31:a3", "CX500", "4.0.7577.4444", "-"]
    assert lines[3] == "2 phones, 1 below 4.0.7577.4363"
    assert run("audit", log(NEW)).returncode == 0
    assert run("audit", "--minimum", "4.0.7577.4445", log(NEW)).returncode == 1


def test_unknown_firmware_is_not_ok(log):
    """What it is offered says nothing of what it has."""
    done = run("audit", log(OLD.replace("cpe.nbt;4.0.7577.4100", "cpe.nbt;none")))
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].split()[:5] == ["?", "00:04:f2:95:31:a2", "CX600", "-",
                                                       "4.0.7577.4444"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings(log, encoding, end):
    file = log("logging time,host", OLD, NEW, encoding=encoding, end=end)
    document = json.loads(run("audit", "--json", file).stdout)
    assert [phone["mac"] for phone in document["phones"]] == ["00:04:f2:95:31:a2",
                                                             "00:04:f2:95:31:a3"]
    assert document["below_minimum"] == 1 and document["unreadable_lines"] == 0
    assert document["phones"][0] == {
        "mac": "00:04:f2:95:31:a2", "serial": "64167F0001", "type": "UCPhone", "vendor": "Polycom",
        "model": "CX600", "revision": "A", "address": "10.20.1.17", "user": "sip:a@contoso.com",
        "last_seen": "7/23/2014 2:55:05 PM", "firmware": "4.0.7577.4100",
        "offered": "4.0.7577.4444", "below_minimum": True}


def test_several_files_and_standard_input(log):
    first = log(OLD, NEW, name="first")
    second = log(OLD.replace("4100", "4444").replace("7/23", "7/24"), name="second")
    assert run("audit", first, second).returncode == 0, "it has been updated meanwhile"
    assert run("audit", second, first).returncode == 1
    done = subprocess.run([str(PROBE), "audit", "-"], input=first.read_text(), text=True,
                          capture_output=True, timeout=30, check=False)
    assert done.returncode == 1 and "2 phones" in done.stdout


def test_what_cannot_be_read(log, tmp_path):
    done = run("audit", log(OLD, "nonsense", "", "x" * 20000))
    assert done.returncode == 1
    assert "2 lines could not be read" in done.stderr
    for arguments in ((), (tmp_path / "missing",), (tmp_path,), (log("nonsense", name="n"),),
                      ("--minimum", "4", log(OLD))):
        done = run("audit", *arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr


def test_nothing_reaches_the_terminal(log):
    done = run("audit", log(OLD.replace("CX600", "\x1b[2J").replace("7/23/2014", "\x07\x9b")))
    assert done.stdout.replace("\n", "").isprintable()


def test_many_phones(log):
    lines = [OLD.replace("95-31-A2", f"{i >> 16:02X}-{i >> 8 & 255:02X}-{i & 255:02X}")
             for i in range(20000)]
    done = run("audit", log(*lines, *lines))
    assert done.returncode == 1
    assert done.stdout.endswith("20000 phones, 20000 below 4.0.7577.4363\n")
