// What the watch keeps on disk beside the spool: findings that are open, and what its judges remember of each device.
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { DeviceId, FindingId } from '#shared/base/id.ts';
import { type JudgeState, readJudgeState } from '#shared/judge/checks/judge-state.ts';
import { Finding } from '#shared/model/finding.ts';
import { DeviceKind } from './device-kind.ts';

/** Lies in the spool's file, so that a finding and its record commit together: a row for each open finding, for each device, and for the document that was told in the audit. */
export const WATCH_SCHEMA = `
create table if not exists open_finding (id text primary key, body text not null) strict, without rowid;
create table if not exists told_watch (one integer primary key check (one = 1), version integer not null) strict;
create table if not exists watched_device (device text primary key, kind text not null, judged text not null) strict, without rowid;
`;
const READ_FINDINGS = 'select body from open_finding';
const WRITE_FINDING = 'insert into open_finding values (?, ?) on conflict (id) do update set body = excluded.body';
const REMOVE_FINDING = 'delete from open_finding where id = ?';
const READ_DEVICES = 'select device, kind, judged from watched_device';
const WRITE_DEVICE =
  'insert into watched_device values (?, ?, ?) on conflict (device) do update set kind = excluded.kind, judged = excluded.judged';
const REMOVE_DEVICE = 'delete from watched_device where device = ?';

/** As it was last told, and when it opened. */
export const OpenFinding = Finding.omit({ type: true, state: true }).extend({ openedAt: z.int().nonnegative() });
export type OpenFinding = z.infer<typeof OpenFinding>;

export interface WatchedDevice {
  kind: DeviceKind;
  judged: JudgeState | undefined;
}

/** What another release wrote and this one cannot read is left out: it is judged anew. */
export function readFindings(db: Database): OpenFinding[] {
  const rows = db.prepare<[], { body: string }>(READ_FINDINGS).all();
  return rows.flatMap(({ body }) => {
    const read = OpenFinding.safeParse(JSON.parse(body));
    return read.success ? [read.data] : [];
  });
}

export const writeFinding = (db: Database, finding: OpenFinding): void =>
  void db.prepare(WRITE_FINDING).run(finding.finding, JSON.stringify(finding));

export const removeFinding = (db: Database, id: FindingId): void => void db.prepare(REMOVE_FINDING).run(id);

/** `onBad`: what of which device could not be read; it is judged anew. */
export function readDevices(
  db: Database,
  onBad: (device: DeviceId, what: string) => void,
): Map<DeviceId, WatchedDevice> {
  const rows = db.prepare<[], { device: DeviceId; kind: string; judged: string }>(READ_DEVICES).all();
  return new Map(
    rows.map(({ device, kind, judged }) => {
      const known = DeviceKind.safeParse(JSON.parse(kind));
      const saved: unknown = JSON.parse(judged);
      const state = saved === null ? undefined : readJudgeState(saved, (what) => onBad(device, what));
      return [device, { kind: known.success ? known.data : {}, judged: state }];
    }),
  );
}

export const writeDevice = (db: Database, device: DeviceId, { kind, judged }: WatchedDevice): void =>
  void db.prepare(WRITE_DEVICE).run(device, JSON.stringify(kind), JSON.stringify(judged ?? null));

export const removeDevice = (db: Database, device: DeviceId): void => void db.prepare(REMOVE_DEVICE).run(device);
