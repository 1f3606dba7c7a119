// The audit trail is read here: in pages with filters, row by row for an export, and always within what the reader may see.
import type { SelectQueryBuilder } from 'kysely';
import { resourceInScope, type Scope, seesEverything } from '#console/access/scope.ts';
import { LINK_COLUMNS } from '#console/audit/audit-rows.ts';
import {
  olderThan,
  type PageOf,
  type PageRequest,
  pageFrom,
  readCursor,
  SeqKey,
  type TimeBound,
} from '#console/store/cursor.ts';
import type { Db } from '#console/store/engine.ts';
import type { Tables } from '#console/store/schema.ts';
import { SiteId } from '#shared/base/id.ts';
import type { AuditFilter, AuditRow } from '#shared/contract/audit-contract.ts';
import type { AuditLink } from '#shared/crypto/audit-chain.ts';

type Rows<T> = SelectQueryBuilder<Tables, 'audit_log', T>;

/** Rows of no site are for who sees everything. */
const seen =
  (scope: Scope) =>
  <T>(query: Rows<T>): Rows<T> =>
    seesEverything(scope) ? query : query.where(resourceInScope(scope, 'audit_log.site_id', 'audit_log.resource'));

/** "relay.*" is a beginning; whatever else the database would read as a pattern is plain text. */
const matching =
  (column: 'actor' | 'verb' | 'resource', pattern: string | undefined) =>
  <T>(query: Rows<T>): Rows<T> => {
    if (pattern === undefined) return query;
    if (!pattern.endsWith('*')) return query.where(column, '=', pattern);
    const begin = pattern.slice(0, -1);
    return query.where((eb) => eb(eb.fn('substr', [column, eb.val(1), eb.val(begin.length)]), '=', begin));
  };

const fitting =
  ({ actor, verb, resource, outcome, from, to, site }: AuditFilter) =>
  <T>(query: Rows<T>): Rows<T> => {
    let narrowed = query.$call(matching('actor', actor)).$call(matching('verb', verb));
    narrowed = narrowed.$call(matching('resource', resource));
    if (outcome !== undefined) narrowed = narrowed.where('outcome', '=', outcome);
    if (from !== undefined) narrowed = narrowed.where('at', '>=', from);
    if (to !== undefined) narrowed = narrowed.where('at', '<', to);
    if (site !== undefined) narrowed = narrowed.where('site_id', '=', site);
    return narrowed;
  };

function shown({ v: _v, prev: _prev, site, detail, ...row }: AuditLink): AuditRow {
  return { ...row, siteId: site === null ? null : SiteId.parse(site), detail: JSON.parse(detail) };
}

/** Newest first. */
export async function listAudit(
  db: Db,
  scope: Scope,
  page: PageRequest,
  filter: AuditFilter = {},
): Promise<PageOf<AuditRow>> {
  const before = readCursor(page.cursor, SeqKey)?.[0];
  let query = db
    .selectFrom('audit_log')
    .select(LINK_COLUMNS)
    .$call(seen(scope))
    .$call(fitting(filter))
    .orderBy('seq', 'desc')
    .limit(page.limit + 1);
  if (before !== undefined) query = query.where('seq', '<', before);
  return pageFrom(await query.execute(), page.limit, shown, (row) => [row.seq]);
}

// A page of 500 rows is below 500 KB; one is in memory at a time.
const EXPORT_PAGE = 500;

/** Pages of the trail, oldest first: each row with all that its hash covers, so that the file can be checked away from here. */
export async function* exportAudit(db: Db, scope: Scope, filter: AuditFilter): AsyncGenerator<AuditLink[]> {
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom('audit_log')
      .select(LINK_COLUMNS)
      .where('seq', '>', after)
      .$call(seen(scope))
      .$call(fitting(filter))
      .orderBy('seq')
      .limit(EXPORT_PAGE)
      .execute();
    if (rows.length > 0) yield rows;
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < EXPORT_PAGE) return;
  }
}

/** What the trail says of one thing, newest first. The caller has checked that the thing may be seen. */
export async function listAuditOf(
  db: Db,
  resource: string,
  bound: TimeBound | undefined,
  limit: number,
): Promise<Array<Pick<AuditRow, 'seq' | 'at' | 'actor' | 'verb' | 'outcome' | 'detail'>>> {
  let query = db
    .selectFrom('audit_log')
    .select(['seq', 'at', 'actor', 'verb', 'outcome', 'detail'])
    .where('resource', '=', resource)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit);
  if (bound !== undefined) query = query.where(olderThan(bound, 'at', 'seq'));
  return (await query.execute()).map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}
