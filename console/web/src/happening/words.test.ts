// What people read of events is in words of the page; what is unknown stays as it was said.
import { expect, test } from 'vitest';
import { actionText, eventDetail, eventText, stateText, stateWhy } from './words.ts';

test.each([
  [{ type: 'state', detail: 'up' }, 'Up'],
  [{ type: 'state', detail: 'down (timed-out: no answer (twice))' }, 'Down (timed out: no answer (twice))'],
  [{ type: 'identity', detail: 'web-1: identity pinned at first contact' }, 'pinned at first contact'],
  [{ type: 'identity', detail: 'a: b: the new identity is pinned' }, 'the new one is pinned'],
  [{ type: 'identity', detail: 'web-1: shows another host key' }, 'web-1: shows another host key'],
  [{ type: 'relay', detail: 'x: the new identity is pinned' }, 'x: the new identity is pinned'],
])('%j: %s', (event, text) => expect(eventDetail(event)).toBe(text));

test('codes, actions and states have words, and those of a newer console stand as they are', () => {
  expect(eventText({ type: 'state', code: 'timed-out' })).toBe('timed out');
  expect(eventText({ type: 'relay', code: 'clock-skew' })).toBe('clock skew');
  expect(eventText({ type: 'identity', code: null })).toBe('Identity');
  expect(actionText('command.run')).toBe('Command');
  expect(actionText('file.send')).toBe('file.send');
  expect(stateText('halted')).toContain('halted');
  expect(stateText('unheard-of')).toBe('outcome unknown');
  expect(stateWhy('down (refused: port 22)')).toBe('refused: port 22');
});
