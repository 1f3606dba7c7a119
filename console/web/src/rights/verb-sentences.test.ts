// No verb is offered that nobody can explain.
import { expect, test } from 'vitest';
import { operationsOf } from '#console/web/contract-operations.ts';
import { contract } from '#shared/contract/contract.ts';
import { sentenceOfVerb } from './verb-sentences.ts';

test('every verb of the contract has a sentence', () => {
  const verbs = new Set(Object.values(operationsOf(contract)).map(({ permission }) => permission));
  verbs.delete('public');
  expect([...verbs].filter((verb) => sentenceOfVerb(verb) === '')).toEqual([]);
  expect(sentenceOfVerb('toString', 'said by the console')).toBe('said by the console');
});
