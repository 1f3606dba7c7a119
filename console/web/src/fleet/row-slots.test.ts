// Rows pass from device to device, and the focus never does.
import { expect, test } from 'vitest';
import { viewsFor } from './row-slots.ts';

function slots() {
  let made = 0;
  let former: ReadonlyMap<string, number> = new Map();
  return (ids: readonly string[], held?: number): number[] => {
    const make = () => {
      made += 1;
      return made;
    };
    former = viewsFor(ids, former, { isHeld: (view) => view === held, make });
    expect([...former.keys()]).toEqual(ids);
    return [...former.values()];
  };
}

test('who stays keeps its view, who comes takes one that is free', () => {
  const next = slots();
  const [a, b, c] = next(['a', 'b', 'c']);
  expect(next(['d', 'b', 'e'])).toEqual([a, b, c]);
  expect(next(['b'])).toEqual([b]);
  expect(new Set(next(['x', 'b', 'y', 'z'])).size).toBe(4);
});

test('the view with the focus goes with its device', () => {
  const next = slots();
  const [a, b] = next(['a', 'b']);
  const after = next(['c', 'd'], a);
  expect(after).toContain(b);
  expect(after).not.toContain(a);
});

test('the same question has the same answer', () => {
  const next = slots();
  const first = next(['a', 'b']);
  expect(next(['a', 'b'])).toEqual(first);
});
