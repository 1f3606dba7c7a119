// What an instance is known by: authority, owner key, the command line's signer and profile, first charters.
import { can } from '#console/access/can.ts';
import type { People } from '#console/access/people.ts';
import type { Store } from '#console/store/database.ts';
import { authorityFingerprint, openAuthority, openServerCertificate } from '#console/trust/authority.ts';
import { firstCharter, judgeFirstCharter, sitesWithoutCharter, storeCharter } from '#console/trust/charter-service.ts';
import { hasUnexportedOwner, hasUnwrittenPaper, openOwner } from '#console/trust/owner.ts';
import { openSigner } from '#console/trust/signer.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { SiteId } from '#shared/base/id.ts';
import { profileFile, readProfile } from '#shared/crypto/cli-files.ts';
import { writePrivateFile } from '#shared/crypto/private-file.ts';
import { PROFILE_TIERS } from '#shared/seal/profile-tiers.ts';

export type Trust = Awaited<ReturnType<typeof openTrust>>;

interface TrustDeps {
  clock: Clock;
  store: Store;
  /** Time in which ad-hoc orders of a new site can be stopped; absent: as its profile says. */
  t3StopMs?: number;
}

/** Opens or makes the material of `data`. */
export async function openTrust(data: string, names: readonly string[], deps: TrustDeps) {
  const { clock, store, t3StopMs } = deps;
  // Only what differs: a later change of the profile then means what it says.
  const isChanged = t3StopMs !== undefined && t3StopMs !== PROFILE_TIERS.solo.t3.stopMs;
  const tiers = isChanged ? { t3: { stopMs: t3StopMs } } : undefined;
  const authority = await openAuthority(data, clock.now());
  const server = await openServerCertificate(data, authority, { names, now: clock.now() });
  const { publicKey } = await openOwner(data);
  const signer = await openSigner(data);

  /** Signs and stores charter 1 of a site, while the owner key is at hand; without it the site waits for its owner. */
  async function charterFirst(site: SiteId): Promise<void> {
    if (!hasUnexportedOwner(data)) return;
    // Read for each site and let go: once it is exported, this process must not hold what its folder no longer does.
    const owner = await openOwner(data);
    if (owner.key === undefined) return;
    const signed = await firstCharter({ site, owner, cliSigner: signer.publicKey, tiers, now: clock.now() });
    const judged = await judgeFirstCharter(site, signed, publicKey);
    await store.transaction((tx) => storeCharter(tx, judged, clock.now()));
  }

  /** Sites that were made while the process died before their charter was stored. */
  async function charterMissing(): Promise<void> {
    const boot = can({ kind: 'system', part: 'boot' }, 'charter.read');
    if (!boot.allowed) return;
    for (const site of await sitesWithoutCharter(store.db, boot.scope)) await charterFirst(site);
  }

  return {
    authority,
    server,
    owner: publicKey,
    fingerprint: authorityFingerprint(authority),
    hasUnexportedOwner: () => hasUnexportedOwner(data),
    hasUnwrittenPaper: () => hasUnwrittenPaper(data),
    charterFirst,
    charterMissing,
  };
}

/** The first person, and the profile by which the command line on this machine reaches the console. Never over HTTP. */
export async function prepareProfile(data: string, people: People, url: string): Promise<void> {
  const { person, token } = await people.initConsole();
  const boot = { actor: { kind: 'system' as const, part: 'boot' } };
  // The token is shown once: a profile that was lost or revoked gets a new one, from here and nowhere else.
  const kept = readProfile(data)?.token;
  const isKept = kept !== undefined && (await people.authenticate({ token: kept })).kind === 'person';
  const secret = token ?? (isKept ? kept : await people.createLocalToken(boot, person.id));
  writePrivateFile(profileFile(data), `${JSON.stringify({ url, token: secret })}\n`);
}
