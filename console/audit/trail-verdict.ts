// The verdict over the whole trail: its chain, its checkpoints and its witnesses, and which row is the first bad one.

import type { PageOf, PageRequest } from '#console/store/cursor.ts';
import type { Store } from '#console/store/database.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { RelayId } from '#shared/base/id.ts';
import type { AuditVerdict, CheckpointRow, VerifyWish } from '#shared/contract/audit-contract.ts';
import { checkCheckpoints } from './checkpoint-check.ts';
import { counterSignaturesAt, listCheckpoints } from './checkpoint-repository.ts';
import { type Fault, firstBadSeq, shownFaults } from './trail-faults.ts';
import { followTrail } from './verify-chain.ts';
import { checkWitness, type WitnessVerdict } from './witness-check.ts';
import type { Witness, WitnessDoor } from './witness-door.ts';

export interface TrailDeps {
  store: Pick<Store, 'db' | 'incarnation'>;
  random: RandomBytes;
  /** Fingerprint of the audit key. */
  keyId: string;
  door: WitnessDoor;
}

/** Relays answer from their own disks: so many at once are asked in a second. */
const ASKED_AT_ONCE = 16;

export class Trail {
  readonly #deps: TrailDeps;

  constructor(deps: TrailDeps) {
    this.#deps = deps;
  }

  /** `relays`: the witnesses that the reader may see. */
  async verify(relays: readonly Witness[], wish: VerifyWish = {}): Promise<AuditVerdict> {
    const { store, keyId } = this.#deps;
    const own = { keyId, console: store.incarnation };
    const chain = await followTrail(store.db);
    const checkpoints = await checkCheckpoints(store.db, own);
    const witnesses = await this.#askAll(relays, wish);
    const faults: Fault[] = [...checkpoints.faults, ...witnesses.flatMap((one) => one.faults)];
    if (chain.firstBadSeq !== null)
      faults.push({
        kind: chain.isOfHead ? 'head' : 'row',
        seq: chain.firstBadSeq,
        toSeq: null,
        text: chain.why ?? '',
      });
    return {
      ok: faults.length === 0,
      rows: chain.rows,
      firstBadSeq: firstBadSeq(faults),
      faults: shownFaults(faults),
      keyId,
      checkpoints: {
        count: checkpoints.count,
        newestSeq: checkpoints.newest?.seq ?? null,
        newestAt: checkpoints.newest?.at ?? null,
      },
      witnesses: witnesses.map(({ witness }) => witness),
    };
  }

  /** Newest first; of the relays' counter-signatures those that the reader may see. */
  async checkpoints(relays: readonly Witness[], page: PageRequest): Promise<PageOf<CheckpointRow>> {
    const { db } = this.#deps.store;
    const { items, nextCursor } = await listCheckpoints(db, page);
    const names = new Map<string, string>(relays.map(({ id, name }) => [id, name]));
    const signed = await counterSignaturesAt(
      db,
      items.map(({ seq }) => seq),
    );
    const relaysOf = (seq: number) =>
      signed.flatMap((one) => {
        const relayName = one.seq === seq ? names.get(one.relayId) : undefined;
        return relayName === undefined ? [] : [{ relayId: RelayId.parse(one.relayId), relayName, at: one.at }];
      });
    return { items: items.map((item) => ({ ...item, relays: relaysOf(item.seq) })), nextCursor };
  }

  async #askAll(relays: readonly Witness[], { witness = false, nonce }: VerifyWish): Promise<WitnessVerdict[]> {
    const { store, door, keyId, random } = this.#deps;
    const own = { keyId, console: store.incarnation };
    const bytes = nonce === undefined ? random(new Uint8Array(32)) : new Uint8Array(Buffer.from(nonce, 'base64url'));
    const ask = { db: store.db, door, nonce: bytes, own, isLive: witness };
    const verdicts: WitnessVerdict[] = [];
    for (let from = 0; from < relays.length; from += ASKED_AT_ONCE)
      verdicts.push(
        ...(await Promise.all(relays.slice(from, from + ASKED_AT_ONCE).map((relay) => checkWitness(ask, relay)))),
      );
    return verdicts;
  }
}
