// Typed words become tags, once each; what is none stays in the field.
import { expect, test } from 'vitest';
import { withTyped } from './tags-typed.ts';

test.each([
  [[], 'Web', { tags: ['web'], wrong: '' }],
  [['web'], 'web, db;mail', { tags: ['web', 'db', 'mail'], wrong: '' }],
  [['web'], '-x !', { tags: ['web'], wrong: '-x !' }],
  [[], '  ', { tags: [], wrong: '' }],
  [[], 'küche/1', { tags: ['küche/1'], wrong: '' }],
])('%j and "%s"', (tags, typed, result) => expect(withTyped(tags, typed)).toEqual(result));
