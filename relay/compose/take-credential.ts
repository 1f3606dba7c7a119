// Takes sealed logins and variables from the console: verified, on disk, opened; told in the audit by name, never by content.
import { type RefusalLog, refusalOf } from '#relay/execute/refusal-log.ts';
import type { CharterStore } from '#relay/pin/charter-store.ts';
import type { Spool } from '#relay/spool/spool.ts';
import type { VariableVault } from '#relay/transport/variable-vault.ts';
import type { Vault } from '#relay/transport/vault.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { SealedCredential } from '#shared/model/credential.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { SealedVariable } from '#shared/model/variable.ts';
import type { CredentialMessage } from '#shared/protocol/vault.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';
import { inTurn } from './in-turn.ts';

interface Told {
  clock: Clock;
  charters: Pick<CharterStore, 'charter'>;
  spool: Pick<Spool, 'addRecord'>;
  refusals: RefusalLog;
  /** What this relay holds has changed. */
  onChange: () => void;
}

interface Kind<S> {
  word: 'credential' | 'variable';
  /** What the audit says of it; undefined when it was known already. */
  accept: (sealed: S, charter: Charter) => Promise<string | undefined>;
}

export const credentialTaker = (parts: Told & { vault: Pick<Vault, 'accept'> }) =>
  taker<SealedCredential>(parts, {
    word: 'credential',
    accept: async (sealed, charter) => {
      const held = await parts.vault.accept(sealed, charter);
      return held && `${held.name} (${held.slot}), version ${held.version}: ${held.state}`;
    },
  });

const variableTaker = (parts: Told & { variables: Pick<VariableVault, 'accept'> }) =>
  taker<SealedVariable>(parts, {
    word: 'variable',
    accept: async (sealed, charter) => {
      const held = await parts.variables.accept(sealed, charter);
      return held && `${held.name}, version ${held.version}: ${held.state}`;
    },
  });

/** One CREDENTIAL carries a login or a variable. */
export function sealedTaker(parts: Told & { vault: Vault; variables: VariableVault }) {
  const [onCredential, onVariable] = [credentialTaker(parts), variableTaker(parts)];
  return async ({ sealed, variable }: CredentialMessage): Promise<void> => {
    if (sealed !== undefined) await onCredential(sealed);
    if (variable !== undefined) await onVariable(variable);
  };
}

function taker<S>(parts: Told, kind: Kind<S>) {
  const { refusals, clock } = parts;
  return inTurn<S>({
    take: (sealed) => take(parts, kind, sealed),
    refuse: (error) => void refusals.tell(refusalOf(`${kind.word}.refuse`, clock.now(), error)),
  });
}

async function take<S>({ clock, charters, spool, refusals, onChange }: Told, { word, accept }: Kind<S>, sealed: S) {
  const at = clock.now();
  let held: string | undefined;
  try {
    held = await accept(sealed, charters.charter);
  } catch (error) {
    refusals.tell(refusalOf(`${word}.refuse`, at, error));
  }
  if (held === undefined) return;
  onChange();
  spool.addRecord(0, { type: 'audit', at, verb: `${word}.accept`, detail: `${word} ${held}` });
}

interface Holding {
  key: OpeningKey;
  vault: Vault;
  variables: VariableVault;
}

/** What the console is told of both. */
export function toldOf({ key, vault, variables }: Holding): RelayVault {
  const held = variables.held();
  return { sealingKey: key.publicKey, held: vault.held(), ...(held.length === 0 ? {} : { variables: held }) };
}
