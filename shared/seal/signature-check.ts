// Proves signatures on one statement against the keys of a charter's signers, and whose they are.
import { AppError } from '#shared/base/errors.ts';
import type { Charter, PasskeySigner, Signer } from '#shared/model/charter.ts';
import type { Signature } from '#shared/model/manifest.ts';
import { verifyPasskey } from './passkey.ts';
import { openStrict } from './strict-jws.ts';

/** The person a signer is: two keys of one person count once. */
export const personOf = (signer: Signer): string => signer.person ?? signer.name;

/**
 * The signers of all `signatures` on `statement`, in their order. One that does not hold spoils the whole: whoever adds
 * noise to a good order is not served. `typ` keeps a signature on one kind of statement from passing for another.
 */
export async function proveSignatures(
  signatures: readonly Signature[],
  statement: { text: string; typ: string },
  charter: Pick<Charter, 'version' | 'signers'>,
): Promise<Signer[]> {
  const signers: Signer[] = [];
  for (const signature of signatures) {
    const signer = await proveOne(signature, statement, charter);
    if (signer === undefined)
      throw new AppError('signature-invalid', `no signer of charter ${charter.version} made this signature`);
    if (signers.includes(signer)) throw new AppError('signature-invalid', `key ${signer.key.id} signed twice`);
    signers.push(signer);
  }
  return signers;
}

async function proveOne(
  signature: Signature,
  { text, typ }: { text: string; typ: string },
  { signers }: Pick<Charter, 'signers'>,
): Promise<Signer | undefined> {
  if (typeof signature === 'string') {
    const keys = signers.flatMap((signer) => (signer.kind === 'cli-ed25519' ? [signer.key] : []));
    const opened = await openStrict(signature, typ, keys);
    if (opened === undefined) return undefined;
    if (opened.payload !== text) throw new AppError('signature-invalid', `${opened.signer.id} signed something else`);
    return signers.find((signer) => signer.key === opened.signer);
  }
  const isIts = (signer: Signer): signer is PasskeySigner =>
    signer.kind === 'passkey' && signer.key.id === signature.key;
  const signer = signers.find(isIts);
  if (signer !== undefined) await verifyPasskey(signature, signer.key, text);
  return signer;
}
