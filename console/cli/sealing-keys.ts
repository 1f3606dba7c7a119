// Whose key is it? Credentials are sealed only to a key that a person compared or an owner signed, never to one the console merely tells.
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { type Charter, SealingKey, type SignedCharter } from '#shared/model/charter.ts';
import { readCharter, verifyCharter } from '#shared/seal/charter-seal.ts';
import { isSealingKeyTrue } from '#shared/seal/vault-box.ts';
import type { Api } from './client.ts';

const KeyFile = z.record(z.string(), SealingKey);

const fileOf = (data: string) => path.join(data, 'cli', 'sealing-keys.json');

function remembered(data: string): z.infer<typeof KeyFile> {
  const text = readPrivateFile(fileOf(data));
  return text === undefined ? {} : KeyFile.parse(JSON.parse(text));
}

interface Wanted {
  data: string;
  relay: RelayId;
  site: SiteId;
  /** Fingerprint that a person read at the relay. */
  relayKey?: string | undefined;
  /** Fingerprint of an owner: what that one signed into the charter is believed. */
  owner?: string | undefined;
}

/** The charter, when the owner of this fingerprint signed it: its id is the hash of the key, so no other key can stand for it. */
export async function charterOfOwner(signed: SignedCharter, fingerprint: string): Promise<Charter> {
  const { owners } = await readCharter(signed);
  const owner = owners.find(({ id }) => id === fingerprint);
  if (owner === undefined) throw new AppError('owner-mismatch', `the charter names no owner ${fingerprint}`);
  return verifyCharter(signed, { pinnedOwners: [owner], quorum: 1 });
}

/** The keys to seal to: the relay's, and the escrow key where an owner signed one. Throws what a person has to do first. */
export async function sealingKeysFor(api: Api, wanted: Wanted): Promise<SealingKey[]> {
  const { data, relay, site, relayKey, owner } = wanted;
  const charter =
    owner === undefined ? undefined : await charterOfOwner((await api.sites.charter({ id: site })).signed, owner);
  const { vaults } = await api.credentials.list();
  const told = vaults.find(({ relayId }) => relayId === relay)?.sealingKey;
  const known = remembered(data);
  const signed = charter?.sealingKeys?.find((one) => one.relay === relay)?.key;
  const key = signed ?? told;
  if (key === undefined || !(await isSealingKeyTrue(key)))
    throw new AppError(
      'not-found',
      `relay ${relay} has told no sealing key: it is not connected, or of an older release`,
    );
  const isTrusted =
    signed !== undefined || relayKey === key.id || (relayKey === undefined && known[relay]?.id === key.id);
  if (!isTrusted) throw new AppError('denied', distrustOf(key, known[relay], relayKey));
  if (known[relay]?.id !== key.id) writePrivateFile(fileOf(data), `${JSON.stringify({ ...known, [relay]: key })}\n`);
  return [key, ...(charter?.escrowKey === undefined ? [] : [charter.escrowKey])];
}

/** What the console says the key is, is not repeated: it would only be copied into --relay-key. */
function distrustOf(key: SealingKey, known: SealingKey | undefined, given: string | undefined): string {
  const how = 'read it at the relay with `rmm relay sealing-key`, and give it with --relay-key';
  if (given !== undefined) return `the console says that the relay's sealing key is another one than ${given}: ${how}`;
  if (known !== undefined && known.id !== key.id)
    return `the relay's sealing key was ${known.id}, and the console says that it changed: ${how}`;
  return `the console's word for the relay's sealing key is not believed by itself: ${how}`;
}
