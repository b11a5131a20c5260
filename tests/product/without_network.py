"""Run inside a network namespace of its own: brings up loopback, shows that nothing else is reachable, asks."""

from __future__ import annotations

import errno
import fcntl
import json
import socket
import struct
import sys
from pathlib import Path

from tests.product.running import COLLECTION, serving, yinshu
from tests.product.test_commands import QUESTION, post

SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
UNREACHABLE = ("192.0.2.1", 80)


def bring_up_loopback() -> None:
    """A new namespace has loopback, but down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


def network_is_off() -> bool:
    """Whether an address outside cannot even be tried."""
    with socket.socket() as probe:
        return probe.connect_ex(UNREACHABLE) == errno.ENETUNREACH


def main(home: Path, log: Path) -> None:
    """Print one JSON object: whether the network is off, and the answers of both doors."""
    bring_up_loopback()
    assert network_is_off()
    with serving(home, log) as server:
        over_http = post(server, "/api/ask", {"question": QUESTION, "collection": COLLECTION})
        attached = yinshu(home, "ask", QUESTION, "-c", COLLECTION, "--json").json
    alone = yinshu(home, "ask", QUESTION, "-c", COLLECTION, "--json").json
    print(json.dumps({"answers": [over_http, attached, alone]}, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
