// The pages of orders in a real browser, on answers made here: any action of the catalogue is asked for, and what came of one is told by kind.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import type { Action } from '#shared/model/manifest.ts';
import type { CommandState } from '#shared/model/record.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { signCharter } from '#shared/seal/charter-seal.ts';
import {
  keyOfWord,
  SAMPLE_RELAY,
  SAMPLE_SITE,
  sampleCharter,
  sampleDevice,
  sampleManifest,
  sampleManifestId,
} from '#test/fixtures/sample-trust.ts';
import { passkeyOfWord } from '#test/fixtures/virtual-passkey.ts';
import { fixturePages } from './fixture-pages.ts';
import { brokenLaws, NOTHING_BROKEN } from './page-laws.ts';
import { axeViolations, LOOKS, shot } from './signed-in-page.ts';

const HOUR_MS = 3_600_000;
const pages = fixturePages();
/** On answers made here. */
const opened = (path: string, look?: Partial<(typeof LOOKS)[number]>) => pages.opened(path, look, answered);
const ID = sampleManifestId(1);
const now = () => systemClock.now();
const identity = { machineId: '0123456789abcdef0123456789abcdef', macs: [] };

const targets = (count: number) => Array.from({ length: count }, (_, n) => ({ device: sampleDevice(n + 1), identity }));

function outcome(n: number, state: CommandState, more: object = {}) {
  const empty = { startedAt: null, finishedAt: null, exitCode: null, signal: null, reason: null, detail: null };
  const said = { stdout: null, stderr: null, isTruncated: false, attempts: [] };
  return { deviceId: sampleDevice(n), deviceName: `web-${n}`, state, at: now(), ...empty, ...said, ...more };
}

const STOP: Action = { name: 'service.stop', arguments: { service: 'nginx' } };
const WAS_ACTIVE = { startedAt: 1, finishedAt: 9, exitCode: 0, stdout: 'said: before active, now inactive\n' };
const OUTCOMES = [
  ...[1, 2, 3].map((n) => outcome(n, 'succeeded', WAS_ACTIVE)),
  outcome(4, 'succeeded', { ...WAS_ACTIVE, stdout: 'said: before inactive, now inactive\n' }),
  outcome(5, 'failed', { startedAt: 1, finishedAt: 2, exitCode: 5, reason: 'timed-out', detail: 'no answer' }),
  outcome(6, 'failed', { reason: 'unreachable', detail: 'connection refused' }),
  outcome(7, 'halted', { detail: '2 of 6 devices failed' }),
  outcome(8, 'unknown', { startedAt: 1, detail: 'the relay ended while the command ran' }),
];

/** The order, its site's charter and its devices, as a console would tell them. */
async function answered(page: Page): Promise<void> {
  const owner = await keyOfWord('owner');
  const { key } = await passkeyOfWord('ann');
  const passkey = { ...key, rpId: 'localhost', origins: [pages.fixture.origin] };
  const charter = sampleCharter([owner], [], {
    issuedAt: now() - HOUR_MS,
    expiresAt: now() + 24 * HOUR_MS,
    signers: [{ kind: 'passkey', key: passkey, name: 'ann phone', role: 'technician' }],
    caps: { devicesPerManifest: 100, devicesPerTenMinutes: 100, maxTimeoutMs: HOUR_MS, maxOutputBytes: 1_048_576 },
  });
  const signed = await signCharter(charter, [owner]);
  const manifest = sampleManifest({
    action: STOP,
    targets: targets(OUTCOMES.length),
    nbf: now(),
    exp: now() + HOUR_MS,
  });
  const json = (pattern: string, body: (text: string) => unknown) =>
    page.route(pattern, (route) => route.fulfill({ json: body(route.request().postData() ?? '') }));
  await json('**/api/sites/*/charter', () => ({ version: 1, signed }));
  await json('**/api/actions/preview', (text) => {
    const { devices }: { devices: string[] } = JSON.parse(text);
    const [first, second] = devices;
    return {
      ...{ devices: devices.length, systems: { windows: devices.length - 1, linux: 1 } },
      ...{ statuses: { up: devices.length - 1, down: 1 }, unfit: [first], inWindow: [second] },
    };
  });
  await json('**/api/variables*', () => ({ items: [] }));
  await json(`**/api/actions/${ID}`, () => ({
    ...{ id: ID, siteId: SAMPLE_SITE, relayId: SAMPLE_RELAY, name: STOP.name, signer: 'x', reason: 'too loud' },
    ...{ createdAt: now(), expiresAt: now() + HOUR_MS, state: 'settled', targets: OUTCOMES.length, waitsFor: null },
    ...{ origin: null, counts: {}, manifest: canonicalJson(manifest), outcomes: OUTCOMES },
  }));
  await json('**/api/devices/targets', (text) => {
    const { devices }: { devices: string[] } = JSON.parse(text);
    const place = { siteId: SAMPLE_SITE, relayId: SAMPLE_RELAY, identity };
    return { targets: devices.map((id, n) => ({ id, name: `web-${n + 1}`, ...place })) };
  });
}

const ids = (count: number) =>
  targets(count)
    .map(({ device }) => device)
    .join(',');

test.each(LOOKS)(
  'an order that is over and one that is written keep the laws of pages in $scheme on a $size',
  async (look) => {
    const { page, faults } = await opened(`/orders/${ID}`, look);
    await page.getByRole('link', { name: /Take back/ }).waitFor();
    await shot(page, `order-over-${look.size}-${look.scheme}`);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(await axeViolations(page)).toEqual([]);
    await page.goto(`${pages.fixture.origin}/orders/new?devices=${ids(30)}`);
    await page.getByLabel('What is to be done').selectOption({ label: 'Set a registry value (Windows)' });
    await page.getByLabel('Key').fill('HKLM\\Software\\Example');
    await page.getByRole('button', { name: 'Look at it before signing' }).click();
    await page.getByLabel('Data').fill('1');
    await page.getByRole('button', { name: 'Look at it before signing' }).click();
    await page.getByRole('button', { name: 'Sign with a passkey' }).waitFor();
    await shot(page, `order-new-${look.size}-${look.scheme}`);
    expect(await brokenLaws(page)).toEqual(NOTHING_BROKEN);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
  },
);

test('devices are counted by what came of them, and each kind is looked at alone', async () => {
  const { page } = await opened(`/orders/${ID}`);
  const kinds = page.getByRole('group', { name: 'Which devices are shown' });
  expect(await kinds.getByRole('button').allInnerTexts()).toEqual([
    ...['All 8', 'Done: 4', 'Failed: 1', 'Not reached: 1', 'Skipped: 1', 'Unknown: 1'],
  ]);
  await kinds.getByRole('button', { name: 'Not reached: 1' }).click();
  await expect
    .poll(() => page.locator('.order-card[data-kind]').allInnerTexts())
    .toEqual([expect.stringContaining('connection refused')]);
  await expect.poll(() => page.url()).toContain('only=unreachable');
});

test('the same again reaches those where it did not work, and never one that may have run', async () => {
  const { page } = await opened(`/orders/${ID}`);
  await page.getByRole('link', { name: 'Run again on the 3 devices where it did not work' }).click();
  await page.getByRole('heading', { name: 'A new order' }).waitFor();
  const chosen = new URL(page.url()).searchParams.get('devices');
  expect(chosen).toBe([5, 6, 7].map(sampleDevice).join(','));
  await expect.poll(() => page.getByLabel('Service').inputValue()).toBe('nginx');
  expect(await page.getByLabel('What is to be done').inputValue()).toBe('service.stop');
});

test('what was done is taken back where it changed something', async () => {
  const { page } = await opened(`/orders/${ID}`);
  await page.getByRole('link', { name: 'Take back on 3 devices: Start the service nginx.' }).click();
  await expect.poll(() => page.getByLabel('What is to be done').inputValue()).toBe('service.start');
  expect(await page.getByLabel('Service').inputValue()).toBe('nginx');
  expect(new URL(page.url()).searchParams.get('devices')).toBe([1, 2, 3].map(sampleDevice).join(','));
});

test('a value that no shell may see is said at its field; of many devices the number is typed', async () => {
  const { page } = await opened(`/orders/new?devices=${ids(30)}`);
  await page.getByLabel('What is to be done').selectOption({ label: 'End a process' });
  await page.getByLabel('Process', { exact: true }).fill('a; reboot');
  await page.getByRole('button', { name: 'Look at it before signing' }).click();
  await page.getByText('A process is named with letters').waitFor();
  await page.getByLabel('Process', { exact: true }).fill('firefox');
  await page.getByLabel('Process number (may be empty)').fill('4711');
  await page.getByRole('button', { name: 'Look at it before signing' }).click();
  const order = page.getByRole('region', { name: 'This is what you sign' });
  await order.getByText('End the process 4711, if it is still called firefox.').waitFor();
  for (const text of ['29 Windows, 1 Linux; 29 up, 1 down', 'whose relay will refuse it: web-1', 'window: web-2'])
    await order.getByText(text).waitFor();
  const sign = order.getByRole('button', { name: 'Sign with a passkey' });
  expect(await sign.isDisabled()).toBe(true);
  await order.getByLabel(/Type their number/).fill('3');
  expect(await sign.isDisabled()).toBe(true);
  await order.getByLabel(/Type their number/).fill('30');
  expect(await sign.isEnabled()).toBe(true);
});
