// A contact has a name and a bound on what it is told.
import { expect, test } from 'vitest';
import { draftOf, faultsOf, wishOf } from './contact-draft.ts';

const draft = { ...draftOf(undefined), name: ' Ada ' };

test.each([
  [{}, []],
  [{ name: ' ' }, ['name']],
  [{ messages: '0' }, ['messages']],
  [{ messages: '1001' }, ['messages']],
  [{ messages: 'many' }, ['messages']],
  [{ minutes: '' }, ['minutes']],
  [{ minutes: '1441' }, ['minutes']],
])('%j lacks %j', (patch, faults) => expect(faultsOf({ ...draft, ...patch })).toEqual(faults));

test('what is typed becomes what the console takes', () => {
  const ways = [{ channel: 'c', to: ' ada@example.test ', atLeast: 'high' as const }];
  expect(wishOf({ ...draft, ways, minutes: '20' })).toEqual({
    ...{ name: 'Ada', personId: null, isOn: true },
    ways: [{ channel: 'c', to: 'ada@example.test', atLeast: 'high' }],
    flood: { messages: 10, withinMs: 1_200_000 },
  });
});
