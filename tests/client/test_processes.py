"""Ports for processes that are started again."""

from pathlib import Path

from client.rehearsal.processes import free_ports


def test_ports_are_two_that_the_system_gives_to_nobody_else() -> None:
    given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(50):
        ports = free_ports()
        assert ports.service != ports.witness
        assert 1024 < ports.service < given
        assert 1024 < ports.witness < given
