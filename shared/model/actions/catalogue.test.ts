// The catalogue is whole: every action has its tier, systems, parameters and words, and takes back what it can.
import { expect, test } from 'vitest';
import { tierOf } from '#shared/model/action-tier.ts';
import { Action } from '#shared/model/manifest.ts';
import { CATALOGUE, CATALOGUE_NAMES } from './catalogue.ts';
import { CATALOGUE_ACTIONS, type CatalogueAction } from './catalogue-actions.ts';
import { PARAMETER_TYPES } from './parameter-types.ts';
import { saidIn, undoOf } from './undo.ts';
import { actionPreview, actionTitle, LANGUAGES } from './words.ts';

test('each action has its facts, and each fact its action', () => {
  const names = CATALOGUE_ACTIONS.map(({ shape }) => shape.name.value);
  expect(new Set(names)).toEqual(new Set(CATALOGUE_NAMES));
  expect(names).toHaveLength(new Set(names).size);
  expect(tierOf({ name: 'service.restart' })).toBe('t1');
  expect(tierOf({ name: 'command.run' })).toBe('t3');
});

test.each(CATALOGUE_ACTIONS.map((action) => [action.shape.name.value, action] as const))(
  '%s names its parameters as its schema does',
  (name, action) => {
    const shape: Record<string, { safeParse: (value: unknown) => { success: boolean } }> = action.shape.arguments.shape;
    const { parameters } = CATALOGUE[name];
    expect(parameters.map((one) => one.name)).toEqual(Object.keys(shape));
    for (const one of parameters) {
      expect(shape[one.name]?.safeParse(undefined).success, one.name).toBe(one.isOptional === true);
      expect(shape[one.name]?.safeParse('\n').success, one.name).toBe(
        PARAMETER_TYPES[one.type].safeParse('\n').success,
      );
    }
  },
);

const samples: CatalogueAction[] = [
  { name: 'service.stop', arguments: { service: 'cron' } },
  { name: 'process.kill', arguments: { process: 'notepad' } },
  { name: 'registry.set', arguments: { key: 'HKLM\\X', value: '', kind: 'string', data: '\u202egnp.exe' } },
];

test('the preview says every value, and shows none that hides', () => {
  expect(samples.map((action) => actionPreview(action, 'en'))).toEqual([
    'Stop the service cron.',
    'End every process called notepad.',
    'Set (default) of HKLM\\X to the string \\u202egnp.exe.',
  ]);
  expect(actionPreview({ name: 'process.kill', arguments: { process: 'notepad', pid: 7 } }, 'de')).toBe(
    'Den Prozess 7 beenden, falls er noch notepad heißt.',
  );
});

test('a value in braces is not read as a parameter', () => {
  const script = 'echo {service} {script}';
  expect(actionPreview({ name: 'powershell.run', arguments: { script } }, 'en')).toContain(script);
});

test.each(CATALOGUE_NAMES)('%s has a title in each language', (name) => {
  for (const language of LANGUAGES) expect(actionTitle(name, language)).toMatch(/\S/);
});

const stdout = (said: string) => `said: ${said}\n`;
test.each<[string, CatalogueAction, string, CatalogueAction | undefined]>([
  [
    'a stopped service is started',
    { name: 'service.stop', arguments: { service: 'a' } },
    stdout('a: before active, after inactive'),
    { name: 'service.start', arguments: { service: 'a' } },
  ],
  [
    'one that stood still stays so',
    { name: 'service.stop', arguments: { service: 'a' } },
    stdout('a: before inactive, after inactive'),
    undefined,
  ],
  [
    'remote desktop goes off again',
    { name: 'rdp.enable', arguments: {} },
    stdout('remote desktop: before disabled, after enabled'),
    { name: 'rdp.disable', arguments: {} },
  ],
  [
    'a value that was not there goes',
    { name: 'registry.set', arguments: { key: 'HKLM\\X', value: 'V', kind: 'dword', data: '1' } },
    'former none\n',
    { name: 'registry.remove', arguments: { key: 'HKLM\\X', value: 'V' } },
  ],
  [
    'a former value comes back',
    { name: 'registry.remove', arguments: { key: 'HKLM\\X', value: 'V' } },
    `former expand ${btoa('%TEMP%')}\n`,
    { name: 'registry.set', arguments: { key: 'HKLM\\X', value: 'V', kind: 'expand', data: '%TEMP%' } },
  ],
  [
    'a kind we cannot write stays',
    { name: 'registry.remove', arguments: { key: 'HKLM\\X', value: 'V' } },
    'former other\n',
    undefined,
  ],
  ['a restart has no way back', { name: 'service.restart', arguments: { service: 'a' } }, '', undefined],
])('undo: %s', (_, action, said, wanted) => {
  const undo = undoOf(action, said);
  expect(undo).toEqual(wanted);
  if (undo !== undefined) expect(Action.parse(undo)).toEqual(undo);
});

test.each(['said: a\u0007b', 'told: a', `said: ${'a'.repeat(400)}`])(
  '%j is no word of a device that is repeated',
  (text) => {
    expect(saidIn(text)).toBeUndefined();
  },
);

test.each([
  ['dword', '4294967295', true],
  ['dword', '4294967296', false],
  ['qword', '18446744073709551615', true],
  ['qword', '-1', false],
  ['dword', '0x1', false],
  ['string', 'any \'"`$ text', true],
])('a %s of %s is an order: %s', (kind, data, is) => {
  const action = { name: 'registry.set', arguments: { key: 'HKLM\\SOFTWARE\\X', value: 'V', kind, data } };
  expect(Action.safeParse(action).success).toBe(is);
});

test.each([
  '',
  '-f',
  '.hidden',
  '../../bin/sh',
  'a b',
  "a'b",
  'a;reboot',
  'a$(reboot)',
  'a\nreboot',
  'a*',
  'ä',
  'a'.repeat(129),
])('%j is no name of a service', (service) => {
  expect(Action.safeParse({ name: 'service.stop', arguments: { service } }).success).toBe(false);
});
