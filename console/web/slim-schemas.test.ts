// zod without JSON schema is still all of zod that pages use.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT } from '#test/architecture/source-files.ts';
import { withoutJsonSchema } from './slim-schemas.ts';

const whole = readFileSync(path.join(PROJECT, 'node_modules/zod/v4/classic/schemas.js'), 'utf8');

test('nothing of its JSON schema is left in the text of this zod, and nothing else is gone', () => {
  const slim = withoutJsonSchema(whole);
  expect(slim).not.toMatch(/\bprocessors\b(?!\.js)/);
  const exported = (text: string) => [...text.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  expect(exported(slim)).toEqual(exported(whole));
  expect(exported(slim).length).toBeGreaterThan(100);
});

test('a zod that is written otherwise stops the build', () => {
  expect(() => withoutJsonSchema('export const string = 1;')).toThrow('another way');
});
