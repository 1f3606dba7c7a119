// A run that is stopped while something of ours breaks: it ends, and rejects nothing that nobody hears.
import { expect, test } from 'vitest';
import { fail, succeed } from '#shared/base/outcome.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { PowershellRun } from './powershell-run.ts';
import type { WinrsShell } from './shell.ts';

test('a stop that breaks on its way to the machine ends the run all the same', async () => {
  const command = {
    signal: () => Promise.reject(new TypeError('a fault of ours')),
    send: () => Promise.resolve(succeed(undefined)),
    async *output(signal: AbortSignal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return fail('cancelled', 'w-1: stopped by us');
    },
  };
  const shell = { start: () => Promise.resolve(succeed(command)), delete: () => Promise.resolve(true) };
  const openShell = () => Promise.resolve(succeed(shell as unknown as WinrsShell)); // all that a run needs of one
  const run = new PowershellRun(
    { clock: new FakeClock(), name: 'w-1', openShell },
    { script: 'exit 0', timeoutMs: 1_000, maxOutputBytes: 10 },
  );
  const finished = run.finish();
  await settle();
  run.stop('cancelled', 'stopped by us');
  expect(await finished).toEqual({ ok: false, reason: 'cancelled', detail: 'w-1: stopped by us' });
});
