// Turns what PowerShell writes to stderr back into text: errors stand in CLIXML there, with plain text of programs around it (MS-PSRP 2.2.5.1).

const MARKER = '#< CLIXML';
const ROOT = '<Objs';
const ROOT_END = '</Objs>';
const ERROR = '<S S="Error">';
const ERROR_END = '</S>';
const ERROR_OR_END = new RegExp(`${ERROR}|${ROOT_END}`);
// 64 Ki characters: an error is a few lines; a longer one is handed out in parts.
const MAX_HELD = 65_536;

type Mode = 'plain' | 'head' | 'objects' | 'error';

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function fromReference(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (digits === null) return NAMED[name];
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** References of XML first, then PowerShell's own `_xHHHH_`, one unit of UTF-16 each. */
function unescaped(text: string): string {
  return text
    .replaceAll(/&([#a-z0-9]{1,9});/gi, (whole, name: string) => fromReference(name) ?? whole)
    .replaceAll(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Text stands for bytes, one character each, until it is known to be text. */
const errorBytes = (latin1: string): Buffer => Buffer.from(unescaped(Buffer.from(latin1, 'latin1').toString('utf8')));

/** How much of the end of `text` could be the begin of `token`. */
function heldBack(text: string, token: string): number {
  for (let length = Math.min(token.length - 1, text.length); length > 0; length -= 1)
    if (token.startsWith(text.slice(-length))) return length;
  return 0;
}

/**
 * Where what is held may be cut: behind its last blank, as no escape and no character of several bytes holds one. A single word of
 * that length is cut between characters.
 */
function safeCut(text: string): number {
  const blank = text.lastIndexOf(' ');
  let cut = blank >= 0 ? blank + 1 : text.length - ERROR_END.length;
  while (blank < 0 && cut > 0 && (text.charCodeAt(cut) & 0xc0) === 0x80) cut -= 1;
  return cut;
}

/** One stderr. Errors come out as text, other objects (progress, verbose) are dropped, text outside of CLIXML passes as it is. */
export class ClixmlDecoder {
  #mode: Mode = 'plain';
  #held = '';
  #out: Buffer[] = [];

  push(bytes: Uint8Array): Uint8Array {
    this.#held += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    while (this.#step());
    return this.#taken();
  }

  /** What was cut off in the middle of an error still counts as said. */
  end(): Uint8Array {
    const rest = this.#held;
    if (this.#mode === 'plain') this.#plain(rest);
    if (this.#mode === 'head') this.#plain(MARKER + rest);
    if (this.#mode === 'error') this.#out.push(errorBytes(rest.slice(0, rest.length - heldBack(rest, ERROR_END))));
    this.#held = '';
    return this.#taken();
  }

  #step(): boolean {
    switch (this.#mode) {
      case 'plain':
        return this.#readPlain();
      case 'head':
        return this.#readHead();
      case 'objects':
        return this.#readObjects();
      case 'error':
        return this.#readError();
    }
  }

  #readPlain(): boolean {
    const at = this.#held.indexOf(MARKER);
    this.#plain(this.#held.slice(0, at < 0 ? this.#held.length - heldBack(this.#held, MARKER) : at));
    if (at < 0) return this.#keep(heldBack(this.#held, MARKER));
    return this.#enter('head', at + MARKER.length);
  }

  #readHead(): boolean {
    const start = this.#held.search(/[^\r\n ]/);
    if (start < 0 || ROOT.startsWith(this.#held.slice(start))) return this.#held.length > MAX_HELD && this.#isText();
    return this.#held.startsWith(ROOT, start) ? this.#enter('objects', start + ROOT.length) : this.#isText();
  }

  /** The mark was part of somebody's text. */
  #isText(): boolean {
    this.#plain(MARKER);
    return this.#enter('plain', 0);
  }

  #readObjects(): boolean {
    // Whichever comes first, in one search: looking for the end behind each error would take the square of what was sent.
    const found = ERROR_OR_END.exec(this.#held);
    if (found === null) return this.#keep(Math.max(heldBack(this.#held, ERROR), heldBack(this.#held, ROOT_END)));
    return this.#enter(found[0] === ERROR ? 'error' : 'plain', found.index + found[0].length);
  }

  #readError(): boolean {
    const end = this.#held.indexOf(ERROR_END);
    if (end >= 0) {
      this.#out.push(errorBytes(this.#held.slice(0, end)));
      return this.#enter('objects', end + ERROR_END.length);
    }
    if (this.#held.length <= MAX_HELD) return false;
    const cut = safeCut(this.#held);
    this.#out.push(errorBytes(this.#held.slice(0, cut)));
    return this.#keep(this.#held.length - cut);
  }

  #enter(mode: Mode, consumed: number): boolean {
    this.#mode = mode;
    this.#held = this.#held.slice(consumed);
    return true;
  }

  /** Nothing more can be told before more comes. */
  #keep(length: number): false {
    this.#held = this.#held.slice(this.#held.length - length);
    return false;
  }

  #plain(latin1: string): void {
    if (latin1 !== '') this.#out.push(Buffer.from(latin1, 'latin1'));
  }

  #taken(): Uint8Array {
    const taken = this.#out;
    this.#out = [];
    return Buffer.concat(taken);
  }
}
