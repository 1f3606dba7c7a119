// What the fleet needs of a device's inventory: names and numbers out of facts, whose bodies are whatever a device said.
import type { TypeEvidence } from '#shared/model/device-type.ts';

/** The kinds of facts that the fleet reads. */
export const READ_KINDS = ['os', 'hardware', 'network', 'users', 'packages', 'services'] as const;
export type ReadKind = (typeof READ_KINDS)[number];

export const isReadKind = (kind: string): kind is ReadKind => READ_KINDS.some((one) => one === kind);

export type FactDigest =
  | { kind: 'os'; name: string; hostname: string; evidence: TypeEvidence }
  | { kind: 'hardware'; serial: string; evidence: TypeEvidence }
  | { kind: 'network'; addresses: readonly string[] }
  | { kind: 'users'; names: readonly string[]; shown: string }
  | { kind: 'packages'; names: readonly string[] }
  | { kind: 'services'; names: readonly string[] };

type Members = Readonly<Record<string, unknown>>;

/** What a device calls a thing is longer than this only to hurt. */
const MAX_TEXT = 253;
/** As the collectors cut their lists. */
const MAX_NAMES = 5_000;
const MAX_ADDRESSES = 256;

/** `body` is the JSON of the fact; undefined where it is of no shape we know. */
export function digestFact(kind: ReadKind, body: string): FactDigest | undefined {
  const members = membersOf(JSON.parse(body));
  if (members === undefined) return undefined;
  switch (kind) {
    case 'os':
      return osDigest(members);
    case 'hardware':
      return hardwareDigest(members);
    case 'network':
      return { kind, addresses: addressesOf(members) };
    case 'users':
      return usersDigest(members);
    case 'packages':
      return { kind, names: namesIn(members['packages']) };
    case 'services':
      // systemd's suffix says nothing, and people leave it out.
      return { kind, names: namesIn(members['services']).map((name) => name.replace(/\.service$/, '')) };
  }
}

function osDigest(body: Members): FactDigest {
  const name = textOf(body['prettyName']) || [textOf(body['name']), textOf(body['version'])].join(' ').trim();
  return {
    kind: 'os',
    name,
    hostname: textOf(body['hostname']),
    evidence: { osName: name, osFamily: textOf(body['family']), osId: textOf(body['id']) },
  };
}

function hardwareDigest(body: Members): FactDigest {
  const chassis = body['chassisType'];
  return {
    kind: 'hardware',
    serial: textOf(body['serial']),
    evidence: {
      chassisType: typeof chassis === 'number' && Number.isInteger(chassis) ? chassis : undefined,
      hypervisor: textOf(body['hypervisor']),
      vendor: textOf(body['vendor']),
      product: textOf(body['product']),
    },
  };
}

/** Of all interfaces, without their prefix; loopback is everybody's. */
function addressesOf(body: Members): string[] {
  const all = listOf(body['interfaces']).flatMap((one) => listOf(membersOf(one)?.['addresses']).map(textOf));
  const bare = all.map((address) => address.replace(/\/.*$/, '').toLowerCase());
  return [...new Set(bare)]
    .filter((one) => one !== '' && one !== '::1' && !one.startsWith('127.'))
    .slice(0, MAX_ADDRESSES);
}

/** Shown is the first person: accounts of the system have low numbers. */
function usersDigest(body: Members): FactDigest {
  const users = listOf(body['users']);
  const person = users.map(membersOf).find((one) => {
    const uid = one?.['uid'];
    return one !== undefined && one['name'] !== 'root' && (typeof uid !== 'number' || uid >= FIRST_PERSON);
  });
  return { kind: 'users', names: namesIn(users), shown: textOf(person?.['name']) };
}

/** macOS begins at 501, Linux at 1000; what has a login shell below that is a service. */
const FIRST_PERSON = 500;

const namesIn = (list: unknown): string[] =>
  listOf(list)
    .slice(0, MAX_NAMES)
    .map((one) => textOf(membersOf(one)?.['name']))
    .filter((name) => name !== '');

const membersOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members) // any object has members by name
    : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '');
