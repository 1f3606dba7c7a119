// Proves that nothing of a person's work is left in a tab when the person leaves it.
import { QueryClient } from '@tanstack/react-query';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SelectionStore } from '#console/web/src/fleet/selection-store.ts';
import { forgetPerson } from './forget-person.ts';
import { readRecent } from './recent.ts';

test('what was read, selected and opened last is forgotten', () => {
  const recent = JSON.stringify([{ kind: 'device', id: 'd1', name: 'srv-1', place: null }]);
  const stored = new Map([['rmm-recent', recent]]);
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  const queries = new QueryClient();
  queries.setQueryData(['me'], { name: 'Ada' });
  const selection = new SelectionStore();
  selection.toggle('d1');
  expect(readRecent()).toHaveLength(1);
  forgetPerson({ queries, selection });
  expect(queries.getQueryData(['me'])).toBeUndefined();
  expect([selection.current.ids.size, readRecent()]).toEqual([0, []]);
});
