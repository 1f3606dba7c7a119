// Signing what people say of watching, and deciding whether a relay or the console takes it: who signed, for which sites, newer than what is held.
import { z } from 'zod';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import { MAX_SIGNATURES } from '#shared/model/manifest.ts';
import { type SignedWatch, WatchDocument } from '#shared/model/watch-policy.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import type { SigningKey } from './key-pair.ts';
import { tierRule } from './profile-tiers.ts';
import { proveSignatures } from './signature-check.ts';
import { signStrict } from './strict-jws.ts';
import { checkRoles, checkSigners, isEnough, missingFor, missingText } from './tier-check.ts';

/** Keeps a signature on a watch document from passing for one on an order. */
const TYPE = 'rmm-watch';

/** As an order that was reviewed: who turns a site's checks off blinds it, and a route names a login and where it goes. */
const WATCH_TIER = 't2';

/** A version of the far future would bar every later one: a day allows for a clock that is quite wrong. */
const MAX_AHEAD_MS = 86_400_000;

/** The text every signature on `document` covers. */
export const watchText = (document: WatchDocument): string => canonicalJson(WatchDocument.parse(document), 'finite');

export const signWatchText = (text: string, key: SigningKey): Promise<string> => signStrict(text, TYPE, key);

export async function signWatch(document: WatchDocument, keys: readonly SigningKey[]): Promise<SignedWatch> {
  const text = watchText(document);
  return { text, signatures: await Promise.all(keys.map((key) => signWatchText(text, key))) };
}

/** What `signed` says, without any proof; throws what is no sound watch document. */
export function readWatch({ text }: Pick<SignedWatch, 'text'>): WatchDocument {
  const parsed = WatchDocument.safeParse(parseCanonical(text, 'manifest-invalid', 'finite'));
  if (!parsed.success)
    throw new AppError('manifest-invalid', `the watch document has not its form: ${z.prettifyError(parsed.error)}`);
  assertSound(parsed.data);
  return parsed.data;
}

/** What the schema cannot say: each thing once, and nothing said of what the document has not. */
function assertSound({ version, sites, layers, windows, routes }: WatchDocument): void {
  const known = new Set<string>(layers.map(({ id }) => id));
  const named = windows.flatMap((window) => window.layers ?? []);
  const beyond = [...windows, ...routes].flatMap((one) => one.sites ?? []).find((site) => !sites.includes(site));
  const faults = [
    [hasTwins(sites), 'a site is named twice'],
    [hasTwins(layers.map(({ id }) => id)), 'a layer is named twice'],
    [hasTwins(windows.map(({ id }) => id)), 'a window is named twice'],
    [hasTwins(routes.map(({ id }) => id)), 'a route is named twice'],
    [layers.some(({ settings }) => hasTwins((settings.checks ?? []).map(({ id }) => id))), 'a layer has a check twice'],
    [named.some((layer) => !known.has(layer)), 'a window names a layer that is not in it'],
    [beyond !== undefined, 'a window or route names a site that it is not signed for'],
  ] as const;
  for (const [isFault, what] of faults)
    if (isFault) throw new AppError('manifest-invalid', `watch document ${version}: ${what}`);
}

const hasTwins = (ids: readonly string[]): boolean => new Set(ids).size !== ids.length;

/** The version of a document that is drafted now: above every one before, and by its time, so that a restored console goes on above what relays hold. */
export const nextWatchVersion = (highest: number, now: EpochMs): number =>
  Math.max(highest + 1, Math.floor(now / 1_000));

export interface WatchPlace {
  site: SiteId;
  charter: Charter;
  now: EpochMs;
  /** The version that is held; a document that is not above it is refused. */
  held?: number | undefined;
}

function checkPlace(document: WatchDocument, { site, charter, now, held = 0 }: WatchPlace): void {
  const name = `watch document ${document.version}`;
  if (charter.site !== site || !document.sites.includes(site))
    throw new AppError('manifest-retargeted', `${name}: is not for site ${site}`);
  if (now >= charter.expiresAt) throw new AppError('charter-expired', `charter ${charter.version} has expired`);
  if (document.version <= held) throw new AppError('manifest-replayed', `${name}: ${held} is held already`);
  if (document.version * 1_000 > now + MAX_AHEAD_MS)
    throw new AppError('clock-skew', `${name}: its version is of a time that has not come`);
}

export interface JudgedWatch {
  document: WatchDocument;
  signers: Signer[];
  /** Who still has to sign, in words; undefined when nobody. */
  lacks: string | undefined;
}

/** What a relay of the site would say of it, but for signatures that may still come. Throws what is wrong with it. */
export async function judgeWatch(signed: SignedWatch, place: WatchPlace): Promise<JudgedWatch> {
  const { document, signers } = await proveWatch(signed, place);
  checkRoles(signers);
  const missing = missingFor(tierRule(place.charter, WATCH_TIER), signers);
  return { document, signers, lacks: isEnough(missing) ? undefined : missingText(missing) };
}

/** A document that enough of those whom the charter names have signed, for this site, newer than what is held; throws why not. */
export async function verifyWatch(signed: SignedWatch, place: WatchPlace): Promise<WatchDocument> {
  const { document, signers } = await proveWatch(signed, place);
  checkSigners(`watch document ${document.version}`, tierRule(place.charter, WATCH_TIER), signers);
  return document;
}

async function proveWatch(signed: SignedWatch, place: WatchPlace): Promise<Pick<JudgedWatch, 'document' | 'signers'>> {
  if (signed.signatures.length > MAX_SIGNATURES)
    throw new AppError('signature-invalid', `a watch document has at most ${MAX_SIGNATURES} signatures`);
  const signers = await proveSignatures(signed.signatures, { text: signed.text, typ: TYPE }, place.charter);
  const document = readWatch(signed);
  checkPlace(document, place);
  return { document, signers };
}
