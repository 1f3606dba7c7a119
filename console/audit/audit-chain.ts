// The hash chain of the audit trail: each row's hash covers the row and the hash before it. Pure.
import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/seal/canonical.ts';

/** `prev` of the first row. */
export const CHAIN_ROOT = '0'.repeat(64);

export interface AuditContent {
  seq: number;
  at: number;
  actor: string;
  verb: string;
  resource: string;
  outcome: string;
  address: string | null;
  /** Canonical JSON text, hashed as the text it is. */
  detail: string;
}

export interface AuditLink extends AuditContent {
  prev: string;
  hash: string;
}

/** SHA-256, lower-case hex, over the canonical JSON of the row and the hash before it. */
export function linkHash(content: AuditContent, prev: string): string {
  const { seq, at, actor, verb, resource, outcome, address, detail } = content;
  const text = canonicalJson({ v: 1, seq, at, actor, verb, resource, outcome, address, detail, prev });
  return createHash('sha256').update(text).digest('hex');
}

export type ChainCheck = { ok: true; last: { seq: number; hash: string } } | { ok: false; firstBadSeq: number };

/** Follows `rows` (in order of seq) from `last`; names the first row that is missing, moved or changed. */
export function followChain(last: { seq: number; hash: string }, rows: readonly AuditLink[]): ChainCheck {
  let { seq, hash } = last;
  for (const row of rows) {
    const isNext = row.seq === seq + 1 && row.prev === hash && row.hash === linkHash(row, hash);
    if (!isNext) return { ok: false, firstBadSeq: seq + 1 };
    seq = row.seq;
    hash = row.hash;
  }
  return { ok: true, last: { seq, hash } };
}
