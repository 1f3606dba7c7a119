// The live changes of the fixture console: the console's own feed, over a plain HTTP server.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { can } from '#console/access/can.ts';
import { ChangeFeed } from '#console/live/change-feed.ts';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import { FeedInterest } from '#shared/contract/system-contract.ts';
import { glanceOfReadings } from '#shared/model/glance.ts';
import { deviceId, readings, siteId, siteNo, statusOf } from './fixture-fleet.ts';

const permission = can({ kind: 'system', part: 'fixture' }, 'device.read');

export function fixtureFeed(clock: Clock = systemClock): ChangeFeed {
  return new ChangeFeed({
    run: clock.now().toString(36),
    latest: {
      glance: (_site, device) => ({ at: clock.now(), glance: glanceOfReadings(latestOf(device, clock).values) }),
      readings: (_site, device) => latestOf(device, clock),
    },
  });
}

/** The number of a device stands in its id. */
export const numberOf = (id: string): number => Number.parseInt(id.slice(-12), 16);

const latestOf = (device: string, clock: Clock) => ({
  at: clock.now(),
  values: readingsOf(numberOf(device), clock.now()),
});

const readingsOf = (n: number, at: number) =>
  readings(n, at).map(({ name, instance, value }) => ({ name, instance, value: value ?? undefined }));

export function answerChanges(feed: ChangeFeed, request: IncomingMessage, response: ServerResponse): void {
  if (!permission.allowed) return void response.writeHead(401).end();
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const { fleet, watch } = FeedInterest.parse(Object.fromEntries(query));
  const lastId = request.headers['last-event-id'];
  const onBytes = (bytes: Uint8Array) => void response.write(bytes);
  const viewer = { scope: permission.scope, isFleet: fleet === true, watched: new Set(watch), onBytes };
  const following = feed.follow(viewer, typeof lastId === 'string' ? lastId : undefined);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(following?.first ?? '');
  response.on('close', () => following?.stop());
}

/** Polls every device that is up, an eighth of them a second, as a relay with hashed offsets would. */
export async function pollFixture(feed: ChangeFeed, devices: number, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    for (let n = turn % 8; n < devices; n += 8)
      if (statusOf(n) === 'up') feed.publishMoved(siteId(siteNo(n)), [deviceId(n)]);
    await systemClock.sleep(1_000, signal).catch(() => undefined);
  }
}
