// What people and imports can fill, filled with hostile texts by the API as they would: names, notes, tags, searches, files.
import type { Api } from '#console/cli/client.ts';
import type { SiteId } from '#shared/base/id.ts';

export interface PeopleFilled {
  taken: number;
  refused: number;
}

/** `next` gives a new hostile text each time. A text that the API refuses is one that no page has to bear. */
export async function fillByPeople(api: Api, next: () => string, rounds: number): Promise<PeopleFilled> {
  const filled = { taken: 0, refused: 0 };
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const done = await work();
      filled.taken += 1;
      return done;
    } catch {
      filled.refused += 1;
      return undefined;
    }
  };
  for (let round = 0; round < rounds; round += 1) {
    const customer = await attempt(() => api.customers.create({ name: short(next()) }));
    if (customer !== undefined) await attempt(() => api.customers.update({ id: customer.id, notes: next() }));
    const site = await attempt(() => api.sites.create({ name: short(next()), customerName: short(next()) }));
    if (site !== undefined) await attempt(() => api.sites.update({ id: site.id, notes: next() }));
    await attempt(() => api.groups.create({ name: short(next()), kind: 'hand', description: next() }));
    await attempt(() => api.views.create({ page: 'fleet', name: short(next()), search: { q: next() } }));
    await attempt(() => api.people.create({ name: short(next()), grants: [] }));
  }
  return filled;
}

/** Names have bounds of their own. */
const short = (text: string): string => text.slice(0, 80);

/** A file whose every cell is hostile; its plan is shown whether or not it can be applied. */
export async function planImport(
  api: Api,
  siteId: SiteId,
  next: () => string,
  rows: number,
): Promise<string | undefined> {
  const quoted = () => `"${next().replaceAll('"', '""')}"`;
  const lines = Array.from({ length: rows }, () => [quoted(), quoted(), quoted()].join(','));
  const content = Buffer.from(`name,address,notes\n${lines.join('\n')}\n`).toString('base64');
  try {
    return (await api.imports.plan({ format: 'csv', content, siteId })).id;
  } catch {
    return undefined;
  }
}
