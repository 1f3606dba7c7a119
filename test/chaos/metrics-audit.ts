// After a kill: every acknowledged poll is there once, in a day file or among the frames that wait, and says what it said.
import path from 'node:path';
import Database from 'better-sqlite3';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { HOUR, siteNo } from '#test/fixtures/stream-kit.ts';
import { DEVICES, hourOfBatch, LANE, pollsOfBatch } from './metrics-plan.ts';

export interface KillAudit {
  /** Acknowledged, and not there. */
  lost: number;
  /** Counted more than once by totals of a device or a site. */
  twice: number;
  wrong: number;
  /** Rows looked at. */
  rows: number;
  first: string | undefined;
  damage: string[];
}

const FRAMES = 'select hour, data from metric_frame order by hour, seq';
const RECEIVED = 'select received from watermark where lane = ?';

interface Found {
  received: number;
  /** "device at" to values, of frames that are not sealed. */
  waiting: Map<string, string>;
}

function journalOf(file: string): Found {
  const db = new Database(file);
  try {
    const received = db.prepare<[number], number>(RECEIVED).pluck().get(LANE) ?? 0;
    const waiting = new Map<string, string>();
    let decoder: { hour: number; of: DeltaDecoder } | undefined;
    for (const { hour, data } of db.prepare<[], { hour: number; data: Uint8Array }>(FRAMES).iterate()) {
      if (decoder?.hour !== hour) decoder = { hour, of: new DeltaDecoder(hour) };
      for (const { device, at, values } of decoder.of.decode(data)) waiting.set(`${device} ${at}`, values.join());
    }
    return { received, waiting };
  } finally {
    db.close();
  }
}

/** `acked`: the last number that was acknowledged; days up to `gone` may be there or not. */
export function auditKill(folder: string, acked: number, gone: number): KillAudit {
  const audit: KillAudit = { lost: 0, twice: 0, wrong: 0, rows: 0, first: undefined, damage: [] };
  const { received, waiting } = journalOf(path.join(folder, 'console.db'));
  const note = (what: 'lost' | 'twice' | 'wrong', text: string): void => {
    audit[what] += 1;
    audit.first ??= `${what}: ${text}`;
  };
  if (received < acked) note('lost', `batches ${received + 1} to ${acked}`);
  const days = new FileDayStore({
    folder: path.join(folder, 'metrics'),
    onDamage: (text) => audit.damage.push(text),
  });
  try {
    const sealed = new Map<number, Map<string, string>>();
    for (let n = 1; n <= received; n += 1) {
      const hour = hourOfBatch(n);
      const day = Math.floor(hour / 24);
      if (day <= gone) continue;
      const rows = sealed.get(hour) ?? rowsOf(days.read(day), hour, note);
      sealed.set(hour, rows);
      for (const { device, at, values } of pollsOfBatch(n)) {
        audit.rows += 1;
        const key = `${device} ${at}`;
        const said = rows.get(key) ?? waiting.get(key);
        if (said === undefined) note('lost', `batch ${n}, ${key}`);
        else if (said !== values.join()) note('wrong', `batch ${n}, ${key}: ${said}`);
      }
    }
  } finally {
    days.stop();
  }
  return audit;
}

/** The rows of a sealed hour; its totals and its site's have to count as many. */
function rowsOf(
  reader: DayReader | undefined,
  hour: number,
  note: (what: 'twice' | 'wrong', text: string) => void,
): Map<string, string> {
  const rows = new Map<string, string>();
  if (reader === undefined) return rows;
  const number = reader.numberOf('process.total', '') ?? -1;
  let all = 0;
  for (const device of DEVICES) {
    const data = reader.raw(device, hour);
    if (data === undefined) continue;
    for (const [row, at] of data.times.entries())
      rows.set(
        `${device} ${at}`,
        Array.from(data.series, (_, column) => data.values[column * data.times.length + row]).join(),
      );
    all += data.times.length;
    count(reader.totals(device).get(number), data.times.length, `totals of ${device} in ${hour - HOUR}`);
  }
  if (all > 0) count(reader.site(siteNo(1), 'process.total'), all, `the site's sum in ${hour - HOUR}`);
  return rows;

  function count(line: { hours: Uint32Array; count: Float64Array } | undefined, rowCount: number, what: string): void {
    const counted = line?.count[line.hours.indexOf(hour)] ?? 0;
    if (counted !== rowCount) note(counted > rowCount ? 'twice' : 'wrong', `${what}: ${counted} of ${rowCount} rows`);
  }
}
