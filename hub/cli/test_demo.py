"""What `hub demo` refuses before anything is started."""

import socket

from click.testing import CliRunner

from hub.cli.demo import demo


def test_a_port_that_is_taken_is_said_in_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = CliRunner().invoke(demo, ["--port", str(port)])
    assert answer.exit_code == 1
    assert f"Another program listens on port {port}." in answer.output


def test_kills_are_for_once_only():
    answer = CliRunner().invoke(demo, ["--kills", "3"])
    assert answer.exit_code == 2
    assert "--kills needs --once." in answer.output
