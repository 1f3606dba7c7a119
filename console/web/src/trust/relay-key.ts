// Whose key is it? A page seals only to a key that the owners signed into the charter, or that a person compared at the relay.
import type { Charter, SealingKey } from '#shared/model/charter.ts';
import { isSealingKeyTrue } from '#shared/seal/vault-box.ts';

export type BelievedKey =
  | { kind: 'signed' | 'compared'; key: SealingKey }
  /** `told`: what the console says, and nobody has vouched for. */
  | { kind: 'not-compared' | 'differs'; told: SealingKey }
  | { kind: 'none' };

interface KeyAsk {
  charter: Pick<Charter, 'sealingKeys'>;
  relay: string;
  /** As the console says the relay told it. */
  told: SealingKey | undefined;
  /** What a person read at the relay; empty until they did. */
  typed: string;
}

export async function believedKey({ charter, relay, told, typed }: KeyAsk): Promise<BelievedKey> {
  const signed = charter.sealingKeys?.find((one) => one.relay === relay)?.key;
  if (signed !== undefined && (await isSealingKeyTrue(signed))) return { kind: 'signed', key: signed };
  if (told === undefined || !(await isSealingKeyTrue(told))) return { kind: 'none' };
  const read = typed.trim();
  if (read === '') return { kind: 'not-compared', told };
  return read === told.id ? { kind: 'compared', key: told } : { kind: 'differs', told };
}
