"""What holds for every test: nothing is reached beyond loopback."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulators import specs


def pytest_report_header() -> str:
    return specs.summary


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to anywhere else fails the test that makes it."""
    reached: list[str] = []
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                reached.append(host)
                raise OSError(f"tests reach loopback only, not {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
    assert not reached, f"reached beyond loopback: {reached}"
