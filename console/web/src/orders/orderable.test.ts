// What a page orders is whole, and its command orders the same.
import { expect, test } from 'vitest';
import { commandOf, EMPTY, faultOf, type Orderable, withVariables } from './orderable.ts';

const restart = (service: string): Orderable => ({ name: 'service.restart', arguments: { service } });
const command = (text: string): Orderable => ({ name: 'command.run', arguments: { command: text } });

test.each([
  [EMPTY['command.run'], 'noCommand'],
  [command(' \n'), 'noCommand'],
  [command('uptime'), undefined],
  [EMPTY['service.restart'], 'noService'],
  [restart('cron; reboot'), 'noService'],
  [restart('-x'), 'noService'],
  [restart('getty@tty1'), undefined],
])('%j lacks %s', (action, fault) => expect(faultOf(action)).toBe(fault));

const SHARED = "--reason 'it hangs' --timeout 30 --wait 300";

test.each([
  [command('df -h'), `run ${SHARED} web-1 'web 2' -- 'df -h'`],
  [
    withVariables({ name: 'command.run', arguments: { command: 'make' } }, ['B', 'A']),
    `run ${SHARED} --var A --var B web-1 'web 2' -- make`,
  ],
  [restart('cron'), `service restart cron ${SHARED} --device web-1 'web 2'`],
])('%j is the command of the same order', (action, expected) => {
  const order = { action, reason: 'it hangs', timeoutMs: 30_000, validForMs: 300_000 };
  expect(commandOf(order, ['web-1', 'web 2'])).toBe(`npm run rmm -- ${expected}`);
});
