// What a page orders is whole, and its command orders the same.
import { expect, test } from 'vitest';
import { CATALOGUE } from '#shared/model/actions/catalogue.ts';
import {
  commandOf,
  emptyOf,
  faultOf,
  givenText,
  ORDERABLE_NAMES,
  type Orderable,
  withGiven,
  withVariables,
} from './orderable.ts';

const restart = (service: string): Orderable => ({ name: 'service.restart', arguments: { service } });
const command = (text: string): Orderable => ({ name: 'command.run', arguments: { command: text } });

test.each([
  [emptyOf('command.run'), 'command', 'noCommand'],
  [command(' \n'), 'command', 'noCommand'],
  [emptyOf('service.restart'), 'service', 'noService'],
  [restart('cron; reboot'), 'service', 'noService'],
  [restart('-x'), 'service', 'noService'],
  [{ name: 'temp.clear', arguments: { days: Number.NaN } }, 'days', 'noDays'],
  [{ name: 'temp.clear', arguments: { days: 366 } }, 'days', 'noDays'],
  [{ name: 'process.kill', arguments: { process: 'x', pid: 1 } }, 'pid', 'noProcessId'],
  [emptyOf('registry.set'), 'key', 'noRegistryKey'],
  [
    { name: 'registry.set', arguments: { key: 'HKLM\\X', value: '', kind: 'dword', data: 'x' } },
    'data',
    'noRegistryText',
  ],
] satisfies Array<[Orderable, string, string]>)('%j lacks %s: %s', (action, parameter, text) =>
  expect(faultOf(action)).toEqual({ parameter, text }),
);

test.each([
  [command('uptime')],
  [restart('getty@tty1')],
  [emptyOf('device.reboot')],
  [emptyOf('temp.clear')],
] satisfies Array<[Orderable]>)('%j lacks nothing', (action) => expect(faultOf(action)).toBeUndefined());

test('every action of the catalogue has a form whose fields give what they hold', () => {
  for (const name of ORDERABLE_NAMES) {
    const action = emptyOf(name);
    expect(action.name).toBe(name);
    if (action.name === 'command.run') continue;
    for (const parameter of CATALOGUE[action.name].parameters) {
      const next = withGiven(action, parameter, '7');
      if (next.name === 'command.run') throw new Error('another action');
      expect(givenText(next, parameter.name)).toBe('7');
    }
  }
});

test('an optional field that is emptied is not given; a number that is none is none', () => {
  const action: Orderable = { name: 'process.kill', arguments: { process: 'x', pid: 7 } };
  const [, pid] = CATALOGUE['process.kill'].parameters;
  if (pid === undefined) throw new Error('no pid');
  expect(withGiven(action, pid, '')).toEqual({ name: 'process.kill', arguments: { process: 'x' } });
  expect(faultOf(withGiven(action, pid, 'seven'))).toEqual({ parameter: 'pid', text: 'noProcessId' });
});

const SHARED = "--reason 'it hangs' --timeout 30 --wait 300";

test.each([
  [command('df -h'), `run ${SHARED} web-1 'web 2' -- 'df -h'`],
  [
    withVariables({ name: 'command.run', arguments: { command: 'make' } }, ['B', 'A']),
    `run ${SHARED} --var A --var B web-1 'web 2' -- make`,
  ],
  [restart('cron'), `do service.restart --param service=cron ${SHARED} --device web-1 'web 2'`],
  [
    { name: 'process.kill', arguments: { process: 'a b', pid: 7 } } satisfies Orderable,
    `do process.kill --param 'process=a b' --param pid=7 ${SHARED} --device web-1 'web 2'`,
  ],
  [emptyOf('device.reboot'), `do device.reboot ${SHARED} --device web-1 'web 2'`],
])('%j is the command of the same order', (action, expected) => {
  const order = { action, reason: 'it hangs', timeoutMs: 30_000, validForMs: 300_000 };
  expect(commandOf(order, ['web-1', 'web 2'])).toBe(`npm run rmm -- ${expected}`);
});
