// The status of everything after a restart: newest polls from the journal, and of devices that are not in it from the sealed hours.
import { can } from '#console/access/can.ts';
import type { Devices } from '#console/devices/devices.ts';
import { restoreRelay } from '#console/metrics/last-values.ts';
import type { MetricEngine } from '#console/metrics/metric-engine.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { Relay, Relays } from '#console/sites/relays.ts';
import type { Store } from '#console/store/database.ts';
import { describeError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { tellGlances } from './live-changes.ts';

type RestoreParts = Parameters<typeof restoreRelay>[0];

export interface RestoreDeps extends RestoreParts {
  store: Pick<Store, 'db'>;
  relays: Pick<Relays, 'list'>;
  devices: Pick<Devices, 'rosterFor'>;
  fleet: FleetIndex;
  log: Logger;
  lastPolls: MetricEngine['lastPolls'];
}

const DAY_MS = 86_400_000;
/** Devices of one question to the worker: other questions have their turn in between. */
const DEVICES_AT_ONCE = 200;

/** Relays may connect meanwhile. */
export async function restoreAll(deps: RestoreDeps, signal: AbortSignal): Promise<void> {
  const scope = can({ kind: 'system', part: 'boot' }, 'relay.read');
  if (!scope.allowed) return;
  const relays = await deps.relays.list(scope.scope);
  for (const restore of [fromJournal, fromSealed])
    for (const relay of relays) {
      try {
        await restore(deps, relay, signal);
        tellGlances(deps.fleet, deps.lastValues, relay.id);
      } catch (error) {
        if (signal.aborted) return;
        deps.log.error(
          { relay: relay.id, ...describeError(error) },
          'the last values of a relay could not be read back',
        );
      }
    }
}

const fromJournal = (deps: RestoreDeps, relay: Relay, signal: AbortSignal): Promise<void> =>
  restoreRelay(deps, deps.store.db, { relay: relay.id, site: relay.siteId }, signal);

/** Its frames are sealed and gone, or it polls some devices less than once an hour. */
async function fromSealed(deps: RestoreDeps, relay: Relay, signal: AbortSignal): Promise<void> {
  if (relay.revokedAt !== null) return;
  const known = new Set(deps.lastValues.devicesOf(relay.id));
  const roster = await deps.devices.rosterFor(relay.id);
  const missing = roster.devices.map(({ device }) => device).filter((device) => !known.has(device));
  const today = Math.floor(deps.clock.now() / DAY_MS);
  for (let from = 0; from < missing.length; from += DEVICES_AT_ONCE) {
    const polls = await deps.lastPolls({ devices: missing.slice(from, from + DEVICES_AT_ONCE), today }, signal);
    deps.lastValues.take({ relay: relay.id, polls });
  }
}
