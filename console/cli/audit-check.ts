// Checks the audit trail without believing the console: follows the exported chain here, and holds it against what relays signed.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { AuditVerdict, AuditWitness } from '#shared/contract/audit-contract.ts';
import { type AuditLink, CHAIN_ROOT, followChain } from '#shared/crypto/audit-chain.ts';
import { openHeld } from '#shared/crypto/identity-key.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import type { HeldStatement } from '#shared/model/audit-checkpoint.ts';

/** Keys as this machine saw them first: a console that was replaced cannot make up relays of its own. */
const Pins = z.object({ auditKey: z.string(), relays: z.record(z.string(), z.string()) });
const PinBook = z.record(z.string(), Pins);
export type Pins = z.infer<typeof Pins>;

export const newNonce = (): string => randomBytes(32).toString('base64url');

export interface OwnCheck {
  /** In words; empty when all is well. */
  faults: string[];
  /** Keys seen for the first time. */
  pinned: string[];
  rows: number;
  firstBadSeq: number | null;
  /** Relays whose signed answer was checked here. */
  proven: number;
}

interface Claim {
  seq: number;
  hash: string;
  by: string;
}

/** The relays' answers: signed by the key that was pinned, for this very question. */
export function provenClaims(
  { witnesses, keyId }: AuditVerdict,
  nonce: string,
  pins: Pins,
): { claims: Claim[]; faults: string[]; pinned: string[]; pins: Pins; proven: number } {
  const faults: string[] = [];
  const pinned: string[] = [];
  const relays = { ...pins.relays };
  const claims: Claim[] = [];
  let proven = 0;
  if (pins.auditKey !== '' && pins.auditKey !== keyId)
    faults.push(`the audit key is ${keyId}, and was ${pins.auditKey} when this machine saw it first`);
  if (pins.auditKey === '') pinned.push(`audit key ${keyId}`);
  for (const witness of witnesses.filter(({ proof }) => proof !== null)) {
    try {
      const held = openProof(witness, nonce);
      const known = relays[witness.relayId];
      if (known !== undefined && known !== held.spki)
        throw new AppError('signature-invalid', `it signs with key ${held.spki}, and had ${known} before`);
      if (known === undefined) pinned.push(`relay ${witness.relayName} ${held.spki}`);
      relays[witness.relayId] = held.spki;
      // Each key it pinned must be the console's: a trail under another key is another trail.
      if (held.key !== null && held.key !== keyId)
        faults.push(`${witness.relayName} pinned audit key ${held.key}, not ${keyId}`);
      claims.push(...held.checkpoints.map(({ seq, hash }) => ({ seq, hash, by: witness.relayName })));
      proven += 1;
    } catch (error) {
      faults.push(`${witness.relayName}: ${describeError(error).message}`);
    }
  }
  return { claims, faults, pinned, pins: { auditKey: pins.auditKey === '' ? keyId : pins.auditKey, relays }, proven };
}

function openProof({ relayId, proof }: AuditWitness, nonce: string): HeldStatement {
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');
  const held = openHeld(proof?.statement ?? '', bytes(proof?.spki), bytes(proof?.signature));
  if (held.relay !== relayId || held.nonce !== nonce)
    throw new AppError('signature-invalid', 'its answer is for another relay or another question');
  return held;
}

/** Follows every row, and holds those that relays named against what they signed. */
export async function followExport(
  rows: AsyncIterable<AuditLink>,
  claims: readonly Claim[],
): Promise<{ rows: number; firstBadSeq: number | null; faults: string[] }> {
  const expected = new Map<number, Claim[]>();
  for (const claim of claims) expected.set(claim.seq, [...(expected.get(claim.seq) ?? []), claim]);
  let last = { seq: 0, hash: CHAIN_ROOT };
  const bad = (seq: number, why: string) => ({ rows: seq - 1, firstBadSeq: seq, faults: [why] });
  for await (const row of rows) {
    const check = followChain(last, [row]);
    if (!check.ok) return bad(check.firstBadSeq, check.why);
    last = check.last;
    const denied = expected.get(row.seq)?.find(({ hash }) => hash !== row.hash);
    if (denied !== undefined) return bad(row.seq, `row ${row.seq} is not the one that ${denied.by} has seen`);
    expected.delete(row.seq);
  }
  const beyond = [...expected.keys()].sort((a, b) => a - b)[0];
  if (beyond !== undefined)
    return bad(last.seq + 1, `row ${last.seq + 1} is missing: ${expected.get(beyond)?.[0]?.by} has seen row ${beyond}`);
  return { rows: last.seq, firstBadSeq: null, faults: [] };
}

const NONE: Pins = { auditKey: '', relays: {} };

/** Beside the profiles of this user, by the address of the console. */
export const pinFile = (profileBook: string): string => path.join(path.dirname(profileBook), 'audit-pins.json');

export function readPins(file: string, url: string): Pins {
  const text = readPrivateFile(file);
  return text === undefined ? NONE : (PinBook.parse(JSON.parse(text))[url] ?? NONE);
}

export function writePins(file: string, url: string, pins: Pins): void {
  const text = readPrivateFile(file);
  const book = text === undefined ? {} : PinBook.parse(JSON.parse(text));
  writePrivateFile(file, `${JSON.stringify({ ...book, [url]: pins }, null, 2)}\n`);
}
