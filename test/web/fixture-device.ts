// One device of the made-up fleet as its own page asks for it: edits that stay, facts of every kind, a long timeline, an action with output.
import { ORPCError } from '@orpc/server';
import { systemClock } from '#shared/base/clock.ts';
import { type DeviceId, ManifestId } from '#shared/base/id.ts';
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import type { TimelineItem } from '#shared/contract/timeline-item.ts';
import { numberOf } from './fixture-changes.ts';
import type { Guarded } from './fixture-console.ts';
import { device, deviceId, events, facts, HOSTILE, HOSTILE_DEVICE, relayId, siteId } from './fixture-fleet.ts';
import type { FixtureKept } from './fixture-kept.ts';
import { logNames, logPage, windowsFacts, windowsParts } from './fixture-windows.ts';

const now = () => systemClock.now();
const HOSTILE_TEXT = Object.values(HOSTILE).join(' ');
const textOf = (n: number, usual: string): string => (n === HOSTILE_DEVICE ? `${usual} ${HOSTILE_TEXT}` : usual);
const ACTION = ManifestId.parse('01890000-0000-7000-8d00-000000000001');
/** Enough for three pages of a timeline. */
const CHANGES = 240;
const HOUR_MS = 3_600_000;

/** Deletions and edits of one fixture. */
export class FixtureEdits {
  readonly #edits = new Map<string, Partial<DeviceDetail>>();
  readonly #forgotten = new Set<string>();

  of(id: string): Partial<DeviceDetail> {
    if (this.#forgotten.has(id)) throw new ORPCError('NOT_FOUND', { status: 404, message: `no device ${id}` });
    return this.#edits.get(id) ?? {};
  }

  take(id: string, edit: Partial<DeviceDetail>): void {
    this.#edits.set(id, { ...this.of(id), ...edit });
  }

  forget(id: string): void {
    this.#forgotten.add(id);
  }
}

function timeline(n: number): TimelineItem[] {
  const at = (hours: number) => now() - hours * HOUR_MS;
  const told = events(n, now()).map((event): TimelineItem => ({ type: 'event', at: event.at, event }));
  const action: TimelineItem = {
    ...{ type: 'action', at: at(0.1), action: ACTION, name: textOf(n, 'Free the cache'), state: 'failed' },
    ...{ reason: 'the disk was full', by: 'ada', exitCode: 3 },
  };
  const packages: TimelineItem = {
    ...{ type: 'inventory', at: at(30), kind: 'packages', isFirst: false, more: 4 },
    ...{ added: [textOf(n, 'htop')], removed: ['nano'], changed: ['openssl 3.0.11 → 3.0.13', 'curl'] },
  };
  const edits = Array.from({ length: CHANGES }, (_, i): TimelineItem => {
    const detail = { 'name.from': textOf(n, `web-${i}`), 'name.to': `web-${i + 1}` };
    return { type: 'change', at: at(40 + 5 * i), by: 'ada', verb: 'device.update', detail };
  });
  return [...told, action, packages, ...edits].sort((a, b) => b.at - a.at);
}

/** Kinds that the fleet's fixture has no use for. */
function moreFacts(n: number) {
  const fact = (kind: string, body: unknown) => ({
    ...{ kind, hash: '1'.repeat(64), seenAt: now() - 300_000, firstSeenAt: now() - 9e7, body },
  });
  const services = Array.from({ length: 140 }, (_, i) => ({
    name: textOf(n, `unit-${i}`),
    active: i % 47 === 20 ? 'failed' : i % 5 === 0 ? 'inactive' : 'active',
    state: i % 47 === 20 ? 'failed' : i % 5 === 0 ? 'dead' : 'running',
    description: `Service number ${i} of this machine`,
  }));
  const disk = { model: textOf(n, 'Fixture SSD 970'), vendor: null, isRemovable: false, isReadOnly: false };
  return [
    ...windowsFacts(n, now()),
    fact('services', { services }),
    fact('disks', {
      disks: [
        { name: 'nvme0n1', sizeBytes: 5e11, serial: 'S4EV1', isRotational: false, partitions: [], ...disk },
        { name: 'sda', sizeBytes: 4e12, serial: 'WD-77', isRotational: true, partitions: [], ...disk },
      ],
    }),
    fact('ports', {
      ports: [22, 80, 443, 5_432, 9_100].map((port) => ({
        ...{ protocol: 'tcp', address: '0.0.0.0', port, process: textOf(n, 'sshd') },
      })),
    }),
  ];
}

const outcome = (device: DeviceId) => ({
  ...{ deviceId: device, deviceName: 'web-1', state: 'failed' as const, at: now(), startedAt: now() - 61_000 },
  ...{ finishedAt: now() - 60_000, exitCode: 3, signal: null, reason: null, detail: null, isTruncated: true },
  ...{
    stdout: textOf(numberOf(device), 'freed 0 bytes\nnothing to do'),
    stderr: 'no space left on device',
    attempts: [],
  },
});

/** `known` gives the number of a device, or refuses. */
export function deviceRoutes(guarded: Guarded, kept: FixtureKept, known: (id: string) => number) {
  const edits = new FixtureEdits();
  const show = (id: string): DeviceDetail => ({
    ...{ ...device(known(id), now()), ...windowsParts(known(id), now()), ...edits.of(id) },
    tags: kept.tagsOf(id),
  });
  return {
    show: guarded.devices.show.handler(({ input }) => show(input.id)),
    update: guarded.devices.update.handler(({ input: { id, type, ...rest } }) => {
      if (rest.address === 'nowhere') throw wrongField('address', 'no such host');
      const kind = type === undefined ? {} : { setType: type, type: type ?? 'server' };
      edits.take(id, { ...defined(rest), ...kind });
      return show(id);
    }),
    remove: guarded.devices.remove.handler(({ input }) => {
      edits.forget(input.id);
      kept.remove([input.id]);
      return { removed: true as const };
    }),
    facts: guarded.devices.facts.handler(({ input }) => {
      const n = known(input.id);
      return { facts: [...facts(n, now()), ...moreFacts(n)] };
    }),
    log: guarded.devices.log.handler(({ input }) => logPage(known(input.id), now(), input)),
    logs: guarded.devices.logs.handler(({ input }) => logNames(known(input.id), now())),
    timeline: guarded.devices.timeline.handler(({ input }) => {
      const all = timeline(known(input.id));
      const from = Number(input.cursor ?? 0);
      const to = from + input.limit;
      return { items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null };
    }),
  };
}

export const actionRoutes = (guarded: Guarded) => ({
  // What the navigation counts: nothing waits for a signature.
  list: guarded.actions.list.handler(() => ({ items: [], nextCursor: null })),
  show: guarded.actions.show.handler(({ input }) => ({
    ...{
      id: input.id,
      name: 'Free the cache',
      reason: 'the disk was full',
      signer: 'fixture',
      waitsFor: null,
      origin: null,
      state: 'settled' as const,
    },
    ...{ siteId: siteId(0), relayId: relayId(0), createdAt: now(), expiresAt: now() + HOUR_MS },
    ...{ targets: 1, counts: { failed: 1 } },
    manifest: '{}',
    outcomes: Array.from({ length: 48 }, (_, n) => outcome(deviceId(n))),
  })),
});

const defined = <T extends object>(members: T) =>
  // What is left are the members that were given.
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<DeviceDetail>;

const wrongField = (field: string, message: string) =>
  new ORPCError('INVALID', { status: 400, message, data: { code: 'invalid', errors: [{ field, message }] } });
