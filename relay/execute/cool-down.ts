// When a standing order last acted on a device, on disk: a trigger that flaps does nothing twice before its time.
import type { Database } from 'better-sqlite3';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';

export const COOL_DOWN_SCHEMA = `
create table if not exists standing_run (
  standing text not null,
  device text not null,
  at integer not null,
  primary key (standing, device)
) strict, without rowid;
`;

const READ = 'select at from standing_run where standing = ? and device = ?';
const WRITE = `insert into standing_run (standing, device, at) values (?, ?, ?)
  on conflict (standing, device) do update set at = excluded.at`;
// What lies in the future counts as of now: a clock that was set back buys nothing, and one that ran ahead blocks for one span.
const MEND = 'update standing_run set at = ? where at > ?';
/** Longer than any cool-down. */
const PRUNE_MS = 91 * 86_400_000;
const PRUNE = `delete from standing_run where at < ? - ${PRUNE_MS}`;

interface Asked {
  standing: string;
  /** Ids of devices, and marks of machines. */
  devices: readonly string[];
  coolDownMs: number;
  now: EpochMs;
}

/** Those of `devices` on which it may act now. */
export function coolDevices(db: Database, { standing, devices, coolDownMs, now }: Asked): string[] {
  db.prepare(MEND).run(now, now);
  const read = db.prepare<[string, string], number>(READ).pluck();
  return devices.filter((device) => {
    const at = read.get(standing, device);
    return at === undefined || now - at >= coolDownMs;
  });
}

/** Writes down that it acts on `devices` now, or throws and writes nothing. Call it inside a transaction. */
export function takeCoolDown(db: Database, asked: Asked): void {
  const { standing, devices, now } = asked;
  if (coolDevices(db, asked).length < devices.length)
    throw new AppError('rate-limited', `standing order ${standing}: a device has not rested long enough`);
  db.prepare(PRUNE).run(now);
  const write = db.prepare(WRITE);
  for (const device of devices) write.run(standing, device, now);
}
