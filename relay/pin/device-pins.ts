// The identity pinned for each device, durable: what a session must show before anything is stored or run.
import path from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { DeviceId } from '#shared/base/id.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';
import { type HostKeyPin, hostKeyPinOf } from '#shared/model/may-offer.ts';
import { WayRecord } from '#shared/model/record.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';

const CREATE = `create table if not exists pin (device text primary key, identity text not null) strict, without rowid`;
/** Since a password depends on it: the host key a signer named for the device. */
const CREATE_SIGNED = `create table if not exists signed_host_key (device text primary key, host_key text not null) strict, without rowid`;
/** The strongest way the device was reached by, and the one the console was told last. */
const CREATE_WAY = `create table if not exists way (device text primary key, ways text not null) strict, without rowid`;
const READ = 'select device, identity from pin';
const READ_SIGNED = 'select device, host_key as hostKey from signed_host_key';
const WRITE = 'insert into pin values (?, ?) on conflict (device) do update set identity = excluded.identity';
const WRITE_SIGNED =
  'insert into signed_host_key values (?, ?) on conflict (device) do update set host_key = excluded.host_key';
const READ_WAYS = 'select device, ways from way';
const WRITE_WAYS = 'insert into way values (?, ?) on conflict (device) do update set ways = excluded.ways';
const REMOVE_WAYS = 'delete from way where device = ?';
const REMOVE = 'delete from pin where device = ?';
const REMOVE_SIGNED = 'delete from signed_host_key where device = ?';

// 2,000 devices of 1.5 KB are 3 MB; more than this is a fault, and a full disk is for samples.
const MAX_BYTES = 64 * 1024 * 1024;

interface Row {
  device: string;
  identity: string;
}

interface SignedRow {
  device: string;
  hostKey: string;
}

const Way = WayRecord.pick({ transport: true, port: true, auth: true, seal: true, detail: true });
const Ways = z.strictObject({ floor: Way, told: Way });
type Ways = z.infer<typeof Ways>;

interface Statements {
  write: Statement<[string, string]>;
  writeSigned: Statement<[string, string]>;
  remove: Statement<[string]>;
  removeSigned: Statement<[string]>;
  writeWays: Statement<[string, string]>;
  removeWays: Statement<[string]>;
}

/** Fits `DevicePins`, `HostKeyPins` and `WayStore` of the transports. Reads come from memory, writes are on disk when they return. */
export class StoredDevicePins {
  readonly #db: Database;
  readonly #sql: Statements;
  readonly #pins: Map<string, DeviceIdentity>;
  readonly #signed: Map<string, string>;
  readonly #ways: Map<string, Ways>;

  /** `data`: the relay's data folder; `identity/` in it is made with the identity. */
  constructor(data: string) {
    this.#db = openSqlite(path.join(data, 'identity', 'pins.db'), { maxBytes: MAX_BYTES });
    this.#db.exec(CREATE);
    this.#db.exec(CREATE_SIGNED);
    this.#db.exec(CREATE_WAY);
    this.#sql = {
      write: this.#db.prepare(WRITE),
      writeSigned: this.#db.prepare(WRITE_SIGNED),
      remove: this.#db.prepare(REMOVE),
      removeSigned: this.#db.prepare(REMOVE_SIGNED),
      writeWays: this.#db.prepare(WRITE_WAYS),
      removeWays: this.#db.prepare(REMOVE_WAYS),
    };
    const rows = this.#db.prepare<[], Row>(READ).all();
    this.#pins = new Map(rows.map((row) => [row.device, DeviceIdentity.parse(JSON.parse(row.identity))]));
    const signed = this.#db.prepare<[], SignedRow>(READ_SIGNED).all();
    this.#signed = new Map(signed.map(({ device, hostKey }) => [device, hostKey]));
    const ways = this.#db.prepare<[], { device: string; ways: string }>(READ_WAYS).all();
    this.#ways = new Map(ways.map((row) => [row.device, Ways.parse(JSON.parse(row.ways))]));
  }

  get(device: DeviceId): DeviceIdentity | undefined {
    return this.#pins.get(device);
  }

  /** Whose word the pinned host key is. */
  hostKeyPin(device: DeviceId): HostKeyPin {
    return hostKeyPinOf(this.#pins.get(device)?.hostKey, this.#signed.get(device));
  }

  set(device: DeviceId, identity: DeviceIdentity, by?: 'signer'): void {
    const { hostKey } = identity;
    const signedKey = by === 'signer' ? hostKey : undefined;
    this.#db.transaction(() => {
      this.#sql.write.run(device, JSON.stringify(identity));
      if (by === 'signer') {
        this.#sql.removeSigned.run(device);
        this.#sql.removeWays.run(device);
      }
      if (signedKey !== undefined) this.#sql.writeSigned.run(device, signedKey);
    })();
    this.#pins.set(device, identity);
    if (by === 'signer') {
      this.#signed.delete(device);
      this.#ways.delete(device);
    }
    if (signedKey !== undefined) this.#signed.set(device, signedKey);
  }

  delete(device: DeviceId): void {
    this.#db.transaction(() => {
      this.#sql.remove.run(device);
      this.#sql.removeSigned.run(device);
      this.#sql.removeWays.run(device);
    })();
    this.#pins.delete(device);
    this.#signed.delete(device);
    this.#ways.delete(device);
  }

  floor(device: DeviceId): Ways['floor'] | undefined {
    return this.#ways.get(device)?.floor;
  }

  toldWay(device: DeviceId): Ways['told'] | undefined {
    return this.#ways.get(device)?.told;
  }

  setWays(device: DeviceId, ways: Ways): void {
    this.#sql.writeWays.run(device, JSON.stringify(ways));
    this.#ways.set(device, ways);
  }

  stop(): void {
    this.#db.close();
  }
}
