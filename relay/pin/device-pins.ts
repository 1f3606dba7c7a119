// The identity pinned for each device, durable: what a session must show before anything is stored or run.
import path from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import type { DeviceId } from '#shared/base/id.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';

const CREATE = `create table if not exists pin (device text primary key, identity text not null) strict, without rowid`;
const READ = 'select device, identity from pin';
const WRITE = 'insert into pin values (?, ?) on conflict (device) do update set identity = excluded.identity';
const REMOVE = 'delete from pin where device = ?';

// 2,000 devices of 1.5 KB are 3 MB; more than this is a fault, and a full disk is for samples.
const MAX_BYTES = 64 * 1024 * 1024;

interface Row {
  device: string;
  identity: string;
}

/** Fits `DevicePins` of the transports. Reads come from memory, writes are on disk when they return. */
export class StoredDevicePins {
  readonly #db: Database;
  readonly #write: Statement<[string, string]>;
  readonly #remove: Statement<[string]>;
  readonly #pins: Map<string, DeviceIdentity>;

  /** `data`: the relay's data folder; `identity/` in it is made with the identity. */
  constructor(data: string) {
    this.#db = openSqlite(path.join(data, 'identity', 'pins.db'), { maxBytes: MAX_BYTES });
    this.#db.exec(CREATE);
    this.#write = this.#db.prepare(WRITE);
    this.#remove = this.#db.prepare(REMOVE);
    const rows = this.#db.prepare<[], Row>(READ).all();
    this.#pins = new Map(rows.map((row) => [row.device, DeviceIdentity.parse(JSON.parse(row.identity))]));
  }

  get(device: DeviceId): DeviceIdentity | undefined {
    return this.#pins.get(device);
  }

  set(device: DeviceId, identity: DeviceIdentity): void {
    this.#write.run(device, JSON.stringify(identity));
    this.#pins.set(device, identity);
  }

  delete(device: DeviceId): void {
    this.#remove.run(device);
    this.#pins.delete(device);
  }

  stop(): void {
    this.#db.close();
  }
}
