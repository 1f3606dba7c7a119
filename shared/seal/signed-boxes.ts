// What sealed logins and sealed variables share: boxes, a statement that names each by its hash, and one signature over it.
import { AppError } from '#shared/base/errors.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import type { SealedBox } from '#shared/model/credential.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { fromBase64url } from './base64url.ts';
import { canonicalJson } from './canonical.ts';
import { sha256, toHex } from './hash.ts';
import { proveSignatures } from './signature-check.ts';

export interface SignedBoxes {
  signature: string | PasskeySignature;
  statement?: string | undefined;
  boxes: SealedBox[];
}

/** Sealed, and signed by nobody yet: `text` is what a key signs, a passkey by `passkeyChallenge`. */
export interface BoxDraft {
  text: string;
  boxes: SealedBox[];
}

const hashOf = async (box: SealedBox) => toHex(await sha256(canonicalJson(box)));

export const boxHashes = (boxes: readonly SealedBox[]) =>
  Promise.all(boxes.map(async (box) => ({ to: box.to, hash: await hashOf(box) })));

/** The text that is said to be signed. */
export function statementText({ signature, statement = '' }: SignedBoxes): string {
  if (typeof signature !== 'string') return statement;
  const bytes = fromBase64url(signature.split('.')[1] ?? '');
  return new TextDecoder().decode(bytes ?? new Uint8Array());
}

interface Proof<S> {
  typ: string;
  charter: Pick<Charter, 'version' | 'signers'>;
  /** Called once the signature stands. */
  read: (text: string) => S;
  /** For messages: "credential", "variable". */
  what: string;
}

/** Proves that a technician of `charter` signed exactly these boxes; nothing of them is read before the proof stands. */
export async function proveBoxes<S extends { name: string; boxes: unknown }>(
  sealed: SignedBoxes,
  { typ, charter: { version, signers }, read, what }: Proof<S>,
): Promise<{ statement: S; signer: Signer }> {
  const sealers = { version, signers: signers.filter(({ role }) => role === 'technician') };
  const text = statementText(sealed);
  const [signer] = await proveSignatures([sealed.signature], { text, typ }, sealers);
  if (signer === undefined) throw new AppError('signature-invalid', `no technician of the charter signed this ${what}`);
  const statement = read(text);
  if (canonicalJson(await boxHashes(sealed.boxes)) !== canonicalJson(statement.boxes))
    throw new AppError('signature-invalid', `${what} ${statement.name}: the boxes are not those that were signed`);
  return { statement, signer };
}
