"""What a server refuses ends a command as it would end without a server: with the same words, code and exit code."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from yinshu.cli.attached import AttachedDoor
from yinshu.kernel.base.errors import YinshuError
from yinshu.kernel.gateway.errors import BadModel, ModelDown, NoSuchModel, QuotaSpent


@pytest.mark.parametrize("error", [BadModel("不是 GGUF"), ModelDown("连不上"), NoSuchModel("没有"), QuotaSpent("用完")])
def test_a_failure_of_a_room_keeps_its_code_and_its_exit_code(error: YinshuError, tmp_path: Path) -> None:
    path = tmp_path / "yinshu.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                asked = b""
                while not asked.endswith(b"{}"):
                    asked += connection.recv(65_536)
                body = json.dumps({"code": error.code, "message": error.message}).encode()
                connection.sendall(
                    b"HTTP/1.1 %d x\r\ncontent-length: %d\r\n\r\n%s" % (error.http_status, len(body), body)
                )

        thread = threading.Thread(target=answer)
        thread.start()
        door = AttachedDoor(path, "token")
        with pytest.raises(YinshuError) as raised:
            door.call("model_add", {})
        door.close()
        thread.join()
    assert (raised.value.code, raised.value.exit_code) == (error.code, error.exit_code)
    assert raised.value.message == error.message
