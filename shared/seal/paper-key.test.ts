// Proves that words on paper are the key, and that what was copied wrongly is no key.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOfWord } from '#test/fixtures/sample-trust.ts';
import { exportSigningKey } from './key-pair.ts';
import { keyOfWords, paperWords } from './paper-key.ts';

test('the words of a key are that key, however they are typed', async () => {
  const key = await keyOfWord('owner');
  const words = await paperWords(key);
  expect(words.trim().split(/\s+/)).toHaveLength(24);
  expect(words.trimEnd().split('\n')).toHaveLength(4);
  for (const typed of [words, words.toUpperCase(), `  ${words.replaceAll(/\s/g, '  \t')} `]) {
    const back = await keyOfWords(typed);
    expect(back.publicKey).toEqual(key.publicKey);
    expect(await exportSigningKey(back)).toBe(await exportSigningKey(key));
  }
});

test('words that are known for a key stay its words: paper outlives releases', async () => {
  expect(await paperWords(await keyOfWord('owner'))).toMatchInlineSnapshot(`
    "worry recycle top update album upgrade
    slogan finger palace infant double cruel
    gorilla citizen face six frog royal
    swamp gasp enough beyond kangaroo horror
    "
  `);
});

test('a word left out, moved or misspelt, and other texts, are refused without being repeated', async () => {
  const words = (await paperWords(await keyOfWord('owner'))).trim().split(/\s+/);
  const [first = '', second = ''] = words;
  const wrong = [words.slice(1), [...words, first], ['canaryword', ...words.slice(1)], words.slice(0, 12), ['']];
  if (first !== second) wrong.push([second, first, ...words.slice(2)]);
  for (const some of wrong) {
    const refused = keyOfWords(some.join(' '));
    await expect(refused).rejects.toMatchObject({ code: 'signature-invalid' });
    await expect(refused).rejects.not.toThrow(/canaryword/);
  }
});

test('two words that changed places are found out fifteen times of sixteen at the least', async () => {
  const words = (await paperWords(await keyOfWord('owner'))).trim().split(/\s+/);
  let passed = 0;
  const runs = 200;
  await fc.assert(
    fc.asyncProperty(fc.nat(23), fc.nat(23), async (a, b) => {
      const moved = [...words];
      [moved[a], moved[b]] = [words[b] ?? '', words[a] ?? ''];
      const isSame = moved.join(' ') === words.join(' ');
      const isTaken = await keyOfWords(moved.join(' ')).then(
        () => true,
        () => false,
      );
      if (!isSame && isTaken) passed += 1;
      expect(isTaken || !isSame).toBe(true);
    }),
    { numRuns: runs, seed: 7 },
  );
  expect(passed).toBeLessThan(runs / 16);
});
