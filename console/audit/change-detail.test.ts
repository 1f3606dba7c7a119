// Proves what the audit trail says of an edit.
import { expect, test } from 'vitest';
import { changeDetail } from './change-detail.ts';

test('old and new of what differs are named, and nothing else', () => {
  const before = { name: 'a', port: 22, links: [{ url: 'x' }], notes: 'old', type: null };
  const after = { name: 'b', port: 22, links: [{ url: 'y' }], notes: 'new', type: undefined };
  const { detail, changed } = changeDetail(before, after, ['notes']);
  expect(detail).toEqual({
    'name.from': 'a',
    'name.to': 'b',
    'links.from': '[{"url":"x"}]',
    'links.to': '[{"url":"y"}]',
    notes: 'changed',
  });
  expect([...changed]).toEqual(['name', 'links', 'notes']);
});

test('nothing that differs is no edit; null is a value', () => {
  expect(changeDetail({ name: 'a', port: null }, { name: 'a', port: null }).detail).toBeUndefined();
  expect(changeDetail({ port: 22 }, { port: null }).detail).toEqual({ 'port.from': 22, 'port.to': null });
});
