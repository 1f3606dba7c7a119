// Proves that live values come from the relay of a device and from no other one, whatever that says.
import { expect, test } from 'vitest';
import { ChangeFeed } from '#console/live/change-feed.ts';
import { LastValues } from '#console/metrics/last-values.ts';
import { FleetIndex } from '#console/query/fleet-index.ts';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { deviceNo, idNo, SITE } from '#test/fixtures/fleet-kit.ts';
import { latestOf, publishArrived, tellGlances } from './live-changes.ts';

const NOW = 1_800_000_000_000;
const [OWN, ROGUE] = [RelayId.parse(idNo(901)), RelayId.parse(idNo(902))];
const DEVICE = DeviceId.parse(idNo(1));
const site = SiteId.parse(SITE);

function house() {
  const clock = new FakeClock(NOW);
  // Its database is asked for nothing here.
  const fleet = new FleetIndex({ store: {} as never, clock, onFailure: () => undefined });
  fleet.rows.sites.replace([{ id: SITE, name: 'Berlin', customerId: SITE, customerName: 'Acme' }]);
  fleet.rows.relays.replace([OWN, ROGUE].map((id) => ({ id, name: id, siteId: SITE })));
  fleet.rows.write(deviceNo(1, { relayId: OWN }));
  const lastValues = new LastValues({ clock });
  const latest = latestOf(fleet, () => lastValues);
  const feed = new ChangeFeed({ run: 'test', latest });
  const poll = (relay: RelayId, at: number) => {
    const polls: PollRecord[] = [{ device: DEVICE, at, series: [], values: [] }];
    publishArrived(
      { feed, fleet, lastValues },
      { link: { relay, site, epoch: 'e' }, polls, records: [], isLive: true },
    );
  };
  return { fleet, lastValues, latest, poll };
}

test('a relay of the same site that speaks of a device of another one is not believed', () => {
  const { latest, poll } = house();
  poll(OWN, NOW);
  poll(ROGUE, NOW + 5_000);
  expect(latest.readings(site, DEVICE)?.at).toBe(NOW);
  expect(latest.glance(site, DEVICE)?.at).toBe(NOW);
  poll(OWN, NOW + 1_000);
  expect(latest.readings(site, DEVICE)?.at).toBe(NOW + 1_000);
  expect(latest.glance(site, DEVICE)?.at).toBe(NOW + 1_000);
});

test('nor is it after a restart, when the stored polls of both are read back', () => {
  const { fleet, lastValues, latest } = house();
  for (const [relay, at] of [
    [OWN, NOW],
    [ROGUE, NOW + 5_000],
  ] as const) {
    lastValues.take({ relay, polls: [{ device: DEVICE, at, series: [], values: [] }] });
    tellGlances(fleet, lastValues, relay);
  }
  expect(latest.glance(site, DEVICE)?.at).toBe(NOW);
});
