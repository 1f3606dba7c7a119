// What a backup says of itself: every file with its size and digest, and which database it is of.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';

export const MANIFEST_FILE = 'manifest.json';
/** Files stand below it as they stand in the data folder. */
export const FILES_FOLDER = 'files';
export const SQLITE_SNAPSHOT = 'control.db';
export const POSTGRES_DUMP = 'control.pgdump';
/** Unfinished: gone at the next backup. */
export const PARTIAL = '.partial';

// 3,653 days in three tiers and some keys: far below. A manifest is written by us, and may come back from a tape.
const MOST_FILES = 100_000;
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Relative, with forward strokes, and never upwards: a restore writes where it says. */
const FilePath = z
  .string()
  .min(1)
  .max(500)
  .refine(
    (text) => !text.includes('\\') && text.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    {
      error: 'a path below the data folder',
    },
  );

const FileEntry = z.strictObject({
  path: FilePath,
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the file that was copied, when it was: the next backup links what has not changed since. */
  mark: z.string().max(100).optional(),
});
export type FileEntry = z.infer<typeof FileEntry>;

export const BackupManifest = z.strictObject({
  format: z.literal(1),
  madeAt: z.int(),
  /** Of the program that made it. */
  version: z.string().max(40),
  engine: z.enum(['sqlite', 'postgres']),
  /** The newest migration of the database: a program that does not know it refuses the backup. */
  migration: z.string().max(100),
  incarnation: z.string().max(100),
  /** The database first: frames that were sealed while the rest was copied lie in it and in the files, and are one. */
  control: FileEntry,
  files: z.array(FileEntry).max(MOST_FILES),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

export const sizeOf = ({ control, files }: BackupManifest): number =>
  files.reduce((sum, { bytes }) => sum + bytes, control.bytes);

/** Throws `not-found` where none is, and `config-invalid` where what is there is no manifest of ours. */
export function readManifest(backup: string): BackupManifest {
  const file = path.join(backup, MANIFEST_FILE);
  const text = readText(file);
  if (text.length > MAX_MANIFEST_BYTES) throw new AppError('too-large', `${file}: larger than any manifest of ours`);
  const parsed = BackupManifest.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const fault = parsed.error.issues[0];
  throw new AppError('config-invalid', `${file}: ${fault?.path.join('.') ?? ''}: ${fault?.message ?? 'does not fit'}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `${path.dirname(file)}: no backup, it has no ${MANIFEST_FILE}`, { cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('config-invalid', `${file}: no JSON`, { cause });
  }
}
