// The console child of the viewers bench: its HTTP face, people and feed as they are, and polls that arrive as from the store.
import path from 'node:path';
import { serve } from '@hono/node-server';
import { People } from '#console/access/people.ts';
import { RightsChanged } from '#console/access/rights-changed.ts';
import { createApp } from '#console/api/app.ts';
import type { ApiServices } from '#console/api/services.ts';
import { Audit } from '#console/audit/audit.ts';
import { latestOf, publishArrived } from '#console/compose/live-changes.ts';
import { ChangeFeed } from '#console/live/change-feed.ts';
import { LastValues } from '#console/metrics/last-values.ts';
import { FleetIndex } from '#console/query/fleet-index.ts';
import { openStore } from '#console/store/database.ts';
import { systemClock } from '#shared/base/clock.ts';
import { RelayId, SiteId, systemRandom } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { ViewersReply, ViewersRequest } from './viewers-message.ts';

const SITE = SiteId.parse('01890000-0000-7000-8000-00000000000a');
const RELAY = RelayId.parse('01890000-0000-7000-8000-00000000000b');
/** Stored series of a small server: about sixty readings for people. */
const COLUMNS = 30;
/** Batches arrive a few at a time. */
const ARRIVAL_MS = 50;

const risen = (value: number | undefined) => (value === undefined ? undefined : value + 1);

const DEVICE: Omit<Parameters<FleetIndex['rows']['write']>[0], 'id' | 'name'> = {
  siteId: SITE,
  relayId: RELAY,
  address: '10.0.0.1',
  port: 22,
  transport: 'ssh',
  credential: null,
  intervalMs: 10_000,
  isSimulated: true,
  status: 'up',
  statusReason: null,
  statusDetail: null,
  statusAt: 1,
  system: 'linux',
  hostname: null,
  identitySerial: '',
  setType: null,
  createdAt: 1,
  tags: [],
  handGroups: [],
};

/** Each device's newest poll moves on by its interval when its turn comes. */
function* arrivals(devices: number, perArrival: number): Generator<PollRecord[]> {
  const sweeps = pollsOfMix({ devices, columns: COLUMNS, seed: 1, from: systemClock.now() });
  const polls = [...(sweeps.next().value ?? [])];
  for (let next = 0; ; next = (next + perArrival) % devices) {
    const at = systemClock.now();
    const arrived = Array.from({ length: perArrival }, (_, i) => polls[(next + i) % devices]).flatMap(
      (poll): PollRecord[] => (poll === undefined ? [] : [{ ...poll, at, values: poll.values.map(risen) }]),
    );
    for (const [i, poll] of arrived.entries()) polls[(next + i) % devices] = poll;
    yield arrived;
  }
}

/** Devices of one site, written to the index as its reader would. */
function fleetOf(
  devices: number,
  parts: Pick<ConstructorParameters<typeof FleetIndex>[0], 'store' | 'clock'>,
): FleetIndex {
  const fleet = new FleetIndex({ ...parts, onFailure: () => undefined });
  fleet.rows.sites.replace([{ id: SITE, name: 'Bench', customerId: SITE, customerName: 'Bench' }]);
  fleet.rows.relays.replace([{ id: RELAY, name: 'bench', siteId: SITE }]);
  const sweep = pollsOfMix({ devices, columns: COLUMNS, seed: 1, from: 0 }).next().value ?? [];
  for (const { device } of sweep) fleet.rows.write({ ...DEVICE, id: device, name: device });
  return fleet;
}

async function start(devices: number, changesPerSecond: number): Promise<ViewersReply> {
  const folder = makeTempFolder('rmm-bench-viewers');
  const store = await openStore({ engine: 'sqlite', file: path.join(folder.path, 'console.db') });
  const [clock, random] = [systemClock, systemRandom];
  const people = new People({ store, audit: new Audit({ clock }), clock, random });
  const lastValues = new LastValues({ clock });
  const fleet = fleetOf(devices, { store, clock });
  const feed = new ChangeFeed({ run: clock.now().toString(36), latest: latestOf(fleet, () => lastValues) });
  // The route of the feed asks for nothing else; the empty ones are there because the router takes them apart.
  const services = {
    clock,
    log: silentLogger,
    people,
    feed,
    rightsChanged: new RightsChanged(),
    signIn: {},
    incidents: {},
    policies: {},
    notify: {},
  } as unknown as ApiServices;
  const app = createApp({ services, hosts: new Set(['127.0.0.1']), web: new Map(), isSecure: false });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const { token = '' } = await people.initConsole();
  const stop = new AbortController();
  const fed = feedPolls(
    { feed, fleet, lastValues },
    arrivals(devices, (changesPerSecond * ARRIVAL_MS) / 1_000),
    stop.signal,
  );
  const flushing = feed.run(clock, stop.signal);
  process.once('message', () => {
    stop.abort();
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    void Promise.all([fed, flushing]).then(async () => {
      await store.close();
      await folder[Symbol.asyncDispose]();
      process.disconnect();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { op: 'started', url: `http://127.0.0.1:${port}`, token };
}

async function feedPolls(
  parts: Parameters<typeof publishArrived>[0],
  polls: Generator<PollRecord[]>,
  signal: AbortSignal,
): Promise<void> {
  const link = { relay: RELAY, site: SITE, epoch: 'bench' };
  const began = systemClock.monotonic();
  for (let turn = 1; !signal.aborted; turn += 1) {
    publishArrived(parts, { link, polls: polls.next().value ?? [], records: [], isLive: true });
    // By the time since the beginning: late turns are made up for.
    const waitMs = Math.max(0, began + turn * ARRIVAL_MS - systemClock.monotonic());
    await systemClock.sleep(waitMs, signal).catch(() => undefined);
  }
}

process.once('message', (message) => {
  // Our own parent speaks our own form.
  const request = message as ViewersRequest;
  if (request.op !== 'start') return;
  start(request.devices, request.changesPerSecond).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ op: 'failed', error: String(error) } satisfies ViewersReply),
  );
});
