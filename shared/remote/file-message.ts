// What is said on a stream of files: requests with ids, and the answers to each, of which the last is `done` or `failed`.
import { z } from 'zod';
import { MAX_BODY_BYTES } from './message-stream.ts';

/** A file travels and is kept in chunks of 1 MiB: small enough to be lost, large enough that their hashes weigh nothing. */
export const CHUNK_BYTES = 1_048_576;
export const HASH_BYTES = 32;
/** 32 GiB: as many hashes as one body holds. */
export const MAX_CHUNKS = MAX_BODY_BYTES / HASH_BYTES;
export const MAX_FILE_BYTES = MAX_CHUNKS * CHUNK_BYTES;
/** At a relay, of one stream; more is refused. */
export const MAX_OPEN_REQUESTS = 16;
/** 100,000: five times the folder that people still read. */
export const MAX_ENTRIES = 100_000;
/** Of one answer: a few hundred kilobytes with the longest names would not fit a head; 200 do. */
export const ENTRIES_PER_ANSWER = 200;

export const FILE_FAULTS = [
  'bad-request',
  'not-found',
  'denied',
  'already-there',
  'not-empty',
  'is-folder',
  'not-a-folder',
  /** A name that the device, or we, cannot mean. */
  'bad-name',
  /** Above the folder that the signature names. */
  'outside',
  /** The signature allows reading alone. */
  'read-only',
  'too-large',
  'full',
  'hash-differs',
  /** A chunk of it is not at the relay any more: begin again. */
  'chunk-missing',
  'lost',
  'timed-out',
  'cancelled',
  'busy',
  'unsupported',
  'failed',
] as const;
export type FileFault = (typeof FILE_FAULTS)[number];

/** PATH_MAX of Linux; below the folder of the manifest, parts with "/", empty for the folder itself. */
const MAX_PATH = 4_096;
const FilePath = z.string().max(MAX_PATH);
const Id = z.int().min(1).max(0x7fff_ffff);
const Size = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const FileRequest = z.discriminatedUnion('do', [
  z.strictObject({ id: Id, do: z.literal('list'), path: FilePath }),
  z.strictObject({ id: Id, do: z.literal('stat'), path: FilePath }),
  /** Without `length` to the end. */
  z.strictObject({ id: Id, do: z.literal('read'), path: FilePath, offset: Size, length: Size.optional() }),
  z.strictObject({ id: Id, do: z.literal('hash'), path: FilePath }),
  /** The body holds the SHA-256 of each chunk; the answer's says which of them the relay lacks. */
  z.strictObject({
    id: Id,
    do: z.literal('begin'),
    path: FilePath,
    sizeBytes: Size.max(MAX_FILE_BYTES),
    /** Of the whole; who cannot hash a stream leaves it out, and the hashes of the chunks stand for it. */
    sha256: Sha256.optional(),
    /** A secret of who sends: chunks are found again by those who know it alone. */
    realm: Sha256,
  }),
  z.strictObject({ id: Id, do: z.literal('chunk'), upload: Id, index: z.int().min(0).max(MAX_CHUNKS) }),
  /** Puts it in place: under a temporary name, compared, renamed. */
  z.strictObject({ id: Id, do: z.literal('commit'), upload: Id }),
  z.strictObject({ id: Id, do: z.literal('make-folder'), path: FilePath }),
  z.strictObject({ id: Id, do: z.literal('rename'), path: FilePath, to: FilePath, isReplacing: z.boolean() }),
  /** A file, a link or an empty folder. */
  z.strictObject({ id: Id, do: z.literal('remove'), path: FilePath }),
  z.strictObject({ id: Id, do: z.literal('stop'), of: Id }),
  /** Nobody comes back: the session is over. */
  z.strictObject({ id: Id, do: z.literal('leave') }),
]);
export type FileRequest = z.infer<typeof FileRequest>;

/** As the device tells it: a hostile text like all of a device. */
export const FileEntry = z.strictObject({
  name: z.string().max(1_024),
  kind: z.enum(['file', 'folder', 'link', 'other']),
  sizeBytes: Size,
  changedAt: z.int(),
  /** POSIX permission bits, where the device has such. */
  mode: z.int().min(0).max(0o7777).optional(),
});
export type FileEntry = z.infer<typeof FileEntry>;

export const FileAnswer = z.discriminatedUnion('is', [
  z.strictObject({ id: Id, is: z.literal('entries'), entries: z.array(FileEntry).max(ENTRIES_PER_ANSWER) }),
  z.strictObject({ id: Id, is: z.literal('entry'), entry: FileEntry }),
  /** The body is what stands at the offset; in order. */
  z.strictObject({ id: Id, is: z.literal('data'), offset: Size }),
  z.strictObject({ id: Id, is: z.literal('begun'), upload: Id }),
  z.strictObject({ id: Id, is: z.literal('progress'), doneBytes: Size }),
  z.strictObject({ id: Id, is: z.literal('done'), sha256: Sha256.optional(), sizeBytes: Size.optional() }),
  z.strictObject({ id: Id, is: z.literal('failed'), code: z.enum(FILE_FAULTS), detail: z.string().max(1_000) }),
]);
export type FileAnswer = z.infer<typeof FileAnswer>;

export const chunkCount = (sizeBytes: number): number => Math.ceil(sizeBytes / CHUNK_BYTES);

/** Bit by bit, lowest first, which chunks are missing. */
export function packMissing(missing: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(missing.length / 8));
  for (const [at, isMissing] of missing.entries())
    if (isMissing) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  return bits;
}

export function* missingChunks(bits: Uint8Array, count: number): Generator<number> {
  for (let at = 0; at < count; at += 1) if (((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0) yield at;
}
