// Writes protobuf fields into one buffer that is used again: what remote write needs, and no more.

export class ProtoWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(room);
  }

  varint(field: number, value: number): void {
    this.#number(field * 8);
    this.#number(value);
  }

  double(field: number, value: number): void {
    this.#number(field * 8 + 1);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  text(field: number, value: string): void {
    this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.head(field, value.length);
    this.raw(value);
  }

  /** Of a field whose `length` bytes follow. */
  head(field: number, length: number): void {
    this.#number(field * 8 + 2);
    this.#number(length);
  }

  raw(value: Uint8Array): void {
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Valid until the next field is written. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #number(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length] = (rest % 0x80) | 0x80;
      this.#length += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }
}
