// What this relay has read of its devices itself, on disk: all that a rule of a standing order may ask for, and nothing from a roster.
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceSystem } from '#shared/model/device.ts';
import { DeviceIdentity, matchIdentity } from '#shared/model/device-identity.ts';
import type { FactRecord } from '#shared/model/record.ts';
import type { KnownFacts, RuleCandidate } from '#shared/model/standing-rule.ts';

/** Lies in the spool's file: see the journal. A row for each device of the roster at most, 2,000 of them. */
export const KNOWN_DEVICES_SCHEMA = `
create table if not exists known_device (device text primary key, body text not null) strict, without rowid;
`;
const READ = 'select device, body from known_device';
const WRITE = 'insert into known_device values (?, ?) on conflict (device) do update set body = excluded.body';
const REMOVE = 'delete from known_device where device = ?';

/** Longer than a host name may be; a device that says more of itself is cut, and fits no rule that a person writes. */
const Text = z.string().max(253);
const Known = z.strictObject({
  /** Of the session that showed all this. */
  identity: DeviceIdentity,
  system: Text.optional(),
  hostname: Text.optional(),
  address: Text.optional(),
  transport: Text.optional(),
  os: Text.optional(),
  version: Text.optional(),
});
type Known = z.infer<typeof Known>;

/** What a session tells: one that was checked against the pin. */
export interface SeenSession {
  readonly identity: DeviceIdentity;
  readonly system: DeviceSystem;
  readonly hostname: string | undefined;
  readonly address?: string | undefined;
}

export interface KnownDevicesDeps {
  transact: <T>(work: (db: Database) => T) => T;
  pins: { get(device: DeviceId): DeviceIdentity | undefined };
  /** In the roster now. */
  isHere: (device: DeviceId) => boolean;
}

const cut = (text: string | undefined): string | undefined => text?.slice(0, 253);

export class KnownDevices {
  readonly #deps: KnownDevicesDeps;
  readonly #known = new Map<string, Known>();

  constructor(deps: KnownDevicesDeps) {
    this.#deps = deps;
    const rows = deps.transact((db) => db.prepare<[], { device: string; body: string }>(READ).all());
    for (const { device, body } of rows) {
      const read = Known.safeParse(JSON.parse(body));
      // What another release wrote is read from the device again.
      if (read.success) this.#known.set(device, read.data);
    }
  }

  /** Each session that showed the pinned identity. A machine that took another's place begins from nothing. */
  noteSession(device: DeviceId, transport: string, { identity, system, hostname, address }: SeenSession): void {
    const former = this.#known.get(device);
    const isSame = former !== undefined && matchIdentity(former.identity, identity).verdict === 'same';
    const { os, version } = isSame ? former : {};
    const told = { system: system === 'unknown' ? undefined : system, hostname: cut(hostname), address: cut(address) };
    this.#set(device, { identity, transport, os, version, ...told });
  }

  /** What its inventory says of its system. */
  noteFact({ device, kind, body }: Pick<FactRecord, 'device' | 'kind' | 'body'>): void {
    const former = this.#known.get(device);
    if (kind !== 'os' || former === undefined) return;
    const read = OsFact.safeParse(JSON.parse(body));
    if (read.success)
      this.#set(device, {
        ...former,
        os: cut(read.data.id ?? undefined),
        version: cut(read.data.version ?? undefined),
      });
  }

  forget(device: DeviceId): void {
    if (this.#known.delete(device)) this.#deps.transact((db) => db.prepare(REMOVE).run(device));
  }

  /** What is known of one, for rules of checks: they only choose what is looked at. */
  factsOf(device: DeviceId): KnownFacts {
    const { identity: _seen, ...facts } = this.#known.get(device) ?? { identity: undefined };
    return facts;
  }

  /** Devices of the roster whose facts are those of the machine that is pinned; one that shows no identity is none. */
  candidates(): Array<RuleCandidate<DeviceId>> {
    const { pins, isHere } = this.#deps;
    return [...this.#known].flatMap(([id, { identity: seen, ...facts }]) => {
      const device = id as DeviceId; // only ids of devices are put in
      const identity = isHere(device) ? pins.get(device) : undefined;
      const isPinned = identity !== undefined && matchIdentity(identity, seen).verdict === 'same';
      return isPinned ? [{ device, facts: facts satisfies KnownFacts, identity }] : [];
    });
  }

  /** Written only when something is new: a session is opened for every poll of a slow device. */
  #set(device: DeviceId, known: Known): void {
    const body = JSON.stringify(known);
    if (JSON.stringify(this.#known.get(device)) === body) return;
    this.#deps.transact((db) => db.prepare(WRITE).run(device, body));
    this.#known.set(device, known);
  }
}

const OsFact = z.object({ id: z.string().nullish(), version: z.string().nullish() });
