// Two thousand paths where names are asked for: nothing outside a door's own folder is read, written or looked at.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { Ending } from './ending.ts';
import { type Door, openDoors } from './path-doors.ts';
import { pathTexts } from './path-texts.ts';
import type { Attack } from './security.ts';
import { hearPaths, type TouchedPaths } from './touched-paths.ts';

const SECRET = 'stands outside of every folder';
/** Under --quick every so many-th text. */
const QUICK_STEP = 5;

/** Every file below, by its path and its bytes. */
function stateOf(folder: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  ))
    if (entry.isFile())
      hash.update(`${entry.parentPath}/${entry.name}\0`).update(readFileSync(path.join(entry.parentPath, entry.name)));
  return hash.digest('base64url');
}

function layOutside(root: string): string {
  const outside = path.join(root, 'outside');
  mkdirSync(outside);
  for (const folder of [outside, root])
    for (const name of ['secret', 'secret.json', 'lan.json']) writeFileSync(path.join(folder, name), SECRET);
  return outside;
}

interface Tally {
  tries: number;
  outside: number;
  inside: number;
  refused: number;
}

const isWithin = (place: string, folder: string) => place === folder || place.startsWith(`${folder}${path.sep}`);

async function tryDoor(door: Door, texts: readonly string[], heard: TouchedPaths, say: (line: string) => void) {
  const tally: Tally = { tries: 0, outside: 0, inside: 0, refused: 0 };
  for (const text of texts) {
    heard.take();
    let said = '';
    try {
      const came: unknown = await door.open(text);
      said = typeof came === 'string' ? came : (JSON.stringify(came) ?? '');
    } catch {
      tally.refused += 1;
    }
    const touched = heard.take();
    const beyond = touched.filter((place) => !isWithin(place, door.folder));
    tally.tries += 1;
    if (touched.length > beyond.length) tally.inside += 1;
    if (beyond.length === 0 && !said.includes(SECRET)) continue;
    tally.outside += 1;
    say(`${door.name}: ${JSON.stringify(text.slice(0, 80))} led to ${beyond[0] ?? 'the secret'}`);
  }
  return tally;
}

/** As many programs do it: what the watch is for. */
const careless = (folder: string): Door => ({
  name: 'careless',
  folder,
  open: (text) => readFileSync(path.join(folder, `${text}`), 'utf8'),
});

export const attackPaths: Attack = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using ending = new Ending();
  const folder = makeTempFolder('rmm-paths');
  ending.add(() => folder[Symbol.asyncDispose]());
  const outside = layOutside(folder.path);
  const doors = await openDoors(path.join(folder.path, 'inside'));
  const texts = pathTexts(outside).filter((_text, n) => !isQuick || n % QUICK_STEP === 0);
  const before = stateOf(outside);
  const heard = hearPaths();
  ending.add(() => heard.stop());
  const sum: Tally = { tries: 0, outside: 0, inside: 0, refused: 0 };
  for (const door of doors) {
    const tally = await tryDoor(door, texts, heard, say);
    for (const key of ['tries', 'outside', 'inside', 'refused'] as const) sum[key] += tally[key];
  }
  const control = await tryDoor(careless(path.join(folder.path, 'inside')), texts, heard, () => undefined);
  heard.stop();
  const changed = stateOf(outside) === before ? 0 : 1;
  const figures = { texts: texts.length, doors: doors.length, ...sum, changed, careless: control.outside };
  return { name: 'security paths', figures, durationMs: systemClock.monotonic() - begin };
};
