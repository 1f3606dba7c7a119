// An audit row and a checkpoint as RFC 5424 messages, framed by their length (RFC 6587, RFC 5425). Pure; whatever a row holds, it is one message.
import type { AuditLink } from '#shared/crypto/audit-chain.ts';
import type { StoredCheckpoint } from './checkpoint-repository.ts';

/** "log audit" of RFC 5424, table 1. */
const FACILITY = 13;
const SEVERITIES: Readonly<Record<string, number>> = { ok: 6, denied: 4, refused: 4, failed: 3 };
const NOTICE = 5;
const APP = 'rmm-console';
/** Names of ours; the number is the one that RFC 5612 keeps for documents, as this project has none of its own. */
const ROW = 'audit@32473';
const CHECKPOINT = 'auditCheckpoint@32473';
/** RFC 5425 asks receivers for 8,192 at least; a row's detail may be longer, and few receivers take more than this. */
const MAX_MESSAGE = 32_768;
const BOM = '\ufeff';

export interface Sender {
  /** Of this machine, as RFC 5424 wants it. */
  hostname: string;
  processId: number;
}

// Controls, lone surrogates, marks of direction, zero-width characters and separators: nothing of these may end a line or move a text.
const UNSEEN =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** As JSON writes it, unit by unit: inside a JSON text it means the same. */
const escapeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

/** What stands between the quotes of a parameter: `"`, `\` and `]` get a backslash, as section 6.3.3 says. */
export function paramValue(text: string): string {
  const plain = text.replaceAll(UNSEEN, escapeUnits);
  return plain.replaceAll(/["\\\]]/g, (c) => `\\${c}`);
}

const element = (id: string, members: ReadonlyArray<readonly [string, string | number | null]>): string => {
  const said = members.flatMap(([name, value]) => (value === null ? [] : [` ${name}="${paramValue(String(value))}"`]));
  return `[${id}${said.join('')}]`;
};

/** 1 to `max` printable ASCII characters, or the nil value. */
const word = (text: string, max: number): string => text.replaceAll(/[^!-~]/g, '').slice(0, max) || '-';

interface Parts {
  severity: number;
  at: number;
  id: string;
  data: string;
  text: string;
}

function message({ hostname, processId }: Sender, { severity, at, id, data, text }: Parts): string {
  const priority = FACILITY * 8 + severity;
  const head = `<${priority}>1 ${new Date(at).toISOString()} ${word(hostname, 255)} ${APP} ${processId} ${word(id, 32)} ${data} ${BOM}`;
  return head + text;
}

/** Framed by its own length in bytes, so that no receiver has to guess where it ends. */
export function framed(text: string): Buffer {
  const whole = Buffer.from(text);
  let end = Math.min(whole.length, MAX_MESSAGE);
  // Not within a character: what follows its first byte begins with the bits 10.
  while (end < whole.length && ((whole[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const body = whole.subarray(0, end);
  return Buffer.concat([Buffer.from(`${body.length} `), body]);
}

/** The message is the row's detail as it was hashed; unseen characters are written as JSON escapes, which mean the same. */
export function rowMessage(row: AuditLink, sender: Sender): Buffer {
  const { seq, at, actor, verb, resource, outcome, address, site, detail, hash } = row;
  const data = element(ROW, [
    ['seq', seq],
    ['actor', actor],
    ['verb', verb],
    ['resource', resource],
    ['outcome', outcome],
    ['address', address],
    ['site', site],
    ['hash', hash],
  ]);
  const text = detail.replaceAll(UNSEEN, escapeUnits);
  return framed(message(sender, { severity: SEVERITIES[outcome] ?? NOTICE, at, id: verb, data, text }));
}

export function checkpointMessage(checkpoint: StoredCheckpoint, sender: Sender): Buffer {
  const { seq, hash, at, console, keyId, signature } = checkpoint;
  const members = [
    ['seq', seq],
    ['hash', hash],
    ['console', console],
    ['key', keyId],
    ['signature', signature],
  ] as const;
  const text = `audit checkpoint at row ${seq}`;
  return framed(
    message(sender, { severity: NOTICE, at, id: 'audit.checkpoint', data: element(CHECKPOINT, members), text }),
  );
}
