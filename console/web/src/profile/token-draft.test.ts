// A token asks for what was chosen, no more.
import { expect, test } from 'vitest';
import { DAY_MS, type TokenDraft, tokenAsk } from './token-draft.ts';

const draft: TokenDraft = {
  name: ' nightly ',
  days: 30,
  what: 'some',
  verbs: ['device.read'],
  over: { kind: 'everything', thing: null },
  addresses: '',
};
const known = ['device.read', 'device.write', 'site.read'];

test('a name, an end, verbs and addresses, each as the API takes them', () => {
  expect(tokenAsk({ ...draft, addresses: '10.0.0.0/8, 192.0.2.7\n' }, known, 1_000_000)).toEqual({
    name: 'nightly',
    expiresAt: 1_000_000 + 30 * DAY_MS - 60_000,
    verbs: ['device.read'],
    over: [{ kind: 'everything' }],
    addresses: ['10.0.0.0/8', '192.0.2.7'],
  });
});

test.each([
  ['all', ['*']],
  ['reads', ['device.read', 'site.read']],
  ['some', ['device.read']],
] as const)('%s', (what, verbs) => expect(tokenAsk({ ...draft, what }, known, 0).verbs).toEqual(verbs));

test('a thing that is not chosen yet is over nothing', () => {
  expect(tokenAsk({ ...draft, over: { kind: 'site', thing: null } }, known, 0).over).toEqual([]);
  const thing = { value: 's1', label: 'Harbour' };
  expect(tokenAsk({ ...draft, over: { kind: 'site', thing } }, known, 0).over).toEqual([{ kind: 'site', id: 's1' }]);
});
