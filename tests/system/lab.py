# SPDX-License-Identifier: MPL-2.0
"""A site of contoso.com for the probe: real servers, each in the foreground, on loopback or in a
namespace of a Network."""

import base64
import contextlib
import textwrap

import certificates
from kea import BUILD, configuration, option, raw_option
from loopback import free_port
from namespaces import in_namespace
from phone import cert_prov, sip_server
from probe import Outcome, run
from processes import running

POOL, UPDATES = "pool01.contoso.com", "ucupdates-r2"
DOMAINS = ("contoso.com", "emea.contoso.com")
NAMES = [UPDATES, *(f"{UPDATES}.{domain}" for domain in DOMAINS)]
PATH = "/CertProv/CertProvisioningService.svc"
URL = f"https://{POOL}:443{PATH}"
SERVICE, REGISTRAR = cert_prov(POOL), sip_server(POOL)

# The phones' subnet on loopback: all of 127.0.0.0/8 is this machine's.
RELAY, PHONE, OTHER = "127.20.0.1", "127.20.0.9", "127.40.0.1"

# And on a veth pair.
SERVER_ADDRESS, SUBNET = "10.20.0.1", "10.20.0.0/16"

CHRONYD = BUILD / "tests" / "chronyd"


def chain_response(*made, element="Anything"):
    """A GetRootCertChains response with CAs' chains, each in an element that nobody knows."""
    chains = "".join(f"<{element}>{base64.b64encode(certificates.pkcs7(each.chain)).decode()}"
                     f"</{element}>" for each in made)
    return textwrap.dedent(f"""\
        <?xml version="1.0" encoding="utf-8"?>
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
        <GetRootCertChainsResponse ResponseClass="Success"
         xmlns="http://schemas.microsoft.com/OCS/AuthWebServices/">
        {chains}</GetRootCertChainsResponse></s:Body></s:Envelope>
        """)


# DHCP

def kea_options(**more):
    """Global options and the MS-UC-Client class of a plain Kea, without our hook."""
    return {
        "option-def": [{"name": "sip", "code": 120, "type": "binary", "space": "dhcp4"}],
        "option-data": [
            option("domain-name", "contoso.com"),
            option("domain-search", "contoso.com, emea.contoso.com"),
            option("ntp-servers", "10.1.0.1, 10.1.0.2"),
            option("domain-name-servers", "10.1.0.53"),
            option("routers", "127.20.0.1"),
        ],
        "client-classes": [
            {"name": "uc", "test": "option[60].text == 'MS-UC-Client'",
             "option-data": [raw_option(43, SERVICE), raw_option(120, REGISTRAR)]},
            {"name": "vlan", "test": "option[60].text == 'CPE-OCPHONE'",
             "option-data": [raw_option(43, b"\x0a\x02\x00\x14")]},
        ],
        **more,
    }


def on_veth(**more):
    return configuration(
        subnets=[{"id": 1, "subnet": SUBNET,
                  "pools": [{"pool": "10.20.1.10 - 10.20.1.99"}], **more}],
        interfaces=["voice0"], raw=True, **kea_options())


DNSMASQ_CLASS = "--dhcp-vendorclass=set:uc,MS-UC-Client"


def dnsmasq(namespace, directory, *options):
    return running(*in_namespace(
        namespace, "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--log-dhcp",
        "--conf-file=/dev/null", "--user=root", "--port=0", "--interface=voice0",
        "--bind-interfaces", "--no-ping", f"--pid-file={directory}/dnsmasq.pid",
        f"--dhcp-leasefile={directory}/dnsmasq.leases", *options), ready="DHCP, sockets bound")


def dhcpd(namespace, directory, vendor=SERVICE, sip=REGISTRAR, everybody=False, authoritative=True,
          ntp="10.1.0.1", resolver="10.1.0.53"):
    """ISC's. 43 and 120 go to MS-UC-Client, or to everybody, too."""
    options = (f"option vendor-encapsulated-options {vendor.hex(':')};"
               f"option sip {sip.hex(':')};")
    conf = directory / "dhcpd.conf"
    (leases := directory / "dhcpd.leases").touch()
    conf.write_text(f"""
        {"authoritative;" if authoritative else ""}
        ping-check false;
        option sip code 120 = string;
        option domain-search "contoso.com", "emea.contoso.com";
        option domain-name "contoso.com";
        {f"option ntp-servers {ntp};" if ntp else ""}
        option domain-name-servers {resolver};
        option routers {SERVER_ADDRESS};
        {options if everybody else ""}
        class "uc" {{ match if option vendor-class-identifier = "MS-UC-Client"; {options} }}
        subnet {SUBNET.split("/")[0]} netmask 255.255.0.0 {{ range 10.20.1.10 10.20.1.99; }}
        """)
    return running(*in_namespace(namespace, "dhcpd", "-4", "-f", "-d", "-user", "root", "-group",
                                 "root", "-cf", conf, "-lf", leases, "-pf",
                                 directory / "dhcpd.pid", "voice0"), ready="Server starting")


# Names, time, update service, chain and registrar

def unbound(directory, address="127.0.0.1", port=53, records=(), namespace=None):
    directory.mkdir(exist_ok=True)
    lines = "".join(f"  local-data: '{record}'\n" for record in records)
    (directory / "unbound.conf").write_text(
        f'server:\n  interface: {address}@{port}\n  do-daemonize: no\n  chroot: ""\n'
        f'  username: ""\n  directory: "{directory}"\n  pidfile: ""\n  use-syslog: no\n'
        f"  access-control: 0.0.0.0/0 allow\n  verbosity: 1\n  do-not-query-localhost: no\n"
        f'  local-zone: "." static\n{lines}remote-control:\n  control-enable: no\n')
    return running(*in_namespace(namespace, "unbound", "-d", "-p", "-c", directory / "unbound.conf"),
                   ready="start of service")


def site_records(address):
    return [f"{UPDATES}.{domain}. A {address}" for domain in DOMAINS] + [
        f"_sipinternaltls._tcp.contoso.com. SRV 0 0 5061 {POOL}.",
        "_ntp._udp.contoso.com. SRV 0 0 123 ntp.contoso.com.",
        f"ntp.contoso.com. A {address}", f"{POOL}. A {address}"]


def nginx(directory, certificate, response, address="127.0.0.1", http=80, https=443,
          namespace=None, protocols="TLSv1", update="return 200;", more=""):
    """Update server and certificate provisioning service in one. `certificate`: (chain, key)."""
    directory.mkdir(exist_ok=True)
    folder = directory / "root" / "CertProv"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CertProvisioningService.svc").write_text(response)
    (directory / "root" / "index.html").write_text("hello")
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (directory / name).mkdir(exist_ok=True)
    listen = f"listen {address}:{http};\n" if http else ""
    if https:
        listen += (f"listen {address}:{https} ssl; ssl_certificate {certificate[0]};\n"
                   f"ssl_certificate_key {certificate[1]}; ssl_protocols {protocols};\n"
                   "ssl_ciphers 'DEFAULT:@SECLEVEL=0';\n")
    (directory / "nginx.conf").write_text(f"""
        daemon off; master_process off; pid {directory}/pid; error_log stderr notice;
        events {{}}
        http {{
          access_log {directory}/access.log combined; root {directory}/root;
          client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
          fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
          scgi_temp_path {directory}/scgi;
          server {{
            {listen}
            error_page 405 =200 $uri;
            location /RequestHandler/ {{ {update} }}
            {more}
          }}
        }}
        """)
    return running(*in_namespace(namespace, "nginx", "-p", directory, "-c", directory / "nginx.conf"),
                   ready="getrlimit")


def s_server(certificate, address="127.0.0.1", port=5061, namespace=None, protocol="-tls1"):
    return running(*in_namespace(namespace, "openssl", "s_server", "-accept", f"{address}:{port}",
                          "-cert", certificate[0], "-key", certificate[1], protocol, "-www",
                          "-cipher", "DEFAULT@SECLEVEL=0"), ready="ACCEPT")


def chrony(directory, address="127.0.0.1", port=123, namespace=None, stratum="local stratum 5"):
    directory.mkdir(exist_ok=True)
    (directory / "chrony.conf").write_text(
        f"port {port}\nbindaddress {address}\ncmdport 0\nbindcmdaddress /\nallow all\n{stratum}\n"
        f"pidfile {directory}/pid\n")
    return running(*in_namespace(namespace, CHRONYD, "-x", "-d", "-u", "root", "-f",
                          directory / "chrony.conf"), ready="Disabled control of system clock")


# All of them

@contextlib.contextmanager
def behind_dhcp(directory, authority, certificate, address, namespace):
    """On standard ports, at one address."""
    where = {"address": address, "namespace": namespace}
    with unbound(directory / "unbound", records=site_records(address), **where), \
            nginx(directory / "nginx", certificate, chain_response(authority), **where), \
            chrony(directory / "chrony", **where), s_server(certificate, **where):
        yield


class Lab:
    """Resolver, update server, chain and registrar on free ports of loopback."""

    def __init__(self, directory, authority, certificate, **settings):
        self.stack = contextlib.ExitStack()
        self.dns, self.http, self.https, self.sip = (free_port() for _ in range(4))
        records = settings.pop("records", None) or site_records("127.0.0.1")
        registrar = settings.pop("registrar", certificate)
        response = settings.pop("response", chain_response(authority))
        self.stack.enter_context(unbound(directory / "unbound", port=self.dns, records=records))
        http = settings.pop("http", self.http)
        self.stack.enter_context(nginx(directory / "nginx", certificate, response, http=http,
                                       https=self.https, **settings))
        self.stack.enter_context(s_server(registrar, port=self.sip))
        self.directory = directory

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def run(self, steps, *more, url=f"https://{POOL}{PATH}", domain="contoso.com"):
        return run("--steps", steps, "--domain", domain, "--resolver", f"127.0.0.1#{self.dns}",
                   "--url", url, "--sip-server", POOL, "--http-port", self.http, "--https-port",
                   self.https, "--update-port", self.https, "--registrar-port", self.sip,
                   "--timeout", "2", *more)

    def probe(self, steps, *more, **settings):
        return Outcome(self.run(steps, "--json", *more, **settings))
