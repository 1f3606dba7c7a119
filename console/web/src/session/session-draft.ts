// Drafts the order that opens a session from this page: a fresh key that never leaves it, named in what a person signs.
import { AppError } from '#shared/base/errors.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Charter, TierRule } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import { type BatchDraft, draftBatch } from '#shared/seal/manifest-seal.ts';
import { draftOrder } from '#shared/seal/order-draft.ts';
import { newSessionKey, type SessionKeyPair } from '#shared/seal/session-channel.ts';

/** How long a relay that is away may still take it: a person waits at the screen, and may have to find a second one. */
const VALID_MS = 5 * 60_000;

/** All of a kind's arguments but the key, which is made here. */
export type SessionWish = SessionArguments extends infer T ? (T extends unknown ? Omit<T, 'key'> : never) : never;

export interface SessionAsk {
  target: DeviceTarget;
  wish: SessionWish;
  /** It ends after so long in any case. */
  timeoutMs: number;
  reason: string;
}

export interface SessionDraft {
  own: SessionKeyPair;
  manifest: Manifest;
  rule: TierRule;
  batch: BatchDraft;
}

/** `charter` is the one in force at the device's site. A session may last as long as the charter lets any order run. */
export async function draftSession(ask: SessionAsk, charter: Charter, now: number): Promise<SessionDraft> {
  const { target, wish, timeoutMs, reason } = ask;
  const own = await newSessionKey();
  const drafted = draftOrder(
    {
      targets: [target],
      // The members of one kind and its key are the arguments of that kind; the compiler does not see through the spread.
      action: { name: 'session.open', arguments: { ...wish, key: own.publicKey } as SessionArguments },
      timeoutMs: Math.min(timeoutMs, charter.caps.maxTimeoutMs),
      ...{ outputBytes: 0, concurrency: 1, reason, validForMs: VALID_MS },
    },
    new Map([[target.siteId, charter]]),
    now,
  );
  const [manifest] = drafted.manifests;
  if (manifest === undefined) throw new AppError('internal', 'an order for one device has one manifest');
  return { own, manifest, rule: drafted.rule, batch: await draftBatch(drafted.manifests) };
}
