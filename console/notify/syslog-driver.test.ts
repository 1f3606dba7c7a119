// A message as RFC 5424: framed, its facts as data, whatever a device wrote.
import { expect, test } from 'vitest';
import { parseMessage } from '#test/fixtures/syslog-sink.ts';
import { type Message, tellable } from './message.ts';
import { syslogMessage } from './syslog-driver.ts';

const message: Message = {
  ...{
    reason: 'opened',
    severity: 'critical',
    title: 'db-1 is down',
    detail: 'line\n<13>1 - - - forged',
    site: 'Ber"lin]',
  },
  ...{
    customer: '',
    device: 'db-1',
    check: 'Device is down',
    advice: '',
    since: 0,
    until: null,
    zone: 'UTC',
    children: 0,
  },
  ...{ incident: 'i-1', lines: [] },
};

test.each([
  ['opened', 16 * 8 + 2],
  ['resolved', 16 * 8 + 5],
] as const)('%s has its priority, and its facts are read back', (reason, priority) => {
  const told = tellable('n-1', { ...message, reason }, 0, { base: '', ack: '' });
  const framed = syslogMessage(told, 'console.example');
  const space = framed.indexOf(0x20);
  const body = framed.subarray(space + 1);
  expect(Number(framed.subarray(0, space).toString())).toBe(body.length);
  expect(body.toString()).not.toContain('\n');
  const parsed = parseMessage(body.toString());
  expect(parsed).toMatchObject({
    priority,
    id: reason,
    params: { id: 'i-1', reason, site: 'Ber"lin]', device: 'db-1' },
  });
});
