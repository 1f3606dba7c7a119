// RC4 as RFC 6229 tests it: NTLM seals with it, and OpenSSL 3 no longer has it. One object is one key stream that never starts again.

export class Rc4 {
  readonly #box = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const box = this.#box;
    for (let i = 0; i < 256; i += 1) box[i] = i;
    let j = 0;
    for (let i = 0; i < 256; i += 1) {
      const held = box[i] ?? 0;
      j = (j + held + (key[i % key.length] ?? 0)) & 255;
      box[i] = box[j] ?? 0;
      box[j] = held;
    }
  }

  /** The next bytes, enciphered or deciphered: both are the same. */
  update(input: Uint8Array): Buffer {
    const out = Buffer.alloc(input.length);
    const box = this.#box;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < input.length; at += 1) {
      i = (i + 1) & 255;
      const a = box[i] ?? 0;
      j = (j + a) & 255;
      const b = box[j] ?? 0;
      box[i] = b;
      box[j] = a;
      out[at] = (input[at] ?? 0) ^ (box[(a + b) & 255] ?? 0);
    }
    this.#i = i;
    this.#j = j;
    return out;
  }

  wipe(): void {
    this.#box.fill(0);
    this.#i = 0;
    this.#j = 0;
  }
}
