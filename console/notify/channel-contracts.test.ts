// Each channel against a local end: what its service is sent, and that 429, 500, silence and a refusal are told apart; no secret is ever shown.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import { type HttpDouble, httpDouble } from '#test/fixtures/http-double.ts';
import { checkedSettings, KINDS, kindOf } from './channel-kinds.ts';
import type { OpenChannel } from './channel-values.ts';
import { type Deliver, driver } from './drivers.ts';
import { type Message, tellable } from './message.ts';

const NOW = Date.UTC(2026, 10, 23, 17);
/** What each service answers to what it takes. */
const TAKEN = JSON.stringify({ ok: true, ts: '17.42', result: { message_id: 42 } });

let service: HttpDouble;
let deliver: Deliver;
beforeAll(async () => {
  service = await httpDouble({ status: 200, body: TAKEN });
  const fetch = guardedFetch({ rules: { allow: new Set([service.origin]) }, wholeMs: 5_000 });
  deliver = driver({ fetch, door: { allowHosts: new Set() }, now: () => NOW });
});
afterAll(() => service.close());
beforeEach(() => {
  service.asked.length = 0;
  service.answers.length = 0;
});

const HOSTILE = '"}]} <!channel> @everyone **b** [x](http://evil) \u202e\nBcc: eve {{token}} {{url}}';

const message = (change: Partial<Message> = {}): Message => ({
  ...{
    reason: 'opened',
    severity: 'critical',
    title: 'switch-1 is down',
    detail: `no answer ${HOSTILE}`,
    site: 'Berlin',
  },
  ...{
    customer: 'Acme',
    device: 'switch-1',
    check: 'Device is down',
    advice: 'Look at its power.',
    since: NOW - 60_000,
  },
  ...{ until: null, zone: 'Europe/Berlin', children: 49, incident: '019a-incident', lines: [] },
  ...change,
});
const told = (change: Partial<Message> = {}) =>
  tellable('019a-message', message(change), NOW, {
    base: 'https://rmm.example',
    ack: 'https://rmm.example/acknowledge#TOKEN',
  });

/** Each field of a kind filled in; secrets hold words that must show up nowhere else. */
function channelOf(name: string): OpenChannel {
  const kind = kindOf(name);
  if (kind === undefined) throw new Error(name);
  const secrets: Record<string, string> = {};
  const settings: Record<string, string> = {};
  for (const field of kind.fields) {
    if (field.kind === 'secret') {
      if (field.name === 'headerValue') continue;
      secrets[field.name] = field.name === 'url' ? `${service.origin}/s3cret-hook` : `s3cret-${field.name}`;
    } else if (field.name === 'server' || field.name === 'url') settings[field.name] = service.origin;
    else if (field.name === 'account') settings[field.name] = 'AC1';
    else if (field.name === 'from') settings[field.name] = '+491';
  }
  const all = checkedSettings(kind, settings, new Set(Object.keys(secrets)));
  return { id: 'c', kind: name, name, settings: all, secrets };
}

const HTTP = KINDS.filter(({ by }) => by === 'http').map(({ kind }) => kind);
const send = (name: string, change: Partial<Message> = {}, thread = '') =>
  deliver({ told: told(change), channel: channelOf(name), to: 'place', thread });
const json = () => JSON.parse(service.asked[0]?.body ?? 'null');

test.each(HTTP)('%s takes a message, and no text of a device changes its form', async (name) => {
  expect(await send(name)).toMatchObject({ ok: true });
  expect(service.asked).toHaveLength(1);
  const { body, url, headers } = service.asked[0] ?? { body: '', url: '', headers: {} };
  const words = new URLSearchParams(body).get('Body') ?? JSON.stringify(json());
  expect(words).toContain('switch-1');
  expect(words).toMatch(/switch\\*-1 is down/);
  // What a device wrote stays a text, and names no secret of ours.
  expect(words).not.toContain('\u202e');
  if (name !== 'twilio') expect(words).toMatch(/\{\{token\}\}|\\\{\\/);
  expect(`${url}${JSON.stringify(headers)}`).not.toContain('evil');
  expect(words).toContain(['pagerduty', 'webhook'].includes(name) ? 'rmm.example' : 'acknowledge#TOKEN');
});

test.each(HTTP)(
  '%s: 429 says when, 500 and silence may go well later, 401 will not; nothing that is shown holds a secret',
  async (name) => {
    const echo = JSON.stringify(channelOf(name).secrets);
    service.answers.push({ status: 429, headers: { 'retry-after': '17' } });
    expect(await send(name)).toMatchObject({ ok: false, isLasting: false, afterMs: 17_000 });
    service.answers.push({ status: 500, body: `broken ${echo}` });
    const broken = await send(name);
    expect(broken).toMatchObject({ ok: false, isLasting: false });
    expect(broken.detail).toMatch(/^500 broken/);
    expect(broken.detail).not.toContain('s3cret');
    service.answers.push({ status: 401, body: `no ${echo}` });
    const refused = await send(name);
    expect(refused).toMatchObject({ ok: false, isLasting: true });
    expect(refused.detail).not.toContain('s3cret');
    service.answers.push('silent');
    const fetch = guardedFetch({ rules: { allow: new Set([service.origin]) }, wholeMs: 50 });
    const hasty = driver({ fetch, door: { allowHosts: new Set() }, now: () => NOW });
    const late = await hasty({ told: told(), channel: channelOf(name), to: 'place', thread: '' });
    expect(late).toMatchObject({ ok: false, isLasting: false, detail: expect.stringContaining('in time') });
  },
);

test.each(HTTP)('%s reaches nothing inside unless the configuration names it', async (name) => {
  const fetch = guardedFetch({ rules: { allow: new Set() } });
  const guarded = driver({ fetch, door: { allowHosts: new Set() }, now: () => NOW });
  expect(await guarded({ told: told(), channel: channelOf(name), to: 'place', thread: '' })).toMatchObject({
    ok: false,
    isLasting: true,
  });
  expect(service.asked).toEqual([]);
});

test.each(['email', 'syslog'])('%s reaches nothing inside unless the configuration names it', async (kind) => {
  const settings = { host: '127.0.0.1', port: kind === 'email' ? '25' : '514', from: 'a@example.org', protocol: 'tcp' };
  const channel = { id: 'c', kind, name: kind, settings, secrets: {} };
  const outcome = await deliver({ told: told(), channel, to: 'anna@example.org', thread: '' });
  expect(outcome).toMatchObject({ ok: false, isLasting: true, detail: expect.stringContaining('loopback') });
});

test('Teams gets an Adaptive Card whose texts are no Markdown', async () => {
  await send('teams');
  const card = json().attachments[0].content;
  expect(card).toMatchObject({ type: 'AdaptiveCard', version: '1.4' });
  expect(card.body[1].text).toContain(String.raw`\*\*b\*\* \[x\]\(http://evil\)`);
  expect(card.body[2].facts).toContainEqual({ title: 'Site', value: 'Berlin' });
  expect(card.actions.map((one: { title: string }) => one.title)).toEqual(['Take it', 'Open']);
});

test.each(['slack', 'slack-app'])('%s calls nobody by what a device is called', async (name) => {
  await send(name, { title: '<!channel> & <http://evil|x>' });
  expect(json().text).toBe('[critical] &lt;!channel&gt; &amp; &lt;http://evil|x&gt; (Berlin)');
  expect(json().blocks[0].text.text).not.toContain('<!');
});

test('Slack by an app and Telegram answer the first message of an incident', async () => {
  expect(await send('slack-app')).toMatchObject({ ok: true, thread: '17.42' });
  expect(json()).not.toHaveProperty('thread_ts');
  service.asked.length = 0;
  await send('slack-app', {}, '17.42');
  expect(json()).toMatchObject({ channel: 'place', thread_ts: '17.42' });
  expect(service.asked[0]?.headers.authorization).toBe('Bearer s3cret-token');
  service.asked.length = 0;
  expect(await send('telegram', {}, '42')).toMatchObject({ ok: true, thread: '42' });
  expect(service.asked[0]?.url).toBe('/bots3cret-token/sendMessage');
  expect(json()).toMatchObject({ chat_id: 'place', reply_parameters: { message_id: '42' } });
  service.answers.push({ status: 200, body: '{"ok":false,"error":"ratelimited"}' });
  expect(await send('slack-app')).toMatchObject({ ok: false, isLasting: false });
});

test('services with incidents of their own are told when it is over', async () => {
  await send('pagerduty');
  expect(json()).toMatchObject({
    event_action: 'trigger',
    dedup_key: '019a-incident',
    payload: { severity: 'critical' },
  });
  service.asked.length = 0;
  await send('pagerduty', { reason: 'resolved' });
  expect(json()).toEqual({ routing_key: 's3cret-key', event_action: 'resolve', dedup_key: '019a-incident' });
  service.asked.length = 0;
  await send('opsgenie', { reason: 'resolved' });
  expect(service.asked[0]?.url).toBe('/v2/alerts/019a-incident/close?identifierType=alias');
});

test('Discord calls nobody, ntfy has a number for its priority, Twilio a form and a login', async () => {
  await send('discord');
  expect(json()).toMatchObject({ allowed_mentions: { parse: [] }, embeds: [{ color: 0xb3261e }] });
  service.asked.length = 0;
  await send('ntfy');
  expect(json()).toMatchObject({
    topic: 'place',
    priority: 5,
    actions: [{ url: 'https://rmm.example/acknowledge#TOKEN' }],
  });
  service.asked.length = 0;
  await send('twilio');
  expect(service.asked[0]?.url).toBe('/2010-04-01/Accounts/AC1/Messages.json');
  expect(service.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('AC1:s3cret-token').toString('base64')}`);
  expect(new URLSearchParams(service.asked[0]?.body).get('To')).toBe('place');
});

test('a webhook is signed as Standard Webhooks say, over the bytes that are sent', async () => {
  const key = Buffer.from('a key of 24 bytes, or so.');
  const channel = { ...channelOf('webhook'), secrets: { secret: `whsec_${key.toString('base64')}` } };
  await deliver({ told: told(), channel, to: '', thread: '' });
  const [{ headers, body } = { headers: {} as Record<string, string>, body: '' }] = service.asked;
  const signed = `019a-message.${NOW / 1_000}.${body}`;
  expect(headers['webhook-id']).toBe('019a-message');
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  expect(json().data.facts).toContainEqual({ name: 'With it', value: '49 more, which depend on it' });
});

test('a webhook says what its template says, and a template cannot name a secret', async () => {
  const channel = channelOf('webhook');
  const by = (template: string) => ({ ...channel, settings: { ...channel.settings, template } });
  await deliver({
    told: told(),
    channel: by('{"what":"{{severity}}: {{title|cut:8}}","n":"{{at}}"}'),
    to: '',
    thread: '',
  });
  expect(json()).toEqual({ what: 'critical: switch-\u2026', n: NOW });
  const outcome = await deliver({ told: told(), channel: by('{"what":"{{secret}}"}'), to: '', thread: '' });
  expect(outcome).toMatchObject({ ok: false, isLasting: true, detail: expect.stringContaining('names secret') });
  const kind = kindOf('webhook');
  expect(() => kind && checkedSettings(kind, { url: 'https://a.example', template: '{' }, new Set())).toThrow(
    /no JSON/,
  );
});
