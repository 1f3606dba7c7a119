// Values stand before a script as one quoted word each, and what a device says of itself is told in words of ours.
import { expect, test } from 'vitest';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import { CATALOGUE, CATALOGUE_NAMES, fitsSystem } from '#shared/model/actions/catalogue.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { powershellFaults } from '#test/fixtures/powershell-shape.ts';
import { posixScript, powershellScript, readEnd } from './action-script.ts';
import { SCRIPTS, scriptFor } from './scripts-of.ts';

const ID = '00000000-0000-7000-8000-000000000001';
const ended = (exitCode: number, stdout = 'said: cron: before active, after active\n'): OutcomeRecord => ({
  type: 'outcome',
  manifest: ManifestId.parse(ID),
  device: DeviceId.parse(ID),
  at: 1,
  state: exitCode === 0 ? 'succeeded' : 'failed',
  exitCode,
  stdout: Buffer.from(stdout),
});

test('a value is one quoted word of its script, whatever a schema lets through', () => {
  expect(posixScript({ service: "a'b; reboot" }, 'true\n')).toBe("service='a'\\''b; reboot'\ntrue\n");
  expect(powershellScript({ service: "a'b\u2019;reboot", days: 3 }, 'x\n')).toBe(
    "$service='a''b\u2019\u2019;reboot'\n$days='3'\nx\n",
  );
});

test.each<[number, OutcomeRecord['reason'], RegExp]>([
  [100, undefined, /no such thing on this device: cron: before/],
  [101, 'denied', /needs root, sudo/],
  [102, 'unsupported', /nothing on this device can do it/],
  [103, undefined, /did not hold/],
  [104, undefined, /could not be done/],
])('exit %i is told in words', (code, reason, words) => {
  const told = readEnd(ended(code));
  expect([told.state, told.reason]).toEqual(['failed', reason]);
  expect(told.detail).toMatch(words);
});

test('what went well says what the device said of it', () => {
  expect(readEnd(ended(0))).toMatchObject({ state: 'succeeded', detail: 'cron: before active, after active' });
});

test.each(['said: before \u001b[2J\n', `said: ${'x'.repeat(301)}\n`, ' said: x\n'])(
  'a device that says %j is not repeated',
  (stdout) => {
    expect(readEnd(ended(0, stdout)).detail).toBeUndefined();
  },
);

test('an end that is none of ours stays as the transport told it', () => {
  const lost: OutcomeRecord = { ...ended(0), state: 'unknown', reason: 'lost', detail: 'gone' };
  const { exitCode: _none, ...without } = lost;
  expect(readEnd(without)).toEqual(without);
});

test('every system that the catalogue names has its script, and no other has one', () => {
  // Of these the relay itself does what is to be done.
  const byTheRelay = ['device.wake', 'inventory.collect'];
  for (const name of CATALOGUE_NAMES.filter((one) => !byTheRelay.includes(one)))
    for (const system of ['linux', 'windows', 'macos', 'freebsd'] as const)
      expect(`${name} ${SCRIPTS[system]?.[name] !== undefined}`).toBe(`${name} ${fitsSystem(name, system)}`);
  expect(scriptFor({ name: 'rdp.enable', arguments: {} }, 'linux')).toBeUndefined();
  expect(CATALOGUE['device.reboot'].unproven).toEqual(['macos']);
});

const samples = {
  service: { service: 'Spooler' },
  process: { process: 'notepad', pid: 4_000 },
  user: { user: 'ada' },
  days: { days: 30 },
  log: { log: 'System' },
  registry: { key: 'HKLM\\SOFTWARE\\X', value: 'V', kind: 'dword', data: '1' },
};

test.each(Object.entries(SCRIPTS.windows ?? {}).filter(([name]) => name !== 'powershell.run'))(
  'the script of %s for Windows closes what it opens, names itself and loosens nothing',
  (name, script) => {
    const values = Object.assign({}, ...Object.values(samples));
    const text = (script as (given: unknown) => string)(values);
    expect(text).toContain(`# rmm action ${name} 1\n`);
    expect(powershellFaults(text)).toEqual([]);
  },
);
