// Looks for a text in every form in which a program may hold it: in files, and in the memory of a process.
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

const CHUNK_BYTES = 16 * 1024 * 1024;

/** What base64 makes of a text whatever stands before it: of the three alignments, the letters that depend on the text alone. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
    return encoded.slice(shift === 0 ? 0 : 4, Math.floor((shift + text.length) / 3) * 4);
  });
}

/** `text` is ASCII of at least twelve letters: shorter ones are found by chance. */
export function formsOf(text: string): Buffer[] {
  const hex = Buffer.from(text).toString('hex');
  const wide = Buffer.from(text, 'utf16le');
  const base64 = base64Forms(text).flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
  const narrow = [...new Set([text, hex, hex.toUpperCase(), ...base64])];
  return [...narrow.map((form) => Buffer.from(form)), wide, Buffer.from(wide).swap16()];
}

const isIn = (bytes: Buffer, forms: readonly Buffer[]) => forms.some((form) => bytes.includes(form));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Files that hold the text in some form. */
export function filesWith(places: readonly string[], forms: readonly Buffer[]): string[] {
  const files = places.flatMap((place) => (statSync(place).isDirectory() ? filesBelow(place) : [place]));
  return files.filter((file) => isIn(readFileSync(file), forms));
}

interface Region {
  from: number;
  to: number;
}

/** What the process may read of itself; its own programs' files are no secret and are passed over when they cannot be read. */
function regionsOf(pid: number): Region[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (match === null || match[3] === '[vvar]' || match[3] === '[vsyscall]') return [];
    return [{ from: Number.parseInt(match[1] ?? '', 16), to: Number.parseInt(match[2] ?? '', 16) }];
  });
}

export interface MemorySearch {
  bytes: number;
  /** Regions that hold the text in some form. */
  hits: number;
}

/** Reads the whole memory of a process, as its debugger would; needs the same user or root. */
export function memoryWith(pid: number, forms: readonly Buffer[]): MemorySearch {
  const longest = Math.max(...forms.map((form) => form.length));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let bytes = 0;
  let hits = 0;
  try {
    for (const { from, to } of regionsOf(pid)) {
      let isHit = false;
      // Chunks overlap, so that a text on their border is seen.
      for (let at = from; at < to && !isHit; at += CHUNK_BYTES - longest) {
        const read = readAt(memory, chunk, at, to);
        bytes += read;
        isHit = isIn(chunk.subarray(0, read), forms);
      }
      if (isHit) hits += 1;
    }
  } finally {
    closeSync(memory);
  }
  return { bytes, hits };
}

/** 0 for a page that is not there: reserved, or gone since the list was made. */
function readAt(memory: number, chunk: Buffer, at: number, to: number): number {
  try {
    return readSync(memory, chunk, 0, Math.min(CHUNK_BYTES, to - at), at);
  } catch {
    return 0;
  }
}
