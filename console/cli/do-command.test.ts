// Words of the command line become the typed arguments of an action, or a sentence about what is wrong with them.
import { expect, test } from 'vitest';
import { actionFrom } from './do-command.ts';

test('words become the arguments of their action, numbers where it asks for numbers', () => {
  expect(actionFrom('service.stop', ['service=nginx'])).toEqual({
    name: 'service.stop',
    arguments: { service: 'nginx' },
  });
  expect(actionFrom('process.kill', ['process=7zip', 'pid=4711'])).toEqual({
    name: 'process.kill',
    arguments: { process: '7zip', pid: 4711 },
  });
  expect(actionFrom('registry.set', ['key=HKLM\\X', 'value=', 'kind=dword', 'data=1'])).toEqual({
    name: 'registry.set',
    arguments: { key: 'HKLM\\X', value: '', kind: 'dword', data: '1' },
  });
});

test.each([
  ['format.disk', [], /no such action/],
  ['service.stop', [], /--param service: is missing/],
  ['service.stop', ['service=a;reboot'], /letters, digits/],
  ['service.stop', ['name=x'], /has these: service/],
  ['device.reboot', ['now'], /has these: none/],
  ['temp.clear', ['days=0'], /--param days/],
  ['temp.clear', ['days=x'], /--param days/],
  ['registry.set', ['key=HKLM\\X', 'value=V', 'kind=dword', 'data=x'], /decimal number/],
])('%s %j is refused in words', (name, words, message) => {
  expect(() => actionFrom(name, words)).toThrow(message);
});
