// What a relay of the first protocol still gets, and what only a newer one does.
import { expect, test } from 'vitest';
import { CATALOGUE_NAMES } from '#shared/model/actions/catalogue.ts';
import { PROTOCOL } from '#shared/protocol/version.ts';
import { CATALOGUE_PROTOCOL, neededProtocol } from './needed-protocol.ts';

const order = (name: string) => ({ manifest: JSON.stringify({ action: { name, arguments: {} } }) });

test.each(['command.run', 'identity.accept', 'service.restart'])('%s is known to all', (name) => {
  expect(neededProtocol(order(name))).toBe(1);
});

test.each([...CATALOGUE_NAMES.filter((name) => name !== 'service.restart'), 'session.open'])(
  '%s needs a relay that knows the catalogue',
  (name) => {
    expect(neededProtocol(order(name))).toBe(CATALOGUE_PROTOCOL);
    expect(CATALOGUE_PROTOCOL).toBeLessThanOrEqual(PROTOCOL);
  },
);

test.each(['', '{}', 'null', '[]', '{"action":7}', '{"action":{"name":7}}'])('%j is left to the relay', (manifest) => {
  expect(neededProtocol({ manifest })).toBe(1);
});
