// A state's detail is taken apart only where it is one.
import { expect, test } from 'vitest';
import { stateDetail } from './state-detail.ts';

test.each([
  ['up', { status: 'up', why: '' }],
  ['down (timed-out: no answer (twice))', { status: 'down', why: 'timed-out: no answer (twice)' }],
  ['identity-changed another host key', { status: 'identity-changed', why: 'another host key' }],
  ['upper', undefined],
  ['', undefined],
])('"%s"', (detail, parts) => expect(stateDetail(detail)).toEqual(parts));
