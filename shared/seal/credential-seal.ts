// Sealing a credential for one relay, signed by a person; and proving at the relay that a signer of the charter made it.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { Charter, SealingKey, Signer } from '#shared/model/charter.ts';
import {
  type BoxHeader,
  type CredentialShown,
  CredentialStatement,
  type SealedBox,
  type SealedCredential,
  SealedSecret,
} from '#shared/model/credential.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import type { SigningKey } from './key-pair.ts';
import { type BoxDraft, boxHashes, proveBoxes, statementText } from './signed-boxes.ts';
import { signStrict } from './strict-jws.ts';
import { type OpeningKey, openBox, sealBox } from './vault-box.ts';

const TYPE = 'rmm-credential';

/** Sealed, and signed by nobody yet: `text` is what a key signs, a passkey by `passkeyChallenge`. */
export type CredentialDraft = BoxDraft;

export interface ToSeal {
  header: BoxHeader;
  secret: SealedSecret;
  /** The relay's key, and the owners' escrow key where there is one. */
  keys: readonly SealingKey[];
  issuedAt: number;
  /** The user's name is no secret: pages may show it. */
  isUserShown?: boolean;
}

/** What may be shown of a secret. */
export function shownOf(secret: SealedSecret, isUserShown: boolean): CredentialShown {
  const { user, password, privateKey, source, binding } = secret;
  const { purpose, weakest, ranges, devices, transports, ntlmOverHttp } = binding;
  return {
    purpose,
    weakest,
    holds: [
      ...(password === undefined ? [] : ['password' as const]),
      ...(privateKey === undefined ? [] : ['key' as const]),
    ],
    ...(isUserShown && user !== undefined ? { user } : {}),
    ...(source === undefined ? {} : { hook: source.hook }),
    ...(ranges === undefined ? {} : { ranges }),
    ...(devices === undefined ? {} : { devices: devices.length }),
    ...(transports === undefined ? {} : { transports }),
    ...(ntlmOverHttp === undefined ? {} : { ntlmOverHttp }),
  };
}

/** One box per key. */
export async function draftCredential(toSeal: ToSeal): Promise<CredentialDraft> {
  const { header, secret, keys, issuedAt, isUserShown = false } = toSeal;
  const text = canonicalJson(SealedSecret.parse(secret));
  const boxes = await Promise.all(keys.map((key) => sealBox(text, key, header)));
  const { notAfter } = secret.binding;
  return draftOf(header, boxes, {
    issuedAt,
    shown: shownOf(secret, isUserShown),
    ...(notAfter === undefined ? {} : { notAfter }),
  });
}

/** A higher version without a box: the relay forgets the credential. */
export const draftRevocation = (header: BoxHeader, issuedAt: number): Promise<CredentialDraft> =>
  draftOf(header, [], { issuedAt });

export interface Promotion {
  /** Of which login, at which relay. */
  place: Pick<BoxHeader, 'relay' | 'name'>;
  /** Whose signature is believed to have sealed what waits. */
  sealers: Pick<Charter, 'version' | 'signers'>;
  version: number;
  issuedAt: number;
}

/**
 * What waits in the slot `next` becomes the current one, under `version`; its boxes stay as they are. The console hands out
 * what waits, and anybody can seal a box to a relay: only one that a technician signed for this very place is signed again.
 */
export async function draftPromotion(
  next: SealedCredential,
  { place, sealers, version, issuedAt }: Promotion,
): Promise<CredentialDraft> {
  const { statement: waiting } = await verifySealedCredential(next, sealers);
  if (waiting.relay !== place.relay || waiting.name !== place.name)
    throw new AppError(
      'manifest-retargeted',
      `credential ${place.name}: the console shows ${waiting.name} of relay ${waiting.relay}`,
    );
  if (waiting.slot !== 'next' || next.boxes.length === 0)
    throw new AppError('bad-request', `credential ${waiting.name}: nothing waits in its next slot`);
  const { shown, notAfter } = waiting;
  return draftOf({ ...headerOf(waiting), slot: 'current', version }, next.boxes, {
    issuedAt,
    promotes: waiting.version,
    ...(shown === undefined ? {} : { shown }),
    ...(notAfter === undefined ? {} : { notAfter }),
  });
}

type Told = Pick<CredentialStatement, 'issuedAt' | 'notAfter' | 'shown' | 'promotes'>;

async function draftOf(header: BoxHeader, boxes: SealedBox[], told: Told): Promise<CredentialDraft> {
  const statement = CredentialStatement.parse({
    ...header,
    ...told,
    kind: 'credential',
    boxes: await boxHashes(boxes),
  });
  return { text: canonicalJson(statement), boxes };
}

/** With the key of a command line. */
export const signCredential = async (
  { text, boxes }: CredentialDraft,
  signer: SigningKey,
): Promise<SealedCredential> => ({
  signature: await signStrict(text, TYPE, signer),
  boxes,
});

/** With what a passkey signed on a page. */
export const credentialByPasskey = (
  { text, boxes }: CredentialDraft,
  signature: PasskeySignature,
): SealedCredential => ({
  signature,
  statement: text,
  boxes,
});

/** One box per key, one signature over all. */
export const sealCredential = async (toSeal: ToSeal, signer: SigningKey): Promise<SealedCredential> =>
  signCredential(await draftCredential(toSeal), signer);

/** A signed revocation. */
export const revokeCredential = async (header: BoxHeader, issuedAt: number, signer: SigningKey) =>
  signCredential(await draftRevocation(header, issuedAt), signer);

/** What a signed credential says of itself, without proving the signature: for showing, and for what was verified when stored. */
export const statementOf = (sealed: SealedCredential): CredentialStatement => readStatement(statementText(sealed));

function readStatement(text: string): CredentialStatement {
  const parsed = CredentialStatement.safeParse(parseCanonical(text, 'signature-invalid'));
  if (parsed.success) return parsed.data;
  throw new AppError(
    'signature-invalid',
    `the credential's statement has not its form: ${z.prettifyError(parsed.error)}`,
  );
}

export const headerOf = ({ v, site, relay, name, version, slot }: CredentialStatement): BoxHeader => ({
  v,
  site,
  relay,
  name,
  version,
  slot,
});

/** Where its boxes were sealed for: a promoted one still opens as what it was. */
const boxHeaderOf = (statement: CredentialStatement): BoxHeader =>
  statement.promotes === undefined
    ? headerOf(statement)
    : { ...headerOf(statement), slot: 'next', version: statement.promotes };

export interface VerifiedCredential {
  statement: CredentialStatement;
  signer: Signer;
}

/** Proves that a technician of `charter` signed exactly these boxes; nothing of them is read before the proof stands. */
export const verifySealedCredential = (
  sealed: SealedCredential,
  charter: Pick<Charter, 'version' | 'signers'>,
): Promise<VerifiedCredential> => proveBoxes(sealed, { typ: TYPE, charter, read: readStatement, what: 'credential' });

/** The secret of a verified credential; throws `signature-invalid` when no box is for `key`, or what is inside has not its form. */
export async function openCredential(
  sealed: SealedCredential,
  statement: CredentialStatement,
  key: OpeningKey,
): Promise<SealedSecret> {
  const box = sealed.boxes.find(({ to }) => to === key.publicKey.id);
  if (box === undefined)
    throw new AppError('signature-invalid', `credential ${statement.name}: no box is sealed to this relay's key`);
  const text = await openBox(box, key, boxHeaderOf(statement));
  let secret: unknown;
  try {
    secret = parseCanonical(text, 'signature-invalid');
  } catch {
    secret = undefined; // the cause may quote the secret
  }
  const parsed = SealedSecret.safeParse(secret);
  if (!parsed.success)
    throw new AppError('signature-invalid', `credential ${statement.name}: what is sealed has not its form`);
  const { shown } = statement;
  if (shown !== undefined && canonicalJson(shownOf(parsed.data, shown.user !== undefined)) !== canonicalJson(shown))
    throw new AppError(
      'signature-invalid',
      `credential ${statement.name}: what is sealed is not what it was said to be`,
    );
  return parsed.data;
}
