// The hash chain of the audit trail: each row's hash covers the row and the hash before it. Pure, for the console and for whoever checks it.
import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/seal/canonical.ts';

/** `prev` of the first row. */
export const CHAIN_ROOT = '0'.repeat(64);

/** What new rows are written as. Version 1 has no site. */
export const CONTENT_VERSION = 2;

export interface AuditContent {
  /** Which members the hash covers. */
  v: number;
  seq: number;
  at: number;
  actor: string;
  verb: string;
  resource: string;
  outcome: string;
  address: string | null;
  /** The site it is about; of a row of version 1 always null. */
  site: string | null;
  /** Canonical JSON text, hashed as the text it is. */
  detail: string;
}

export interface AuditLink extends AuditContent {
  prev: string;
  hash: string;
}

/** SHA-256, lower-case hex, over the canonical JSON of the row and the hash before it. */
export function linkHash(content: AuditContent, prev: string): string {
  const { v, seq, at, actor, verb, resource, outcome, address, site, detail } = content;
  const common = { v, seq, at, actor, verb, resource, outcome, address, detail, prev };
  const text = canonicalJson(v === 1 ? common : { ...common, site });
  return createHash('sha256').update(text).digest('hex');
}

export interface ChainEnd {
  seq: number;
  hash: string;
}
export type ChainCheck = { ok: true; last: ChainEnd } | { ok: false; firstBadSeq: number; why: string };

/** Follows `rows` (in order of seq) from `last`; names the first row that is missing, moved or changed, and what is wrong with it. */
export function followChain(last: ChainEnd, rows: readonly AuditLink[]): ChainCheck {
  let { seq, hash } = last;
  for (const row of rows) {
    const why = faultOf(row, { seq, hash });
    if (why !== undefined) return { ok: false, firstBadSeq: seq + 1, why };
    seq = row.seq;
    hash = row.hash;
  }
  return { ok: true, last: { seq, hash } };
}

function faultOf(row: AuditLink, last: ChainEnd): string | undefined {
  const next = last.seq + 1;
  if (row.seq !== next) return `row ${next} is missing: after ${last.seq} comes ${row.seq}`;
  if (row.prev !== last.hash)
    return last.seq === 0
      ? `row ${next} does not begin the trail: it names a row before it`
      : `row ${next} does not continue row ${last.seq}: one of them is not the one that was written`;
  // A row of version 1 that names a site was given it later: its hash covers none.
  if (row.v === 1 && row.site !== null) return `row ${next} names a site that its hash does not cover`;
  if (row.hash !== hashOf(row, last.hash)) return `row ${next} was changed: its content has another hash than it says`;
  return undefined;
}

/** Undefined for content that no console writes. */
function hashOf(row: AuditLink, prev: string): string | undefined {
  if (row.v !== 1 && row.v !== CONTENT_VERSION) return undefined;
  try {
    return linkHash(row, prev);
  } catch {
    return undefined; // a number that is no integer, a text that is none
  }
}
