// Joins who is told: channels with their secrets, the outbox of alerts, the ways out, and the loop that plans and delivers.
import path from 'node:path';
import { type Caller, can } from '#console/access/can.ts';
import { boxOfFile } from '#console/access/secret-box.ts';
import type { AlertOutbox } from '#console/alerts/alert-outbox.ts';
import type { IncidentActs } from '#console/alerts/incident-acts.ts';
import type { OwnReports } from '#console/alerts/own-reports.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { ackKey } from '#console/notify/ack-key.ts';
import { driver } from '#console/notify/drivers.ts';
import { Notify } from '#console/notify/notify.ts';
import { guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { Store } from '#console/store/database.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { type DeviceId, type IncidentId, systemRandom } from '#shared/base/id.ts';
import type { ConsoleDeps } from './console-deps.ts';

/** Once is a busy server, three times in a row is a channel that fails: within half a minute, by the waits between. */
const FAILING = 3;

interface NotifyParts {
  config: Pick<ConsoleConfig, 'outgoing' | 'notify' | 'names'>;
  /** The data folder. */
  data: string;
  store: Store;
  audit: Audit;
  outbox: AlertOutbox;
  acts: Pick<IncidentActs, 'acknowledge'>;
  ownReports: Pick<OwnReports, 'report'>;
  fleet: FleetIndex;
}

export function composeNotify({ clock, log, stack }: ConsoleDeps, parts: NotifyParts) {
  const { config, data, store, audit, outbox, acts, ownReports } = parts;
  const room = log.room('notify');
  const stopping = new AbortController();
  const place = { base: '' };
  const allow = new Set(config.outgoing.allow);
  const door = { allowHosts: new Set(config.outgoing.allowHosts.map((host) => host.toLowerCase())) };
  const notify = new Notify({
    ...{ store, audit, clock, random: systemRandom, chance: Math.random, log: room, outbox },
    box: boxOfFile(path.join(data, 'notify', 'channel.key')),
    ack: ackKey(path.join(data, 'notify', 'link.key')),
    deliver: driver({
      fetch: guardedFetch({ rules: { allow } }),
      door,
      now: () => clock.now(),
      signal: stopping.signal,
    }),
    base: () => place.base,
    groupsOf: (device) => groupsOf(parts.fleet, device),
    acknowledge: async (caller: Caller, incident: IncidentId, note: string) =>
      (await acts.acknowledge(caller, { incidents: [incident], alerts: [] }, note)) > 0,
    onHealth: ({ name }, failures, detail) => {
      if (failures === 0) ownReports.report('console.mail', name, undefined);
      else if (failures >= FAILING) ownReports.report('console.mail', name, { detail: `${name}: ${detail}` });
    },
  });
  /** Once the ports stand: links of messages lead there. */
  const start = (httpsPort: number): void => {
    const [name = 'localhost'] = config.names;
    place.base = config.notify.publicUrl ?? `https://${name.includes(':') ? `[${name}]` : name}:${httpsPort}`;
    const running = notify.run(stopping.signal);
    running.catch((error: unknown) => room.error(describeError(error), 'notifications have stopped'));
    stack.add('notify', async () => {
      stopping.abort();
      await running.catch(() => undefined);
    });
  };
  return { notify, start };
}

/** As the fleet in memory has it: groups by rule stand nowhere else. */
async function groupsOf(fleet: FleetIndex, device: DeviceId): Promise<readonly string[]> {
  const permission = can({ kind: 'system', part: 'notify' }, 'device.read');
  if (!permission.allowed) throw new AppError('internal', 'notifications may not read devices');
  await fleet.settled();
  return fleet.device(permission.scope, device)?.groups ?? [];
}
