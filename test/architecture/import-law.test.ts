// The one direction of imports: a room imports only rooms to its left, and no file itself by a detour.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT, sourceFiles } from './source-files.ts';

const ORDER = {
  shared: [
    'base',
    'model',
    'codec',
    'seal',
    'remote',
    'crypto',
    'protocol',
    'judge',
    'send',
    'contract',
    'runtime',
    'day-files',
  ],
  relay:
    'pin transport collect cache history spool discover poll watch execute heal files tunnel uplink service config compose commands main'.split(
      ' ',
    ),
  console:
    'store bus outgoing audit access trust policies sites devices inventory metrics alerts query notify scripts actions rollouts workflows reports ingest gateway live schedule api assistant config compose main'.split(
      ' ',
    ),
} as const;
type Program = keyof typeof ORDER;
/** Rooms whose code reaches the browser. */
const BROWSER_SAFE = ['base', 'model', 'seal', 'remote', 'judge', 'contract'];

interface Place {
  program: string;
  room: string;
  file: string;
}

function placeOf(file: string): Place {
  const [program = '', second = ''] = file.split('/');
  return { program, room: second.replace(/\.(test\.)?tsx?$/, ''), file };
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(PROJECT, file), 'utf8');
  // Type-only imports are erased: the typed clients may know the console's types, never its code.
  const runtime = text.replaceAll(/^\s*(?:import|export) type [^;]*;/gm, '');
  return [...runtime.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((m) => m[1] ?? '');
}

function rank(program: Program, room: string): number {
  const index = (ORDER[program] as readonly string[]).indexOf(room);
  if (index < 0) throw new Error(`${program}/${room} has no place in the order of imports`);
  return index;
}

/** The reason why `from` may not import `specifier`, or undefined. */
function forbidden(from: Place, specifier: string): string | undefined {
  if (specifier.startsWith('../')) return 'never ../: use #shared, #relay, #console or #test';
  if (!specifier.startsWith('#')) return undefined;
  const to = placeOf(specifier.slice(1));
  const isTest = from.file.includes('.test.') || from.program === 'test';
  if (isTest) return undefined;
  if (to.program === 'test') return 'product code never imports test code';
  if (from.program === 'console' && (from.room === 'web' || from.room === 'cli')) {
    if (to.program === 'console' && to.room === from.room) return undefined;
    if (to.program !== 'shared') return 'web and cli take nothing of the console at run time';
    const allowed = from.room === 'web' ? BROWSER_SAFE : [...BROWSER_SAFE, 'crypto', 'runtime'];
    return allowed.includes(to.room)
      ? undefined
      : `${from.room} takes run-time code only from shared/{${allowed.join(',')}}`;
  }
  if (from.program === 'shared' && to.program !== 'shared') return 'shared knows neither program';
  if (from.program === 'relay' && to.program === 'console') return 'relay and console never meet';
  if (from.program === 'console' && to.program === 'relay') return 'relay and console never meet';
  if (from.program === to.program && from.program in ORDER) {
    const program = from.program as Program; // checked by the line above
    if (to.room === from.room) return undefined;
    if (rank(program, to.room) > rank(program, from.room)) return `${to.room} is to the right of ${from.room}`;
    if (specifier.endsWith('-repository.ts') && from.room !== 'compose') return "another room's repository is private";
  }
  return undefined;
}

test('a room imports only rooms to its left, and each broken import is named with its reason', () => {
  const broken = sourceFiles().flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const reason = forbidden(placeOf(file), specifier);
      return reason === undefined ? [] : [`${file} -> ${specifier}: ${reason}`];
    }),
  );
  expect(broken).toEqual([]);
});

/** The file that `specifier` means in `file`; undefined for a package. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('./') ? path.join(path.dirname(file), specifier) : undefined;
}

/** Each circle once, as the walk that closes it: a -> b -> a. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    const begin = way.indexOf(file);
    if (begin >= 0) circles.push([...way.slice(begin), file].join(' -> '));
    if (begin >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return circles;
}

test('no files import each other in a circle, inside a room or across rooms', () => {
  const targets = (file: string) => importsOf(file).flatMap((specifier) => targetOf(file, specifier) ?? []);
  expect(circlesOf(new Map(sourceFiles().map((file) => [file, targets(file)])))).toEqual([]);
});

test('a circle is found and named', () => {
  const imports = { a: ['b'], b: ['c', 'd'], c: ['b'], d: [] };
  expect(circlesOf(new Map(Object.entries(imports)))).toEqual(['b -> c -> b']);
});

test.each([
  ['relay/spool/spool.ts', '#relay/uplink/uplink.ts'],
  ['relay/main.ts', '#console/main.ts'],
  ['console/metrics/query.ts', '#console/devices/device-repository.ts'],
  ['console/web/src/app.tsx', '#console/store/schema.ts'],
  ['console/web/src/app.tsx', '#shared/crypto/token.ts'],
  ['shared/base/clock.ts', '#shared/model/device.ts'],
  ['relay/poll/poller.ts', '#test/lab/lab.ts'],
  ['relay/poll/poller.ts', '../spool/spool.ts'],
])('the law refuses %s -> %s', (from, specifier) => {
  expect(forbidden(placeOf(from), specifier)).toBeTypeOf('string');
});
