// A question in the URL is the question that was asked.
import { expect, test } from 'vitest';
import { parseWhySearch } from './why-search.ts';

test.each([
  [
    { verb: ' device.read ', thing: 'host1' },
    { verb: 'device.read', thing: 'host1' },
  ],
  [
    { verb: 'reboot', thing: 10 },
    { verb: 'reboot', thing: '10' },
  ],
  [{ verb: '', thing: null }, {}],
  [{ verb: 'x'.repeat(80) }, { verb: 'x'.repeat(60) }],
])('%j', (raw, search) => expect(parseWhySearch(raw)).toEqual(search));
