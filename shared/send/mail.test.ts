// Proves that a mail arrives whole, that what cannot be sent says why, and that neither a login nor a file gets where it should not.
import { afterEach, expect, test } from 'vitest';
import { type SmtpAnswers, type SmtpDouble, smtpDouble } from '#test/fixtures/smtp-double.ts';
import { type Mail, type MailServer, sendMail } from './mail.ts';

const open: SmtpDouble[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function sink(answers?: SmtpAnswers): Promise<{ double: SmtpDouble; server: MailServer }> {
  const double = await smtpDouble(answers);
  open.push(double);
  return { double, server: { host: '127.0.0.1', port: double.port, security: 'none' } };
}

const mail = (change: Partial<Mail> = {}): Mail => ({
  from: 'rmm@example.org',
  to: ['anna@example.org'],
  subject: 'switch-1 is down',
  text: 'since 10:00',
  html: '<p>since 10:00</p>',
  id: 'n1',
  thread: 'incident-1',
  ...change,
});

test('a mail has both forms of its text, its own name and its thread', async () => {
  const { double, server } = await sink();
  expect(await sendMail(server, mail())).toMatchObject({ ok: true });
  const [{ data, from, to } = { data: '', from: '', to: [] }] = double.received;
  expect([from, to]).toEqual(['rmm@example.org', ['anna@example.org']]);
  expect(data).toMatch(/^Subject: switch-1 is down$/m);
  expect(data).toMatch(/^Message-ID: <n1@example\.org>$/m);
  expect(data).toMatch(/^In-Reply-To: <incident-1@example\.org>$/m);
  expect(data).toMatch(/^References: <incident-1@example\.org>$/m);
  expect(data).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(data).toContain('text/plain');
  expect(data).toContain('text/html');
});

test('no text of a device adds a header or an address', async () => {
  const { double, server } = await sink();
  await sendMail(server, mail({ subject: 'a\r\nBcc: eve@example.org\r\n\r\nhello' }));
  expect(double.received[0]?.to).toEqual(['anna@example.org']);
  expect(double.received[0]?.data).not.toMatch(/^Bcc:/im);
});

test.each([
  ['a full mailbox', { RCPT: '452 full' }, false],
  ['an address nobody has', { RCPT: '550 no such user' }, true],
  ['greylisting', { MAIL: '451 later' }, false],
  ['a refusal of the content', { '.': '554 spam' }, true],
  ['a server that is too busy', { greeting: '421 busy' }, false],
])('%s is told with its answer', async (_name, answers, isLasting) => {
  const { server } = await sink(answers);
  const outcome = await sendMail(server, mail());
  expect(outcome).toMatchObject({ ok: false, isLasting });
  expect(outcome.detail).toContain(Object.values(answers)[0]);
});

test('some of many addresses are refused: it is sent, and told', async () => {
  const { server } = await sink({ RCPT: (line) => (line.includes('anna') ? '250 ok' : '550 no') });
  const outcome = await sendMail(server, mail({ to: ['anna@example.org', 'nobody@example.org'] }));
  expect(outcome).toMatchObject({ ok: true, detail: expect.stringContaining('not for 1 of 2') });
});

test('a server that says nothing is left at the deadline', async () => {
  const { server } = await sink({ greeting: '' });
  expect(await sendMail(server, mail(), { wholeMs: 50 })).toMatchObject({
    ok: false,
    isLasting: false,
    detail: expect.stringContaining('in time'),
  });
});

test('starttls is demanded: a server without it is given nothing', async () => {
  const { double, server } = await sink();
  expect(await sendMail({ ...server, security: 'starttls' }, mail())).toMatchObject({ ok: false });
  expect(double.received).toEqual([]);
});

test('a login is never sent where it can be read', async () => {
  const { double, server } = await sink({ EHLO: '250-double\r\n250 AUTH PLAIN LOGIN', AUTH: '235 in' });
  const login = { user: 'rmm', password: 's3cret' };
  const outcome = await sendMail({ ...server, login }, mail());
  expect(outcome).toMatchObject({ ok: false, isLasting: true });
  expect(double.said.join('\n')).not.toContain('AUTH');
});

test('nobody at the port is worth another try', async () => {
  const { double, server } = await sink();
  await double.close();
  expect(await sendMail(server, mail())).toMatchObject({ ok: false, isLasting: false });
});
