"""The way out: judged once, pinned, straight, and with an end."""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hub.contract import Unavailable, outbound
from hub.contract.http import session, translated

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FIRST, SECOND = "127.0.0.2", "127.0.0.3"


class Place:
    """A server at one loopback address that says the same to everyone."""

    def __init__(self, address, says=OK, port=0, tls=None):
        self.heard, self.says, self.tls = [], says, tls
        self.listening = socket.create_server((address, port))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.listening.accept()
                threading.Thread(target=self.answer, args=(line,), daemon=True).start()

    def answer(self, line):
        with contextlib.suppress(OSError):
            line = self.tls.wrap_socket(line, server_side=True) if self.tls else line
            self.heard.append(line.recv(65536))
            for piece in [self.says] if isinstance(self.says, bytes) else self.says(self):
                line.sendall(piece)
            line.close()


@pytest.fixture
def place():
    made, ended = [], threading.Event()

    def at(address, says=OK, **more):
        one = Place(address, says, **more)
        one.ended = ended
        made.append(one)
        return one

    yield at
    ended.set()
    for one in made:
        one.listening.close()


@pytest.fixture
def names(monkeypatch):
    """`names["shop.example"] = [answers of the first look-up, of the second …]`."""
    known, real = {}, socket.getaddrinfo

    def look_up(host, port, *args, **more):
        if host not in known:
            return real(host, port, *args, **more)
        answers = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "",
                 (one, port, 0, 0) if ":" in one else (one, port)) for one in answers]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    """Only 127.0.0.2 stands for the internet here, as a house that was opened."""
    monkeypatch.setattr(outbound, "_inward", [ip_network(f"{FIRST}/32")])


def get(url, **more):
    with translated("The shop"):
        return session().get(url, timeout=more.pop("timeout", 5), **more)


def test_the_name_is_looked_up_once_and_the_call_goes_where_it_was_judged(place, names):
    good = place(FIRST)
    bad = place("127.0.0.1", port=good.port)
    names["shop.example"] = [[FIRST], ["127.0.0.1"]]
    assert get(f"http://shop.example:{good.port}/x").text == "ok"
    assert f"Host: shop.example:{good.port}".encode() in good.heard[0]
    with pytest.raises(Unavailable) as refused:  # the name leads elsewhere a moment later
        get(f"http://shop.example:{good.port}/x")
    assert refused.value.reached is False
    assert bad.heard == []


@pytest.mark.parametrize(
    "answers",
    [[FIRST, "127.0.0.1"], ["10.0.0.1", FIRST], [FIRST, "::1"], ["169.254.169.254"],
     ["::ffff:127.0.0.1"], ["64:ff9b::1"]],
)  # fmt: skip
def test_one_closed_answer_among_many_closes_the_name(place, names, answers):
    good = place(FIRST)
    names["shop.example"] = [answers]
    with pytest.raises(Unavailable) as refused:
        get(f"http://shop.example:{good.port}/")
    assert refused.value.reached is False
    assert good.heard == []
    assert not any(one in refused.value.words for one in answers)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_not_called(place, host):
    bad = place("127.0.0.1")
    with pytest.raises(Unavailable, match="closed network"):
        get(f"http://{host}:{bad.port}/")
    with pytest.raises(Unavailable, match="closed network"):
        outbound.pool().request("GET", f"http://{host}:{bad.port}/", retries=False)
    with pytest.raises(Unavailable, match="closed network"):
        outbound.dial(host.strip("[]"), bad.port, 1)
    assert bad.heard == []


def test_plain_http_and_odd_ports_are_not_for_the_internet(names):
    names["shop.example"] = [["8.8.8.8"]]
    with pytest.raises(Unavailable, match="https"):
        get("http://shop.example/")
    with pytest.raises(Unavailable, match="port"):
        get("https://shop.example:25/")


def test_where_one_address_is_silent_the_next_is_tried(place, names):
    outbound._inward.append(ip_network(f"{SECOND}/32"))
    good = place(FIRST)
    names["shop.example"] = [[SECOND, FIRST]]
    assert get(f"http://shop.example:{good.port}/").text == "ok"
    good.listening.shutdown(socket.SHUT_RDWR)
    with pytest.raises(Unavailable) as refused:
        get(f"http://shop.example:{good.port}/")
    assert refused.value.reached is False


def test_a_name_that_is_none_was_not_reached():
    with pytest.raises(Unavailable) as refused:
        get("https://nobody.invalid/")
    assert refused.value.reached is False


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(place, status):
    bad = place("127.0.0.1")
    sends_on = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:{bad.port}/\r\n"
    good = place(FIRST, sends_on.encode() + b"Content-Length: 0\r\n\r\n")
    assert get(f"http://{FIRST}:{good.port}/").status_code == status
    assert bad.heard == []


def test_an_answer_without_an_end_is_broken_off(place, monkeypatch):
    monkeypatch.setattr(outbound, "_seconds", lambda timeout: 0.05)  # of the whole, not of a piece

    def drops(at):
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
        while not at.ended.wait(0.02):
            yield b"x"

    good = place(FIRST, drops)
    with pytest.raises(Unavailable, match="too slow"):
        get(f"http://{FIRST}:{good.port}/")


def test_an_answer_that_is_too_long_is_not_read(place, monkeypatch):
    monkeypatch.setattr(outbound, "MOST_BYTES", 100_000)
    good = place(FIRST, b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + b"x" * 400_000)
    with pytest.raises(Unavailable, match="too long"):
        get(f"http://{FIRST}:{good.port}/")


def test_the_environments_proxies_have_no_say(place, monkeypatch):
    bad, good = place("127.0.0.1"), place(FIRST)
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{bad.port}")
    assert get(f"http://{FIRST}:{good.port}/").text == "ok"
    assert bad.heard == []


def _certified(folder, name):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / f"{name}.pem"
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    pem.write_bytes(made.public_bytes(kind))
    both = folder / f"{name}.both"
    secret = key.private_bytes(kind, form, serialization.NoEncryption())
    both.write_bytes(secret + pem.read_bytes())
    return pem, both


def test_tls_asks_for_the_name_and_proves_it_though_the_address_is_pinned(place, names, tmp_path):
    pem, both = _certified(tmp_path, "shop.example")
    asked = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(both)
    tls.sni_callback = lambda line, name, context: asked.append(name)
    good = place(FIRST, tls=tls)
    names["shop.example"], names["other.example"] = [[FIRST]], [[FIRST]]
    assert get(f"https://shop.example:{good.port}/", verify=str(pem)).text == "ok"
    assert asked == ["shop.example"]
    for host in ("other.example", FIRST):
        with pytest.raises(Unavailable, match="certificate") as refused:
            get(f"https://{host}:{good.port}/", verify=str(pem))
        assert refused.value.reached is False
