# Drives a WinRM host with Debian's python3-winrm, a client nobody of ours wrote. Reads one JSON job on stdin, prints one JSON result.
import json
import sys

from winrm.protocol import Protocol

job = json.load(sys.stdin)
result = {"runs": []}
try:
    client = Protocol(
        endpoint=job["endpoint"],
        transport=job["transport"],
        username=job["user"],
        password=job["password"],
        server_cert_validation="ignore",
        message_encryption=job["encryption"],
        read_timeout_sec=30,
        operation_timeout_sec=20,
    )
    shell = client.open_shell(codepage=65001)
    try:
        for command in job["commands"]:
            started = client.run_command(shell, command["command"], command["arguments"])
            out, err, code = client.get_command_output(shell, started)
            client.cleanup_command(shell, started)
            result["runs"].append({"stdout": out.decode("utf-8"), "stderr": err.decode("utf-8"), "code": code})
    finally:
        client.close_shell(shell)
except Exception as error:  # the kind of refusal is what the test looks at
    result["error"] = type(error).__name__
    result["detail"] = str(error)[:300]
print(json.dumps(result))
