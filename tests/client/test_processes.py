"""Ports for processes that are started again."""

from pathlib import Path

from client.rehearsal.processes import free_ports


def test_ports_are_two_that_the_system_gives_to_nobody_else(tmp_path: Path) -> None:
    told = tmp_path / "range"
    told.write_text("20000\t60999\n")
    for _ in range(50):
        ports = free_ports(told)
        assert ports.service != ports.witness
        assert 1024 < ports.service < 20_000
        assert 1024 < ports.witness < 20_000


def test_where_the_system_gives_every_port_or_does_not_tell_there_are_ports_all_the_same(
    tmp_path: Path,
) -> None:
    told = tmp_path / "range"
    for text in ("1024 65535", "", "none"):
        told.write_text(text)
        ports = free_ports(told)
        assert ports.service != ports.witness
    assert free_ports(tmp_path / "absent").service > 1024
