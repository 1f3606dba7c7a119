"""A mail server of Debian's python3-aiosmtpd that keeps what it takes and says it: each mail is read by Python's own parser.

One JSON object per line: the options as the only argument, orders on stdin, mails and answers on stdout.
"""
import asyncio
import base64
import json
import ssl
import sys
import time
from email import policy
from email.parser import BytesParser

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])
# What the next mails get instead of "250": the reply, how often it is given, and how long it takes.
planned = {"reply": "", "times": 0, "waitMs": 0}


def say(line):
    print(json.dumps(line), flush=True)


def text_of(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return part.get_content() if part is not None and part.get_content_type() == "text/" + ("html" if kind == "html" else "plain") else None


def mail_of(session, envelope):
    message = BytesParser(policy=policy.default).parsebytes(envelope.content)
    # A header that comes twice is two: its first value would hide what was smuggled in behind it.
    headers = {}
    for name, value in message.items():
        headers.setdefault(name.lower(), []).append(str(value))
    return {
        "at": time.time() * 1000,
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "isTls": session.ssl is not None or options["security"] == "tls",
        "user": session.auth_data,
        "headers": headers,
        "text": text_of(message, "plain"),
        "html": text_of(message, "html"),
        "defects": [type(defect).__name__ for defect in message.defects],
        "source": base64.b64encode(envelope.content).decode(),
    }


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        if planned["times"] != 0:
            planned["times"] -= 1
            await asyncio.sleep(planned["waitMs"] / 1000)
            if planned["reply"] != "":
                say({"refused": planned["reply"], "to": envelope.rcpt_tos})
                return planned["reply"]
        # Said before it is answered: a sender that dies after "250" has delivered.
        say({"mail": mail_of(session, envelope)})
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    login = options.get("login")
    is_known = login is not None and data.login.decode() == login["user"] and data.password.decode() == login["password"]
    return AuthResult(success=is_known, auth_data=data.login.decode() if is_known else None)


def protocol(context):
    is_starttls = options["security"] == "starttls"
    has_login = options.get("login") is not None
    return SMTP(
        Keeper(),
        hostname="sink.test",
        enable_SMTPUTF8=True,
        data_size_limit=32 * 1024 * 1024,
        tls_context=context if is_starttls else None,
        require_starttls=is_starttls,
        authenticator=authenticate if has_login else None,
        auth_required=has_login,
        # A server that is TLS from its first byte does not know it: the socket below it is.
        auth_require_tls=is_starttls,
    )


async def main():
    loop = asyncio.get_running_loop()
    context = None
    if options["security"] != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options["certFile"], options["keyFile"])
    outer = context if options["security"] == "tls" else None
    server = await loop.create_server(lambda: protocol(context), "127.0.0.1", options["port"], ssl=outer)
    say({"port": server.sockets[0].getsockname()[1]})
    reader = asyncio.StreamReader(limit=1024 * 1024)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    # It ends with whoever started it.
    while line := await reader.readline():
        planned.update(json.loads(line))
        say({"planned": planned["times"]})


asyncio.run(main())
