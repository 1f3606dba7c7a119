# STAND-IN of the tests for what a Windows sshd starts: carries bytes between sshd and the socket of its argument, and ends with the code it is told.
import json
import os
import socket
import sys
import threading

door = socket.socket(socket.AF_UNIX)
door.connect(sys.argv[1])
line = os.environ.get("SSH_ORIGINAL_COMMAND", "")
door.sendall(json.dumps({"pid": os.getpid(), "line": line}).encode() + b"\n")


def feed():
    try:
        while part := os.read(0, 65536):
            door.sendall(part)
        door.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # it ended before it read all


threading.Thread(target=feed, daemon=True).start()
answers = door.makefile("rb")
code = 255
while len(head := answers.read(5)) == 5:
    body = answers.read(int.from_bytes(head[1:], "big"))
    if head[0] == 3:
        code = int.from_bytes(body, "big")
        break
    while body:
        body = body[os.write(head[0], body) :]
os._exit(code)
