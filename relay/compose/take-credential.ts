// Takes a sealed credential from the console: verified, on disk, opened; told in the audit by name, never by content.
import { type RefusalLog, refusalOf } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Vault } from '#relay/transport/vault.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { HeldCredential, SealedCredential } from '#shared/model/credential.ts';
import { inTurn } from './in-turn.ts';

interface Parts {
  clock: Clock;
  charters: Pick<CharterStore, 'charter'>;
  vault: Pick<Vault, 'accept'>;
  spool: Pick<Spool, 'addRecord'>;
  refusals: RefusalLog;
  /** What the vault holds has changed. */
  onChange: () => void;
}

const VERB = 'credential.refuse';

export function credentialTaker(parts: Parts): (sealed: SealedCredential) => Promise<void> {
  const { refusals, clock } = parts;
  return inTurn({
    sizeOf: ({ boxes }) => boxes.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0),
    take: (sealed) => take(parts, sealed),
    refuse: (error) => void refusals.tell(refusalOf(VERB, clock.now(), error)),
  });
}

async function take({ clock, charters, vault, spool, refusals, onChange }: Parts, sealed: SealedCredential) {
  const at = clock.now();
  let held: HeldCredential | undefined;
  try {
    held = await vault.accept(sealed, charters.charter);
  } catch (error) {
    refusals.tell(refusalOf(VERB, at, error));
  }
  if (held === undefined) return;
  onChange();
  const detail = `credential ${held.name} (${held.slot}), version ${held.version}: ${held.state}`;
  spool.addRecord(0, { type: 'audit', at, verb: 'credential.accept', detail });
}
