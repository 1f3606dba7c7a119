// MD4 (RFC 1320): NTLM derives its keys from it, and OpenSSL 3 no longer has it. For nothing else.

const rotl = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

// RFC 1320, 3.4: order of the words, shifts and constant of each of the three rounds.
const ROUNDS = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
    constant: 0,
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
    constant: 0x5a827999,
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
    constant: 0x6ed9eba1,
  },
] as const;

/** The message with its padding and its length in bits (RFC 1320, 3.1 and 3.2). */
function padded(message: Uint8Array): Buffer {
  const blocks = Math.floor((message.length + 8) / 64) + 1;
  const out = Buffer.alloc(blocks * 64);
  out.set(message);
  out[message.length] = 0x80;
  out.writeBigUInt64LE(BigInt(message.length) * 8n, out.length - 8);
  return out;
}

/** One block of 64 bytes changes the four words of the state (RFC 1320, 3.4). */
function digestBlock(state: Int32Array, block: Buffer): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (const { mix, order, shifts, constant } of ROUNDS) {
    for (let step = 0; step < 16; step += 1) {
      const word = block.readUInt32LE((order[step] ?? 0) * 4);
      const next = rotl((a + mix(b, c, d) + word + constant) | 0, shifts[step % 4] ?? 0);
      [a, b, c, d] = [d, next, b, c];
    }
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
}

export function md4(message: Uint8Array): Buffer {
  const bytes = padded(message);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < bytes.length; at += 64) digestBlock(state, bytes.subarray(at, at + 64));
  bytes.fill(0); // what is hashed is a password
  const out = Buffer.alloc(16);
  for (const [index, value] of state.entries()) out.writeInt32LE(value, index * 4);
  return out;
}
