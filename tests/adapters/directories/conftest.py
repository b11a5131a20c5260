"""A real OpenLDAP and a real OpenID Connect provider on loopback ports, for the length of the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SLAPD = shutil.which("slapd") or ("/usr/sbin/slapd" if Path("/usr/sbin/slapd").exists() else None)
SCHEMAS = Path("/etc/ldap/schema")
MODULES = Path("/usr/lib/ldap")
START_SECONDS = 30
STOP_SECONDS = 10
ADMIN_PASSWORD = "test-admin-only"
PEOPLE = {"lina": ("李娜", "开户-审核 2026"), "star*": ("带星号", "通配-密码 9"), "twin": ("重名", "重名-密码 9")}

CONFIG = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix "dc=bank,dc=example"
rootdn "cn=admin,dc=bank,dc=example"
rootpw {password}
directory {folder}/data
"""
ENTRIES = """
dn: dc=bank,dc=example
objectClass: dcObject
objectClass: organization
o: bank
dc: bank

dn: ou=总行,dc=bank,dc=example
objectClass: organizationalUnit
ou: 总行

dn: ou=运营管理部,ou=总行,dc=bank,dc=example
objectClass: organizationalUnit
ou: 运营管理部
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process listens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "it ended before it listened"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("it never listened")


@dataclass(frozen=True)
class Ldap:
    """A running directory; `ca_file` is what its certificate is signed by."""

    port: int
    tls_port: int
    folder: Path
    ca_file: Path


@pytest.fixture(scope="session")
def ldap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ldap]:
    """OpenLDAP with three people, unprivileged, with its own configuration."""
    if SLAPD is None or not SCHEMAS.is_dir():
        pytest.skip("no OpenLDAP here: install Debian's slapd and ldap-utils")
    folder = tmp_path_factory.mktemp("ldap")
    (folder / "data").mkdir()
    _certificates(folder)
    config = folder / "slapd.conf"
    config.write_text(CONFIG.format(schemas=SCHEMAS, modules=MODULES, folder=folder, password=ADMIN_PASSWORD), "utf-8")
    entries = ENTRIES + "".join(_entry(login, name, password) for login, (name, password) in PEOPLE.items())
    entries += _entry("twin", "重名二", "别的-密码 9", unit="总行")
    (folder / "entries.ldif").write_text(entries, "utf-8")
    subprocess.run([SLAPD, "-T", "add", "-f", config, "-l", folder / "entries.ldif"], check=True, capture_output=True)
    ports = free_port(), free_port()
    addresses = f"ldap://127.0.0.1:{ports[0]} ldaps://127.0.0.1:{ports[1]}"
    process = subprocess.Popen(
        [SLAPD, "-d", "0", "-h", addresses, "-f", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(ports[1], process)
        yield Ldap(*ports, folder, folder / "ca.pem")
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _entry(login: str, name: str, password: str, unit: str = "运营管理部,ou=总行") -> str:
    return (
        f"\ndn: uid={login},ou={unit},dc=bank,dc=example\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {name}\n"
        f"sn: {name[0]}\nmail: {login.strip('*')}@bank.example\ntitle: 综合柜员\ntitle: 反假货币专员\n"
        f"userPassword: {password}\n"
    )


def _certificates(folder: Path) -> None:
    """A certificate of our own making for 127.0.0.1, and the authority that signed it."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    now = datetime.now(UTC)
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def signed(name: str, owner: ec.EllipticCurvePrivateKey, is_ca: bool) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named("test ca"))
            .public_key(owner.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if not is_ca:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(authority, hashes.SHA256())

    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(signed("test ca", authority, True).public_bytes(pem))
    (folder / "server.pem").write_bytes(signed("127.0.0.1", key, False).public_bytes(pem))
    (folder / "server.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@dataclass(frozen=True)
class Oidc:
    """A running provider that knows one client and lets anybody in as 8842."""

    issuer: str
    redirect_uri: str


@pytest.fixture(scope="session")
def oidc() -> Iterator[Oidc]:
    """The provider, for an application that takes the browser back at the test client's address."""
    with providing("http://testserver/api/sign-in/oidc/bank/callback") as provider:
        yield provider


@contextmanager
def providing(redirect_uri: str) -> Iterator[Oidc]:
    """The provider of npm's oidc-provider; its packages lie beside it or in YINSHU_OIDC_PROVIDER."""
    folder = Path(__file__).parent / "oidc_provider"
    packages = Path(os.environ.get("YINSHU_OIDC_PROVIDER", folder)) / "node_modules"
    node = shutil.which("node")
    if node is None or not (packages / "oidc-provider").is_dir():
        pytest.skip(f"no OpenID Connect provider here: run npm install in {folder.name}, or set YINSHU_OIDC_PROVIDER")
    port = free_port()
    run = packages.parent / "server.yinshu.mjs"
    if packages.parent != folder:
        # Node looks for packages beside the script.
        shutil.copyfile(folder / "server.mjs", run)
    process = subprocess.Popen(
        [node, str(run if packages.parent != folder else folder / "server.mjs"), str(port), redirect_uri],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield Oidc(f"http://127.0.0.1:{port}", redirect_uri)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
