// Whether a proven manifest may run here and now: pure rules, each with its own code.
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { Caps, Charter } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';

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
}

/** Throws what forbids `manifest` at this relay at this time; counting devices over ten minutes is the journal's. */
export function checkManifest(manifest: Manifest, { site, relay, charter, now }: ManifestPlace): void {
  const name = `manifest ${manifest.id}`;
  if (manifest.site !== site) throw new AppError('manifest-retargeted', `${name}: meant for site ${manifest.site}`);
  if (manifest.relay !== relay) throw new AppError('manifest-retargeted', `${name}: meant for relay ${manifest.relay}`);
  if (charter.site !== site) throw new AppError('charter-invalid', `charter ${charter.version} is of another site`);
  checkTimes(manifest, charter, now);
  if (manifest.charterVersion !== charter.version) {
    const held = `this relay holds ${charter.version}`;
    throw new AppError('charter-invalid', `${name}: signed under charter ${manifest.charterVersion}, ${held}`);
  }
  checkCaps(manifest, charter.caps);
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
