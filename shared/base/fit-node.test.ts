// A Node that is too old, or aborts the database, is named with what to do; any other will do.
import { expect, test } from 'vitest';
import { nodeAdvice } from './fit-node.ts';

test.each(['v20.19.0', '20.20.2', 'v22.0.0', 'v24.0.0', 'v24.18.1', 'v24.22.0', 'v26.1.0'])('%s will do', (version) => {
  expect(nodeAdvice(version)).toBeUndefined();
});

test.each([
  ['v18.20.4', /^install Node 20\.19 or newer$/],
  ['v20.18.9', /^install Node 20\.19 or newer$/],
  ['', /^install Node 20\.19 or newer$/],
  ['v24.19.0', /abort programs .* install Node 24\.18,/],
  ['v24.21.3', /abort programs .* install Node 24\.18,/],
])('"%s" will not, and is told what to do', (version, advice) => {
  expect(nodeAdvice(version)).toMatch(advice);
});
