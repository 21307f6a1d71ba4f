"""Read `web.yml`: TLS and basic authentication, in the form that Prometheus's own exporters use.

Source: https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
"""

import ssl
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from processor.errors import Fault, SettingsError
from processor.logs.redaction import MASK
from processor.settings import validation
from processor.settings.sections import Section
from processor.settings.yaml_file import Document, read_document

#: Cost 4 to 16: less is no bcrypt, more takes longer than a scrape may.
_BCRYPT: Final = r"^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$"
#: Keys of the original that have no counterpart in Python's ssl, or need not have one.
_NOT_HERE: Final = frozenset(
    {
        "http_server_config",
        "rate_limit",
        "auth_excluded_paths",
        "max_version",
        "cipher_suites",
        "prefer_server_cipher_suites",
        "curve_preferences",
        "client_allowed_sans",
        "cert",
        "key",
        "client_ca",
    }
)
Hash = Annotated[str, Field(pattern=_BCRYPT, examples=["$2b$10$… as `htpasswd -nBC 10 USER` prints it"])]
User = Annotated[str, Field(pattern=r"^[^:\s]+$", examples=["prometheus"])]
_VERSIONS: Final = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_CLIENT_AUTH: Final = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}


class TlsServer(Section):
    """`tls_server_config`. Relative paths start at the folder of the file."""

    cert_file: Path = Field(description="certificate and its chain, PEM")
    key_file: Path = Field(description="private key, PEM, without a passphrase")
    client_ca_file: Path | None = Field(None, description="who may sign the certificates of clients")
    client_auth_type: Literal["NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"] = Field(
        "NoClientCert", description="whether a client must show a certificate"
    )
    min_version: Literal["TLS12", "TLS13"] = Field("TLS12", description="lowest version that is spoken")


class WebFile(Section):
    """`web.yml`."""

    tls_server_config: TlsServer | None = Field(None, description="plain HTTP without it")
    basic_auth_users: dict[User, Hash] = Field(default_factory=dict, description="user → bcrypt hash; open without any")


class WebConfig:
    """What a good `web.yml` says: the TLS context, None for plain HTTP, and the users with their hashes."""

    def __init__(self, tls: ssl.SSLContext | None, users: Mapping[str, bytes], files: tuple[Path, ...]) -> None:
        self.tls = tls
        self.users = users
        self.files = files  #: everything that was read, to notice when it changes


def read_web_config(path: Path) -> WebConfig:
    """Read the file and what it names.

    Raises:
        SettingsError: with every fault, each with file, line, key and remedy.
    """
    document = read_document(path)
    faults = list(document.faults)
    if not path.exists() and not faults:
        faults.append(Fault(str(path), None, "file", "", "does not exist", "create it, or leave --web-config out"))
    checked = validation.validate(WebFile, document.data, document.locate)
    faults += [_told(fault) for fault in checked.faults]
    file = WebFile.model_validate(checked.data)
    tls = None
    if file.tls_server_config is not None:
        tls = _Tls(document, path.parent, file.tls_server_config)
        faults += tls.faults
    if faults:
        raise SettingsError(faults)
    users = {user: text.encode() for user, text in file.basic_auth_users.items()}
    return WebConfig(tls.context if tls else None, users, (path, *(tls.files if tls else ())))


def _told(fault: Fault) -> Fault:
    """Say of what the original knows and we do not that it is not there, instead of guessing what was meant."""
    is_known = fault.problem == "is no known key" and fault.key.rpartition(".")[2] in _NOT_HERE
    if is_known:
        return replace(fault, problem="is not supported by this exporter", remedy="take it out")
    return _masked(fault)


def _masked(fault: Fault) -> Fault:
    """Hide what stands for a hash: somebody may have written the password itself."""
    is_secret = fault.key.startswith("basic_auth_users.") and fault.value != ""
    return replace(fault, value=MASK) if is_secret else fault


class _Tls:
    """Loads certificate, key and authorities, and collects what is wrong with them."""

    def __init__(self, document: Document, folder: Path, wanted: TlsServer) -> None:
        self.faults: list[Fault] = []
        self._document = document
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = _VERSIONS[wanted.min_version]
        certificate, key = folder / wanted.cert_file, folder / wanted.key_file
        authorities = None if wanted.client_ca_file is None else folder / wanted.client_ca_file
        self.files = (certificate, key, *([authorities] if authorities else []))
        readable = [self._is_readable(name, path) for name, path in (("cert_file", certificate), ("key_file", key))]
        if all(readable):
            self._load_pair(certificate, key)
        self._load_authorities(wanted, authorities)

    def _load_pair(self, certificate: Path, key: Path) -> None:
        try:
            self.context.load_cert_chain(certificate, key, password=_no_passphrase)
        except _PassphraseWanted:
            self._complain("key_file", str(key), "is protected by a passphrase", "write it without one, chmod 600")
        except (ssl.SSLError, ValueError) as exc:
            is_pair = getattr(exc, "reason", None) != "KEY_VALUES_MISMATCH"
            problem = "is no PEM pair of certificate and key" if is_pair else "does not belong to key_file"
            self._complain("cert_file", str(certificate), problem, "name a certificate and the key it was made with")

    def _load_authorities(self, wanted: TlsServer, authorities: Path | None) -> None:
        needs = wanted.client_auth_type != "NoClientCert"
        if needs and authorities is None:
            problem = "needs to know whose certificates are good"
            self._complain("client_auth_type", wanted.client_auth_type, problem, "add client_ca_file")
        if authorities is not None and not needs:
            remedy = "set client_auth_type to RequireAndVerifyClientCert, or take it out"
            self._complain("client_ca_file", str(authorities), "is not used without client_auth_type", remedy)
        if authorities is None or not needs or not self._is_readable("client_ca_file", authorities):
            return
        try:
            self.context.load_verify_locations(authorities)
        except ssl.SSLError:
            self._complain("client_ca_file", str(authorities), "holds no PEM certificate", "name a PEM file")
        self.context.verify_mode = _CLIENT_AUTH[wanted.client_auth_type]

    def _is_readable(self, key: str, path: Path) -> bool:
        try:
            with path.open("rb"):
                return True
        except OSError as exc:
            self._complain(key, str(path), f"cannot be read ({exc.strerror})", "name a file that this user can read")
            return False

    def _complain(self, key: str, value: str, problem: str, remedy: str) -> None:
        place = self._document.locate(("tls_server_config", key))
        self.faults.append(Fault(place.file, place.line, place.key, value, problem, remedy))


class _PassphraseWanted(Exception):
    """OpenSSL asks for a passphrase, which nobody is there to type."""


def _no_passphrase() -> str:
    raise _PassphraseWanted
