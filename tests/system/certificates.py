# SPDX-License-Identifier: MPL-2.0
"""Makes certificates with the openssl command: none of them comes from the code under test.

    root = certificates.Authority(directory, "Test root")
    issuing = root.authority("Test issuing CA")
    server = issuing.server("pool01.contoso.com", names=["pool01.contoso.com", "ucupdates-r2"])
    server.certificate, server.key      # PEM files
    server.chain                        # PEM file: its own certificate, then its issuing CAs'
    issuing.chain                       # PEM file: issuing CAs, then the root: what phones get

Keys are "rsa:2048", "rsa-pss:2048", "ec:prime256v1" or "ed25519"; dates are datetimes (UTC)."""

import datetime
import itertools
import pathlib
import re
import ssl
import subprocess

DAY = datetime.timedelta(days=1)
CA = ("basicConstraints = critical, CA:TRUE", "keyUsage = critical, keyCertSign, cRLSign",
      "subjectKeyIdentifier = hash", "authorityKeyIdentifier = keyid:always")
SERVER = ("basicConstraints = critical, CA:FALSE",
          "keyUsage = critical, digitalSignature, keyEncipherment",
          "extendedKeyUsage = serverAuth", "subjectKeyIdentifier = hash",
          "authorityKeyIdentifier = keyid:always")
CONFIGURATION = """\
[ca]
default_ca = authority
[authority]
database = {directory}/index.txt
new_certs_dir = {directory}
rand_serial = yes
unique_subject = no
policy = policy
default_md = sha256
string_mask = utf8only
preserve = yes
x509_extensions = extensions
[policy]
commonName = optional
organizationName = optional
[req]
distinguished_name = name
utf8 = yes
string_mask = utf8only
prompt = no
[name]
{name}
[extensions]
{extensions}
"""


def openssl(*arguments, **options):
    """Runs openssl; returns what it printed."""
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, timeout=60,
                          check=False, **options)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def make_key(file, kind):
    algorithm, _, detail = kind.partition(":")
    if algorithm == "rsa":
        options = ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{detail}"]
    elif algorithm == "rsa-pss":
        options = ["-algorithm", "RSA-PSS", "-pkeyopt", f"rsa_keygen_bits:{detail}"]
    elif algorithm == "ec":
        options = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{detail}"]
    else:
        options = ["-algorithm", algorithm]
    openssl("genpkey", *options, "-out", file)
    return file


class Certificate:
    """A certificate and its key. `issuer`: an Authority; None: signed by itself."""

    numbers = itertools.count()

    def __init__(self, directory, name, issuer=None, *, extensions=SERVER, names=(),
                 key="rsa:2048", digest="sha256", pss=False, begin=None, end=None,
                 organization=None):
        now = datetime.datetime.now(datetime.timezone.utc)
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(exist_ok=True)
        self.name = name
        self.issuer = issuer
        stem = self.directory / f"made{next(self.numbers)}"
        self.certificate = stem.with_suffix(".pem")
        self.key = make_key(stem.with_suffix(".key"), key)
        self._extensions = [*extensions]
        if names:
            self._extensions.append("subjectAltName = " + ", ".join(f"DNS:{n}" for n in names))
        self._subject = {"O": organization, "CN": name}
        self._sign(stem, digest, pss, begin or now - DAY, end or now + 365 * DAY)
        self.chain = stem.with_suffix(".chain")
        self.chain.write_text("".join(self._chain()))

    def _chain(self):
        """Without the root, which no server needs to send."""
        above = self.issuer
        texts = [self.certificate.read_text()]
        while above is not None and above.issuer is not None:
            texts.append(above.certificate.read_text())
            above = above.issuer
        return texts

    def _sign(self, stem, digest, pss, begin, end):
        configuration = stem.with_suffix(".cnf")
        request = stem.with_suffix(".csr")
        subject = [f"{label} = {value}" for label, value in self._subject.items() if value]
        configuration.write_text(CONFIGURATION.format(
            directory=self.directory, name="\n".join(subject or ["O = nobody"]),
            extensions="\n".join(self._extensions)))
        (self.directory / "index.txt").write_text("")
        key = ["-key", self.key, "-config", configuration]
        openssl("req", "-new", *key, *([] if subject else ["-subj", "/"]), "-out", request)
        issuer = self.issuer or self
        signer = ["-selfsign"] if issuer is self else ["-cert", issuer.certificate]
        padding = ["-sigopt", "rsa_padding_mode:pss"] if pss else []
        # Ed25519 hashes for itself.
        hashed = ["-md", digest] if digest else ["-md", "default"]
        openssl("ca", "-batch", "-notext", "-config", configuration, "-in", request,
                *signer, "-keyfile", issuer.key, *hashed, *padding,
                "-startdate", begin.strftime("%Y%m%d%H%M%SZ"),
                "-enddate", end.strftime("%Y%m%d%H%M%SZ"), "-out", self.certificate)

    @property
    def files(self):
        """What a server is given: its chain, and its key."""
        return self.chain, self.key

    def der(self):
        return openssl("x509", "-in", self.certificate, "-outform", "DER")


class Authority(Certificate):
    """A CA; a root unless it has an issuer."""

    def __init__(self, directory, name, issuer=None, *, extensions=CA, **options):
        super().__init__(directory, name, issuer, extensions=extensions, **options)
        texts = self._chain()
        above = self
        while above.issuer is not None:
            above = above.issuer
        if above is not self:
            texts.append(above.certificate.read_text())
        self.chain.write_text("".join(texts))

    def authority(self, name, **options):
        return Authority(self.directory, name, self, **options)

    def server(self, name, **options):
        """`names` are its subjectAltNames; without them it has none."""
        return Certificate(self.directory, name, self, **options)


def pkcs7(*files, form="DER"):
    """A PKCS#7 with all that certificate files hold, as AD CS exports chains; its octets."""
    options = [word for file in files for word in ("-certfile", file)]
    return openssl("crl2pkcs7", "-nocrl", *options, "-outform", form)


def read_pem(text):
    """DER of every certificate in a text."""
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.S)
    return [ssl.PEM_cert_to_DER_cert(block) for block in blocks]


def read_pkcs7(der):
    """By two independent readers, who have to agree."""
    ours = read_pem(openssl("pkcs7", "-inform", "DER", "-print_certs", input=der).decode())
    done = subprocess.run(["certtool", "--p7-info", "--inder"], input=der, capture_output=True,
                          timeout=60, check=True)
    assert sorted(read_pem(done.stdout.decode())) == sorted(ours)
    return ours
