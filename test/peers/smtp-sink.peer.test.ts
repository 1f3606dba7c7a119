// The mail server of the tests takes what another program's client sends, reads it apart, and refuses as it is told.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { type SinkOptions, startSmtpSink } from './smtp-sink.ts';

const MAIL = [
  'From: RMM <rmm@a.test>',
  'To: ada@b.test',
  'Subject: =?utf-8?q?Switch_f=C3=A4llt_aus?=',
  'Message-ID: <1@a.test>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary=x',
  '',
  '--x\r\nContent-Type: text/plain\r\n\r\nplain words\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>words</b>\r\n--x--',
].join('\r\n');

const CLIENT = `
import smtplib, ssl, sys, json
ask = json.loads(sys.stdin.read())
context = ssl._create_unverified_context()
client = smtplib.SMTP_SSL("127.0.0.1", ask["port"], context=context) if ask["security"] == "tls" else smtplib.SMTP("127.0.0.1", ask["port"])
try:
    if ask["security"] == "starttls" and ask["starts"]: client.starttls(context=context)
    if ask["login"]: client.login(ask["login"]["user"], ask["login"]["password"])
    client.sendmail("rmm@a.test", ["ada@b.test"], ask["mail"])
    print("taken")
except smtplib.SMTPResponseException as error: print(error.smtp_code)
`;

async function sinkOf(options: SinkOptions = {}) {
  const sink = await startSmtpSink(options);
  onTestFinished(() => sink.stop());
  const send = (change: object = {}) => {
    const ask = { port: sink.port, security: options.security ?? 'none', starts: true, login: null, ...change };
    const input = JSON.stringify({ ...ask, mail: MAIL });
    return execFileSync('/usr/bin/python3', ['-c', CLIENT], { input, encoding: 'utf8' }).trim();
  };
  return { sink, send };
}

/** A key and its own certificate, by openssl. */
function certificate(): { certFile: string; keyFile: string } {
  const folder = tempFolder(onTestFinished);
  const [certFile, keyFile] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const subject = [
    '-subj',
    '/CN=sink.test',
    '-days',
    '1',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ];
  execFileSync('openssl', ['req', '-x509', ...subject, '-out', certFile, '-keyout', keyFile], { stdio: 'pipe' });
  expect(readFileSync(certFile, 'utf8')).toContain('BEGIN CERTIFICATE');
  return { certFile, keyFile };
}

test('a mail is taken apart: headers decoded, text and HTML, nothing wrong with it', async () => {
  const { sink, send } = await sinkOf();
  expect(send()).toBe('taken');
  await sink.until(1, 5_000);
  expect(sink.to('ada@b.test')).toMatchObject([
    {
      headers: { subject: ['Switch fällt aus'], 'message-id': ['<1@a.test>'] },
      ...{ text: 'plain words', html: '<b>words</b>', defects: [], isTls: false, user: null },
    },
  ]);
});

test('so many mails are refused as was told, then taken', async () => {
  const { sink, send } = await sinkOf();
  await sink.plan({ reply: '451 4.3.0 try later', times: 2 });
  expect([send(), send(), send()]).toEqual(['451', '451', 'taken']);
  await sink.until(1, 5_000);
  expect([sink.mails.length, sink.refused.length]).toEqual([1, 2]);
});

test('STARTTLS and a login are demanded where they are meant to be', async () => {
  const login = { user: 'rmm', password: 'of a test' };
  const { sink, send } = await sinkOf({ security: 'starttls', login, ...certificate() });
  expect([send({ starts: false }), send(), send({ login })]).toEqual(['530', '530', 'taken']);
  await sink.until(1, 5_000);
  expect(sink.mails).toMatchObject([{ isTls: true, user: 'rmm' }]);
});

test('TLS from the first byte', async () => {
  const { sink, send } = await sinkOf({ security: 'tls', ...certificate() });
  expect(send()).toBe('taken');
  await sink.until(1, 5_000);
  expect(sink.mails).toMatchObject([{ isTls: true }]);
});
