// Takes a sealed credential from the console: verified, on disk, opened; told in the audit by name, never by content.
import type { RefusalLog } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { Vault } from '#relay/transport/vault.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { SealedCredential } from '#shared/model/credential.ts';

interface Parts {
  clock: Clock;
  charters: Pick<CharterStore, 'charter'>;
  vault: Vault;
  spool: Pick<Spool, 'addRecord'>;
  refusals: RefusalLog;
  /** What the vault holds has changed. */
  onChange: () => void;
}

/** One at a time: of two versions at once the older one must not be written last. */
export function credentialTaker(parts: Parts): (sealed: SealedCredential) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (sealed) => {
    last = last.then(() => take(parts, sealed));
    return last;
  };
}

async function take({ clock, charters, vault, spool, refusals, onChange }: Parts, sealed: SealedCredential) {
  const at = clock.now();
  try {
    const held = await vault.accept(sealed, charters.charter);
    if (held === undefined) return;
    const detail = `credential ${held.name} (${held.slot}), version ${held.version}: ${held.state}`;
    spool.addRecord(0, { type: 'audit', at, verb: 'credential.accept', detail });
    onChange();
  } catch (error) {
    const { code, message } = describeError(error);
    refusals.tell({ type: 'audit', at, verb: 'credential.refuse', code, detail: message.slice(0, 1_000) });
  }
}
