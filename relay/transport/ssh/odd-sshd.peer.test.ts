// Servers that break the rules after a proper greeting: each odd end has its own name, and none takes the relay along.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RosterEntry } from '#shared/model/device.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { type OddBehaviour, startOddSshd } from '#test/peers/odd-sshd.ts';
import { makeSshRelay, never, request, type SshRelay } from '#test/peers/ssh-relay.ts';

let folder: TempFolder;
let relay: SshRelay;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

beforeEach(() => {
  folder = makeTempFolder();
  relay = makeSshRelay(folder.path, { user: 'ops', password: 'tiger' }, { deadlines: { handshakeMs: 1_500 } });
});
afterEach(async () => {
  await relay.pool.stop();
  await folder[Symbol.asyncDispose]();
});

async function runOn(answer: OddBehaviour['answer'], more = {}) {
  const odd = await startOddSshd(answer === undefined ? {} : { answer });
  try {
    const session = await relay.session(relay.device(odd.port));
    return { session, ran: await session.run(request('true', { timeoutMs: 3_000, ...more }), never) };
  } finally {
    await odd[Symbol.asyncDispose]();
  }
}

test('a channel that closes without a status is no success and no loss', async () => {
  const { ran } = await runOn((channel, begin) => {
    begin();
    channel.write('half');
    channel.end();
    channel.close();
  });
  expect(ran).toMatchObject({ ok: true, value: { end: { kind: 'no-status' } } });
  expect(ran.ok && text(ran.value.stdout)).toBe('half');
});

test('a status without an end of the output is a result with an open child', async () => {
  const { ran } = await runOn((channel, begin) => {
    begin();
    channel.write('all');
    channel.exit(0);
  });
  expect(ran).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 0 }, hasOpenChild: true } });
});

test('a channel that closes before the script began had no shell', async () => {
  const { ran } = await runOn((channel) => {
    channel.write('go away\u001b[2J');
    channel.exit(1);
    channel.end();
  });
  expect(ran).toMatchObject({ ok: false, reason: 'unsupported' });
  expect(ran.ok ? '' : ran.detail).toContain('go away [2J');
});

test.each(['1', '-1', '0', '4242; reboot'])(
  'a claimed process group of %j is never killed; the connection is dropped instead',
  async (group) => {
    let scripts = 0;
    const { ran, session } = await runOn(
      (_channel, begin) => {
        scripts += 1;
        begin(group);
      },
      { timeoutMs: 200 },
    );
    expect(ran).toMatchObject({ ok: false, reason: 'timed-out' });
    expect(scripts).toBe(1);
    expect(session.isOpen).toBe(false);
  },
);

test('endless standard error is cut like any output', async () => {
  const { ran } = await runOn((channel, begin) => {
    begin();
    const timer = setInterval(() => channel.stderr.write(Buffer.alloc(65_536, 'e')), 1);
    channel.on('close', () => clearInterval(timer));
  });
  expect(ran).toMatchObject({ ok: false, reason: 'too-large' });
});

test('a server that gives no second channel is named', async () => {
  await using odd = await startOddSshd({ refusesChannels: true });
  const session = await relay.session(relay.device(odd.port));
  expect(await session.run(request('true'), never)).toMatchObject({ ok: false, reason: 'refused' });
});

const only =
  (method: 'keyboard-interactive', prompts: Array<{ prompt: string; echo: boolean }>): OddBehaviour['authenticate'] =>
  (context) => {
    if (context.method !== method) return context.reject([method]);
    context.prompt(prompts, (answers) => (answers[0] === 'tiger' ? context.accept() : context.reject([method])));
  };

test('one hidden question is answered with the password', async () => {
  await using odd = await startOddSshd({
    authenticate: only('keyboard-interactive', [{ prompt: 'Password:', echo: false }]),
  });
  expect((await relay.pool.session(relay.device(odd.port), never)).ok).toBe(true);
});

test.each([
  ['an echoed question', [{ prompt: 'Name:', echo: true }]],
  [
    'two questions',
    [
      { prompt: 'Password:', echo: false },
      { prompt: 'Code:', echo: false },
    ],
  ],
])('%s gets no password', async (_what, prompts) => {
  await using odd = await startOddSshd({ authenticate: only('keyboard-interactive', prompts) });
  expect(await relay.pool.session(relay.device(odd.port), never)).toMatchObject({ ok: false, reason: 'denied' });
});

test('a server that offers no way the credential fits is denied without a try', async () => {
  await using odd = await startOddSshd({ authenticate: (context) => context.reject(['publickey']) });
  const device: RosterEntry = relay.device(odd.port);
  for (let i = 0; i < 2; i += 1)
    expect(await relay.pool.session(device, never)).toMatchObject({ ok: false, reason: 'denied' });
  expect(odd.tries()).toBe(0);
});

test('a server that hangs up twice on the password is left alone', async () => {
  await using odd = await startOddSshd({
    authenticate: (context, connection) =>
      context.method === 'password' ? connection.end() : context.reject(['password']),
  });
  const device = relay.device(odd.port);
  for (let i = 0; i < 5; i += 1) expect((await relay.pool.session(device, never)).ok).toBe(false);
  expect(odd.tries()).toBeLessThanOrEqual(2);
});

test('a server that never answers the password is timed out', async () => {
  await using odd = await startOddSshd({
    authenticate: (context) => (context.method === 'password' ? undefined : context.reject(['password'])),
  });
  expect(await relay.pool.session(relay.device(odd.port), never)).toMatchObject({ ok: false, reason: 'timed-out' });
});
