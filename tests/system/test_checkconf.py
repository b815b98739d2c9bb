# SPDX-License-Identifier: MPL-2.0
"""ucprov-checkconf, the manual pages, and the installation."""

import hashlib
import json
import re
import resource
import subprocess

import pytest

from kea import BUILD, ROOT

WRONG = """# The sample of the manual page.
#
#
#
#
pools = {
  hq = { sip_server = "pool01..contoso.com"; };
};


vlans = (
  { name = "hq-voice"; pool = "hg"; subnet = "10.20.0.5/16";


    serch = [ "contoso.com" ]; }
);
"""
WRONG_SAYS = """\
site.conf:7: pools.hq.sip_server: "pool01..contoso.com": empty label between two dots or before the first
site.conf:12: vlans[0].pool: no pool named "hg"; did you mean "hq"?
site.conf:12: vlans[0].subnet: "10.20.0.5/16" has host bits set; write 10.20.0.0/16
site.conf:15: vlans[0].serch: unknown setting; did you mean "search"?
site.conf: 4 errors
"""


def checkconf(*arguments, **settings):
    return subprocess.run([BUILD / "ucprov-checkconf", *arguments], text=True, timeout=60,
                          capture_output=True, check=False, **settings)


def test_the_sample_site_file_is_fine():
    done = checkconf(ROOT / "conf" / "ucprov.conf")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("ucprov.conf: 2 vlans, 2 pools: fine\n")


def test_every_error_is_reported(tmp_path):
    (tmp_path / "site.conf").write_text(WRONG)
    done = checkconf("site.conf", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", WRONG_SAYS)
    assert WRONG_SAYS in (ROOT / "site-tools" / "ucprov-checkconf.1.scd").read_text()


def test_json(tmp_path):
    site = tmp_path / "site.conf"
    site.write_text(WRONG)
    done = checkconf("--json", site)
    result = json.loads(done.stdout)
    assert done.returncode == 1 and done.stderr == ""
    assert result["valid"] is False and len(result["errors"]) == 4
    assert result["errors"][3] == {"line": 15, "setting": "vlans[0].serch",
                                   "text": 'unknown setting; did you mean "search"?',
                                   "id": "setting.unknown", "severity": "fail", "remedy": None,
                                   "count": 1}
    good = ROOT / "conf" / "ucprov.conf"
    result = json.loads(checkconf("-j", "-c", good).stdout)
    assert result["valid"] is True and result["vlans"] == 2
    assert result["digest"] == hashlib.sha256(good.read_bytes()).hexdigest()


# Fine but for a warning: nobody tells phones the time.
WARNS = """pools = { hq = { sip_server = "pool01.contoso.com"; addresses = "10.1.1.1"; }; };
vlans = ( { name = "a"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.com"; } );
"""


POOLS = 'pools = { hq = { sip_server = "p.contoso.com"; }; };\n'


def vlans(count, pool="hq"):
    """A line each, from line 3 on."""
    return "".join(f'{{ name = "v{i}"; subnet = "{10 + (i >> 16)}.{i >> 8 & 255}.{i & 255}.0/24";'
                   f' pool = "{pool}"; domain = "contoso.com"; }},\n' for i in range(count))


def test_one_error_among_thousands_of_warnings(tmp_path):
    """10,000 vlans without ntp, and a typo in the last line: it comes first, in every form."""
    (tmp_path / "site.conf").write_text(
        POOLS + "vlans = (\n" + vlans(10000) +
        '{ name = "last"; subnet = "192.0.2.0/24"; pool = "hg"; } );\n')
    typo = 'vlans[10000].pool: no pool named "hg"; did you mean "hq"?'
    done = checkconf("site.conf", cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert done.returncode == 1 and lines[0] == f"site.conf:10003: {typo}"
    assert len(lines) == 3 and lines[1].startswith(
        'site.conf:3: vlans[0]: warning: 10000 vlans have no "ntp"; the first: no "ntp": ')
    assert lines[2] == "site.conf: 1 error, 10000 warnings"
    result = json.loads(checkconf("-j", "site.conf", cwd=tmp_path).stdout)
    assert (result["error_count"], result["warning_count"]) == (1, 10000)
    assert [one["line"] for one in result["errors"]] == [10003]
    assert [(one["line"], one["count"]) for one in result["warnings"]] == [(3, 10000)]
    found = annotations(checkconf("--format", "github", "site.conf", cwd=tmp_path).stdout)
    assert [kind for kind, _, _ in found] == ["error", "warning"]


def test_what_is_left_out_is_said(tmp_path):
    (tmp_path / "site.conf").write_text(POOLS + "vlans = (\n" + vlans(1500, "none")[:-2] + ");")
    done = checkconf("site.conf", cwd=tmp_path)
    assert done.stderr.splitlines()[-2:] == ["site.conf: 500 more errors are not shown",
                                             "site.conf: 1500 errors"]
    result = json.loads(checkconf("-j", "site.conf", cwd=tmp_path).stdout)
    assert result["error_count"] == 1500 == sum(one["count"] for one in result["errors"])
    found = annotations(checkconf("--format", "github", "site.conf", cwd=tmp_path).stdout)
    assert found[-1] == ("error", {"file": "site.conf", "title": "file.more"},
                         "500 more errors are not shown")


HUGE = {
    "vlans": lambda n: POOLS + "vlans = (\n" + vlans(n, "none")[:-2] + ");",
    "pools": lambda n: "pools = {" + " ".join(f"p{i} = {{ }};" for i in range(n)) + "};",
    "settings": lambda n: "dns = {" + " ".join(f"s{i} = 1;" for i in range(n)) + "};",
    "list": lambda n: "dns = { sip_domains = [" + ",".join(f'"a..{i}"' for i in range(n)) + "]; };",
    "twice": lambda n: "dns = { sip_domains = [" + ",".join(['"a.b"'] * n) + "]; };",
    "sockets": lambda n: 'ca = { chain = "/c"; http = [' + ",".join(
        f'"10.0.{i >> 16}.1:{1 + i % 65535}"' for i in range(n)) + "]; };",
    "numbers": lambda n: "vlans = (" + ",".join(["1"] * n) + ");",
    "includes": lambda n: "@include\n" * n,
    "brackets": lambda n: "vlans = " + "(" * n + ")" * n + ";",
}


def seconds(path, text):
    path.write_text(text)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert checkconf(path).returncode in (0, 1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("shape", HUGE)
def test_a_hundred_times_the_errors_take_a_hundred_times_as_long(tmp_path, shape):
    """By processor time, with room for caches that are too small by then; what grows with the
    square takes a hundred times as long as that. A bound that is reached early is as good."""
    few = seconds(tmp_path / "few.conf", HUGE[shape](4300))
    many = seconds(tmp_path / "many.conf", HUGE[shape](430000))
    assert many < 0.5 + 100 * max(few, 0.02) * 2.5, (few, many)


@pytest.fixture(name="sites")
def three_sites(tmp_path):
    """good.conf, warns.conf, wrong.conf."""
    (tmp_path / "good.conf").write_bytes((ROOT / "conf" / "ucprov.conf").read_bytes())
    (tmp_path / "warns.conf").write_text(WARNS)
    (tmp_path / "wrong.conf").write_text(WRONG)
    return tmp_path


@pytest.mark.parametrize("files, status, strict", [
    (["good.conf"], 0, 0), (["warns.conf"], 0, 1), (["wrong.conf"], 1, 1),
    (["good.conf", "warns.conf"], 0, 1), (["warns.conf", "wrong.conf", "good.conf"], 1, 1),
    (["wrong.conf", "missing.conf", "good.conf"], 2, 2), (["-c", "good.conf", "wrong.conf"], 1, 1)])
def test_the_worst_of_several_files_counts(sites, files, status, strict):
    for form in ("text", "json", "github"):
        assert checkconf("--format", form, *files, cwd=sites).returncode == status, form
        assert checkconf("--strict", "--format", form, *files, cwd=sites).returncode == strict, form


def test_several_files_as_text(sites):
    done = checkconf("good.conf", "wrong.conf", "warns.conf", cwd=sites)
    assert done.stdout == ("good.conf: 2 vlans, 2 pools: fine\n"
                           "warns.conf: 1 vlan, 1 pool: fine\n")
    assert done.stderr.startswith(WRONG_SAYS.replace("site.conf", "wrong.conf"))
    assert done.stderr.endswith("warns.conf: 1 warning\n")
    done = checkconf("--strict", "good.conf", "warns.conf", cwd=sites)
    assert done.stdout == "good.conf: 2 vlans, 2 pools: fine\n"


def test_several_files_as_json(sites):
    both = json.loads(checkconf("-j", "wrong.conf", "good.conf", cwd=sites).stdout)
    assert list(both) == ["schema", "valid", "files"] and both["valid"] is False
    assert [{"schema": 1, **each} for each in both["files"]] == [
        json.loads(checkconf("-j", name, cwd=sites).stdout) for name in ("wrong.conf", "good.conf")]
    both = json.loads(checkconf("-j", "good.conf", "warns.conf", cwd=sites).stdout)
    assert both["valid"] is True and both["files"][1]["warnings"][0]["line"] == 2
    missing = json.loads(checkconf("-j", "good.conf", "missing.conf", cwd=sites).stdout)
    assert missing["valid"] is False and missing["files"][1]["valid"] is False
    assert "missing.conf" in missing["files"][1]["error"]


def annotations(text):
    """Reads workflow commands as GitHub's runner does (ActionCommand.cs)."""
    found = []
    for line in text.splitlines():
        kind, properties, message = re.fullmatch(r"::(\w+)(?: ([^:]*))?::(.*)", line).groups()
        values = dict(one.split("=", 1) for one in (properties or "").split(",") if one)
        for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            values = {name: value.replace(code, character) for name, value in values.items()}
            message = message if code in ("%3A", "%2C") else message.replace(code, character)
        found.append((kind, values, message))
    return found


def test_annotations_for_github(sites):
    done = checkconf("--format", "github", "wrong.conf", "good.conf", "warns.conf", cwd=sites)
    assert done.stderr == ""
    found = annotations(done.stdout)
    assert [kind for kind, _, _ in found] == ["error"] * 4 + ["warning"]
    assert found[3] == ("error", {"file": "wrong.conf", "line": "15", "title": "setting.unknown: vlans[0].serch"},
                        'unknown setting; did you mean "search"?')
    assert found[4][1]["file"] == "warns.conf" and found[4][1]["line"] == "2"


@pytest.mark.parametrize("name", ["a,line=1::b.conf", "100%3A.conf", "::stop-commands::x",
                                  "a\r\n::error::b", "Zürich: Büro, 2%.conf"])
def test_annotations_are_escaped(tmp_path, name):
    """No name of a file, and no value in it, becomes a command or another property."""
    (tmp_path / name).write_text('pools = { hq = { sip_server = "50%0A::error::x"; }; };')
    found = annotations(checkconf("--format", "github", name, cwd=tmp_path).stdout)
    assert {kind for kind, _, _ in found} <= {"error", "warning"}
    assert {values["file"] for _, values, _ in found} == {name}
    assert any("50%0A::error::x" in message for _, _, message in found)


def test_annotations_without_a_line(tmp_path):
    done = checkconf("--format", "github", "missing.conf", cwd=tmp_path)
    assert annotations(done.stdout) == [("error", {"file": "missing.conf", "title": "file.unreadable"},
                                         "cannot be read: No such file or directory")]
    done = checkconf("--format", "github", "-", input="vlans = ( { } );")
    assert all("file" not in values for _, values, _ in annotations(done.stdout))


def test_standard_input():
    done = checkconf("-", input="vlans = ( { } );")
    assert done.returncode == 1
    assert "(standard input):1: vlans[0]:" in done.stderr


@pytest.mark.parametrize("text, says", [
    ("\ufeffpools = { };\n", '1: a UTF-8 byte order mark before the first character; save the file as '
     "UTF-8 without one (tail -c +4 takes it off)"),
    ("\n\npools = " + "{ a = " * 100000, "3: brackets are nested more than 16 deep; no setting needs "
     "more than three"),
    ("vlans = " + "(\n" * 17, "17: brackets are nested more than 16 deep; no setting needs more than "
     "three"),
], ids=["mark", "deep", "deep-in-lines"])
def test_one_sentence_for_what_is_no_site_file(text, says):
    done = checkconf("-", input=text, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr == f"(standard input):{says}\n(standard input): 1 error\n"


def test_brackets_in_brackets_are_counted_as_a_reader_would(tmp_path):
    """As deep as is allowed; not those in strings and comments; and closed ones not at all."""
    site = (ROOT / "conf" / "ucprov.conf").read_text()
    more = "# " + "(" * 50 + "\n// {{{{{{{{{{{{{{{{{{{{{\n/* " + "[" * 50 + " */\n"
    flat = "".join(f'{{ name = "(((((((((({i}"; addresses = [ "10.0.0.1" ]; }},' for i in range(50))
    done = checkconf("-", input=more + site)
    assert done.returncode == 0, done.stderr
    done = checkconf("-", input=more + POOLS + "dns = { hosts = (" + flat[:-1] + "); };")
    assert "nested" not in done.stderr and "dns.hosts[0].name" in done.stderr
    done = checkconf("-", input="a = " + "(" * 16 + ")" * 16 + ";")
    assert done.stderr.startswith("(standard input):1: a: unknown setting")
    path = tmp_path / "mark.conf"
    path.write_bytes(b"\xef\xbb\xbf" + site.encode())
    without = subprocess.run(["tail", "-c", "+4", path], capture_output=True, check=True).stdout
    assert checkconf("-", input=without.decode()).returncode == 0


@pytest.mark.parametrize("arguments, says", [
    (["/nonexistent/site.conf"], "No such file or directory"), (["/etc"], "Is a directory"),
    (["--bogus"], "--help"), (["--format", "githbu"], 'did you mean "github"?'),
    (["-l", "--strict"], "--strict: goes with checking files, not with --list-settings"),
    (["-l", "a"], "FILE...: goes with checking files, not with --list-settings"),
    (["-", "-"], '"-": given twice'), (["-c", "-", "/etc/hostname", "-"], '"-": given twice'),
    (["--format", "text", "--form", "github"], "--format: given twice; it takes one value"),
    ([""], "not a file"), (["-c", ""], "not a file")])
def test_trouble_exits_with_2(arguments, says):
    done = checkconf(*arguments)
    assert done.returncode == 2 and done.stdout == "" and says in done.stderr


@pytest.mark.parametrize("program", sorted(
    path.name for path in BUILD.glob("ucprov-*") if path.is_file()))
def test_help_version_and_manual_page(program):
    shown = subprocess.run([BUILD / program, "--help"], text=True, capture_output=True, check=True)
    assert shown.stdout.startswith("Usage:") and "Exit status" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 100
    version = subprocess.run([BUILD / program, "--version"], text=True, capture_output=True,
                             check=True)
    assert re.fullmatch(program + r" \d+\.\d+\.\d+\n", version.stdout)
    (page,) = [file.read_text() for file in (BUILD / "man").glob(f"{program}.[18]")]
    for option in re.findall(r"--[a-z][a-z-]+", shown.stdout):
        assert option in page.replace("\\-", "-"), f"{option} is not in the manual page"


def listed_settings():
    done = checkconf("--list-settings", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)["settings"]


def test_settings_as_json():
    settings = {f"{one['group']}.{one['name']}": one for one in listed_settings()}
    assert len(settings) > 50 and len({tuple(one) for one in settings.values()}) == 1
    assert settings["ca.max_header_size"] == {
        "group": "ca", "name": "max_header_size", "kind": "number", "list": False,
        "required": False, "members": None, "choices": None, "min": 256, "max": 16777216,
        "unit": "octets", "count_min": None, "count_max": None, "default": 8192,
        "default_text": None, "help": "the first line and headers of a request"}
    assert settings["vlans[N].voice_vlan_encoding"]["choices"] == ["uint16", "ascii", "uint32"]
    assert settings["vlans[N].voice_vlan_encoding"]["default"] == "uint16"
    assert settings["vlans[N].subnet"]["count_min"] == 1 and settings["vlans[N].subnet"]["required"]
    assert settings["pools.NAME.addresses"]["count_max"] == 256
    assert settings["pools.NAME.web_server"]["default_text"] == "sip_server"
    assert settings["ca.admin"]["default"] == ["127.0.0.1:9643"]
    assert settings["ca.log_requests"]["default"] is True
    assert settings["dns.hosts"]["members"] == "dns.hosts[N]"
    assert "defaults.pool" in settings and "defaults.name" not in settings


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_settings_for_people(columns):
    done = checkconf("-l", env={"COLUMNS": str(columns)})
    assert (done.returncode, done.stderr) == (0, "")
    # A long word does not break: it can be copied.
    assert [line for line in done.stdout.splitlines()
            if len(line) > columns and len(line.split()) > 1] == []
    names = set(re.findall(r"^  ([a-z_0-9]+)(?:  |$)", done.stdout, re.M))
    assert names == {one["name"] for one in listed_settings()}
    assert re.search(r"^  port\s+1 to 65535; default: 443$", done.stdout, re.M)


def site_with(group, line):
    """A site file whose second line is a setting of a group."""
    more = {group: f"\n{line}\n"}
    pools = more.get("pools.NAME", "")
    vlans = more.get("vlans[N]", "")
    return (f'pools = {{ hq = {{ sip_server = "p.contoso.com"; {pools} }}; }};'
            f'vlans = ( {{ name = "v"; subnet = "10.0.0.0/8"; pool = "hq"; {vlans} }} );'
            f'defaults = {{ {more.get("defaults", "")} }}; dns = {{ {more.get("dns", "")} }};'
            f'ca = {{ chain = "/c"; http = "0.0.0.0:80"; {more.get("ca", "")} }};')


def test_a_range_is_what_is_accepted():
    """The boundary, and one beyond it, as far as it can be written with nine digits."""
    numbers = [one for one in listed_settings() if one["kind"] == "number"]
    assert len(numbers) > 10
    for setting in numbers:
        low, high = setting["min"], setting["max"]
        for number in (low - 1, low, high, high + 1):
            line = f"{setting['name']} = {number};"
            done = checkconf("-", input=site_with(setting["group"], line))
            if number > 999999999:
                assert "a number of 10 digits" in done.stderr
            elif low <= number <= high:
                assert done.returncode == 0, (line, done.stderr)
            else:
                assert f"{number} is out of range; {low} to {high} is possible" in done.stderr
                assert f"(standard input):2: {setting['group'].replace('NAME', 'hq')}".replace(
                    "[N]", "[0]") + f".{setting['name']}: " in done.stderr


def test_manual_page_says_what_the_table_says():
    page = (BUILD / "man" / "ucprov.conf.5").read_text()
    page = re.sub(r"\\f.|\\&", "", page).replace("\\-", "-")
    for setting in listed_settings():
        if setting["group"] != "defaults":
            heading = re.escape(setting["name"]) + r" \("
            if setting["kind"] == "number":
                heading += f"{setting['min']} to {setting['max']}"
                heading += f" {setting['unit']}" if setting["unit"] else ""
                heading += f"; default: {setting['default']}" if setting["default"] else ""
            assert re.search(f"^{heading}", page, re.M), heading
    assert "@settings" not in page


@pytest.mark.parametrize("change, says", [
    (lambda page: page.replace("@settings ca\n", ""), "0 times, not once: @settings ca"),
    (lambda page: page + "@settings dns\n", "2 times, not once: @settings dns"),
    (lambda page: page + "@settings vlans\n", '"vlans" is no group of settings')])
def test_manual_page_without_all_settings_is_not_made(change, says):
    page = (ROOT / "lib" / "site" / "ucprov.conf.5.scd").read_text()
    done = subprocess.run([BUILD / "settings-manual"], input=change(page), text=True,
                          capture_output=True, check=False)
    assert done.returncode == 1 and says in done.stderr


def faults():
    """{id: (severity, what it is)} of the table."""
    table = (ROOT / "lib" / "base" / "fault.c").read_text()
    rows = re.findall(r'\{"([^"]+)",\s*UCPROV_(\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', table)
    return {name: (severity, "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).replace("\\\\", "\\"))
            for name, severity, text in rows}


def test_manual_page_lists_every_id():
    """In the order of the table, with what it says of each."""
    page = (ROOT / "site-tools" / "ucprov-checkconf.1.scd").read_text()
    (section,) = re.findall(r"^# IDS\n(.*?)^# ", page, re.M | re.S)
    listed = re.findall(r"^\*([a-z.-]+)\*( \(a warning\))?\n\t(.*)\.$", section, re.M)
    assert [(name, "WARN" if warns else "FAIL", text.replace("\\_", "_").replace("\\\\", "\\"))
            for name, warns, text in listed] == [
                (name, severity, text[0].upper() + text[1:])
                for name, (severity, text) in faults().items()]
    assert len(listed) > 50 and "UCPROV_FAULTS" in (ROOT / "lib" / "base" / "fault.h").read_text()


def test_every_fault_is_reported_somewhere():
    """An id that nothing gives is one that readers wait for in vain."""
    names = re.findall(r"^    UCPROV_FAULT_(\w+),$",
                       (ROOT / "lib" / "base" / "fault.h").read_text(), re.M)
    assert len(names) == len(faults())
    sources = "".join(path.read_text() for folder in ("lib", "dns-tools", "kea-hooks", "ca-publisher")
                      for path in (ROOT / folder).rglob("*.c*")
                      if path.name != "fault.c" and path.suffix in (".c", ".cc"))
    assert [name for name in names if not re.search(rf"UCPROV_FAULT_{name}\b", sources)] == []


IDS = {
    "file.empty": "", "file.nul": "a = 1;\0", "file.mark": "\ufeffpools = { };", "file.include": '@include "x"', "file.syntax": "pools = {",
    "file.nesting": "a = " + "(" * 17 + ")" * 17 + ";",
    "file.members": "".join(f"s{i} = 1;" for i in range(10001)),
    "file.more": "vlans = (" + ",".join(["1"] * 1001) + ");",
    "setting.unknown": "pool = { };", "setting.missing": "pools = { hq = { }; };",
    "value.type": 'vlans = "x";', "value.empty": 'dns = { sip_domains = ""; };',
    "value.nul": 'dns = { sip_domains = "a\\x00b"; };', "value.digits": "dns = { ttl = 1234567890; };",
    "value.range": 'pools = { hq = { sip_server = "a.b"; port = 0; }; };',
    "value.name": 'dns = { sip_domains = "a..b"; };', "value.word": 'vlans = ( { name = "a b"; } );',
    "value.vendor-class": 'vlans = ( { vendor_classes = "\\n"; } );',
    "value.path": 'pools = { hq = { cert_prov_path = "x"; }; };', "value.file": 'ca = { chain = "x"; };',
    "value.choice": 'pools = { hq = { scheme = "ftp"; }; };',
    "value.address": 'pools = { hq = { addresses = "x"; }; };',
    "value.subnet": 'vlans = ( { subnet = "x"; } );',
    "value.host-bits": 'vlans = ( { subnet = "10.0.0.1/8"; } );',
    "value.hardware": 'vlans = ( { pilot = "x"; } );',
    "value.listener": 'ca = { http = "x"; };', "value.pool": 'vlans = ( { pool = "x"; } );',
    "list.count": "vlans = ( { subnet = [ ]; } );", "list.twice": 'dns = { sip_domains = [ "a.b", "A.b" ]; };',
    "vlan.none": "dns = { };",
}
IN_VLAN = {
    "vlan.nothing": "", "vlan.no-ntp": 'pool = "hq";', "vlan.no-domain": 'pool = "hq";',
    "vlan.idle-setting": 'voice_vlan_id = 7; ntp = "10.0.0.1";', "vlan.backup-pool": 'backup_pool = "hq";',
    "vlan.voice": 'pool = "hq"; voice_vlan_in_ms_uc = true;',
    "vlan.subnet-twice": 'pool = "hq"; }, { name = "b"; subnet = "10.0.0.0/8"; pool = "hq";',
    "vlan.name-twice": 'pool = "hq"; }, { name = "a"; subnet = "11.0.0.0/8"; pool = "hq";',
    "option.long": 'pool = "hq"; ntp = [' + ",".join(f'"10.0.0.{i}"' for i in range(1, 65)) + "];",
}
IN_CA = {
    "ca.listener-taken": 'http = [ "0.0.0.0:80", "10.0.0.1:80" ];', "ca.no-listener": "",
    "ca.tls": 'https = "0.0.0.0:443";', "ca.legacy-tls": 'http = "0.0.0.0:80"; legacy_tls = true;',
}
for _id, _text in IN_VLAN.items():
    IDS[_id] = POOLS + f'vlans = ( {{ name = "a"; subnet = "10.0.0.0/8"; {_text} }} );'
for _id, _text in IN_CA.items():
    IDS[_id] = f'ca = {{ chain = "/c"; {_text} }};'


@pytest.mark.parametrize("name", IDS)
def test_each_fault_has_its_id(name):
    done = checkconf("--json", "-", input=IDS[name])
    result = json.loads(done.stdout)
    found = {one["id"]: one["severity"] for one in result["errors"] + result["warnings"]}
    assert found.get(name) == faults()[name][0].lower(), result
    assert set(found) <= set(faults())
    for one in annotations(checkconf("--format", "github", "-", input=IDS[name]).stdout):
        assert re.split(": ", one[1]["title"])[0] in found


def test_what_checkconf_can_see_is_tried():
    assert {name for name in faults() if name.split(".")[0] not in ("dns", "ca", "hook")} - set(IDS) == {
        "file.unreadable", "file.memory", "option.encoding"}


def test_manual_page_names_every_log_message_and_statistic():
    page = (ROOT / "kea-hooks" / "libdhcp_ucprov.7.scd").read_text()
    ids = re.findall(r'MessageID (UCPROV_\w+) =',
                     (ROOT / "kea-hooks" / "messages.cc").read_text())
    assert len(ids) > 10
    assert [name for name in ids if f"*{name}*" not in page] == []


def test_installation(tmp_path):
    subprocess.run(["make", "--no-print-directory", "install", f"BUILD={BUILD}",
                    f"DESTDIR={tmp_path}", "PREFIX=/opt/x"],
                   cwd=ROOT, check=True, capture_output=True, timeout=300)
    triplet = subprocess.run(["cc", "-print-multiarch"], text=True, capture_output=True,
                             check=True).stdout.strip()
    installed = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert f"usr/lib/{triplet}/kea/hooks/libdhcp_ucprov.so" in installed
    for program in ("ucprov-checkconf", "ucprov-options", "ucprov-probe"):
        assert {f"opt/x/bin/{program}", f"opt/x/share/man/man1/{program}.1"} <= installed
    assert {"opt/x/share/man/man5/ucprov.conf.5", "opt/x/share/man/man7/libdhcp_ucprov.7",
            "opt/x/share/ucprov/ucprov.conf"} <= installed
    subprocess.run(["make", "--no-print-directory", "uninstall", f"BUILD={BUILD}",
                    f"DESTDIR={tmp_path}", "PREFIX=/opt/x"],
                   cwd=ROOT, check=True, capture_output=True, timeout=300)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
