// What a restart says of itself, and that no name reaches a shell as more than one word.
import { expect, test } from 'vitest';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { ServiceName } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { readRestart, restartScript } from './service-restart.ts';
import { windowsRestartScript } from './windows-service-restart.ts';

const ID = '00000000-0000-7000-8000-000000000001';
const ended = (exitCode: number, stdout = 'before active, after active\n'): OutcomeRecord => ({
  type: 'outcome',
  manifest: ManifestId.parse(ID),
  device: DeviceId.parse(ID),
  at: 1,
  state: exitCode === 0 ? 'succeeded' : 'failed',
  exitCode,
  stdout: Buffer.from(stdout),
});

test.each(['nginx', 'getty@tty1.service', 'a:b-c.d_e', '0day'])(
  '%s is a name of a service, and one quoted word of the script',
  (service) => {
    expect(ServiceName.safeParse(service).success).toBe(true);
    expect(restartScript({ service }).split('\n')[0]).toBe(`service='${service}'`);
  },
);

test.each(['Spooler', 'W32Time', 'a:b-c.d_e'])('%s is one quoted word of the script for Windows', (service) => {
  expect(windowsRestartScript({ service }).split('\n')[0]).toBe(`$service='${service}'`);
});

test('no quote that PowerShell knows ends the word early, whatever a schema lets through', () => {
  const [first] = windowsRestartScript({ service: "a'b\u2019;reboot" }).split('\n');
  expect(first).toBe("$service='a''b\u2019\u2019;reboot'");
});

test.each([
  '',
  '-f',
  '.hidden',
  '../../bin/sh',
  'a b',
  "a'b",
  'a;reboot',
  'a$(reboot)',
  'a\nreboot',
  'a\\x2d',
  'a*',
  'ä',
  'a'.repeat(129),
])('%j is no name of a service', (service) => {
  expect(ServiceName.safeParse(service).success).toBe(false);
});

test.each<[number, OutcomeRecord['reason'], RegExp]>([
  [100, undefined, /no service named cron here/],
  [101, 'denied', /may not restart cron.*before active, after active/],
  [102, 'unsupported', /no service manager/],
  [103, undefined, /does not run/],
  [104, undefined, /could not be restarted/],
])('exit %i is told in words', (code, reason, words) => {
  const told = readRestart(ended(code), { service: 'cron' });
  expect([told.state, told.reason]).toEqual(['failed', reason]);
  expect(told.detail).toMatch(words);
});

test('a restart that went well says how the service stood before and after', () => {
  expect(readRestart(ended(0, 'before inactive, after active\n'), { service: 'cron' })).toMatchObject({
    state: 'succeeded',
    detail: 'cron: before inactive, after active',
  });
});

test('a device that says something else is not believed', () => {
  const told = readRestart(ended(0, 'before \u001b[2J, after active\n'), { service: 'cron' });
  expect(told.detail).toBe('cron: restarted');
});

test('an end that is none of ours stays as the transport told it', () => {
  const lost: OutcomeRecord = { ...ended(0), state: 'unknown', reason: 'lost', detail: 'gone' };
  const { exitCode: _none, ...without } = lost;
  expect(readRestart(without, { service: 'cron' })).toEqual(without);
});
