// The rows of the trail as they stand, in order: what the chain is checked over, and what leaves for syslog. Not for readers.
import type { Db } from '#console/store/engine.ts';
import type { AuditLink } from '#shared/crypto/audit-chain.ts';

/** All that a row's hash covers, and the hash. */
export const LINK_COLUMNS = [
  ...(['v', 'seq', 'at', 'actor', 'verb', 'resource', 'outcome', 'address', 'detail', 'prev', 'hash'] as const),
  'site_id as site',
] as const;

export const linksAfter = (db: Db, seq: number, limit: number): Promise<AuditLink[]> =>
  db.selectFrom('audit_log').select(LINK_COLUMNS).where('seq', '>', seq).orderBy('seq').limit(limit).execute();
