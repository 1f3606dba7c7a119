// What a signer reads of a standing order by rule: the rule, who fits it now, that this changes, and what happens when too many fit.
import { expect, test } from 'vitest';
import { sampleCharter, sampleStanding } from '#test/fixtures/sample-trust.ts';
import { ruleText, standingText } from './standing-text.ts';

const rule = { text: 'os:debian hostname:web-*', atMost: 2 };
const nameOf = (device: string) => device;

test('it says the rule, what fits now, that later ones are reached too, and the bound', () => {
  const matches = { items: [{ name: 'web-1' }, { name: 'web\u202e2' }], unknown: 3 };
  const text = standingText(sampleStanding({ targets: [], rule }), sampleCharter([], []), { nameOf, matches });
  for (const part of [
    'os:debian hostname:web-*',
    '2 fit now',
    'web-1',
    'a device that comes later is reached too',
    'more than 2 fit',
    'of 3 more',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('\u202e');
});

test('a rule that fits too many already says that it would do nothing; an unanswered question is no empty list', () => {
  const items = ['a', 'b', 'c'].map((name) => ({ name }));
  expect(ruleText(rule, { items, unknown: 0 })).toContain('too many: it would do nothing');
  expect(ruleText(rule, undefined)).toContain('not known here');
});
