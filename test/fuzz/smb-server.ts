// A server of SMB without a network: answers each request as a good one would, then damages what it says.
import type { Line, LineReader } from '#relay/transport/smb/line.ts';
import { below, damage, pick, type Random } from './mutate.ts';

const HEADER = 64;

const names = ['one.job', 'ä b', '..', 'a/b', 'x'.repeat(200)];

/** FileDirectoryInformation (MS-FSCC 2.4.10), chained. */
function directory(random: Random): Buffer {
  const entries = names.map((name, i) => {
    const text = Buffer.from(name, 'utf16le');
    const entry = Buffer.alloc(Math.ceil((64 + text.length) / 8) * 8);
    entry.writeUInt32LE(i === names.length - 1 ? 0 : entry.length, 0);
    entry.writeUInt32LE(below(random, 2 ** 31), 40);
    entry.writeUInt32LE(pick(random, [0x10, 0x80, 0x400]), 56);
    entry.writeUInt32LE(text.length, 60);
    text.copy(entry, 64);
    return entry;
  });
  return Buffer.concat(entries);
}

function changes(): Buffer {
  const text = Buffer.from('one.job', 'utf16le');
  const entry = Buffer.alloc(12 + text.length);
  entry.writeUInt32LE(1, 4);
  entry.writeUInt32LE(text.length, 8);
  text.copy(entry, 12);
  return entry;
}

function body(size: number, structure: number, more?: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt16LE(structure, 0);
  more?.(bytes);
  return bytes;
}

/** An answer whose data begins right behind eight bytes of head (directories, changes). */
const output = (data: Buffer): Buffer =>
  Buffer.concat([
    body(8, 9, (head) => {
      head.writeUInt16LE(HEADER + 8, 2);
      head.writeUInt32LE(data.length, 4);
    }),
    data,
  ]);

class Answers {
  readonly #random: Random;
  #lists = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Status and body for a request. */
  to(command: number, request: Buffer): [number, Buffer] {
    if (command === 5) return [0, body(88, 89, (bytes) => bytes.writeUInt32LE(below(this.#random, 5_000_000), 48))];
    if (command === 8) return this.#read(request.readUInt32LE(HEADER + 4));
    if (command === 9) return [0, body(16, 17, (bytes) => bytes.writeUInt32LE(request.readUInt32LE(HEADER + 4), 4))];
    if (command === 14) {
      this.#lists += 1;
      return this.#lists % 2 === 0 ? [0x80000006, body(8, 9)] : [0, output(directory(this.#random))];
    }
    if (command === 15) return [0, output(changes())];
    return [0, body(command === 6 ? 60 : 4, 4)];
  }

  #read(asked: number): [number, Buffer] {
    const length = pick(this.#random, [asked, asked, 1, Math.ceil(asked / 2)]);
    // The end of the file, now and then before it is due.
    if (this.#random() < 0.1) return [0xc0000011, body(8, 9)];
    const head = body(16, 17, (bytes) => {
      bytes.writeUInt8(HEADER + 16, 2);
      bytes.writeUInt32LE(length, 4);
    });
    return [0, Buffer.concat([head, Buffer.alloc(length, 7)])];
  }
}

function answered(request: Buffer, [status, content]: [number, Buffer]): Buffer {
  const header = Buffer.from(request.subarray(0, HEADER));
  header.writeUInt32LE(status, 8);
  header.writeUInt16LE(100, 14);
  header.writeUInt32LE(1, 16);
  header.writeUInt32LE(0, 20);
  return Buffer.concat([header, content]);
}

/** The messages of a frame that was written. */
function requestsOf(parts: readonly Buffer[]): Buffer[] {
  const frame = Buffer.concat(parts).subarray(4);
  const found: Buffer[] = [];
  for (let at = 0; ; ) {
    const next = frame.readUInt32LE(at + 20);
    found.push(frame.subarray(at, next === 0 ? frame.length : at + next));
    if (next === 0) return found;
    at += next;
  }
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/** A large message is damaged at its beginning: its tail is data. */
function damaged(message: Buffer, random: Random): Buffer {
  // Plain bytes: a Buffer would be changed in place.
  const head = damage(Uint8Array.from(message.subarray(0, 400)), random);
  return Buffer.concat([head, message.subarray(400)]);
}

export interface HostileServer extends Line {
  /** Feeds what it has to say; false when it has nothing left. */
  speak(): boolean;
}

/** Damages one answer in three; a frame's own length lies now and then. */
export function hostileServer(reader: LineReader, random: Random): HostileServer {
  const answers = new Answers(random);
  const waiting: Buffer[] = [];
  let isOver = false;
  const feed = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length && !isOver; ) {
      const room = reader.room();
      const count = bytes.copy(room, 0, at, at + 1 + below(random, 100_000));
      at += count;
      reader.advance(count);
    }
  };
  return {
    write: (parts) => {
      for (const request of requestsOf(parts)) {
        const command = request.readUInt16LE(12);
        // A cancel has no answer.
        if (command === 12) continue;
        const good = answered(request, answers.to(command, request));
        const frame = framed(random() < 0.33 ? damaged(good, random) : good);
        if (random() < 0.02) frame.writeUInt32BE(below(random, 2 ** 32), 0);
        waiting.push(frame);
      }
    },
    destroy: () => {
      isOver = true;
    },
    speak: () => {
      const frame = waiting.shift();
      if (frame === undefined || isOver) return false;
      feed(frame);
      return true;
    },
  };
}
