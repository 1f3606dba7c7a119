// Records that leave rows behind are counted one by one: events and audit rows by their text, outcomes and facts by what stands last.

import type { SpoolRecord } from '#shared/model/record.ts';
import { FINAL_COMMAND_STATES } from '#shared/model/record.ts';
import { decodeRecords } from '#shared/protocol/record-codec.ts';
import { type KeptBatch, withDatabase } from './stream-content.ts';

export interface RecordAudit {
  /** Events and audit rows a spool committed. */
  told: number;
  lost: number;
  dup: number;
  /** Outcomes and facts of which something else stands at the console. */
  wrong: number;
}

/** What a console holds of one relay's records. */
export interface ConsoleRecords {
  /** As `textOf` writes them. */
  rows: string[];
  /** Final states by order and device. */
  outcomes: ReadonlyMap<string, string>;
  /** Hashes by device and kind. */
  facts: ReadonlyMap<string, string>;
}

/** Records of a spool's batches, in the order of their numbers. */
export const recordsOf = (batches: readonly KeptBatch[]): SpoolRecord[] =>
  batches
    .filter(({ kind }) => kind === 'records')
    .toSorted((a, b) => a.lane - b.lane || a.seq - b.seq)
    .flatMap(({ data }) => {
      const decoded = decodeRecords(data);
      return decoded.ok ? decoded.records : [];
    });

/** `all` holds what a relay wrote later too, while it was drained: at the console that may stand, once, and is not asked for. */
export function auditRecords(
  records: readonly SpoolRecord[],
  console: ConsoleRecords,
  all: readonly SpoolRecord[] = records,
): RecordAudit {
  const told = records.flatMap((record) => textOf(record) ?? []);
  const rows = countsOf(console.rows);
  return {
    told: told.length,
    lost: surplusOf(countsOf(told), rows),
    dup: surplusOf(rows, countsOf(all.flatMap((record) => textOf(record) ?? []))),
    wrong: wrongStates(records, console),
  };
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** How many of one side the other lacks. */
const surplusOf = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number =>
  [...one].reduce((sum, [text, n]) => sum + Math.max(0, n - (other.get(text) ?? 0)), 0);

/** Undefined for what leaves no row of its own. */
function textOf(record: SpoolRecord): string | undefined {
  if (record.type === 'relay-event') return `event ${record.at} ${record.code} ${record.detail}`;
  if (record.type === 'audit') return `audit ${record.at} ${record.verb} ${record.detail}`;
  return undefined;
}

function wrongStates(records: readonly SpoolRecord[], { outcomes, facts }: ConsoleRecords): number {
  const last = new Map<string, string>();
  for (const record of records) if (record.type === 'fact') last.set(`${record.device} ${record.kind}`, record.hash);
  const wrongFacts = [...last].filter(([key, hash]) => facts.get(key) !== hash).length;
  const wrongOutcomes = records.filter(
    (record) =>
      record.type === 'outcome' &&
      FINAL_COMMAND_STATES.has(record.state) &&
      outcomes.get(`${record.manifest} ${record.device}`) !== record.state,
  ).length;
  return wrongFacts + wrongOutcomes;
}

interface AuditDetail {
  at?: unknown;
  detail?: unknown;
}

export const readConsoleRecords = (file: string, relay: string): ConsoleRecords =>
  withDatabase(file, (db) => {
    const events = db
      .prepare<[string], { at: number; code: string; detail: string }>(
        // What the console tells of a relay's refusal is its own event, beside the relay's.
        "select at, code, detail from event where relay_id = ? and type = 'relay' and detail not like 'the relay refused %'",
      )
      .all(relay);
    const audits = db
      .prepare<[string], { verb: string; detail: string }>(
        "select verb, detail from audit_log where actor = ? and (verb like 'manifest.%' or verb like 'charter.%' or verb in ('audit.pin-trail', 'audit.refuse-checkpoint'))",
      )
      .all(`relay:${relay}`);
    const outcomes = db
      .prepare<[], { id: string; device: string; state: string }>(
        'select action_id as id, device_id as device, state from action_outcome',
      )
      .all();
    const facts = db
      .prepare<[string], { device: string; kind: string; hash: string }>(
        'select device_id as device, kind, hash from fact where relay_id = ?',
      )
      .all(relay);
    return {
      rows: [
        ...events.map(({ at, code, detail }) => `event ${at} ${code} ${detail}`),
        ...audits.map(({ verb, detail }) => {
          const told: AuditDetail = JSON.parse(detail);
          return `audit ${String(told.at)} ${verb} ${String(told.detail)}`;
        }),
      ],
      outcomes: new Map(outcomes.map(({ id, device, state }) => [`${id} ${device}`, state])),
      facts: new Map(facts.map(({ device, kind, hash }) => [`${device} ${kind}`, hash])),
    };
  });
