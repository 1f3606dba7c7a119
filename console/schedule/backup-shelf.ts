// The folder that backups stand in: their names, which are whole, and which go when there are more than are kept.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { MANIFEST_FILE, PARTIAL, readManifest, sizeOf } from './backup-manifest.ts';

const NAME = /^rmm-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/;

/** "rmm-2026-11-23T03-10-00Z": by name is by time. */
export const backupName = (now: number): string =>
  `rmm-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

/** Names of whole backups, newest first. */
export function wholeBackups(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name) && existsSync(path.join(folder, name, MANIFEST_FILE)))
    .sort()
    .reverse();
}

/** What a backup before this one left when it did not end. */
export function removePartials(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name.endsWith(PARTIAL) && NAME.test(name.slice(0, -PARTIAL.length)))
      rmSync(path.join(folder, name), { recursive: true, force: true });
}

/** Leaves the newest `keep`; returns the names that went. */
export function removeOldest(folder: string, keep: number): string[] {
  const gone = wholeBackups(folder).slice(keep);
  for (const name of gone) {
    // Its manifest first: what is half gone reads as no backup.
    rmSync(path.join(folder, name, MANIFEST_FILE), { force: true });
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  return gone;
}

/** The newest whole one that can be read. */
export function newestBackup(folder: string): { name: string; at: number; bytes: number } | null {
  for (const name of wholeBackups(folder)) {
    try {
      const manifest = readManifest(path.join(folder, name));
      return { name, at: manifest.madeAt, bytes: sizeOf(manifest) };
    } catch {
      // A damaged manifest makes no backup; an older one may stand.
    }
  }
  return null;
}
