// Proves what is offered where a person types.
import { expect, test } from 'vitest';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { filterSuggestions } from './filter-suggestions.ts';

const known: Record<string, string[]> = { site: ['Berlin', 'Bern, Altstadt'], tag: ['sql'] };
const valuesOf = (field: string, typed: string) =>
  (known[field] ?? []).filter((value) => value.toLowerCase().startsWith(typed));
/** The caret stands at the bar; the answer is each text as it would stand after choosing it. */
const offered = (typed: string): string[] => {
  const caret = typed.indexOf('|');
  const text = typed.replace('|', '');
  const { from, to, items } = filterSuggestions(text, caret, FLEET_FIELDS, valuesOf);
  return items.map((item) => text.slice(0, from) + item.text + text.slice(to));
};

test.each([
  ['sta|', ['status:']],
  ['-sta|', ['-status:']],
  ['(status:up sit| x', ['(status:up site: x']],
  ['up|', ['uptime>']],
  ['cpu|', ['cpu>', 'cpu>=', 'cpu<', 'cpu<=', 'cpu=']],
  ['ha|', ['has:']],
  ['has:ser|', ['has:serial', 'has:service']],
  ['status:d|', ['status:down']],
  ['status:down,u|', ['status:down,up', 'status:down,unknown']],
  ['site:ber|', ['site:Berlin', 'site:"Bern, Altstadt"']],
  ['site:"Bern, A|', ['site:"Bern, Altstadt"']],
  ['cpu>|', ['cpu>80%']],
  ['polled>5|', ['polled>5ms', 'polled>5s', 'polled>5m', 'polled>5h', 'polled>5d', 'polled>5w']],
  ['polled>5m|', []],
  ['simulated:|', ['simulated:yes', 'simulated:no']],
  ['"sta|', []],
  ['nothing:x|', []],
])('%j offers %j', (typed, texts) => {
  expect(offered(typed)).toEqual(texts);
});

test('an empty field offers every name', () => {
  expect(offered('|')).toHaveLength(Object.keys(FLEET_FIELDS).length + 1);
});
