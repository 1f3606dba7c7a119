// The URL of an import says what it is of and which one; what does not read is left out.
import { expect, test } from 'vitest';
import { parseImportSearch } from './import-search.ts';

const plan = '01890000-0000-7000-8000-000000000001';

test.each([
  [{}, {}],
  [
    { kind: 'sites', plan },
    { kind: 'sites', plan },
  ],
  [{ kind: 'devices', plan: 'x' }, {}],
  [{ kind: 1, plan: 2 }, {}],
])('%j is %j', (raw, search) => expect(parseImportSearch(raw)).toEqual(search));
