"""`python -m load_tests.drain PORT COUNT BYTES`: that many connections, read until all is there."""

import selectors
import socket
import sys

if __name__ == "__main__":
    port, count, left = (int(argument) for argument in sys.argv[1:4])
    selector = selectors.DefaultSelector()
    for _ in range(count):
        selector.register(socket.create_connection(("127.0.0.1", port)), selectors.EVENT_READ)
    while left > 0:
        for key, _ in selector.select():
            left -= len(key.fileobj.recv(65536))  # type: ignore[union-attr]  # only sockets are registered
