// The keys a variable of a site is sealed to: every relay's, each vouched for, and the owners' escrow key where they signed one.
import { AppError } from '#shared/base/errors.ts';
import type { Charter, SealingKey } from '#shared/model/charter.ts';
import { believedKey } from './relay-key.ts';
import { t } from './text.ts';

interface KeysAsk {
  charter: Pick<Charter, 'sealingKeys' | 'escrowKey'>;
  relays: ReadonlyArray<{ id: string }>;
  /** By relay, as the console says they told it. */
  told: ReadonlyMap<string, SealingKey> | undefined;
  /** What a person read at each relay. */
  typed: Readonly<Record<string, string>>;
}

const WHY = { none: 'keyNone', differs: 'keyDiffers', 'not-compared': 'keyMissing' } as const;

/** Throws what is missing before it may be sealed: a variable that one relay cannot read would fail on its devices. */
export async function keysFor({ charter, relays, told, typed }: KeysAsk): Promise<SealingKey[]> {
  if (relays.length === 0) throw new AppError('bad-request', t('noRelays'));
  const keys: SealingKey[] = [];
  for (const { id } of relays) {
    const believed = await believedKey({ charter, relay: id, told: told?.get(id), typed: typed[id] ?? '' });
    if (believed.kind === 'signed' || believed.kind === 'compared') keys.push(believed.key);
    else throw new AppError('denied', t(WHY[believed.kind]));
  }
  return charter.escrowKey === undefined ? keys : [...keys, charter.escrowKey];
}
