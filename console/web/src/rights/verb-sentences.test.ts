// No verb is offered that nobody can explain.
import { expect, test } from 'vitest';
import { operationsOf } from '#console/web/contract-operations.ts';
import { contract } from '#shared/contract/contract.ts';
import { sentenceOfVerb } from './verb-sentences.ts';
import { en } from './verbs/text.en.ts';

test('every verb of the contract has a sentence, and no other is offered', () => {
  const verbs = new Set(Object.values(operationsOf(contract)).map(({ permission }) => permission));
  verbs.delete('public');
  expect(new Set<string>(Object.keys(en))).toEqual(verbs);
  expect(sentenceOfVerb('toString', 'said by the console')).toBe('said by the console');
});
