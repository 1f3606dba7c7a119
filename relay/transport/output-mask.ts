// Hides values in what a command prints, while it comes in: as they are, and in the ways that programs commonly write them.
import { quoteForShell } from './script-wrap.ts';

/** Stands where a value stood. */
export const MASK = '***';

/**
 * A run of this many characters of a value is hidden wherever it comes; of a shorter value, the whole. So a long value is hidden
 * when it is cut, wrapped or printed line by line, and an ordinary word that happens to stand in one is not.
 */
const RUN = 12;
/** Variables have at least as many characters; three bytes of base64 are four characters, so every form has more. */
const LEAST = 8;
/** More blanks than any wrapped or spaced-out dump puts between two characters; behind them nothing is waited for. */
const MAX_BLANKS = 64;

const isBlank = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
const isUpper = (byte: number) => byte >= 0x41 && byte <= 0x5a;

/** Blanks count for nothing and letters are alike in both cases: hexadecimal, %2F and wrapped lines are met in all spellings. */
function folded(bytes: Uint8Array): string {
  const kept = Array.from(bytes).filter((byte) => !isBlank(byte));
  return Buffer.from(kept.map((byte) => (isUpper(byte) ? byte + 0x20 : byte))).toString('latin1');
}

/** In base64 a value looks different at each of three places; only characters that are its own alone are looked for. */
function base64Forms(value: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const all = Buffer.concat([Buffer.alloc(shift), value])
      .toString('base64')
      .replaceAll('=', '');
    const own = all.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + value.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const percent = (byte: number) => `%${byte.toString(16).padStart(2, '0')}`;

/** `encodeURIComponent` throws on half of a pair; bytes never do. */
const everyByte = (value: Buffer, write: (byte: number) => string) => Array.from(value, write).join('');

const isPlain = (byte: number, marks: string) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(byte)) || marks.includes(String.fromCharCode(byte));

function formsOf(text: string): string[] {
  const value = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    ...base64Forms(value),
    value.toString('hex'),
    // Each escaper leaves other marks alone: curl and encodeURIComponent, encodeURI, and forms with + for a blank.
    ...["-_.~!*'()", '-_.~', "-_.~!*'();/?:@&=+$,#", '-_.~/'].map((marks) =>
      everyByte(value, (byte) => (isPlain(byte, marks) ? String.fromCharCode(byte) : percent(byte))),
    ),
    everyByte(value, (byte) =>
      byte === 0x20 ? '+' : isPlain(byte, '-_.*') ? String.fromCharCode(byte) : percent(byte),
    ),
    json,
    json.replaceAll('/', '\\/'),
    text.replace(/[^ -~]/gu, (sign) => everyUnit(sign)).replaceAll(/["\\]/g, '\\$&'),
    // What `set -x` and `set -v` print: quotes by three customs.
    quoteForShell(text),
    text.replaceAll("'", `'"'"'`),
    text.replaceAll(/[^A-Za-z0-9_@%+=:,./-]/g, '\\$&'),
    text.replaceAll(/["\\$`]/g, '\\$&'),
  ];
}

/** `\u00e9`, as JSON in ASCII has it. */
const everyUnit = (sign: string) =>
  sign
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** What is looked for: made once per order, used by both outputs. */
export class MaskedValues {
  readonly #runs = new Map<number, Set<string>>();
  /** By what the last four characters of a run come to: most of what a command prints ends none. */
  readonly #ends = new Uint8Array(TRACES);

  constructor(values: Iterable<string>) {
    for (const value of values) {
      const lines = value.split('\n').filter((line) => folded(Buffer.from(line)).length >= LEAST);
      for (const part of new Set([value, ...lines])) for (const form of formsOf(part)) this.#add(form);
    }
  }

  /** Characters that may be the begin of what is hidden when more comes. */
  get reach(): number {
    return Math.max(0, ...this.#runs.keys()) - 1;
  }

  isEnd(trace: number): boolean {
    return this.#ends[trace] === 1;
  }

  /** Length of the run that ends with `text`; 0 when none does. */
  endingWith(text: string): number {
    for (const [run, runs] of this.#runs) if (text.length >= run && runs.has(text.slice(-run))) return run;
    return 0;
  }

  #add(form: string): void {
    const text = folded(Buffer.from(form));
    if (text.length < LEAST) return;
    const length = Math.min(RUN, text.length);
    const runs = this.#runs.get(length) ?? new Set<string>();
    this.#runs.set(length, runs);
    for (let at = 0; at + length <= text.length; at += 1) runs.add(text.slice(at, at + length));
    let trace = 0;
    for (let at = 0; at < text.length; at += 1) {
      trace = traceOf(trace, text.charCodeAt(at));
      if (at + 1 >= length) this.#ends[trace] = 1;
    }
  }
}

/** Five bits a step: after four steps the older ones are gone. */
const TRACES = 1 << 20;
const traceOf = (trace: number, byte: number) => ((trace << 5) ^ byte) & (TRACES - 1);

const MASK_BYTES = Buffer.from(MASK);
const NOTHING = new Uint8Array(0);

/** One output of one command. What may still turn out to be part of a value is kept back until it is known. */
export class OutputMask {
  readonly #values: MaskedValues;
  #kept: Uint8Array = NOTHING;
  /** A mark on each kept byte that is hidden. */
  #marks: Uint8Array = NOTHING;
  #isInMask = false;

  constructor(values: MaskedValues) {
    this.#values = values;
  }

  push(chunk: Uint8Array): Uint8Array {
    const bytes = Buffer.concat([this.#kept, chunk]);
    const marks = new Uint8Array(bytes.length);
    marks.set(this.#marks);
    const settled = this.#mark(bytes, marks);
    this.#kept = bytes.subarray(settled);
    this.#marks = marks.subarray(settled);
    return this.#shown(bytes.subarray(0, settled), marks);
  }

  /** The output is over: what was kept back is no value any more. */
  end(): Uint8Array {
    const shown = this.#shown(this.#kept, this.#marks);
    this.#kept = this.#marks = NOTHING;
    return shown;
  }

  /** Marks what is hidden; gives how many bytes can be no part of anything that is still to come. */
  #mark(bytes: Uint8Array, marks: Uint8Array): number {
    const text = Buffer.alloc(bytes.length); // those that count, folded
    const places = new Uint32Array(bytes.length);
    let count = 0;
    let from = 0; // runs begin behind the last long stretch of blanks
    let blanks = 0;
    let trace = 0;
    for (let place = 0; place < bytes.length; place += 1) {
      const byte = bytes[place] ?? 0;
      if (isBlank(byte)) {
        blanks += 1;
        if (blanks > MAX_BLANKS) from = count;
        continue;
      }
      blanks = 0;
      const letter = isUpper(byte) ? byte + 0x20 : byte;
      trace = traceOf(trace, letter);
      text[count] = letter;
      places[count] = place;
      count += 1;
      if (!this.#values.isEnd(trace)) continue;
      const run = this.#values.endingWith(text.toString('latin1', Math.max(from, count - RUN), count));
      if (run > 0) marks.fill(1, places[count - run], place + 1);
    }
    const first = Math.max(from, count - this.#values.reach);
    return first < count ? (places[first] ?? 0) : bytes.length;
  }

  #shown(bytes: Uint8Array, marks: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length) {
      const isHidden = marks[at] === 1;
      let end = at + 1;
      while (end < bytes.length && (marks[end] === 1) === isHidden) end += 1;
      if (!isHidden) parts.push(bytes.subarray(at, end));
      else if (!this.#isInMask) parts.push(MASK_BYTES);
      this.#isInMask = isHidden;
      at = end;
    }
    return Buffer.concat(parts);
  }
}

/** A text that is whole, such as a message. */
export function maskText(text: string, values: MaskedValues): string {
  const mask = new OutputMask(values);
  const parts = [mask.push(Buffer.from(text)), mask.end()];
  return Buffer.concat(parts).toString('utf8');
}
