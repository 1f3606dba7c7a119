// Hands a message to a service over HTTPS by the template of its kind, and reads from the answer whether it was taken.
import { createHmac } from 'node:crypto';
import type { GuardedFetch } from '#console/outgoing/guarded-fetch.ts';
import { describeError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { SendOutcome } from '#shared/send/send-outcome.ts';
import type { HttpKind, HttpTemplate } from './channel-kind.ts';
import { channelValues, messageValues, type OpenChannel } from './channel-values.ts';
import type { Told } from './message.ts';
import { fillJson, fillText, type Json, type Values } from './template.ts';

export interface Delivery {
  told: Told;
  channel: OpenChannel;
  to: string;
  /** What the channel called the first message of this incident; '' where there is none. */
  thread: string;
}

export type Delivered = SendOutcome & { thread?: string };

/** Of an answer that is shown to people: enough to see what is wrong. */
const MAX_SHOWN = 200;
/** Nobody is left alone for longer than this, whatever they ask for. */
const MAX_AFTER_MS = 3_600_000;
/** Shorter ones stand in every text. */
const LEAST_SECRET = 4;

/** Statuses that may be others in a while: too busy, too many, or broken. */
const isPassing = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

export async function deliverHttp(
  kind: HttpKind,
  delivery: Delivery,
  deps: { fetch: GuardedFetch; now: () => number; signal?: AbortSignal },
): Promise<Delivered> {
  const { channel, told } = delivery;
  const hide = (text: string) => hidden(text, channel);
  try {
    const isOver = told.reason === 'resolved' || told.reason === 'past';
    const template = isOver && kind.resolve !== undefined ? kind.resolve : kind.send;
    const { url, init } = requestOf(kind, template, delivery, deps.now());
    const answer = await deps.fetch(url, { ...init, ...(deps.signal === undefined ? {} : { signal: deps.signal }) });
    return readAnswer(kind, answer, { text: await answer.text(), hide, now: deps.now() });
  } catch (error) {
    const { code, message } = describeError(error);
    // What may not be reached is not reached by trying again; a template that cannot be filled neither.
    return { ok: false, isLasting: code === 'denied' || code === 'bad-request', detail: hide(message) };
  }
}

function requestOf(kind: HttpKind, template: HttpTemplate, delivery: Delivery, now: number) {
  const { told, channel, to, thread } = delivery;
  const values = channelValues(told, channel, { to, thread });
  const fill = { values, ...(kind.maps === undefined ? {} : { maps: kind.maps }) };
  const headers: Record<string, string> = { 'user-agent': 'rmm-console' };
  for (const [name, text] of Object.entries(template.headers ?? {})) {
    const [filledName, value] = [fillOptional(name, values), fillOptional(text, values)];
    if (filledName !== '' && value !== '') headers[filledName] = value;
  }
  const body = bodyOf(template, { fill, told, channel });
  if (body.type !== '') headers['content-type'] = body.type;
  if (kind.signedBy !== undefined)
    Object.assign(headers, signature(channel.secrets[kind.signedBy], told.id, body.text, now));
  return {
    url: urlOf(template.url, values),
    init: { method: template.method, headers, ...(body.text === '' ? {} : { body: body.text }) },
  };
}

/** Of fields that a form may leave empty. */
const fillOptional = (text: string, values: Values): string =>
  fillText(text, { values: { header: '', headerValue: '', ...values } });

/** What stands at the beginning is an address that somebody set; what follows is a part of it, and stays one. */
function urlOf(text: string, values: Values): string {
  const [, first = '', rest = ''] = /^(\{\{\w+\}\})?(.*)$/s.exec(text) ?? [];
  return `${fillText(first, { values })}${fillText(rest, { values, escape: encodeURIComponent })}`;
}

interface BodyParts {
  fill: Parameters<typeof fillJson>[1];
  told: Told;
  channel: OpenChannel;
}

function bodyOf(template: HttpTemplate, { fill, told, channel }: BodyParts): { text: string; type: string } {
  if (template.json !== undefined)
    return { text: JSON.stringify(fillJson(template.json, fill)), type: 'application/json' };
  if (template.form !== undefined) {
    const fields = Object.entries(template.form).map(([name, text]): [string, string] => [name, fillText(text, fill)]);
    return { text: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
  }
  if (template.templateField === undefined) return { text: '', type: '' };
  const tree: Json = JSON.parse(channel.settings[template.templateField] ?? '{}');
  return { text: JSON.stringify(fillJson(tree, { values: messageValues(told) })), type: 'application/json' };
}

/** Standard Webhooks 1.0: the id stays the same when it is sent again, and the receiver can tell. */
function signature(secret: string | undefined, id: string, body: string, now: number): Record<string, string> {
  const at = String(Math.floor(now / 1_000));
  const named = { 'webhook-id': id, 'webhook-timestamp': at };
  if (secret === undefined || secret === '') return named;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const sum = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${sum}` };
}

interface Read {
  text: string;
  hide: (text: string) => string;
  now: number;
}

function readAnswer(kind: HttpKind, answer: Response, { text, hide, now }: Read): Delivered {
  const { status } = answer;
  const said = `${status} ${text.slice(0, MAX_SHOWN)}`;
  if (status < 200 || status > 299) {
    const afterMs = afterOf(answer.headers.get('retry-after'), now);
    const detail = hide(said);
    return { ok: false, isLasting: !isPassing(status), detail, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  const { taken, threadAt } = kind;
  if (taken === undefined && threadAt === undefined) return { ok: true, detail: hide(said) };
  const json = parsed(text);
  // A service that says "no" with 200: its own words tell why, and another try may go well.
  if (taken !== undefined && memberAt(json, taken.path) !== taken.is)
    return { ok: false, isLasting: false, detail: hide(said) };
  const thread = threadAt === undefined ? undefined : memberAt(json, threadAt);
  const isName = typeof thread === 'string' || typeof thread === 'number';
  return { ok: true, detail: String(status), ...(isName ? { thread: String(thread).slice(0, 200) } : {}) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON says nothing of what is looked for
  }
}

function memberAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    return Object.entries(at).find(([key]) => key === name)?.[1];
  }, value);
}

/** Seconds or a date, RFC 9110 section 10.2.3. */
function afterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,7}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_AFTER_MS) : undefined;
}

/** One line, without any secret of the channel, in whatever form a service repeats it. */
export function hidden(text: string, { secrets, settings }: OpenChannel): string {
  const pairs = Object.values(secrets).map((one) => `${settings['account'] ?? ''}:${one}`);
  const forms = [...Object.values(secrets), ...pairs]
    .flatMap((one) => one.split(','))
    .filter((one) => one.length >= LEAST_SECRET)
    .flatMap((one) => [
      one,
      encodeURIComponent(one),
      Buffer.from(one).toString('base64'),
      JSON.stringify(one).slice(1, -1),
    ]);
  const clean = forms.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return inert(clean.replaceAll(/\s+/g, ' ')).slice(0, MAX_SHOWN + 100);
}
