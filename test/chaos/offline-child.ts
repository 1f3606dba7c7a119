// All relays of the offline run in one process: two cores hold a console and twenty links, not twenty-one processes.
import { systemClock } from '#shared/base/clock.ts';
import { type OfflineNews, OfflineOrder } from './offline-message.ts';
import { OfflineRelay } from './offline-relay.ts';

/** How exactly a poll is on time. */
const TICK_MS = 50;

const relays: OfflineRelay[] = [];
const hushed = new AbortController();
const tell = (news: OfflineNews) => void process.send?.(news);
const samplesMade = () => relays.reduce((sum, relay) => sum + relay.made, 0);

async function fill(order: Extract<OfflineOrder, { kind: 'fill' }>): Promise<void> {
  const { folders, from, to, kind: _kind, ...size } = order;
  for (const [index, folder] of folders.entries()) {
    const relay = new OfflineRelay({ folder, index, ...size }, (live) => tell({ kind: 'live', ...live }));
    await relay.fill(from, to);
    relays.push(relay);
  }
  tell({ kind: 'filled', samples: samplesMade() });
}

async function live(): Promise<void> {
  for (const relay of relays) relay.start();
  while (!hushed.signal.aborted) {
    for (const relay of relays) relay.tick();
    await systemClock.sleep(TICK_MS, hushed.signal).catch(() => undefined); // hushed
  }
  for (const relay of relays) relay.flush();
  tell({ kind: 'hushed', samples: samplesMade() });
}

async function stop(): Promise<void> {
  hushed.abort();
  await Promise.all(relays.map((relay) => relay.stop()));
  tell({ kind: 'stopped' });
  process.disconnect();
}

async function obey(order: OfflineOrder): Promise<void> {
  switch (order.kind) {
    case 'fill':
      return await fill(order);
    case 'start':
      return await live();
    case 'hush':
      return hushed.abort();
    case 'stop':
      return await stop();
  }
}

process.on('message', (message) => {
  obey(OfflineOrder.parse(message)).catch((error: unknown) => {
    process.stderr.write(`offline relays: ${String(error)}\n`);
    process.disconnect();
  });
});
// The run is gone: nobody listens any more.
process.on('disconnect', () => {
  hushed.abort();
  for (const relay of relays) void relay.stop();
});
