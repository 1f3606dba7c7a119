// How the session travels: a cookie that no script reads, no other site sends and, over TLS, no other host sets.
import { expect, test } from 'vitest';
import { readSession, sessionCookie } from './api-context.ts';

test('over TLS the cookie is bound to this host, and travels over TLS alone', () => {
  expect(sessionCookie('abc', true, 60)).toBe('__Host-rmm=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure');
});

test('on the own machine, without TLS, no script reads it and no other site sends it', () => {
  expect(sessionCookie('abc', false, 60)).toBe('rmm=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60');
});

test('over TLS a cookie without the prefix, which another host may have set, is none', () => {
  expect(readSession('rmm=theirs', true)).toBeUndefined();
  expect(readSession('rmm=theirs; __Host-rmm=ours', true)).toBe('ours');
});
