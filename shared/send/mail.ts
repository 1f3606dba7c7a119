// Hands one mail to an SMTP server: over TLS unless its setter says otherwise, within a deadline, and never a file or a URL as content.
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { inert, inertLines } from '#shared/base/inert-text.ts';
import type { SendOutcome } from './send-outcome.ts';

export interface MailServer {
  host: string;
  port: number;
  /** `tls` from the first byte, `starttls` demanded, `none` where the setter vouches for the way. */
  security: 'tls' | 'starttls' | 'none';
  /** Never offered over `none`. */
  login?: { user: string; password: string } | undefined;
  /** PEM of the authority of the server's certificate; the system's when absent. */
  ca?: string | undefined;
  /** Of the host, where somebody has judged it already: it is connected to, and the name is still what the certificate must say. */
  address?: string | undefined;
}

export interface Mail {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  html?: string | undefined;
  /** Makes the Message-ID: the same mail tried again has the same one, and receivers can tell. */
  id: string;
  /** Mails of one thread stand together in mail programs. */
  thread?: string | undefined;
}

interface SendOptions {
  signal?: AbortSignal | undefined;
  wholeMs?: number;
}

/** From the look-up to the last answer: a slow server with greylisting still says something by then. */
const WHOLE_MS = 30_000;
/** A server that says nothing for so long is gone. */
const STEP_MS = 10_000;
/** RFC 5321 bounds a line of an answer at 512 bytes; nobody needs more than some of them. */
const MAX_ANSWER_BYTES = 16 * 1024;
/** RFC 5322 bounds a line at 998; mail programs show far less. */
const MAX_SUBJECT = 200;
const MAX_DETAIL = 300;

export async function sendMail(server: MailServer, mail: Mail, options: SendOptions = {}): Promise<SendOutcome> {
  const { host, port, security, login } = server;
  const name = `${host}:${port}`;
  if (login !== undefined && security === 'none')
    return {
      ok: false,
      isLasting: true,
      detail: `${name}: a login is not sent over a connection that anybody can read`,
    };
  const late = AbortSignal.timeout(options.wholeMs ?? WHOLE_MS);
  const signal = AbortSignal.any([late, ...(options.signal ? [options.signal] : [])]);
  const transport = createTransport(connectionOf(server));
  try {
    const { rejected, response } = await transport.sendMail({ ...contentOf(mail), signal });
    const left = rejected.length === 0 ? '' : `, not for ${rejected.length} of ${mail.to.length} addresses`;
    return { ok: true, detail: spoken(`${name} took it${left}: ${response}`, server) };
  } catch (error) {
    if (late.aborted) return { ok: false, isLasting: false, detail: `${name}: no answer in time` };
    const { isLasting, text } = readFault(error);
    return { ok: false, isLasting, detail: spoken(`${name}: ${text}`, server) };
  } finally {
    transport.close();
  }
}

function connectionOf({ host, port, security, login, ca, address }: MailServer) {
  const isNamed = isIP(host) === 0;
  return {
    host: address ?? host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(isNamed ? { servername: host } : {}),
    tls: {
      minVersion: 'TLSv1.2' as const,
      rejectUnauthorized: true,
      ...(isNamed ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    dnsTimeout: STEP_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
    allowInternalNetworkInterfaces: true,
    // Texts come from devices too: none of them may name a file or a URL to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  };
}

function contentOf(mail: Mail) {
  const domain = mail.from.slice(mail.from.lastIndexOf('@') + 1);
  const thread = mail.thread === undefined ? undefined : `<${mail.thread}@${domain}>`;
  return {
    from: mail.from,
    to: [...mail.to],
    subject: inert(mail.subject).slice(0, MAX_SUBJECT),
    text: inertLines(mail.text),
    ...(mail.html === undefined ? {} : { html: mail.html }),
    messageId: `<${mail.id}@${domain}>`,
    ...(thread === undefined ? {} : { inReplyTo: thread, references: [thread] }),
    // RFC 3834: nobody's absence note answers a machine.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

function readFault(error: unknown): { isLasting: boolean; text: string } {
  if (!(error instanceof Error)) return { isLasting: false, text: 'failed' };
  const code = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
  // RFC 5321 section 4.2.1: 4yz may go well later, 5yz will not.
  return { isLasting: code !== undefined && code >= 500, text: error.message };
}

/** One line; a server that repeats what it was told tells nobody a password. */
function spoken(text: string, { login }: MailServer): string {
  const secrets =
    login === undefined || login.password === ''
      ? []
      : [
          login.password,
          Buffer.from(login.password).toString('base64'),
          Buffer.from(`\0${login.user}\0${login.password}`).toString('base64'),
        ];
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return inert(clean.replaceAll(/\s+/g, ' ')).slice(0, MAX_DETAIL);
}
