// Where the bytes of an upload come from: whoever can fill our memory does, and chunks of anybody else are copied into it.

/** Fills what it is given and says by how many bytes; 0 at the end. What is filled goes to the server without another copy. */
export interface UploadReader {
  read(into: Uint8Array): Promise<number>;
}

export type UploadSource = AsyncIterable<Uint8Array> | UploadReader;

export interface OpenSource extends UploadReader {
  /** Called once; the source hears that nobody wants more of it. */
  close(): Promise<void>;
}

export function openSource(source: UploadSource): OpenSource {
  if ('read' in source) return { read: (into) => source.read(into), close: () => Promise.resolve() };
  const chunks = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  return {
    read: async (into) => {
      while (rest.length === 0) {
        const next = await chunks.next();
        if (next.done === true) return 0;
        rest = next.value;
      }
      const count = Math.min(rest.length, into.length);
      into.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    close: async () => void (await chunks.return?.()),
  };
}

/** Until it is full or nothing is left. */
export async function fill(source: UploadReader, into: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const count = await source.read(into.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
