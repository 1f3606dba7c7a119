// A site's newest values as text: hostile names stay inside their quotes, old polls are left out, and so is what has no room, which is said.
import { expect, test } from 'vitest';
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { idNo } from '#test/fixtures/fleet-kit.ts';
import { siteExposition } from './site-exposition.ts';

const SITE = SiteId.parse(idNo(900));
const RELAY = RelayId.parse(idNo(901));
const clock = new FakeClock();

interface Made {
  polls: PollRecord[];
  name?: string;
  status?: string;
  intervalMs?: number;
}

function deps(devices: readonly Made[]) {
  const ids = devices.map((_, n) => DeviceId.parse(idNo(n)));
  const fleet = {
    select: (_scope: unknown, over: string) =>
      over === `site:${SITE}` ? { devices: ids.map((id) => ({ id })), sites: [] } : undefined,
    device: (_scope: unknown, id: DeviceId) => {
      const { name = `d${ids.indexOf(id)}`, status = 'up', intervalMs = 60_000 } = devices[ids.indexOf(id)] ?? {};
      return { id, name, status, intervalMs, siteName: 'Main', customerName: 'A', relayId: RELAY };
    },
  } as unknown as Pick<FleetIndex, 'select' | 'device'>; // what the exposition asks of it
  const recent = (_relay: RelayId, id: DeviceId) => devices[ids.indexOf(id)]?.polls ?? [];
  return { fleet, lastValues: { recent }, clock };
}

const pollAt = (at: number, series: PollRecord['series'], values: Array<number | undefined>): PollRecord => ({
  ...{ device: DeviceId.parse(idNo(0)), at, series, values },
});

async function textOf(devices: readonly Made[], site = SITE): Promise<string | undefined> {
  const pieces = await siteExposition(deps(devices), EVERYTHING_SCOPE, site);
  return pieces === undefined ? undefined : [...pieces].join('');
}

test('values stand in base units with the time of their poll, each metric once with its help and type', async () => {
  const series = [
    { metric: 23, instance: '' },
    { metric: 50, instance: 'eth0' },
    { metric: 8, instance: '' },
  ];
  const polls = [pollAt(clock.now() - 1_000, series, [250, 77, undefined])];
  const text = (await textOf([{ polls }, { polls, status: 'down' }])) ?? '';
  const own = (n: number) => `device="d${n}",device_id="${idNo(n)}",site="Main",customer="A"`;
  expect(text).toContain(`rmm_poll_duration_seconds{${own(0)}} 0.25 ${clock.now() - 1_000}\n`);
  expect(text).toContain(`rmm_network_rx_bytes_total{${own(1)},interface="eth0"} 77 ${clock.now() - 1_000}\n`);
  expect(text).toContain(`rmm_device_up{${own(0)}} 1\n`);
  expect(text).toContain(`rmm_device_up{${own(1)}} 0\n`);
  expect(text).not.toContain('rmm_load_1');
  expect(text.match(/# TYPE rmm_network_rx_bytes_total counter\n/g)).toHaveLength(1);
});

test('a name full of quotes, backslashes and new lines makes no line and no label of its own', async () => {
  const instance = 'a"} 1\nrmm_forged 2\\';
  const polls = [pollAt(clock.now(), [{ metric: 31, instance }], [1])];
  const text = (await textOf([{ polls, name: '\u202e"},x="\n\\' }])) ?? '';
  expect(text.split('\n').filter((line) => line.startsWith('rmm_forged'))).toEqual([]);
  expect(text).toContain('mountpoint="a\\"} 1\\\\u000armm_forged 2\\\\"} 1024');
  expect(text).toContain('device="\\\\u202e\\"},x=\\"\\\\u000a\\\\",');
});

test('a poll that tells nothing of now is left out, longer for those that are polled seldom', async () => {
  const series = [{ metric: 16, instance: '' }];
  const old = [pollAt(clock.now() - 600_000, series, [1])];
  const text = (await textOf([{ polls: old }, { polls: old, intervalMs: 300_000 }])) ?? '';
  expect(text.match(/^rmm_process_running\{.*/gm)).toHaveLength(1);
  expect(text.match(/^rmm_device_last_poll_timestamp_seconds\{.*/gm)).toHaveLength(2);
});

test('400,000 series are told in pieces, and what is beyond is counted', async () => {
  const series = Array.from({ length: 1_000 }, (_, n) => ({ metric: 50, instance: `i${n}` }));
  const polls = [
    pollAt(
      clock.now(),
      series,
      series.map((_, n) => n),
    ),
  ];
  const pieces = await siteExposition(deps(Array.from({ length: 402 }, () => ({ polls }))), EVERYTHING_SCOPE, SITE);
  let [lines, longest, leftOut] = [0, 0, ''];
  for (const piece of pieces ?? []) {
    longest = Math.max(longest, piece.length);
    lines += piece.split('\nrmm_network_rx_bytes_total{').length - 1;
    leftOut = /rmm_exposition_left_out_series (\d+)/.exec(piece)?.[1] ?? leftOut;
  }
  expect(lines + 1_000).toBeGreaterThan(400_000);
  expect(lines).toBeLessThanOrEqual(400_000);
  expect(longest).toBeLessThan(70_000);
  expect(leftOut).toBe('2000');
});

test('a site that is not there has no text', async () => {
  expect(await textOf([], SiteId.parse(idNo(5)))).toBeUndefined();
});
