// Proves that every error leaves as a problem, that clients read it back whole, and that a fault of ours says nothing of its inside.
import { ORPCError } from '@orpc/server';
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { Problem } from '#shared/contract/problem.ts';
import { fieldFaults, problemError, readableProblem } from '#shared/contract/problem-answer.ts';
import { encodeProblem, problemResponse, toApiError, wrongField } from './problems.ts';

test('a refusal of ours keeps its code and its words', () => {
  const problem = encodeProblem(toApiError(new AppError('not-found', 'no device 7')));
  expect(problem).toEqual({
    type: 'urn:rmm:problem:not-found',
    title: 'Not found',
    status: 404,
    detail: 'no device 7',
    code: 'not-found',
  });
});

test.each([
  ['an error of somebody', new Error('password is hunter2')],
  ['an internal one of ours', new AppError('internal', 'password is hunter2')],
])('%s says nothing of the inside', (_what, error) => {
  const problem = encodeProblem(toApiError(error));
  expect(problem).toMatchObject({ status: 500, code: 'internal' });
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

test('an answer that breaks its own schema is a fault of ours', () => {
  const error = new ORPCError('INTERNAL_SERVER_ERROR', { message: 'Output validation failed' });
  expect(encodeProblem(error)).toMatchObject({ status: 500, code: 'internal', detail: expect.stringContaining('log') });
});

test('a client reads back the code, the words and the wrong fields, with invisible text made visible', async () => {
  const response = readableProblem(problemResponse(wrongField('devices[3].address', 'is \u202ebad')));
  expect(response.headers.get('content-type')).toBe('application/json');
  const body: unknown = await response.json();
  expect(Problem.safeParse(body).success).toBe(true);
  const error = problemError(body, response);
  expect(error).toMatchObject({ code: 'BAD_REQUEST', status: 400, data: { code: 'bad-request' } });
  expect(fieldFaults(error)).toEqual([{ field: 'devices[3].address', message: 'is \\u202ebad' }]);
});

test.each([undefined, null, 'gateway', [], { code: 1 }])(
  'an answer that is no problem is left to others: %j',
  (body) => {
    expect(problemError(body, { status: 502 })).toBeUndefined();
  },
);

test('other errors have no wrong fields', () => {
  expect(fieldFaults(new Error('x'))).toEqual([]);
  expect(fieldFaults(new ORPCError('NOT_FOUND'))).toEqual([]);
});
