// Keys find the newest of the page before the frame, chords want both keys in time, and the sheet lists what has words.
import { expect, test } from 'vitest';
import { KeyRegistry } from './key-registry.ts';

function heard() {
  const registry = new KeyRegistry();
  const log: string[] = [];
  const say = (word: string) => () => log.push(word);
  const press = (key: string, at = 0, isFree = true) => registry.press({ key, at, isFree });
  return { registry, log, say, press };
}

test('a chord is its two keys within the time; later, or with another key between, it is none', () => {
  const { registry, log, say, press } = heard();
  registry.add({ 'g f': say('fleet'), f: say('f') }, false);
  expect([press('g', 0), press('f', 1_000)]).toEqual([true, true]);
  expect([press('g', 5_000), press('f', 6_600)]).toEqual([true, true]);
  expect([press('g', 9_000), press('x', 9_100), press('f', 9_200)]).toEqual([true, false, true]);
  expect(log).toEqual(['fleet', 'f', 'f']);
});

test('"g g" is a chord too', () => {
  const { registry, log, say, press } = heard();
  registry.add({ 'g g': say('groups') }, false);
  for (const at of [0, 100]) press('g', at);
  expect(log).toEqual(['groups']);
});

test('the page wins over the frame, whichever came first, until it goes', () => {
  const { registry, log, say, press } = heard();
  const leave = registry.add({ '/': say('filter') }, true);
  registry.add({ '/': say('search') }, false);
  press('/');
  leave();
  press('/');
  expect(log).toEqual(['filter', 'search']);
});

test('a handler that returns false leaves the key to the next, or to nobody', () => {
  const { registry, log, say, press } = heard();
  registry.add({ j: say('frame') }, false);
  registry.add({ j: () => false, k: () => false }, true);
  expect([press('j'), press('k')]).toEqual([true, false]);
  expect(log).toEqual(['frame']);
});

test('while one types only what is everywhere is heard, and no chord begins', () => {
  const { registry, log, say, press } = heard();
  registry.add({ 'Mod+k': { run: say('palette'), isEverywhere: true }, 'g f': say('fleet'), j: say('j') }, false);
  expect([press('j', 0, false), press('g', 1, false), press('Mod+k', 2, false)]).toEqual([false, false, true]);
  expect([press('f', 3)]).toEqual([false]);
  expect(log).toEqual(['palette']);
});

test('the sheet has one line per action with its keys, without what has no words or is hidden by the page', () => {
  const { registry } = heard();
  const run = () => undefined;
  registry.add({ '?': { run, what: 'Keys' }, '/': { run, what: 'Search' }, x: run }, false);
  registry.add({ j: { run, what: 'Walk' }, k: { run, what: 'Walk' }, '/': { run, what: 'Filter' } }, true);
  expect(registry.lines()).toEqual([
    { keys: ['j', 'k'], what: 'Walk', isOfPage: true },
    { keys: ['/'], what: 'Filter', isOfPage: true },
    { keys: ['?'], what: 'Keys', isOfPage: false },
  ]);
});
