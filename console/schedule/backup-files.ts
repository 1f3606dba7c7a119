// Which files of the data folder a backup takes, and whether one has changed since the backup before.
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Not of the console: the database goes first and by itself, logs are nobody's need after a fire, and a relay that shares the machine has
 * an identity that must not live twice.
 */
const isLeftOut = (name: string): boolean =>
  /^console\.db(-wal|-shm|-journal)?$/.test(name) ||
  name === 'logs' ||
  name === 'ballast' ||
  name === 'relay' ||
  name.startsWith('relay-');

/** What belongs to a file that is being written: its database answers for it, or it is not whole yet. */
const isPassing = (name: string): boolean => /(-wal|-shm|-journal|\.tmp)$/.test(name);

const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone since its name was read.
    return [];
  }
};

/** Paths below `data` with forward strokes, in order. `except` is a folder inside it that backups stand in. */
export function filesOf(data: string, except: string): string[] {
  const found: string[] = [];
  const walk = (below: string): void => {
    for (const entry of entriesOf(path.join(data, below))) {
      const at = below === '' ? entry.name : `${below}/${entry.name}`;
      if (below === '' && isLeftOut(entry.name)) continue;
      if (path.resolve(data, at) === path.resolve(except)) continue;
      if (entry.isDirectory()) walk(at);
      else if (entry.isFile() && !isPassing(entry.name)) found.push(at);
    }
  };
  walk('');
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** Days that may still change are databases. */
export const isDatabase = (file: string): boolean => file.endsWith('.db');

/** What a file is known by until it changes: its size and time, and those of its journal. Undefined when it is gone. */
export function markOf(file: string): string | undefined {
  const own = statSync(file, { throwIfNoEntry: false });
  if (own === undefined) return undefined;
  const journal = existsSync(`${file}-wal`) ? statSync(`${file}-wal`, { throwIfNoEntry: false }) : undefined;
  return [own, journal]
    .map((one) => (one === undefined ? '' : `${one.size}@${Math.round(one.mtimeMs * 1_000)}`))
    .join(' ');
}
