// Filters in the URL are those that are asked for; what the console would refuse is left out.
import { expect, test } from 'vitest';
import { AuditFilter } from '#shared/contract/audit-contract.ts';
import { auditFilter, exportPath, isNarrowed, parseAuditSearch } from './audit-search.ts';

test.each([
  [
    { verb: 'device.*', outcome: 'denied', since: '2026-01-05T08:00' },
    { verb: 'device.*', outcome: 'denied', since: '2026-01-05T08:00' },
  ],
  [{ verb: 'a*b', outcome: 'maybe', since: 'yesterday', until: '2026-13-45T99:99' }, {}],
  [
    { resource: 10, proof: true },
    { resource: '10', proof: true },
  ],
  [{ actor: ' person:1 ', proof: 'yes' }, { actor: 'person:1' }],
])('%j is read as %j', (raw, search) => expect(parseAuditSearch(raw)).toEqual(search));

const site = '01890000-0000-7000-8000-000000000001';

test('the API takes what is asked, with times in its own way', () => {
  const search = parseAuditSearch({
    actor: 'relay:*',
    since: '2026-01-05T08:00',
    until: '2026-01-06T08:00',
    proof: true,
  });
  const filter = auditFilter(search, site);
  expect(AuditFilter.parse(filter)).toEqual({
    ...{ actor: 'relay:*', site },
    from: new Date('2026-01-05T08:00').getTime(),
    to: new Date('2026-01-06T08:00').getTime(),
  });
  const asked = Object.fromEntries(new URL(exportPath(filter), 'http://localhost').searchParams);
  expect(AuditFilter.parse(asked)).toEqual(filter);
  expect(exportPath({})).toBe('/api/audit/export');
});

test('the proof alone narrows nothing', () => {
  expect(isNarrowed({ proof: true })).toBe(false);
  expect(isNarrowed({ verb: 'x' })).toBe(true);
});
