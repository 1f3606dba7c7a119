// A server that takes less than it is given, more than once, ends with the same bytes.
import { expect, test } from 'vitest';
import { newWriteFrame, WRITE_DATA_AT, writeAt } from './file-io.ts';
import type { Share } from './share.ts';

const NEVER = new AbortController().signal;
const CONTENT = Buffer.from(Array.from({ length: 100 }, (_, at) => (at * 7) % 251));

/** Takes at most `most` bytes of a write. */
function sparing(most: number) {
  const stored = Buffer.alloc(CONTENT.length);
  const send = ({ frame }: { frame: Buffer }) => {
    const data = frame.subarray(WRITE_DATA_AT);
    const offset = Number(frame.readBigUInt64LE(WRITE_DATA_AT - 40));
    const count = data.copy(stored, offset, 0, Math.min(most, data.length));
    const body = Buffer.alloc(16);
    body.writeUInt32LE(count, 4);
    return Promise.resolve({ body, release: () => undefined });
  };
  // Of a share a write asks for nothing but this.
  return { stored, share: { send } as unknown as Share };
}

function filled(): Buffer {
  const frame = newWriteFrame(CONTENT.length);
  CONTENT.copy(frame, WRITE_DATA_AT);
  return frame;
}

test.each([1, 7, 33, 50, 99, 100])(
  'a server that takes %d bytes of each write has all of them in the end',
  async (most) => {
    const { stored, share } = sparing(most);
    await writeAt(share, Buffer.alloc(16), { frame: filled(), offset: 0, length: CONTENT.length }, NEVER);
    expect(stored.equals(CONTENT)).toBe(true);
  },
);
