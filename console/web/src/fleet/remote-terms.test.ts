// What only the console knows is asked of the console, and the rest of the filter stays here.
import { expect, test } from 'vitest';
import { readFilter } from './filter-text.ts';
import { splitRemote } from './remote-terms.ts';

function split(text: string) {
  const parsed = readFilter(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return { parsed: parsed.filter, ...splitRemote(parsed.filter) };
}

test('a filter of the columns alone asks nobody, and stays the same filter', () => {
  const { parsed, filter, remote } = split('web tag:sql cpu>80%');
  expect(remote).toEqual([]);
  expect(filter).toBe(parsed);
});

test('each term of another field is one question, however deep it stands', () => {
  const { filter, remote } = split('web -(software:nginx or service="Print Spooler") software:nginx');
  expect(remote).toEqual(['software:nginx', 'service="Print Spooler"']);
  expect(JSON.stringify(filter)).toContain('{"type":"has","field":"software:nginx","as":"text"}');
});
