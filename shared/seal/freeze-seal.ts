// Signing the brake of a site, and deciding whether a freeze or a thaw counts: one may stop, never one alone may let go.
import { z } from 'zod';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import { Brake, EVERYWHERE, type Freeze, type SignedBrake, type Thaw } from '#shared/model/freeze.ts';
import type { Signature } from '#shared/model/manifest.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import type { SigningKey } from './key-pair.ts';
import { personOf, proveSignatures } from './signature-check.ts';
import { openStrict, signStrict } from './strict-jws.ts';

const TYPES = { freeze: 'rmm-freeze', thaw: 'rmm-thaw' } as const;

/** People who must agree on a thaw where no owner is at hand. */
const THAW_PEOPLE = 2;

/** The text every signature on `brake` covers; a passkey signs it by `passkeyChallenge`. */
export const brakeText = (brake: Brake): string => canonicalJson(Brake.parse(brake));

export const signBrakeText = (text: string, kind: Brake['kind'], key: SigningKey): Promise<string> =>
  signStrict(text, TYPES[kind], key);

export async function signBrake(brake: Brake, keys: readonly SigningKey[]): Promise<SignedBrake> {
  const text = brakeText(brake);
  return { text, signatures: await Promise.all(keys.map((key) => signBrakeText(text, brake.kind, key))) };
}

/** What `signed` says, without any proof. */
export function readBrake(signed: Pick<SignedBrake, 'text'>): Brake {
  const parsed = Brake.safeParse(parseCanonical(signed.text));
  if (!parsed.success)
    throw new AppError('manifest-invalid', `the freeze has not its form: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The thaw of exactly this freeze, as somebody is asked to sign it; whatever else is handed out as one is refused. */
export function readThawOf(signed: Pick<SignedBrake, 'text'>, freeze: Pick<Freeze, 'id'> & { site: string }): Thaw {
  const brake = readBrake(signed);
  if (brake.kind === 'thaw' && brake.site === freeze.site && brake.freezes === freeze.id) return brake;
  throw new AppError('manifest-retargeted', `${brake.kind} ${brake.id}: is no thaw of freeze ${freeze.id}`);
}

/** The brake of `signed`, once those whom `charter` lets do it have signed it. An expired charter still stops. */
export async function verifyBrake(signed: SignedBrake, charter: Charter): Promise<Brake> {
  // The kind is needed to know which signature to expect; nothing else is believed before it stands.
  const brake = readBrake(signed);
  if (brake.site !== charter.site && brake.site !== EVERYWHERE)
    throw new AppError('manifest-retargeted', `${brake.kind} ${brake.id}: meant for site ${brake.site}`);
  if (brake.kind === 'freeze') await proveFreeze(brake, signed, charter);
  else await proveThaw(brake, signed, charter);
  return brake;
}

// A brake of the far future would outrank every later one. A day allows for a clock that is quite wrong.
const MAX_AHEAD_MS = 86_400_000;

/** Asked at both ends: the console must not show as frozen what relays go on with, nor let one signature bar every later one. */
export function assertNotAhead({ kind, id, at }: Brake, now: EpochMs): void {
  if (at > now + MAX_AHEAD_MS)
    throw new AppError('clock-skew', `${kind} ${id}: signed ${at - now} ms ahead of the time here`);
}

/** Whether `signed` is a freeze of every site, which older relays do not know. */
export function isEverywhere({ text }: Pick<SignedBrake, 'text'>): boolean {
  const parsed = Brake.safeParse(parseCanonical(text));
  return parsed.success && parsed.data.site === EVERYWHERE;
}

export const mayFreeze = ({ role, isGuardian }: Signer): boolean => role === 'guardian' || isGuardian === true;

async function proveFreeze(brake: Freeze, { text, signatures }: SignedBrake, charter: Charter): Promise<void> {
  const signers = await proveSignatures(signatures, { text, typ: TYPES.freeze }, charter);
  if (!signers.some(mayFreeze)) throw new AppError('denied', `freeze ${brake.id}: signed by no guardian`);
}

async function proveThaw(brake: Thaw, signed: SignedBrake, charter: Charter): Promise<void> {
  const lacks = await lackOf(signed, charter);
  if (lacks !== undefined) throw new AppError('signature-missing', `thaw ${brake.id}: needs ${lacks}`);
}

/** What a thaw that is being signed still asks for, in words; undefined when it is enough. A wrong signature throws. */
export async function lackOfThaw(signed: SignedBrake, charter: Charter): Promise<{ lacks: string | undefined }> {
  const thaw = readBrake(signed);
  if (thaw.kind !== 'thaw' || thaw.site !== charter.site)
    throw new AppError('manifest-retargeted', `${thaw.kind} ${thaw.id}: no thaw of site ${charter.site}`);
  return { lacks: await lackOf(signed, charter) };
}

async function lackOf({ text, signatures }: SignedBrake, charter: Charter): Promise<string | undefined> {
  const owners = new Set<string>();
  const others: Signature[] = [];
  for (const signature of signatures) {
    const owner = await ownerOf(signature, text, charter);
    if (owner === undefined) others.push(signature);
    else owners.add(owner);
  }
  if (owners.size >= charter.quorum && others.length === 0) return undefined;
  const signers = await proveSignatures(others, { text, typ: TYPES.thaw }, charter);
  const people = new Set(signers.filter(({ role }) => role !== 'guardian').map(personOf)).size;
  if (people === 0 && owners.size === 0)
    throw new AppError(
      'denied',
      'a guardian alone has no say in a thaw: it takes owners, or technicians and approvers',
    );
  return people < THAW_PEOPLE && owners.size < charter.quorum ? "the owners' quorum or two people" : undefined;
}

async function ownerOf(signature: Signature, text: string, { owners }: Charter): Promise<string | undefined> {
  if (typeof signature !== 'string') return undefined;
  const opened = await openStrict(signature, TYPES.thaw, owners);
  if (opened !== undefined && opened.payload !== text)
    throw new AppError('signature-invalid', `owner ${opened.signer.id} signed something else`);
  return opened?.signer.id;
}
