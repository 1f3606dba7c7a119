// Lists of a server that lies about where its entries are: refused, or read without taking more memory than they have.
import { expect, test } from 'vitest';
import { nextChanges, nextEntries } from './folder.ts';
import { NEVER, type Share } from './share.ts';

const HEAD_BYTES = 64;
const ID = Buffer.alloc(16);

/** Answers with this output, in the form that lists and changes share (MS-SMB2 2.2.34, 2.2.36). */
function shareSaying(output: Buffer): Share {
  const head = Buffer.alloc(HEAD_BYTES + 8);
  head.writeUInt16LE(head.length, HEAD_BYTES + 2);
  head.writeUInt32LE(output.length, HEAD_BYTES + 4);
  const message = Buffer.concat([head, output]);
  const reply = { header: { status: 0 }, message, body: message.subarray(HEAD_BYTES), release: () => undefined };
  return { ask: () => Promise.resolve(reply) } as unknown as Share; // all that a list needs of one
}

/** One entry of a folder; `next` and the name's length are what it says, whatever it has. */
function entry(name: string, next: number, nameBytes = name.length * 2): Buffer {
  const bytes = Buffer.alloc(64 + name.length * 2);
  bytes.writeUInt32LE(next, 0);
  bytes.writeUInt32LE(nameBytes, 60);
  bytes.write(name, 64, 'utf16le');
  return bytes;
}

const list = (output: Buffer) => nextEntries(shareSaying(output), ID, Buffer.from('*\0'), NEVER);
const changes = (output: Buffer) => nextChanges(shareSaying(output), ID, { isDeep: false }, NEVER);

test('entries that stand behind each other are read', async () => {
  const found = await list(Buffer.concat([entry('ab', 68), entry('cd', 0)]));
  expect(found?.map(({ name }) => name)).toEqual(['ab', 'cd']);
});

test('a name that reaches into the next entry is refused', async () => {
  await expect(list(Buffer.concat([entry('ab', 68, 72), entry('cd', 0)]))).rejects.toThrow('72 bytes');
});

test('entries that each name all the rest of an answer are refused before one of them is a text', async () => {
  const output = Buffer.alloc(262_144);
  for (let at = 0; at < output.length; at += 64) {
    output.writeUInt32LE(64, at);
    output.writeUInt32LE(output.length - at - 64, at + 60);
  }
  const before = process.memoryUsage().heapUsed;
  await expect(list(output)).rejects.toThrow();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1_048_576);
});

test('entries and changes that lie over each other are refused', async () => {
  await expect(list(Buffer.concat([entry('ab', 8), entry('cd', 0)]))).rejects.toThrow('lie over each other');
  const change = Buffer.alloc(64);
  change.writeUInt32LE(4, 0);
  await expect(changes(change)).rejects.toThrow('lie over each other');
});

test('a change that leads out of the folder is passed over', async () => {
  const name = Buffer.from('..\\x', 'utf16le');
  const head = Buffer.alloc(12);
  head.writeUInt32LE(1, 4);
  head.writeUInt32LE(name.length, 8);
  expect(await changes(Buffer.concat([head, name]))).toEqual([]);
});
