// What is said of a variable follows from what its relays told.
import { expect, test } from 'vitest';
import { SAMPLE_RELAY, SAMPLE_SITE } from '#test/fixtures/sample-trust.ts';
import { isShown, orderableNames, type Variable, variableState } from './variable-rows.ts';

const relay = (state: Variable['relays'][number]['state'], needsSealing = false) => ({
  relayId: SAMPLE_RELAY,
  state,
  needsSealing,
});
const one = (change: Partial<Variable>): Variable => ({
  ...{ siteId: SAMPLE_SITE, name: 'BACKUP_PASS', version: 1, issuedAt: 1, storedAt: 1, notAfter: null },
  ...{ actions: ['command.run'], signer: 'k', isDeleted: false, sealedTo: [], relays: [relay('open')] },
  ...change,
});

test.each([
  ['open', one({})],
  ['waiting', one({ relays: [relay('open'), relay('waiting')] })],
  ['reseal', one({ relays: [relay('open'), relay('waiting', true)] })],
  ['deleting', one({ isDeleted: true, relays: [relay('waiting')] })],
] as const)('%s', (state, variable) => expect(variableState(variable)).toBe(state));

test('a deleted one is shown until the last relay forgot it, and offered to no order', () => {
  const [going, gone] = ['waiting' as const, 'deleted' as const].map((state) =>
    one({ isDeleted: true, relays: [relay('deleted'), relay(state)] }),
  );
  expect([going, gone].map((variable) => variable && isShown(variable))).toEqual([true, false]);
  expect(orderableNames([one({ name: 'Z' }), one({ isDeleted: true, name: 'GONE' }), one({ name: 'A' })])).toEqual([
    'A',
    'Z',
  ]);
});
