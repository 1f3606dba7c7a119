// PowerShell on the relay's own machine, with a shell in its place: what goes to its input, and each of its ends.
import { expect, test } from 'vitest';
import type { RunRequest } from '#relay/transport/transport.ts';
import { POWERSHELL } from '#relay/transport/winrm/powershell.ts';
import { systemClock } from '#shared/base/clock.ts';
import { LocalPowershell, plainEnvironment } from './local-powershell.ts';

const never = new AbortController().signal;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** `shell` stands for PowerShell and gets the same input. */
function run(shell: string, request: Partial<RunRequest> = {}, signal = never) {
  const endTree = (pid: number) => void process.kill(pid, 'SIGKILL');
  const program = { file: '/bin/sh', args: ['-c', shell], endTree };
  const local = new LocalPowershell({ clock: systemClock, name: 'leaf', program });
  return local.run({ script: "Write-Output 'ä'", timeoutMs: 20_000, maxOutputBytes: 10_000, ...request }, signal);
}

test('the script goes to the input as it does over WinRM, and its outputs and exit code come back', async () => {
  const ran = await run('cat; echo "#< CLIXML" >&2; printf \'<Objs><S S="Error">no</S></Objs>\' >&2; exit 7');
  if (!ran.ok) throw new Error(ran.detail);
  expect(ran.value).toMatchObject({ end: { kind: 'exit', code: 7 }, isTruncated: false, hasOpenChild: false });
  expect(text(ran.value.stdout)).toContain("Create('Write-Output ''ä'''))");
  expect(text(ran.value.stdout)).toMatch(/#rmm:end$/);
  expect(text(ran.value.stderr)).toBe('no');
});

test('a value is in the line for values, and hidden in all that comes back', async () => {
  const ran = await run('cat', { variables: new Map([['TOKEN', 'S3cret-value-1']]) });
  expect(ran.ok && text(ran.value.stdout)).toMatch(/^TOKEN:\*\*\*.{0,2}\n\$ProgressPreference/);
});

test('more than the cap ends a poll; an order keeps what fits', async () => {
  const noisy = 'cat >/dev/null; head -c 20000 /dev/zero';
  expect(await run(`${noisy}; sleep 20`)).toMatchObject({ ok: false, reason: 'too-large' });
  const kept = await run(noisy, { keepTruncated: true });
  expect(kept).toMatchObject({ ok: true, value: { isTruncated: true, end: { code: 0 } } });
  expect(kept.ok && kept.value.stdout.length).toBe(10_000);
});

test('time is up, somebody stops it, or nothing starts: each says so', async () => {
  expect(await run('exec sleep 20', { timeoutMs: 200 })).toMatchObject({ ok: false, reason: 'timed-out' });
  const stop = new AbortController();
  const stopped = run('exec sleep 20', {}, stop.signal);
  stop.abort();
  expect(await stopped).toMatchObject({ ok: false, reason: 'cancelled' });
  const program = { file: '/nowhere/powershell.exe', args: POWERSHELL.args, endTree: () => undefined };
  const local = new LocalPowershell({ clock: systemClock, name: 'leaf', program });
  expect(await local.run({ script: '', timeoutMs: 20_000, maxOutputBytes: 1 }, never)).toEqual({
    ok: false,
    reason: 'unsupported',
    detail: 'leaf: PowerShell does not start: ENOENT',
  });
});

test('a child that holds an output is not waited for', async () => {
  expect(await run('cat >/dev/null; sleep 20 & exit 0')).toMatchObject({
    ok: true,
    value: { end: { kind: 'exit', code: 0 }, hasOpenChild: true },
  });
});

test("nothing of the relay's own environment but what Windows' programs need", () => {
  expect(
    plainEnvironment({ SystemRoot: 'C:\\Windows', Path: 'x', TEMP: 'y', HTTPS_PROXY: 'u:p@h', RMM_KEY: 'k' }),
  ).toEqual({ SystemRoot: 'C:\\Windows', Path: 'x', TEMP: 'y' });
});
