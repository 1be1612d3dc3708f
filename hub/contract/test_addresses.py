"""Which addresses may be called, and what is read in those that a person typed."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract.addresses import CLOSED, EVERYTHING, fault_in, is_public, may_be_called

CLOSED_ONES = [
    "127.0.0.1", "127.255.255.254", "0.0.0.7", "10.0.0.1", "10.255.255.255", "172.16.0.1",
    "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "192.0.0.8", "192.0.0.9", "192.0.2.1", "198.51.100.1", "203.0.113.1",
    "198.18.0.1", "198.19.255.255", "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "168.63.129.16", "::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1",
    "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "64:ff9b:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1",
    "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "100::1", "5f00::1",
]  # fmt: skip
OPEN_ONES = ["8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "172.32.0.1", "100.128.0.1",
             "2a01:cb00::1", "2606:4700:4700::1111", "2001:4860:4860::8888"]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED_ONES)
def test_what_is_this_machines_a_closed_networks_or_nobodys_is_not_called(address):
    assert not is_public(ip_address(address))
    assert not may_be_called(ip_address(address), ())


@pytest.mark.parametrize("address", OPEN_ONES)
def test_what_is_on_the_internet_is_called(address):
    assert may_be_called(ip_address(address), ())


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_called(address):
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        assert not is_public(address)


@given(st.ip_addresses(v=6))
def test_no_address_that_stands_for_another_is_called(address):
    if is_public(address):
        assert address.is_global
        assert [address.ipv4_mapped, address.sixtofour, address.teredo] == [None] * 3


def test_the_operator_opens_networks_of_the_house_one_by_one():
    house = (ip_network("10.4.0.0/16"),)
    assert may_be_called(ip_address("10.4.1.2"), house)
    assert may_be_called(ip_address("::ffff:10.4.1.2"), house)
    assert not may_be_called(ip_address("10.5.1.2"), house)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200", "224.0.0.1",
                "168.63.129.16", "::", "0.0.0.1"]
)  # fmt: skip
def test_where_clouds_keep_their_secrets_nobody_can_open(address):
    assert not may_be_called(ip_address(address), EVERYTHING)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1", "https://127.0.0.1", "https://127.1", "https://0x7f000001",
        "https://2130706433", "https://0177.0.0.1", "https://127.0.0.0x1", "https://[::1]",
        "https://[::]", "https://[::ffff:127.0.0.1]", "https://[fe80::1%25eth0]",
        "https://①②⑦.⓪.⓪.①", "https://localhost", "https://localhost.", "https://LOCALHOST:8443",
        "https://shop.localhost", "https://db.internal", "https://router", "https://",
        "https://a_b..example", "https://" + "a" * 300 + ".example", "https://a.example:99999",
        "http://a.example:80@127.0.0.1", "https://a.example@127.0.0.1", "https://u:p@a.example",
        "http://127.0.0.1#@a.example", "https://127.0.0.1#@a.example",
        "https://a.example\\@127.0.0.1", "https:\\\\a.example", "https://a.example/\tb",
        "https://a.exam\nple", "https://a.example/b c", "file:///etc/passwd", "gopher://a.example",
        "ftp://a.example", "dict://a.example:11211", "data:text/html,x", "javascript:alert(1)",
        "//a.example", "a.example", "", "http://a.example", "https://-a.example",
        "https://a.example/" + "x" * 10_000, "https://[::1", "https://a.example\u202e",
    ],
)  # fmt: skip
def test_an_address_typed_in_that_must_not_be_called_is_refused_in_a_sentence(url):
    fault = fault_in(url, ())
    assert fault.endswith(".")
    assert "127.0.0.1" not in fault


@pytest.mark.parametrize(
    "url",
    ["https://shop.example.com", "https://shop.example.com:8443/wp", "https://SHOP.example.com./x?y=1",
     "https://straße.example", "https://xn--pple-43d.com", "https://8.8.8.8/x", "https://a-b.example"],
)  # fmt: skip
def test_an_address_on_the_internet_is_taken(url):
    assert fault_in(url, ()) == ""


def test_plain_http_is_for_the_house_alone():
    assert fault_in("http://127.0.0.1:8080", EVERYTHING) == ""
    assert fault_in("http://kannel:13013", EVERYTHING) == ""
    assert "https" in fault_in("http://8.8.8.8", EVERYTHING)
    assert fault_in("http://169.254.169.254/latest", EVERYTHING) == CLOSED


@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer(text):
    for url in (text, f"https://{text}", f"https://{text}.example/"):
        assert isinstance(fault_in(url, ()), str)
