"""Accepts Kerberos logins with Debian's python3-gssapi and seals as a Windows host does: head and text apart, by gss_wrap_iov.

One JSON object per line in, one per line out; bytes are base64.
"""
import base64
import json
import sys

import gssapi
from gssapi.raw import IOV, IOVBufferType, unwrap_iov, wrap_iov

to_text = lambda data: base64.b64encode(data).decode()
to_bytes = base64.b64decode


def bindings(ask):
    data = ask.get("binding")
    if data is None:
        return None
    return gssapi.raw.ChannelBindings(application_data=to_bytes(data))


context = None


def serve(ask):
    global context
    verb = ask["verb"]
    if verb == "new":
        credential = gssapi.Credentials(usage="accept", store={"keytab": ask["keytab"]})
        context = gssapi.SecurityContext(creds=credential, usage="accept", channel_bindings=bindings(ask))
        return {}
    if verb == "step":
        token = context.step(to_bytes(ask["token"]))
        who = str(context.initiator_name) if context.complete else None
        return {"token": to_text(token or b""), "user": who}
    if verb == "wrap":
        iov = IOV(IOVBufferType.header, to_bytes(ask["plain"]), IOVBufferType.padding, std_layout=False)
        wrap_iov(context, iov, True)
        return {"signature": to_text(iov[0].value), "data": to_text(iov[1].value + (iov[2].value or b""))}
    if verb == "unwrap":
        iov = IOV((IOVBufferType.header, False, to_bytes(ask["signature"])), to_bytes(ask["data"]),
                  (IOVBufferType.data, False, b""), std_layout=False)
        sealed = unwrap_iov(context, iov).encrypted
        return {"plain": to_text(iov[1].value), "sealed": sealed}
    raise ValueError(verb)


for line in sys.stdin:
    try:
        answer = serve(json.loads(line))
    except (gssapi.raw.GSSError, ValueError) as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
