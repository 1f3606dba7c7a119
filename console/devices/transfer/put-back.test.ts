// An undone import takes back what it did, and nothing that somebody else did since.
import { expect, test } from 'vitest';
import { putBack } from './put-back.ts';

const before = { name: 'web', port: null as number | null, tags: ['old', 'both'], links: [{ url: 'a' }] };
const after = { name: 'web-1', port: 22, tags: ['both', 'new'], links: [{ url: 'b' }] };

test.each([
  ['nobody came between', after, before, []],
  ['a member the import left alone is theirs', { ...after, notes: 'x' }, { ...before, notes: 'x' }, []],
  ['a name that was changed again stays', { ...after, name: 'mine' }, { ...before, name: 'mine' }, ['name']],
  ['what was put back already is no change', { ...after, name: 'web' }, before, []],
  [
    'of words each goes for itself',
    { ...after, tags: ['both', 'new', 'mine'] },
    { ...before, tags: ['both', 'mine', 'old'] },
    [],
  ],
  ['a word that is gone comes not back', { ...after, tags: ['new'] }, { ...before, tags: ['old'] }, []],
  ['a list of other things is one member', { ...after, links: [] }, { ...before, links: [] }, ['links']],
])('%s', (_why, now, value, kept) => {
  const stood = { ...before, notes: '' };
  const left = { ...after, notes: '' };
  const back = putBack({ before: stood, after: left, now: { notes: '', ...now } });
  expect({ ...back.value, tags: [...back.value.tags].sort() }).toEqual({
    notes: '',
    ...value,
    tags: [...value.tags].sort(),
  });
  expect(back.kept).toEqual(kept);
});
