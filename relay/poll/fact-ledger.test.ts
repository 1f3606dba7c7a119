// What was told is not told again, until it changes, a week passes, or it may not have been kept.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { FactLedger } from './fact-ledger.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');
const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
const fresh = () => path.join(tempFolder(onTestFinished), 'facts.json');

test('a fact is news once, and again when it differs or a week has passed', async () => {
  const clock = new FakeClock();
  const ledger = new FactLedger({ clock });
  expect(ledger.isNews(device, 'os', a)).toBe(true);
  expect(ledger.isNews(device, 'os', a)).toBe(false);
  expect(ledger.isNews(device, 'users', a)).toBe(true);
  expect(ledger.isNews(device, 'os', b)).toBe(true);
  await clock.advance(7 * 86_400_000);
  expect(ledger.isNews(device, 'os', b)).toBe(true);
  ledger.forget(device);
  expect(ledger.isNews(device, 'users', a)).toBe(true);
});

test('a restart remembers what was told long enough ago to be in the spool, and tells the rest again', async () => {
  const clock = new FakeClock();
  const file = fresh();
  const ledger = new FactLedger({ clock, file });
  ledger.isNews(device, 'os', a);
  await clock.advance(31_000);
  ledger.isNews(device, 'users', b);
  ledger.save();
  const again = new FactLedger({ clock, file });
  expect(again.isNews(device, 'os', a)).toBe(false);
  expect(again.isNews(device, 'users', b)).toBe(true);
  await clock.advance(31_000);
  ledger.save();
  expect(new FactLedger({ clock, file }).isNews(device, 'users', b)).toBe(false);
});

test('a spoiled file costs one more sending', () => {
  const file = fresh();
  writeFileSync(file, '{"x', { mode: 0o600 });
  expect(new FactLedger({ clock: new FakeClock(), file }).isNews(device, 'os', a)).toBe(true);
});
