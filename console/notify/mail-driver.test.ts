// A mail as its server gets it: both forms escaped, one thread for one incident, only where the console may go.
import { expect, onTestFinished, test } from 'vitest';
import { smtpDouble } from '#test/fixtures/smtp-double.ts';
import { deliverMail } from './mail-driver.ts';
import { mailHtml } from './mail-html.ts';
import { type Message, tellable } from './message.ts';

const message: Message = {
  ...{ reason: 'opened', severity: 'critical', title: '<b>db-1</b> is down', detail: '"><script>alert(1)</script>' },
  ...{ site: 'Berlin', customer: 'Acme', device: 'db-1', check: 'Device is down', advice: '', since: 0, until: null },
  ...{ zone: 'UTC', children: 0, incident: 'i-1', lines: [] },
};
const told = tellable('n-1', message, 0, { base: 'https://rmm.example', ack: 'https://rmm.example/acknowledge#T' });

test('a named server inside gets it, in the thread of its incident', async () => {
  const server = await smtpDouble();
  onTestFinished(() => server.close());
  const settings = { host: '127.0.0.1', port: String(server.port), security: 'none', from: 'rmm@example.org' };
  const channel = { id: 'c', kind: 'email', name: 'Mail', settings, secrets: {} };
  const delivery = { told, channel, to: 'anna@example.org', thread: '' };
  const door = { allowHosts: new Set([`127.0.0.1:${server.port}`]) };
  expect(await deliverMail(delivery, { door })).toMatchObject({ ok: true });
  const [mail] = server.received;
  expect(mail?.to).toEqual(['anna@example.org']);
  expect(mail?.data).toMatch(/^References: <incident-i-1@example\.org>$/m);
  expect(mail?.data).toMatch(/^Message-ID: <n-1@example\.org>$/m);
  const refused = await deliverMail(delivery, { door: { allowHosts: new Set() } });
  expect(refused).toMatchObject({ ok: false, isLasting: true });
  expect(server.received).toHaveLength(1);
});

test('no text of a device is markup', () => {
  const html = mailHtml(told);
  expect(html).toContain('&lt;b&gt;db-1&lt;/b&gt; is down');
  expect(html).not.toMatch(/<script|<b>/);
  expect(html).toContain('href="https://rmm.example/acknowledge#T"');
});
