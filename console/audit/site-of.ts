// Which site an audit row is about, by the thing it names: one question per kind of thing for any number of rows.
import type { Tx } from '#console/store/engine.ts';
import { DeviceId, ManifestId, RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import type { AuditEntry } from './audit.ts';

/** Things of one site, by the word before their id. */
const TABLES = { device: 'device', relay: 'relay', action: 'action', standing: 'standing_order' } as const;
type Kind = keyof typeof TABLES;

const isKind = (word: string): word is Kind => Object.hasOwn(TABLES, word);

// SQLite binds 32,766 values at most; a page of 500 is what appends write at once.
const AT_ONCE = 500;

/** For each entry its site, or null: of none, of several, or of a thing that is gone and whose site nobody named. */
export async function sitesOf(tx: Tx, entries: readonly AuditEntry[]): Promise<Array<string | null>> {
  const wanted = new Map<Kind, Set<string>>();
  for (const { site, resource } of entries) {
    const thing = site === undefined ? thingOf(resource) : undefined;
    if (thing === undefined) continue;
    const ids = wanted.get(thing.kind) ?? new Set();
    wanted.set(thing.kind, ids.add(thing.id));
  }
  const known = new Map<string, string>();
  for (const [kind, ids] of wanted) await read(tx, kind, [...ids], known);
  return entries.map(({ site, resource }) => site ?? siteIn(resource) ?? known.get(resource) ?? null);
}

async function read(tx: Tx, kind: Kind, ids: readonly string[], known: Map<string, string>): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const rows = await tx
      .selectFrom(TABLES[kind])
      .select(['id', 'site_id'])
      .where('id', 'in', ids.slice(from, from + AT_ONCE))
      .execute();
    for (const { id, site_id } of rows) known.set(`${kind}:${id}`, site_id);
  }
}

const IDS = { device: DeviceId, relay: RelayId, action: ManifestId, standing: StandingId } as const;

function thingOf(resource: string): { kind: Kind; id: string } | undefined {
  const at = resource.indexOf(':');
  const [kind, id] = [resource.slice(0, at), resource.slice(at + 1)];
  return isKind(kind) && IDS[kind].safeParse(id).success ? { kind, id } : undefined;
}

const siteIn = (resource: string): string | undefined => {
  const id = resource.startsWith('site:') ? SiteId.safeParse(resource.slice(5)) : undefined;
  return id?.success === true ? id.data : undefined;
};
