# SPDX-License-Identifier: MPL-2.0
"""ucprov-options: known answers, and its own octets read by scapy and by a decoder written here."""

import json
import re
import shutil
import subprocess

import pytest
from scapy.layers.dhcp import DHCP

from kea import BUILD, ROOT

VECTORS = json.loads((ROOT / "tests/vectors/vectors.json").read_text())
GOOD = [vector for vector in VECTORS if "means" in vector]
BAD = [vector for vector in VECTORS if "fault" in vector]
PATH = "/CertProv/CertProvisioningService.svc"

SITE = """
pools = { hq = { sip_server = "pool01.contoso.com"; web_server = "web.contoso.com"; }; };
defaults = { ntp = [ "10.1.0.1", "10.1.0.2" ]; domain = "contoso.com"; };
vlans = (
  { name = "hq-voice"; subnet = "10.20.0.0/16"; pool = "hq";
    search = [ "contoso.com", "emea.contoso.com" ]; },
  { name = "hq-data"; subnet = "10.10.0.0/16"; voice_vlan_id = 20; }
);
"""


def run(*arguments):
    return subprocess.run([BUILD / "ucprov-options", *map(str, arguments)], text=True,
                          capture_output=True, timeout=20, check=False)


def fine(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def octets(*arguments):
    """The answer in format hex: {code: octets}."""
    lines = [line.split(" ") for line in fine(*arguments, "--format", "hex").splitlines()]
    codes = [int(code) for code, _ in lines]
    assert codes == sorted(codes)
    assert all(digits == digits.lower() for _, digits in lines)
    return {int(code): bytes.fromhex(digits) for code, digits in lines}


def sub_options(value):
    found = []
    while value:
        code, length = value[0], value[1]
        assert len(value) >= 2 + length
        found.append((code, value[2:2 + length]))
        value = value[2 + length:]
    return found


def names(value, start=0):
    """RFC 1035 4.1.4, from `start` to the end of the value."""
    def read(place):
        labels, resume = [], None
        while value[place]:
            if value[place] >= 0xc0:
                resume = resume or place + 2
                place = (value[place] & 0x3f) << 8 | value[place + 1]
            else:
                labels.append(value[place + 1:place + 1 + value[place]].decode())
                place += 1 + value[place]
        return ".".join(labels), resume or place + 1

    found = []
    while start < len(value):
        name, start = read(start)
        found.append(name)
    return found


def scapy_options(answer):
    """The same octets inside a DHCP message, as scapy takes them apart."""
    packed = b"".join(bytes([code, len(value)]) + value for code, value in answer.items())
    return {option[0]: option[1:] for option in DHCP(packed + b"\xff").options
            if isinstance(option, tuple)}


def arguments_of(means):
    if "sip_server" in means:
        return ["--sip-server", means["sip_server"]]
    if "search" in means:
        domains = [word for domain in means["search"] for word in ("--domain", domain)]
        return ["--sip-server", "sip.contoso.com", *domains]
    return ["--sip-server", means["web_server"], "--port", means["port"]]


def decode_arguments(vector):
    vendor = ["--vendor", vector["vendor"]] if "vendor" in vector else []
    return ["--option", vector["option"], "--decode", vector["hex"], *vendor]


@pytest.fixture(name="site")
def make_site(tmp_path):
    file = tmp_path / "site.conf"
    file.write_text(SITE)
    return file


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
def test_makes_what_other_tools_make(vector):
    answer = octets(*arguments_of(vector["means"]))
    assert answer[vector["option"]].hex() == vector["hex"]


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
def test_reads_what_other_tools_make(vector):
    explained = json.loads(fine(*decode_arguments(vector), "--json"))
    assert explained["means"] == vector["means"]
    assert explained["hex"] == vector["hex"]
    assert explained["findings"] == []


@pytest.mark.parametrize("vector", BAD, ids=lambda vector: vector["name"])
def test_finds_the_fault(vector):
    expected = {"ios-truncated-43": ("vendor.cut-90", "cut at 90 octets"),
                "powershell-ascii-120": ("sip.ascii", "0x70"),
                "dnsmasq-trailing-end-43": ("vendor.end-octet", "octet 255 after the last")}
    done = run(*decode_arguments(vector), "--json")
    assert done.returncode == 1
    [finding] = json.loads(done.stdout)["findings"]
    identifier, words = expected[vector["name"]]
    assert finding["id"] == identifier
    assert words in finding["text"]
    done = run(*decode_arguments(vector))
    assert done.returncode == 1
    assert "\n FAIL  " in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.split("\n FAIL  ")[1].splitlines())


def test_text_is_what_dhcputil_prints():
    assert fine("--sip-server", "pool01.contoso.com", "--domain", "contoso.com",
                "--ntp", "10.1.0.1") == f"""\
Option 15   domain name         contoso.com
Option 42   time servers        10.1.0.1
Option 43   for MS-UC-Client    85 octets
  1  UCIdentifier     MS-UC-Client
  2  URLScheme        https
  3  WebServerFqdn    pool01.contoso.com
  4  WebServerPort    443
  5  CertProvRelPath  {PATH}
     = https://pool01.contoso.com:443{PATH}
     010c4d532d55432d436c69656e7402056874747073\
0312706f6f6c30312e636f6e746f736f2e636f6d0403343433\
0525{PATH.encode().hex()}
Option 119  domain search list  contoso.com
     07636f6e746f736f03636f6d00
Option 120  SIP server          pool01.contoso.com
     0006706f6f6c303107636f6e746f736f03636f6d00
"""


def test_everything_on_the_command_line():
    answer = octets("--sip-server", "pool01.contoso.com", "--web-server", "web.contoso.com",
                    "--port", "4443", "--domain", "contoso.com", "--domain", "emea.contoso.com",
                    "--ntp", "10.1.0.1", "--ntp", "10.1.0.2")
    assert list(answer) == [15, 42, 43, 119, 120]
    assert answer[15] == b"contoso.com"
    assert answer[42] == bytes([10, 1, 0, 1, 10, 1, 0, 2])
    assert sub_options(answer[43]) == [(1, b"MS-UC-Client"), (2, b"https"),
                                       (3, b"web.contoso.com"), (4, b"4443"), (5, PATH.encode())]
    assert answer[119] == (b"\7contoso\3com\0" b"\4emea\7contoso\3com\0")
    assert answer[120] == b"\0\6pool01\7contoso\3com\0"


def test_scapy_reads_the_same():
    answer = octets("--sip-server", "pool01.contoso.com", "--domain", "contoso.com",
                    "--domain", "emea.contoso.com", "--ntp", "10.1.0.1", "--ntp", "10.1.0.2")
    seen = scapy_options(answer)
    assert seen["domain"] == (b"contoso.com",)
    assert seen["NTP_server"] == ("10.1.0.1", "10.1.0.2")
    [vendor] = seen["vendor_specific"]
    assert sub_options(vendor)[2] == (3, b"pool01.contoso.com")
    # scapy 2.5 has no decoder of its own for 120.
    assert seen.get("sip-server", seen.get(120)) == (answer[120],)
    assert names(answer[120], 1) == ["pool01.contoso.com"]


def test_a_long_search_list_is_compressed():
    domains = [f"department-{number}.branch.contoso.com" for number in range(12)]
    words = [word for domain in domains for word in ("--domain", domain)]
    done = run("--sip-server", "pool01.contoso.com", "--ntp", "10.1.0.1", *words)
    assert done.returncode == 0
    assert "option 119 has a compression pointer" in done.stderr
    value = octets("--sip-server", "pool01.contoso.com", "--ntp", "10.1.0.1", *words)[119]
    assert len(value) <= 253
    assert names(value) == domains


def test_a_list_that_does_not_fit_is_refused():
    words = [word for number in range(30)
             for word in ("--domain", f"department-{number}.branch{number}.com")]
    done = run("--sip-server", "pool01.contoso.com", *words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "option 119 (domain search list): does not fit in the 253 octets" in done.stderr


@pytest.mark.parametrize("client,codes", [("ms-uc", [15, 42, 43, 119, 120]),
                                          ("cpe-ocphone", [15, 42, 43, 119]),
                                          ("other", [15, 42, 119])])
def test_each_client_gets_its_own(client, codes):
    answer = octets("--sip-server", "pool01.contoso.com", "--domain", "contoso.com", "--ntp",
                    "10.1.0.1", "--voice-vlan", "20", "--client", client)
    assert list(answer) == codes
    if client == "cpe-ocphone":
        assert answer[43] == bytes([10, 2, 0, 20])


def test_without_a_time_server_there_is_a_warning():
    done = run("--sip-server", "pool01.contoso.com", "--format", "hex")
    assert done.returncode == 0
    assert done.stderr.startswith(" warn  ")
    assert "option 42" in done.stderr


@pytest.mark.parametrize("client,codes", [("ms-uc", [15, 42, 43, 119, 120]),
                                          ("cpe-ocphone", [15, 42, 119]),
                                          ("other", [15, 42, 119])])
def test_a_vlan_of_the_site_file(site, client, codes):
    done = run("-c", site, "--vlan", "hq-voice", "--client", client, "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["client"] == client
    assert [option["code"] for option in answer["options"]] == codes
    means = {option["code"]: option["means"] for option in answer["options"]}
    assert means[15] == {"domain": "contoso.com"}
    assert means[42] == {"ntp": ["10.1.0.1", "10.1.0.2"]}
    assert means[119] == {"search": ["contoso.com", "emea.contoso.com"]}
    if client == "ms-uc":
        assert means[43] == {"scheme": "https", "web_server": "web.contoso.com", "port": 443,
                             "cert_prov_path": PATH}
        assert means[120] == {"sip_server": "pool01.contoso.com"}


def test_a_vlan_that_only_answers_vlan_discovery(site):
    answer = octets("-c", site, "--vlan", "hq-data", "--client", "cpe-ocphone")
    assert answer[43].hex() == "0a020014"
    done = run("-c", site, "--vlan", "hq-data")
    assert done.returncode == 1
    assert done.stdout == ""
    assert '"hq-data" has no pool' in done.stderr


def test_a_site_file_and_the_command_line_agree(site):
    assert octets("-c", site, "--vlan", "hq-voice") == octets(
        "--sip-server", "pool01.contoso.com", "--web-server", "web.contoso.com",
        "--domain", "contoso.com", "--domain", "emea.contoso.com",
        "--ntp", "10.1.0.1", "--ntp", "10.1.0.2")


def test_a_site_file_with_errors(tmp_path):
    file = tmp_path / "site.conf"
    file.write_text(SITE.replace("pool01.contoso.com", "pool01..contoso.com"))
    done = run("-c", file, "--vlan", "hq-voice")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "pools.hq.sip_server" in done.stderr
    done = run("-c", tmp_path / "nothing.conf", "--vlan", "hq-voice")
    assert done.returncode == 2
    assert "nothing.conf" in done.stderr


def test_decoding_accepts_what_captures_look_like():
    for digits in ("0x000373697003636f6d00", "00:03:73:69:70:03:63:6f:6d:00",
                   "00 03 73 69 70 03 63 6F 6D 00", "0003.7369.7003.636f.6d00",
                   "0x00,0x03,0x73,0x69,0x70,0x03,0x63,0x6f,0x6d,0x00",
                   "0x00 0x03 0x73 0x69 0x70 0x03 0x63 0x6f 0x6d 0x00",
                   "00037369700 3636f6d00", "0:3:73:69:70:3:63:6f:6d:0",
                   "0000   00 03 73 69 70 03 63 6f   ..sip.co\n0008   6d 00   m.\n"):
        explained = json.loads(fine("--option", 120, "--decode", digits, "--json"))
        assert explained["means"] == {"sip_server": "sip.com"}


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
@pytest.mark.parametrize("dump", [["xxd"], ["xxd", "-g1"], ["xxd", "-p"], ["xxd", "-p", "-c7"], ["xxd", "-i"],
                                  ["hexdump", "-C"], ["od", "-Ax", "-tx1"]], ids=" ".join)
def test_decoding_reads_what_other_programs_dump(vector, dump):
    if not shutil.which(dump[0]):
        pytest.skip(f"no {dump[0]}")
    value = bytes.fromhex(vector["hex"])
    text = subprocess.run(dump, input=value, capture_output=True, check=True).stdout.decode()
    done = run("--option", vector["option"], "--decode", text, "--format", "hex")
    assert done.stdout.split()[1] == vector["hex"]


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
def test_decoding_joins_what_was_wrapped(vector):
    """DHCPUtil.exe wraps at a column, wherever that is."""
    digits = vector["hex"]
    for column in range(3, len(digits)):
        for wrap in (" ", "\n", "\r\n    "):
            text = wrap.join(digits[i:i + column] for i in range(0, len(digits), column))
            done = run("--option", vector["option"], "--decode", text, "--format", "hex")
            assert done.stdout.split()[1] == digits, text


def test_decoding_shows_the_place():
    done = run("--option", 120, "--decode", "0006 706f 6f6c 30q1")
    assert done.returncode == 2
    assert 'not hex: "q" at character 18, behind " 6f6c 30"' in done.stderr


def test_decoding_for_a_client():
    ms_uc_set = GOOD[0]["hex"]
    assert run("--option", 43, "--decode", ms_uc_set).returncode == 0
    for vendor in ("CPE-OCPHONE", "yealink", "ms-uc-client"):
        done = run("--option", 43, "--decode", ms_uc_set, "--vendor", vendor, "--json")
        assert done.returncode == 1
        assert [item["id"] for item in json.loads(done.stdout)["findings"]] == ["vendor.foreign"]
    # Somebody else's option 43 is nothing of ours.
    done = run("--option", 43, "--decode", "01040a010101", "--vendor", "ubnt", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["findings"] == []
    assert json.loads(done.stdout)["means"] is None


def test_what_was_not_judged_is_not_fine():
    arguments = ("--option", 43, "--vendor", "FOO", "--decode")
    done = run(*arguments, "630178")
    assert done.stdout.startswith("Option 43   for FOO             3 octets\n")
    assert "vendor.not-judged" in done.stdout and "MS-UC-Client  " not in done.stdout
    assert done.returncode == 0 and run(*arguments, "630178", "--strict").returncode == 1
    done = run(*arguments, "0a020014")
    assert "Option 43   for FOO  " in done.stdout and "VoiceVLAN  " not in done.stdout
    assert "vendor.foreign-vlan" in done.stdout and done.returncode == 0
    done = run(*arguments, GOOD[0]["hex"])
    assert "Option 43   for FOO  " in done.stdout and done.returncode == 1


@pytest.mark.parametrize("digits,whose", [
    ("0104c0a803c3", "UniFi"), ("f104c0000201", "Cisco access points"),
    ("3139322e3136382e312e3130", "Aruba"), ("01075369656d656e7302040000000a", "Unify"),
    ("64040a010105", "EXOS"), ("0a04c0a80001", "SIP-DECT"),
    ("000d6a696e7374616c6c2e74677a5f010b7377697463682e636f6e66030468747470", "Juniper"),
])
def test_another_vendors_option_43(digits, whose):
    for vendor in ((), ("--vendor", "MS-UC-Client")):
        done = run("--option", 43, "--decode", digits, *vendor, "--json")
        assert done.returncode == 1
        [finding] = json.loads(done.stdout)["findings"]
        assert "not the phones' set" in finding["text"] and whose in finding["text"]
        assert "leave this one to the devices it is for" in finding["remedy"]
    assert "Option 43   not the phones'" in run("--option", 43, "--decode", digits).stdout


@pytest.mark.parametrize("name,octets_of_43", [("server.fqdn.company.com", 90),
                                               ("server1.fqdn.company.com", 91)])
def test_cisco_ios_is_told_of_where_the_value_is_made(name, octets_of_43, tmp_path):
    file = tmp_path / "site.conf"
    file.write_text(SITE.replace("web.contoso.com", name))
    for words in (("--sip-server", name, "--ntp", "10.1.0.1"), ("-c", file, "--vlan", "hq-voice")):
        done = run(*words, "--strict", "--format", "hex")
        assert done.returncode == 0
        assert len(octets(*words)[43]) == octets_of_43
        assert ("option ext 43 hex" in done.stderr) == (octets_of_43 > 90)


def test_a_warning_is_no_fault():
    done = run("--option", 43, "--vendor", "CPE-OCPhone", "--decode", "0a023230")
    assert done.returncode == 0
    assert "\n warn  " in done.stdout


def test_strictness_takes_a_warning_for_a_fault(site):
    octets_of_ascii = ("--option", 43, "--vendor", "CPE-OCPhone", "--decode", "0a023230")
    for form in ("text", "hex", "json"):
        assert run(*octets_of_ascii, "--strict", "--format", form).returncode == 1
    assert run("--option", 43, "--decode", GOOD[0]["hex"], "--strict").returncode == 0
    done = run("--sip-server", "pool01.contoso.com", "--strict")  # no time server
    assert done.returncode == 1 and done.stdout.startswith("Option ")
    assert run("-c", site, "--vlan", "hq-voice", "--strict").returncode == 0


def test_octets_from_the_network_are_escaped():
    done = run("--option", 15, "--decode", "1b5b324a0a")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "\\x1b[2J\\x0a" in done.stdout


@pytest.mark.parametrize("words,parts", [
    ([], ["--sip-server", "--vlan", "--decode"]),
    (["--sip-server", "pool01..contoso.com"], ["--sip-server", "pool01..contoso.com", "empty"]),
    (["--sip-server", "pool01"], ["--sip-server", '"pool01"', "fully qualified"]),
    (["--sip-server", "10.1.1.1"], ["--sip-server", "10.1.1.1", "host name"]),
    (["--sip-server", "a.b", "--web-server", "m\u00fcnchen.de"], ["--web-server", "A-labels"]),
    (["--sip-server", "a.b", "--port", "0"], ["--port", '"0"', "1 to 65535"]),
    (["--sip-server", "a.b", "--port", "65536"], ["--port", "65536", "1 to 65535"]),
    (["--sip-server", "a.b", "--port", "443x"], ["--port", "443x", "1 to 65535"]),
    (["--sip-server", "a.b", "--port", " 443"], ["--port", '" 443"']),
    (["--sip-server", "a.b", "--domain", "contoso.com."], ["--domain", "leave it out"]),
    (["--sip-server", "a.b", "--ntp", "ntp.contoso.com"], ["--ntp", "ntp.contoso.com", "IPv4"]),
    (["--sip-server", "a.b", "--voice-vlan", "0"], ["--voice-vlan", '"0"', "1 to 4094"]),
    (["--sip-server", "a.b", "--voice-vlan", "4095"], ["--voice-vlan", "4095", "1 to 4094"]),
    (["--sip-server", "a.b", "--client", "phone"], ["--client", "phone", "cpe-ocphone"]),
    (["--sip-server", "a.b", "--format", "xml"], ["--format", "xml", "json"]),
    (["--sip-server", "a.b", "--vlan", "hq"], ["--sip-server", "--vlan", "one or the other"]),
    (["--sip-server", "a.b", "--option", "43"], ["--option", "--decode"]),
    (["--vlan", "hq", "--port", "443"], ["--port", "--sip-server"]),
    (["--decode", "00"], ["--decode", "--option"]),
    (["--decode", "0", "--option", "43"], ["--decode", '"0"', "two digits"]),
    (["--decode", "xyz", "--option", "43"], ["--decode", "xyz", "hex"]),
    (["--decode", "00", "--option", "60"], ["--option", "60", "120"]),
    (["--decode", "00", "--option", "256"], ["--option", "256", "120"]),
    (["--decode", "00", "--option", "120", "--vendor", "x"], ["--vendor", "43"]),
    (["--decode", "00", "--option", "43", "--client", "ms-uc"], ["--client", "--decode"]),
    (["--nonsense"], ["--nonsense", "--help"]),
    (["--sip-server"], ["--help"]),
    (["contoso.com"], ["contoso.com", "--help"]),
])
def test_wrong_usage_is_told(words, parts):
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert all(part in done.stderr for part in parts), done.stderr


def test_a_vlan_that_is_misspelled(site):
    done = run("-c", site, "--vlan", "hq-vioce")
    assert done.returncode == 2
    assert 'no vlan named "hq-vioce"' in done.stderr
    assert 'did you mean "hq-voice"?' in done.stderr


def test_a_site_without_vlans(tmp_path):
    file = tmp_path / "site.conf"
    file.write_text("pools = {}; vlans = ();")
    done = run("-c", file, "--vlan", "hq")
    assert done.returncode == 2
    assert f'no vlan named "hq" in {file}; it has none\n' in done.stderr


def test_help_and_version():
    assert fine("--help").startswith("Usage: ucprov-options")
    assert fine("-V").startswith("ucprov-options ")


def test_an_output_that_cannot_be_written():
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([BUILD / "ucprov-options", "--sip-server", "a.b"], stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "standard output" in done.stderr


def test_manual_lists_every_finding():
    """Ids are promised from version to version, so each stands in the manual."""
    rules = (ROOT / "lib/option/lint_rules.c").read_text()
    manual = (ROOT / "site-tools/ucprov-options.1.scd").read_text()
    section = manual.split("# FINDINGS")[1].split("# JSON")[0]
    ids = re.findall(r'= \{"([a-z]+)\.([a-z0-9-]+)", UCPROV_', rules)
    assert len(ids) > 50
    for option, name in ids:
        assert f"*{option}*\n" in section and re.search(rf"\*{name}\*", section), (option, name)
