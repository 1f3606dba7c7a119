// What `rmm doctor` says of a site's charter and brake: an end in sight, one owner alone, a site that is frozen.
import type { Charter } from '#shared/model/charter.ts';
import type { Brake } from '#shared/model/freeze.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { readBrake } from '#shared/seal/freeze-seal.ts';
import type { Check } from './check.ts';
import type { Api } from './client.ts';
import { duration } from './output.ts';

/** As relays begin to warn. */
const WARN_MS = 30 * 86_400_000;

export interface SiteTrust {
  site: string;
  charter: Charter;
  brake: Brake | undefined;
}

/** Nothing when all is well: a table of healthy sites helps nobody. */
export function checkCharter({ site, charter, brake }: SiteTrust, now: number): Check[] {
  const name = `charter of ${site}`;
  const checks: Check[] = [];
  const left = charter.expiresAt - now;
  if (left <= 0)
    checks.push({
      name,
      verdict: 'failed',
      detail: 'it has expired: the site takes no orders',
      advice: 'rmm charter propose, and have its owners sign it',
    });
  else if (left <= WARN_MS)
    checks.push({
      name,
      verdict: 'warning',
      detail: `it expires in ${duration(left)}`,
      advice: 'rmm charter propose, and have its owners sign it',
    });
  if (charter.owners.length === charter.quorum)
    checks.push({
      name,
      verdict: 'warning',
      detail: 'when an owner key is lost, nobody can change it',
      advice: 'rmm owner new --paper, and rmm charter propose --add-owner',
    });
  if (brake?.kind === 'freeze')
    checks.push({
      name: `site ${site}`,
      verdict: 'failed',
      detail: `frozen for ${duration(Math.max(0, now - brake.at))}`,
      advice: 'rmm thaw, once it is known why',
    });
  return checks;
}

export async function checkCharters(api: Api, now: number): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { id, name: site } of (await api.sites.list()).items) {
    // A site without a charter says so where it is used; doctor goes on with the others.
    const stored = await api.sites.charter({ id }).catch(() => undefined);
    if (stored === undefined) continue;
    const newest = (await api.sites.brake({ id })).signed.at(-1);
    const brake = newest === undefined ? undefined : readBrake(newest);
    checks.push(...checkCharter({ site, charter: await readCharter(stored.signed), brake }, now));
  }
  return checks;
}
