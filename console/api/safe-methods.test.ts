// What a browser asks for by itself (a link, a picture, a prefetch) changes nothing.
import { expect, test } from 'vitest';
import { OPERATIONS } from './operations.ts';

const reads = OPERATIONS.filter(({ method }) => method === 'GET');

test('every operation by GET reads: it asks for a right to read, and is not dangerous', () => {
  const rights = /\.(read|export|import)$|^public$/;
  expect(reads.length).toBeGreaterThan(30);
  expect(reads.filter(({ meta }) => !rights.test(meta.permission) || meta.danger !== 'safe')).toEqual([]);
});

test('what asks for a right to change has a method that browsers send by no link', () => {
  const changes = OPERATIONS.filter(({ meta }) =>
    /\.(create|update|delete|remove|sign|manage|write)$/.test(meta.permission),
  );
  expect(changes.length).toBeGreaterThan(20);
  expect(changes.filter(({ method }) => !['POST', 'PUT', 'PATCH', 'DELETE'].includes(method))).toEqual([]);
});
