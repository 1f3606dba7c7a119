// Drafts charters: the first one of a site, and the next one after a change. Signing stays with the owner keys.
import type { EpochMs } from '#shared/base/clock.ts';
import type { SiteId } from '#shared/base/id.ts';
import { type Caps, Charter, type PublicKey, type TierChanges } from '#shared/model/charter.ts';

// A year: an owner looks at every charter once a year, or its site stops taking orders.
const VALIDITY_MS = 365 * 86_400_000;

/** What a fresh site allows: a tricked or stolen technician key reaches 25 devices in ten minutes, not the fleet. */
export const DEFAULT_CAPS: Caps = {
  devicesPerManifest: 25,
  devicesPerTenMinutes: 25,
  maxTimeoutMs: 3_600_000,
  maxOutputBytes: 1_048_576,
};

export interface FirstCharter {
  site: SiteId;
  owner: PublicKey;
  /** A second one, so that a lost key leaves the site with somebody who decides. */
  paper?: PublicKey | undefined;
  /** The command line's key, the first that may order. */
  cliSigner: PublicKey;
  now: EpochMs;
  caps?: Caps;
  /** What differs from the profile's rules. */
  tiers?: TierChanges | undefined;
}

/** Version 1: the owners, of whom one is enough, and one technician who may also stop everything. */
export function draftFirstCharter(first: FirstCharter): Charter {
  const { site, owner, paper, cliSigner, now, caps = DEFAULT_CAPS, tiers } = first;
  return Charter.parse({
    v: 1,
    version: 1,
    site,
    profile: 'solo',
    issuedAt: now,
    expiresAt: now + VALIDITY_MS,
    owners: paper === undefined ? [owner] : [owner, paper],
    quorum: 1,
    signers: [{ kind: 'cli-ed25519', key: cliSigner, name: 'command line', role: 'technician', isGuardian: true }],
    caps,
    ...(tiers === undefined ? {} : { tiers }),
  });
}

export type CharterChange = Partial<
  Omit<Charter, 'v' | 'version' | 'site' | 'issuedAt' | 'caps'> & { caps: Partial<Caps> }
>;

/** The next version with `change` applied, valid for a year from `now` unless the change says otherwise. */
export function draftNextCharter(current: Charter, change: CharterChange, now: EpochMs): Charter {
  return Charter.parse({
    ...current,
    expiresAt: now + VALIDITY_MS,
    ...change,
    caps: { ...current.caps, ...change.caps },
    version: current.version + 1,
    issuedAt: now,
  });
}
