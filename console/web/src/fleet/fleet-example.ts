// Small fleets for tests, in the shape of the API's answer.
import type { DeviceStatus } from '#shared/model/device.ts';
import type { FleetAnswer } from './fleet-rows.ts';
import { Words } from './words.ts';

export const idOf = (n: number): string => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export interface Example {
  n: number;
  site?: string;
  status?: DeviceStatus;
  hostname?: string;
  os?: string;
  tags?: string[];
  groups?: string[];
  isSimulated?: boolean;
  polledAt?: number;
  cpu?: number;
}

/** Distinct values in the order of their first mention, and the place of each. */
function placesOf<T>(values: readonly T[], keyOf: (value: T) => string): { distinct: T[]; places: number[] } {
  const known = new Map<string, number>();
  const distinct: T[] = [];
  const places = values.map((value) => {
    const place = known.get(keyOf(value)) ?? distinct.push(value) - 1;
    known.set(keyOf(value), place);
    return place;
  });
  return { distinct, places };
}

export function fleetAnswer(examples: readonly Example[]): FleetAnswer {
  const words = new Words([]);
  const place = (text: string) => words.placeOf(text);
  const of = <T>(read: (example: Example) => T): T[] => examples.map(read);
  const sites = placesOf(
    of(({ site = 'Berlin' }) => site),
    (name) => name,
  );
  const tags = placesOf(
    of((example) => example.tags ?? []),
    (set) => set.join(' '),
  );
  const groups = [...new Set(of((example) => example.groups ?? []).flat())];
  const groupSets = placesOf(
    of((example) => (example.groups ?? []).map((name) => groups.indexOf(name))),
    (set) => set.join(' '),
  );
  const unknown = of(() => null);
  return {
    now: 10_000_000,
    ...{ isByName: false, rows: examples.map(({ n }) => n).join() },
    sites: sites.distinct.map((name, n) => ({
      id: idOf(0xf00 + n),
      name,
      customerId: idOf(0xe00),
      customerName: 'Example GmbH',
    })),
    relays: [{ id: idOf(0xa00), name: 'relay-1' }],
    groups: groups.map((name, n) => ({ id: idOf(0xc00 + n), name })),
    tagSets: tags.distinct,
    groupSets: groupSets.distinct,
    id: of(({ n }) => idOf(n)),
    name: of(({ n }) => `srv-${n}`),
    address: of(({ n }) => `10.0.0.${n}`),
    port: of(() => 22),
    hostname: of(({ hostname = null }) => hostname),
    serial: unknown,
    site: sites.places,
    relay: of(() => 0),
    transport: of(() => place('ssh')),
    status: of(({ status = 'up' }) => place(status)),
    statusReason: of(() => place('')),
    system: of(() => place('linux')),
    type: of(() => place('server')),
    os: of(({ os = '' }) => place(os)),
    user: of(() => place('')),
    tags: tags.places,
    groupSet: groupSets.places,
    isSimulated: of(({ isSimulated }) => (isSimulated === true ? 1 : 0)),
    intervalMs: of(() => 60_000),
    statusAt: of(() => 100),
    addedAt: of(() => 50),
    polledAt: of(({ polledAt = 9_990_000 }) => polledAt),
    cpu: of(({ cpu = null }) => cpu),
    memory: unknown,
    disk: unknown,
    mount: of(() => place('')),
    load: unknown,
    uptimeMs: unknown,
    rx: unknown,
    tx: unknown,
    words: [...words.texts],
  };
}
