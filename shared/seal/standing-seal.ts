// Signing standing orders, proving them and their withdrawals, and deriving what one firing is: the same order never twice.
import { z } from 'zod';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { bytesToId, type DeviceId, ManifestId, type RelayId, type SiteId } from '#shared/base/id.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import type { Manifest, ManifestTarget } from '#shared/model/manifest.ts';
import {
  MAX_STANDING_MS,
  type SignedStanding,
  StandingDocument,
  type StandingOrder,
  type Withdrawal,
} from '#shared/model/standing-order.ts';
import { readRule } from '#shared/model/standing-rule.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import { sha256 } from './hash.ts';
import type { SigningKey } from './key-pair.ts';
import { CLOCK_GRACE_MS } from './manifest-check.ts';
import { tierRule } from './profile-tiers.ts';
import { variablesOf } from './script-seal.ts';
import { proveSignatures } from './signature-check.ts';
import { signStrict } from './strict-jws.ts';
import { checkSigners } from './tier-check.ts';

const TYPES = { standing: 'rmm-standing', withdrawal: 'rmm-standing-withdrawal' } as const;

/** The text every signature on `document` covers. */
export const standingText = (document: StandingDocument): string => canonicalJson(StandingDocument.parse(document));

export const signStandingText = (text: string, kind: StandingDocument['kind'], key: SigningKey): Promise<string> =>
  signStrict(text, TYPES[kind], key);

export async function signStanding(document: StandingDocument, keys: readonly SigningKey[]): Promise<SignedStanding> {
  const text = standingText(document);
  return { text, signatures: await Promise.all(keys.map((key) => signStandingText(text, document.kind, key))) };
}

/** What `signed` says, without any proof. */
export function readStanding({ text }: Pick<SignedStanding, 'text'>): StandingDocument {
  const parsed = StandingDocument.safeParse(parseCanonical(text));
  if (!parsed.success)
    throw new AppError('manifest-invalid', `the standing order has not its form: ${z.prettifyError(parsed.error)}`);
  const document = parsed.data;
  const devices = document.kind === 'standing' ? document.targets.map(({ device }) => device) : [];
  if (document.kind === 'standing') checkReach(document);
  if ([document.id, ...devices].some((id) => id !== id.toLowerCase()))
    throw new AppError('manifest-invalid', 'the standing order spells an id in upper case');
  if (new Set(devices).size !== devices.length)
    throw new AppError('manifest-invalid', `standing order ${document.id}: a device is named twice`);
  return document;
}

/**
 * Devices or a rule, never both and never neither; and a rule that reads. What fits a rule says of itself that it does: a host
 * of a stranger that a stolen console puts into a roster too. So no secret of the site goes where only a rule leads.
 */
function checkReach({ id, targets, rule, action }: StandingOrder): void {
  if ((rule === undefined) === (targets.length === 0))
    throw new AppError('manifest-invalid', `standing order ${id}: names either its devices or a rule`);
  const read = rule === undefined ? undefined : readRule(rule.text);
  if (read?.ok === false) throw new AppError('manifest-invalid', `standing order ${id}: its rule: ${read.message}`);
  if (rule !== undefined && variablesOf(action) !== undefined)
    throw new AppError(
      'manifest-invalid',
      `standing order ${id}: variables go to devices that it names, not to a rule`,
    );
}

/** Whether `signed` is an order by rule, which older relays do not know. */
export function hasRule(signed: Pick<SignedStanding, 'text'>): boolean {
  const document = readStanding(signed);
  return document.kind === 'standing' && document.rule !== undefined;
}

/** How many devices one firing may reach. */
export const reachOf = ({ targets, rule }: Pick<StandingOrder, 'targets' | 'rule'>): number =>
  rule?.atMost ?? targets.length;

export interface StandingPlace {
  site: SiteId;
  /** Absent at the console, which carries for all relays. */
  relay?: RelayId | undefined;
  charter: Charter;
  /** The relay's time, never before the newest signed time it has seen. */
  now: EpochMs;
  /** Signed before this the order is void: the newest freeze or thaw of the site. */
  since: EpochMs;
}

export interface ProvenStanding<T extends StandingDocument = StandingDocument> {
  document: T;
  signers: Signer[];
}

/** Proves who signed; the kind is needed to know which signature to expect, nothing else is believed before. */
export async function proveStanding(signed: SignedStanding, charter: Charter): Promise<ProvenStanding> {
  const { kind } = readStanding(signed);
  const signers = await proveSignatures(signed.signatures, { text: signed.text, typ: TYPES[kind] }, charter);
  return { document: readStanding(signed), signers };
}

/** Everything but the signatures' number: place, time, caps. Throws what forbids it. */
export function checkStandingPlace(document: StandingDocument, place: StandingPlace): void {
  const { charter } = place;
  const name = `${document.kind === 'standing' ? 'standing order' : 'withdrawal'} ${document.id}`;
  if (document.site !== place.site || charter.site !== place.site)
    throw new AppError('manifest-retargeted', `${name}: meant for site ${document.site}`);
  if (place.relay !== undefined && document.relay !== place.relay)
    throw new AppError('manifest-retargeted', `${name}: meant for relay ${document.relay}`);
  if (document.kind === 'standing') checkOrder(name, document, place);
}

function checkOrder(name: string, order: StandingOrder, { charter, now, since }: StandingPlace): void {
  if (order.action.name === 'identity.accept')
    throw new AppError('manifest-invalid', `${name}: a person accepts an identity, never a trigger`);
  if (order.action.name === 'session.open')
    throw new AppError('manifest-invalid', `${name}: a session is for a person who is there, never for a trigger`);
  if (order.exp <= order.nbf || order.exp - order.nbf > MAX_STANDING_MS)
    throw new AppError('manifest-invalid', `${name}: must be valid for at least 1 ms and at most 90 days`);
  if (now >= order.exp) throw new AppError('manifest-expired', `${name}: expired ${now - order.exp} ms ago`);
  if (now + CLOCK_GRACE_MS < order.nbf) throw new AppError('manifest-early', `${name}: valid in ${order.nbf - now} ms`);
  if (now >= charter.expiresAt) throw new AppError('charter-expired', `charter ${charter.version} has expired`);
  if (order.charterVersion > charter.version)
    throw new AppError(
      'charter-invalid',
      `${name}: signed under charter ${order.charterVersion}, this is ${charter.version}`,
    );
  if (order.nbf <= since)
    throw new AppError('frozen', `${name}: signed before the site was frozen or thawed; it has to be signed anew`);
  checkCaps(name, order, charter);
}

function checkCaps(name: string, order: StandingOrder, charter: Charter): void {
  const { caps, action } = order;
  const rule = tierRule(charter, tierOf(action));
  const rules: ReadonlyArray<readonly [what: string, asked: number, cap: number]> = [
    ['devices', reachOf(order), rule.devicesPerBatch],
    ['ms of time-out', caps.timeoutMs, charter.caps.maxTimeoutMs],
    ['bytes of output', caps.outputBytes, charter.caps.maxOutputBytes],
  ];
  for (const [what, asked, cap] of rules)
    if (asked > cap) throw new AppError('cap-exceeded', `${name}: ${asked} ${what}, the charter allows ${cap}`);
}

/** A proven order that `charter` lets stand here and now; throws why not. */
export async function verifyStandingOrder(
  signed: SignedStanding,
  place: StandingPlace,
): Promise<ProvenStanding<StandingOrder>> {
  const { document, signers } = await proveStanding(signed, place.charter);
  if (document.kind !== 'standing') throw new AppError('manifest-invalid', 'a withdrawal is no standing order');
  checkStandingPlace(document, place);
  const tier = tierOf(document.action);
  checkSigners(`standing order ${document.id} (${tier})`, tierRule(place.charter, tier), signers);
  return { document, signers };
}

/** A proven withdrawal: anybody whom the charter names may stop what others have ordered. */
export async function verifyWithdrawal(signed: SignedStanding, place: StandingPlace): Promise<Withdrawal> {
  const { document } = await proveStanding(signed, place.charter);
  if (document.kind !== 'withdrawal') throw new AppError('manifest-invalid', 'a standing order is no withdrawal');
  checkStandingPlace(document, place);
  return document;
}

export interface Firing {
  /** What made it true: a span, a day, a device and the moment it changed. One key fires once. */
  key: string;
  at: EpochMs;
  devices: readonly DeviceId[];
  /** Of a rule: the machines that fitted it then, as they were pinned. */
  fitted?: readonly ManifestTarget[] | undefined;
}

/** How late a firing may still begin on its last device: what waits longer waited for nothing. */
const FIRING_VALID_MS = 3_600_000;

/** The manifest of one firing. Its id is made of the order and the key alone, so that the journal meets it a second time. */
export async function firingManifest(
  order: StandingOrder,
  { key, at, devices, fitted = [] }: Firing,
  charter: Charter,
): Promise<Manifest> {
  const named = order.rule === undefined ? order.targets : fitted;
  const targets = named.filter(({ device }) => devices.includes(device));
  if (targets.length === 0 || targets.length !== devices.length)
    throw new AppError('manifest-retargeted', `standing order ${order.id}: does not name every device of this firing`);
  if (targets.length > reachOf(order))
    throw new AppError(
      'cap-exceeded',
      `standing order ${order.id}: ${targets.length} devices, ${reachOf(order)} signed`,
    );
  return {
    v: 1,
    id: await firingId(order.id, key),
    site: order.site,
    relay: order.relay,
    targets,
    action: order.action,
    nbf: at,
    exp: Math.min(at + FIRING_VALID_MS + tierRule(charter, tierOf(order.action)).stopMs, order.exp),
    charterVersion: charter.version,
    caps: order.caps,
    reason: order.reason,
    ...(order.rollout === undefined ? {} : { rollout: order.rollout }),
  };
}

/** A UUID of version 8 (RFC 9562): the first bytes of the hash. */
async function firingId(standing: string, key: string): Promise<ManifestId> {
  const bytes = (await sha256(`rmm firing: ${standing} ${key}`)).slice(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return ManifestId.parse(bytesToId(bytes));
}
