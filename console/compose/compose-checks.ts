// Joins what tries checks before they count: the worker that holds the past, and what each device is watched by now.
import { BackTest, type TestedDevice } from '#console/alerts/back-test/back-test.ts';
import type { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import type { RelayWatches } from '#console/policies/relay-watch.ts';
import type { Store } from '#console/store/database.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { SettingsResolver } from '#shared/judge/layers/effective.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { Check } from '#shared/model/check.ts';

interface Parts {
  store: Store;
  worker: Pick<MetricsWorker, 'call'>;
  watches: Pick<RelayWatches, 'of' | 'active'>;
}

export const composeChecks = ({ store, worker, watches }: Parts) => ({
  backTest: new BackTest({
    db: store.db,
    replay: (ask, signal) => worker.call('replay', ask, { signal }),
    checksOf: (devices) => checksInForce(watches, devices),
  }),
});

/** By what is signed and in force, relay by relay as relays are told it. */
async function checksInForce(
  watches: Parts['watches'],
  devices: readonly TestedDevice[],
): Promise<Map<DeviceId, readonly Check[]>> {
  const shipped = SHIPPED_CHECKS.filter(({ isOn }) => isOn);
  const checks = new Map<DeviceId, readonly Check[]>(devices.map(({ device }) => [device, shipped]));
  const places = new Map(devices.flatMap(({ relay, site }) => (relay === null ? [] : [[relay, site]])));
  for (const [relay, site] of places) {
    const active = await watches.active(site);
    if (active === undefined) continue;
    const resolver = new SettingsResolver(SHIPPED_CHECKS, active.layers);
    const { members } = await watches.of({ relay, site });
    // Presence decides about no check.
    for (const member of members)
      if (checks.has(member.device)) checks.set(member.device, resolver.of(member, 'always-on').checks);
  }
  return checks;
}
