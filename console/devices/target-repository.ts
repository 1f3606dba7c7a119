// Devices as a signer names them: by id or exact name, or all of a site.
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { parseIdentity } from './device-repository.ts';

export interface Candidate {
  id: DeviceId;
  name: string;
  siteId: SiteId;
  relayId: RelayId | null;
  identity: DeviceIdentity | null;
}

const candidateQuery = (db: Db, scope: Scope, siteId: SiteId | undefined) => {
  const query = db
    .selectFrom('device')
    .select(['id', 'name', 'site_id', 'relay_id', 'identity'])
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .orderBy('name')
    .orderBy('id');
  return siteId === undefined ? query : query.where('site_id', '=', siteId);
};

type CandidateRow = Awaited<ReturnType<ReturnType<typeof candidateQuery>['executeTakeFirstOrThrow']>>;

const toCandidate = (row: CandidateRow): Candidate => ({
  id: DeviceId.parse(row.id),
  name: row.name,
  siteId: SiteId.parse(row.site_id),
  relayId: row.relay_id === null ? null : RelayId.parse(row.relay_id),
  identity: parseIdentity(row.identity),
});

// Far below the engines' limits on values.
const WORDS_PER_QUERY = 500;

export async function devicesNamed(
  db: Db,
  scope: Scope,
  words: readonly string[],
  siteId: SiteId | undefined,
): Promise<Candidate[]> {
  // By id: a device may be named twice, by its id and by its name.
  const found = new Map<DeviceId, Candidate>();
  for (let from = 0; from < words.length; from += WORDS_PER_QUERY) {
    const some = words.slice(from, from + WORDS_PER_QUERY);
    for (const column of ['id', 'name'] as const) {
      const rows = await candidateQuery(db, scope, siteId).where(column, 'in', some).execute();
      for (const candidate of rows.map(toCandidate)) found.set(candidate.id, candidate);
    }
  }
  return [...found.values()];
}

export async function devicesOfSite(db: Db, scope: Scope, siteId: SiteId, limit: number): Promise<Candidate[]> {
  return (await candidateQuery(db, scope, siteId).limit(limit).execute()).map(toCandidate);
}
