// Faults of fields find their fields, and nothing that was said is lost.
import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { faultsOf } from './form-faults.ts';

const problem = (errors: Array<{ field: string; message: string }>) =>
  new ORPCError('INVALID', { status: 400, message: 'the input is wrong', data: { code: 'invalid', errors } });

test('each fault stands at its field, the first of several', () => {
  const error = problem([
    { field: 'contact.email', message: 'no address' },
    { field: 'tags[3]', message: 'no tag' },
    { field: 'tags[4]', message: 'no tag either' },
  ]);
  expect(faultsOf(error, ['tags', 'contact.email'])).toEqual({
    byField: { 'contact.email': 'no address', tags: 'no tag' },
    rest: '',
  });
});

test('a fault of a field that the form does not show is said all the same', () => {
  expect(faultsOf(problem([{ field: 'relayId', message: 'is away' }]), ['name'])).toEqual({
    byField: {},
    rest: 'relayId: is away',
  });
});

test('an error without fields is one sentence', () => {
  expect(faultsOf(problem([]), ['name'])).toEqual({ byField: {}, rest: 'The input is wrong.' });
});
