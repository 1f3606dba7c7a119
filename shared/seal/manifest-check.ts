// Whether a proven manifest may run here and now: pure rules, each with its own code.
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Caps, Charter, TierRule } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { VerifiedManifest } from './manifest-seal.ts';
import { tierRule } from './profile-tiers.ts';
import { checkSigners } from './tier-check.ts';

/** Longest time between `nbf` and `exp`: a forgotten order dies within a day. */
export const MAX_VALIDITY_MS = 86_400_000;

/** Clocks of signer and relay may differ this much before a fresh order counts as early. */
export const CLOCK_GRACE_MS = 120_000;

export interface ManifestPlace {
  site: SiteId;
  relay: RelayId;
  /** The charter the relay pinned. */
  charter: Charter;
  /** The relay's time, never before the newest signed time it has seen. */
  now: EpochMs;
  /** Accepted before: how old it was then was judged then. */
  isResumed?: boolean;
}

/** Throws what forbids `manifest` at this relay at this time; counting devices over ten minutes is the journal's. */
export function checkManifest(verified: VerifiedManifest, place: ManifestPlace): void {
  const { manifest, signers, total } = verified;
  const { site, relay, charter, now } = place;
  const name = `manifest ${manifest.id}`;
  if (manifest.site !== site) throw new AppError('manifest-retargeted', `${name}: meant for site ${manifest.site}`);
  if (manifest.relay !== relay) throw new AppError('manifest-retargeted', `${name}: meant for relay ${manifest.relay}`);
  if (charter.site !== site) throw new AppError('charter-invalid', `charter ${charter.version} is of another site`);
  checkTimes(manifest, charter, now);
  if (manifest.charterVersion !== charter.version) {
    const held = `this relay holds ${charter.version}`;
    throw new AppError('charter-invalid', `${name}: signed under charter ${manifest.charterVersion}, ${held}`);
  }
  if (manifest.action.name === 'session.open' && manifest.targets.length > 1)
    throw new AppError('manifest-invalid', `${name}: a session is opened on one device`);
  checkCaps(manifest, charter.caps);
  const tier = tierOf(manifest.action);
  const rule = tierRule(charter, tier);
  checkSigners(`${name} (${tier})`, rule, signers);
  if (total > rule.devicesPerBatch)
    throw new AppError(
      'cap-exceeded',
      `${name}: ${total} devices in its batch, ${tier} allows ${rule.devicesPerBatch}`,
    );
  if (place.isResumed !== true) checkFreshness(manifest, rule, now);
}

/** What was signed long ago is signed anew; and the time in which it can be stopped must end before the order does. */
function checkFreshness(manifest: Manifest, rule: TierRule, now: EpochMs): void {
  const age = now - manifest.nbf;
  if (age > rule.freshMs)
    throw new AppError('manifest-expired', `manifest ${manifest.id}: signed ${age} ms ago, at most ${rule.freshMs}`);
  if (rule.stopMs > 0 && now + rule.stopMs >= manifest.exp)
    throw new AppError(
      'manifest-expired',
      `manifest ${manifest.id}: ends within the ${rule.stopMs} ms before its start`,
    );
}

function checkTimes(manifest: Manifest, charter: Charter, now: EpochMs): void {
  const name = `manifest ${manifest.id}`;
  if (manifest.exp <= manifest.nbf || manifest.exp - manifest.nbf > MAX_VALIDITY_MS) {
    throw new AppError('manifest-invalid', `${name}: must be valid for at least 1 ms and at most 24 h`);
  }
  if (now >= manifest.exp) throw new AppError('manifest-expired', `${name}: expired ${now - manifest.exp} ms ago`);
  if (now + CLOCK_GRACE_MS < manifest.nbf)
    throw new AppError('manifest-early', `${name}: valid in ${manifest.nbf - now} ms`);
  if (now >= charter.expiresAt) throw new AppError('charter-expired', `charter ${charter.version} has expired`);
}

function checkCaps(manifest: Manifest, caps: Caps): void {
  const rules: ReadonlyArray<readonly [what: string, asked: number, cap: number]> = [
    ['devices', manifest.targets.length, caps.devicesPerManifest],
    ['ms of time-out', manifest.caps.timeoutMs, caps.maxTimeoutMs],
    ['bytes of output', manifest.caps.outputBytes, caps.maxOutputBytes],
  ];
  for (const [what, asked, cap] of rules) {
    if (asked > cap) {
      throw new AppError('cap-exceeded', `manifest ${manifest.id}: ${asked} ${what}, the charter allows ${cap}`);
    }
  }
}
