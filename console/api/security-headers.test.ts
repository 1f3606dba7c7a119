// The headers of an answer: none of a page's text becomes code, and only a name that keeps to TLS is told to.
import { expect, test } from 'vitest';
import { answerHeaders } from './security-headers.ts';

const plain = answerHeaders({ isSecure: false, host: 'rmm.example' });

test('no page runs inline code, makes code of text, loads from elsewhere or stands in a frame', () => {
  const policy = plain['content-security-policy'] ?? '';
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
    expect(policy).toContain(rule);
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
});

test.each([
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-embedder-policy', 'require-corp'],
  ['cross-origin-resource-policy', 'same-origin'],
])('%s: %s', (name, value) => {
  expect(plain[name]).toBe(value);
});

test('no header speaks of cameras but to refuse them, and none allows another origin', () => {
  expect(plain['permissions-policy']).toMatch(/camera=\(\).*publickey-credentials-get=\(self\)/);
  expect(Object.keys(plain).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test.each([
  [true, 'rmm.example', true],
  [false, 'rmm.example', false],
  [true, 'localhost', false],
  [true, 'rmm.localhost', false],
  [true, '10.0.0.7', false],
  [true, '::1', false],
])('over TLS %s, a browser of %s is told to keep to it: %s', (isSecure, host, isTold) => {
  expect('strict-transport-security' in answerHeaders({ isSecure, host })).toBe(isTold);
});
