// The client on a machine that a test plays: outputs, ends, cancelling, lanes, and what is left behind.
import { expect, test } from 'vitest';
import type { RunRequest } from '#relay/transport/transport.ts';
import { fail } from '#shared/base/outcome.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { done, received, ShellDouble, streamOf } from '#test/fixtures/shell-double.ts';
import { WsmanDouble } from '#test/fixtures/wsman-double.ts';
import { WinrmClient } from './client.ts';

const never = new AbortController().signal;
const NOT_YET = { fault: 2150858793 };

function machine() {
  const shells = new ShellDouble();
  const double = new WsmanDouble(shells.answer);
  const clock = new FakeClock();
  const client = new WinrmClient({ connect: double.connect, clock, random: seededBytes(5), name: 'w-1' });
  const run = (over: Partial<RunRequest> = {}, signal = never) =>
    client.run({ script: 'Get-Date', timeoutMs: 60_000, maxOutputBytes: 1_000, ...over }, signal);
  return { shells, double, clock, client, run };
}

/** Lets time pass until the promise is settled. */
async function passing<T>(clock: FakeClock, promise: Promise<T>, stepMs = 250): Promise<T> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  for (let i = 0; i < 2_000 && !isOver; i += 1) {
    await settle();
    if (!isOver) await clock.advance(stepMs);
  }
  return await promise;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('a script goes to stdin whole, its outputs and exit code come back, and nothing is left', async () => {
  const { shells, double, run, client } = machine();
  shells.receives = [received(streamOf('stdout', 'ü'), streamOf('stderr', 'bad')), done(7, streamOf('stdout', 'end'))];
  const outcome = await run({ script: "Write-Output 'ü'" });
  expect(outcome).toMatchObject({ ok: true, value: { end: { kind: 'exit', code: 7 }, isTruncated: false } });
  if (!outcome.ok) return;
  expect([text(outcome.value.stdout), text(outcome.value.stderr)]).toEqual(['üend', 'bad']);
  expect(Buffer.from(shells.stdin, 'latin1').toString()).toContain("Write-Output ''ü''");
  expect([shells.isStdinOver, shells.shells, shells.commands.length, shells.signals]).toEqual([
    true,
    0,
    1,
    ['terminate'],
  ]);
  expect(shells.commands[0]).not.toContain('Write-Output');
  const [create] = double.requests;
  expect(Object.fromEntries(create?.options ?? [])).toEqual({ WINRS_NOPROFILE: 'TRUE', WINRS_CODEPAGE: '65001' });
  await client.close();
  expect(double.open).toBe(0);
});

test('bytes that split a character come together, and stderr in CLIXML is read', async () => {
  const { shells, run } = machine();
  const [one, two] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
  const clixml = '#< CLIXML\r\n<Objs><S S="Error">no such_x000D__x000A_</S></Objs>';
  shells.receives = [
    received(streamOf('stdout', one), streamOf('stderr', clixml.slice(0, 30))),
    received(streamOf('stdout', two), streamOf('stderr', clixml.slice(30))),
    done(1),
  ];
  const outcome = await run();
  expect(outcome.ok && [text(outcome.value.stdout), text(outcome.value.stderr)]).toEqual(['ü', 'no such\r\n']);
});

test('a machine that has nothing to tell yet is asked again, not in a rush', async () => {
  const { shells, double, clock, run } = machine();
  shells.receives = [NOT_YET, NOT_YET, received(), done(0, streamOf('stdout', 'late'))];
  const outcome = await passing(clock, run(), 250);
  expect(outcome.ok && text(outcome.value.stdout)).toBe('late');
  expect(clock.monotonic()).toBeGreaterThanOrEqual(750);
  expect(double.actions.filter((action) => action === 'Receive')).toHaveLength(4);
});

test('the end of one stream is not the end of the command', async () => {
  const { shells, run } = machine();
  shells.receives = [
    received('<rsp:Stream Name="stderr" CommandId="CMD-1" End="true"/>', streamOf('stdout', 'a')),
    received(streamOf('stdout', 'b')),
    done(0),
  ];
  const outcome = await run();
  expect(outcome.ok && text(outcome.value.stdout)).toBe('ab');
});

test('a long script is sent in parts that fit an envelope, the last one marked', async () => {
  const { shells, double, run } = machine();
  await run({ script: 'x'.repeat(300_000) });
  const sends = double.requests.filter(({ action }) => action === 'Send');
  expect(sends).toHaveLength(4);
  expect(Math.max(...sends.map(({ xml }) => xml.length))).toBeLessThan(150 * 1_024);
  expect(sends.map(({ xml }) => xml.includes('End="true"'))).toEqual([false, false, false, true]);
  expect(sends.every(({ post }) => !post.isRepeatable)).toBe(true);
  expect(shells.stdin).toContain('x'.repeat(300_000));
});

test('what never may happen twice is never marked as repeatable', async () => {
  const { double, run } = machine();
  await run();
  const marked = double.requests.map(({ action, post }) => `${action} ${post.isRepeatable}`);
  expect([...new Set(marked)].sort()).toEqual([
    'Command false',
    'Create false',
    'Delete true',
    'Receive false',
    'Send false',
    'Signal true',
  ]);
});

test('a lost answer to Command is a failure, starts nothing again, and takes the shell away', async () => {
  const { shells, double, run } = machine();
  shells.instead = { Command: fail('lost', 'w-1: the connection ended') };
  expect(await run()).toMatchObject({ ok: false, reason: 'lost' });
  expect(double.actions).toEqual(['Create', 'Command', 'Delete']);
  expect(shells.shells).toBe(0);
});

test('output with a hole is none: an answer that was lost is a failure', async () => {
  const { shells, run } = machine();
  shells.receives = [received(streamOf('stdout', 'a')), fail('lost', 'w-1: the connection ended')];
  expect(await run()).toMatchObject({ ok: false, reason: 'lost' });
  expect(shells.shells).toBe(0);
});

test('output that is no base64 is malformed', async () => {
  const { shells, run } = machine();
  shells.receives = [received('<rsp:Stream Name="stdout" CommandId="CMD-1">%%%=</rsp:Stream>')];
  expect(await run()).toMatchObject({ ok: false, reason: 'malformed' });
});

test('variables are hidden in both outputs, inside CLIXML too', async () => {
  const { shells, run } = machine();
  shells.receives = [
    done(
      0,
      streamOf('stdout', 'it is S3cret-value-1 ok'),
      streamOf('stderr', '#< CLIXML\r\n<Objs><S S="Error">S3cret_x002D_value-1</S></Objs>'),
    ),
  ];
  const outcome = await run({ variables: new Map([['TOKEN', 'S3cret-value-1']]) });
  expect(outcome.ok && text(outcome.value.stdout)).toBe('it is *** ok');
  expect(outcome.ok && text(outcome.value.stderr)).toBe('***');
});

test('a poll ends over its cap; a job keeps what fits and goes on', async () => {
  const poll = machine();
  poll.shells.receives = [received(streamOf('stdout', 'x'.repeat(2_000))), NOT_YET];
  const ended = await passing(poll.clock, poll.run());
  expect(ended).toMatchObject({ ok: false, reason: 'too-large' });
  expect([poll.shells.shells, poll.shells.signals]).toEqual([0, ['terminate']]);
  const job = machine();
  job.shells.receives = [received(streamOf('stdout', 'x'.repeat(2_000))), done(3)];
  const kept = await job.run({ keepTruncated: true });
  expect(kept).toMatchObject({ ok: true, value: { isTruncated: true, end: { code: 3 } } });
  expect(kept.ok && kept.value.stdout.length).toBe(1_000);
});

/** A Receive that waits until somebody stops it, as one on a silent command does. */
const waiting =
  (clock: FakeClock) =>
  async ({ signal, post }: { signal: AbortSignal; post: { timeoutMs: number } }) => {
    const isOver = await clock.sleep(post.timeoutMs, signal).then(
      () => true,
      () => false,
    );
    return isOver ? fail('timed-out', 'w-1: no answer') : fail('cancelled', 'w-1: stopped by us');
  };

test('who cancels gets a signal to the machine first and an outcome within a second', async () => {
  const { shells, double, clock, run } = machine();
  shells.receives = [waiting(clock)];
  const stop = new AbortController();
  const running = run({}, stop.signal);
  await clock.advance(5_000);
  const stoppedAt = clock.monotonic();
  stop.abort();
  expect(await passing(clock, running, 50)).toEqual(fail('cancelled', 'w-1: stopped by us'));
  expect(clock.monotonic() - stoppedAt).toBeLessThanOrEqual(1_000);
  expect(double.actions.slice(-2)).toEqual(['Signal', 'Delete']);
  expect(shells.shells).toBe(0);
});

test('a machine that does not answer any more cannot hold up who cancels', async () => {
  const { shells, clock, run, client, double } = machine();
  shells.receives = [waiting(clock)];
  shells.instead = { Signal: waiting(clock), Delete: waiting(clock) };
  const stop = new AbortController();
  const running = run({}, stop.signal);
  await clock.advance(5_000);
  const stoppedAt = clock.monotonic();
  stop.abort();
  const outcome = await passing(clock, running, 50);
  expect(clock.monotonic() - stoppedAt).toBeLessThanOrEqual(1_000);
  expect(outcome).toEqual(fail('cancelled', 'w-1: stopped by us; its end is not confirmed'));
  await passing(clock, client.close());
  expect([double.open, clock.sleeping]).toEqual([0, 0]);
});

test('a run over its time is ended on the machine', async () => {
  const { shells, clock, run } = machine();
  shells.receives = [NOT_YET];
  expect(await passing(clock, run({ timeoutMs: 3_000 }))).toEqual(fail('timed-out', 'w-1: no end within 3000 ms'));
  expect([shells.shells, shells.signals]).toEqual([0, ['terminate']]);
});

test('who cancels while the shell is being made leaves none behind', async () => {
  const { shells, clock, run, client } = machine();
  const { answer } = shells;
  shells.instead = {
    Create: async (request) => {
      await clock.sleep(3_000);
      shells.instead = {};
      return await answer(request);
    },
  };
  const stop = new AbortController();
  const running = run({}, stop.signal);
  await clock.advance(100);
  stop.abort();
  expect(await passing(clock, running, 50)).toMatchObject({ ok: false, reason: 'cancelled' });
  await passing(clock, client.close());
  expect([shells.shells, shells.commands]).toEqual([0, []]);
});

test('four shells at a time; the fifth waits for its turn', async () => {
  const { shells, clock, run, double } = machine();
  let peak = 0;
  shells.receives = [
    async () => {
      peak = Math.max(peak, shells.shells);
      await clock.sleep(1_000);
      return done(0);
    },
  ];
  const outcomes = await passing(clock, Promise.all(Array.from({ length: 9 }, () => run())));
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  expect([peak, shells.shells]).toEqual([4, 0]);
  expect(double.connections).toBe(5);
});

test('connections that nobody uses are closed, that of the polls last', async () => {
  const { clock, run, client, double } = machine();
  await client.identify(never);
  await run();
  expect(double.open).toBe(3);
  await clock.advance(120_000);
  expect(double.open).toBe(1);
  await clock.advance(480_000);
  expect(double.open).toBe(0);
  expect(client.logins).toBe(3);
});

test('a shell for a person: typed in, read out, interrupted, closed', async () => {
  const { shells, client, double } = machine();
  shells.receives = [received(streamOf('stdout', 'C:\\>')), done(0, streamOf('stdout', 'bye'))];
  const opened = await client.openShell({ program: 'cmd.exe' }, never);
  if (!opened.ok) throw new Error(opened.detail);
  const shell = opened.value;
  expect(await shell.write(Buffer.from('dir\r\n'), never)).toMatchObject({ ok: true });
  const seen: string[] = [];
  for await (const { bytes } of shell.output()) seen.push(text(bytes));
  expect(seen).toEqual(['C:\\>', 'bye']);
  expect(await shell.interrupt()).toBe(true);
  await shell.close();
  await shell.close();
  expect([shells.stdin, shells.isStdinOver, shells.shells]).toEqual(['dir\r\n', false, 0]);
  expect(shells.signals).toEqual(['ctrl_c', 'terminate']);
  expect(double.requests.find(({ action }) => action === 'Command')?.options.get('WINRS_CONSOLEMODE_STDIN')).toBe(
    'TRUE',
  );
});

test('closing the client ends what runs and takes all shells away', async () => {
  const { shells, clock, client, run, double } = machine();
  shells.receives = [waiting(clock)];
  const running = run();
  const opened = await client.openShell({ program: 'cmd.exe' }, never);
  await clock.advance(1_000);
  expect(shells.shells).toBe(2);
  await passing(clock, client.close(), 50);
  expect(await running).toMatchObject({ ok: false, reason: 'cancelled' });
  expect([opened.ok, shells.shells, double.open, clock.sleeping]).toEqual([true, 0, 0, 0]);
});

test('the service says who it is', async () => {
  const { shells, client } = machine();
  shells.instead = {
    '': '<i:IdentifyResponse xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><i:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion><i:ProductVendor>Microsoft\u2028 Corporation</i:ProductVendor><i:ProductVersion>OS: 10.0.20348 SP: 0.0 Stack: 3.0</i:ProductVersion></i:IdentifyResponse>',
  };
  expect(await client.identify(never)).toEqual({
    ok: true,
    value: {
      protocol: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
      vendor: 'Microsoft Corporation',
      product: 'OS: 10.0.20348 SP: 0.0 Stack: 3.0',
    },
  });
});
