// Sealing a variable for the relays of a site, signed by a person; and proving at a relay that a signer of the charter made it.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { Charter, SealingKey } from '#shared/model/charter.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import {
  MAX_VARIABLE_BOXES,
  type SealedVariable,
  type VariableHeader,
  VariableSecret,
  VariableStatement,
} from '#shared/model/variable.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import type { SigningKey } from './key-pair.ts';
import { type BoxDraft, boxHashes, proveBoxes, statementText } from './signed-boxes.ts';
import { signStrict } from './strict-jws.ts';
import { type OpeningKey, openBox, sealBox } from './vault-box.ts';

const TYPE = 'rmm-variable';

interface ToSeal {
  header: VariableHeader;
  secret: VariableSecret;
  /** The keys of the site's relays, and the owners' escrow key where there is one. */
  keys: readonly SealingKey[];
  issuedAt: number;
}

const statedUse = ({ actions, notAfter }: VariableSecret) => ({
  actions,
  ...(notAfter === undefined ? {} : { notAfter }),
});

/** One box per key. */
export async function draftVariable({ header, secret, keys, issuedAt }: ToSeal): Promise<BoxDraft> {
  if (keys.length === 0) throw new AppError('bad-request', `variable ${header.name}: no relay to seal it to`);
  if (keys.length > MAX_VARIABLE_BOXES)
    throw new AppError('too-large', `variable ${header.name}: at most ${MAX_VARIABLE_BOXES} keys, got ${keys.length}`);
  const text = canonicalJson(VariableSecret.parse(secret));
  const boxes = await Promise.all(keys.map((key) => sealBox(text, key, header)));
  return draftOf({ ...header, issuedAt, use: statedUse(secret), boxes: await boxHashes(boxes) }, boxes);
}

/** A higher version without a box: relays forget the value. */
export const draftDeletion = (header: VariableHeader, issuedAt: number): BoxDraft =>
  draftOf({ ...header, issuedAt, boxes: [] }, []);

const draftOf = (statement: VariableStatement, boxes: BoxDraft['boxes']): BoxDraft => ({
  text: canonicalJson(VariableStatement.parse(statement)),
  boxes,
});

/** With the key of a command line. */
export const signVariable = async ({ text, boxes }: BoxDraft, signer: SigningKey): Promise<SealedVariable> => ({
  signature: await signStrict(text, TYPE, signer),
  boxes,
});

/** With what a passkey signed on a page. */
export const variableByPasskey = ({ text, boxes }: BoxDraft, signature: PasskeySignature): SealedVariable => ({
  signature,
  statement: text,
  boxes,
});

/** What a signed variable says of itself, without proving the signature: for showing, and for what was verified when stored. */
export const variableStatementOf = (sealed: SealedVariable): VariableStatement => readStatement(statementText(sealed));

function readStatement(text: string): VariableStatement {
  const parsed = VariableStatement.safeParse(parseCanonical(text, 'signature-invalid'));
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error);
  throw new AppError('signature-invalid', `the variable's statement has not its form: ${why}`);
}

/** Proves that a technician of `charter` signed exactly these boxes. */
export const verifySealedVariable = (sealed: SealedVariable, charter: Pick<Charter, 'version' | 'signers'>) =>
  proveBoxes(sealed, { typ: TYPE, charter, read: readStatement, what: 'variable' });

/** The value of a verified variable; undefined when no box is for `key`. Throws when what is inside is not what was signed. */
export async function openVariable(
  { boxes }: SealedVariable,
  statement: VariableStatement,
  key: OpeningKey,
): Promise<VariableSecret | undefined> {
  const box = boxes.find(({ to }) => to === key.publicKey.id);
  if (box === undefined) return undefined;
  const { v, kind, site, name, version } = statement;
  const text = await openBox(box, key, { v, kind, site, name, version });
  const parsed = VariableSecret.safeParse(quietly(text));
  if (!parsed.success || canonicalJson(statedUse(parsed.data)) !== canonicalJson(statement.use))
    throw new AppError('signature-invalid', `variable ${name}: what is sealed is not what it was said to be`);
  return parsed.data;
}

function quietly(text: string): unknown {
  try {
    return parseCanonical(text, 'signature-invalid');
  } catch {
    return undefined; // the cause may quote the value
  }
}
