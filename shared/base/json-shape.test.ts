// Depth and members are counted in the bytes, past texts that hold brackets, quotes and commas of their own.
import { expect, test } from 'vitest';
import { passedBound } from './json-shape.ts';

const BOUNDS = { maxDepth: 3, maxMembers: 6 };
const judged = (text: string) => passedBound(new TextEncoder().encode(text), BOUNDS);

test.each(['', 'null', '{}', '[[[1]]]', '{"a":[{"b":1}]}', '[1,2,3,4,5,6]', '{"a":1,"b":2,"c":[]}', '"[[[[["'])(
  '%s is within both',
  (text) => {
    expect(judged(text)).toBeUndefined();
  },
);

test.each([
  ['[[[[1]]]]', 'depth'],
  ['{"a":{"b":{"c":{}}}}', 'depth'],
  ['[{"a":[{', 'depth'],
  ['[1,2,3,4,5,6,7]', 'members'],
  ['[[],[],[],[]]', 'members'],
  ['{"a":1,"a":1,"a":1,"a":1,"a":1,"a":1,"a":1}', 'members'],
])('%s passes the bound of %s', (text, bound) => {
  expect(judged(text)).toBe(bound);
});

test('what stands in a text counts nothing, however it is escaped', () => {
  expect(judged('["[[[[,,,,,,,","\\"[[[[[","\\\\",[1]]')).toBeUndefined();
  expect(judged('["\\\\\\"]]]]",[[[0]]]]')).toBe('depth');
  expect(judged('["\\\\",[[[0]]]]')).toBe('depth');
  expect(judged('["never closed [[[[[[[[[[,,,,,,,,')).toBeUndefined();
});

test('closing what was never opened opens nothing', () => {
  expect(judged(']]]]]][[[[[[')).toBeUndefined();
});
