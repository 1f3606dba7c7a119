// Hands a message to a syslog receiver as RFC 5424: what it is about as structured data, its words as the text.
import { hostname } from 'node:os';
import { deliver } from '#console/audit/syslog-connection.ts';
import { framed, paramValue } from '#console/audit/syslog-format.ts';
import { judgedHost } from '#console/outgoing/outside-host.ts';
import { describeError } from '#shared/base/errors.ts';
import { type Delivered, type Delivery, hidden } from './http-driver.ts';
import type { HostDoor } from './mail-driver.ts';
import type { Told } from './message.ts';

const SYSLOG_PORTS: ReadonlySet<number> = new Set([514, 601, 6_514]);
/** "local0" of RFC 5424, table 1: alerts of people's own programs. */
const FACILITY = 16;
const LEVELS: Readonly<Record<Told['severity'], number>> = { critical: 2, high: 3, medium: 4, low: 5, info: 6 };
/** What is over is news and no fault any more. */
const NOTICE = 5;
/** The number that RFC 5612 keeps for documents. */
const ELEMENT = 'incident@32473';

export function syslogMessage(told: Told, host: string): Buffer {
  const isOver = told.reason === 'resolved' || told.reason === 'past';
  const priority = FACILITY * 8 + (isOver ? NOTICE : LEVELS[told.severity]);
  const named = [
    ['id', told.incident],
    ['reason', told.reason],
    ['severity', told.severity],
    ...told.facts.map(({ name, value }) => [name.toLowerCase().replaceAll(/[^a-z]/g, ''), value] as const),
  ] as const;
  const data = named.map(([name, value]) => `${name}="${paramValue(value)}"`).join(' ');
  const at = new Date(told.at).toISOString();
  // One line: what forwards it to a receiver that frames by lines must not make two of it.
  const said = [told.subject, ...told.detail.split('\n'), ...told.lines];
  const text = said.filter((part) => part !== '').join(' | ');
  const sender = host.replaceAll(/[^!-~]/g, '').slice(0, 255) || '-';
  return framed(`<${priority}>1 ${at} ${sender} rmm-console - ${told.reason} [${ELEMENT} ${data}] \ufeff${text}`);
}

export async function deliverSyslog(
  { told, channel }: Delivery,
  { door, signal }: { door: HostDoor; signal?: AbortSignal },
): Promise<Delivered> {
  const { settings } = channel;
  const host = settings['host'] ?? '';
  const port = Number(settings['port']);
  const protocol = settings['protocol'] === 'tcp' ? 'tcp' : 'tls';
  try {
    const address = await judgedHost(host, port, { ...door, ports: SYSLOG_PORTS });
    const messages = [syslogMessage(told, hostname())];
    await deliver({ protocol, host, port, address }, messages, signal ?? new AbortController().signal);
    return { ok: true, detail: `${host}:${port} has it` };
  } catch (error) {
    const { code, message } = describeError(error);
    return { ok: false, isLasting: code === 'denied', detail: hidden(message, channel) };
  }
}
