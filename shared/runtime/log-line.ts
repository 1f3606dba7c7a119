// One line of a log as JSON: secrets redacted by name, what JSON cannot hold written as text, and never a line of endless length.
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'password',
  'passphrase',
  'privateKey',
  'secret',
  'token',
  'authorization',
  'cookie',
]);

/** Fields lie flat in a line; deeper than this only what somebody forgot to name is found. */
const MAX_DEPTH = 6;
/** A page of text: what is longer is a device's output, which has its own place. */
const MAX_TEXT = 8_192;
const MAX_MEMBERS = 200;
/** Of one line, all its fields together: two hundred members that each have two hundred are more than any log holds. */
const MAX_PARTS = 1_000;
const MAX_LINE_TEXT = 65_536;

/** What a line still has room for. */
interface Room {
  parts: number;
  text: number;
}

const cut = (text: string, most = MAX_TEXT): string => (text.length <= most ? text : `${text.slice(0, most)}…`);

function plainText(text: string, room: Room): string {
  const said = cut(text, Math.min(MAX_TEXT, room.text));
  room.text = Math.max(0, room.text - said.length);
  return said;
}

function plainError(error: Error, depth: number, room: Room): unknown {
  const said = { type: error.name, message: plainText(error.message, room) };
  const code = 'code' in error ? { code: plain(error.code, depth + 1, room) } : {};
  const cause = error.cause === undefined ? {} : { cause: plain(error.cause, depth + 1, room) };
  // A connection that was tried at several addresses says of each why it failed, and nothing in its own message.
  const errors = error instanceof AggregateError ? { errors: plain(error.errors, depth + 1, room) } : {};
  return { ...said, ...code, ...errors, ...cause, stack: plainText(error.stack ?? '', room) };
}

/** What JSON holds of a value; a loop ends at the depth. */
function plain(value: unknown, depth: number, room: Room): unknown {
  if (typeof value === 'string') return plainText(value, room);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  room.parts -= 1;
  if (depth > MAX_DEPTH || room.parts < 0) return '[deeper]';
  if (value instanceof Error) return plainError(value, depth, room);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((one) => plain(one, depth + 1, room));
  if (value instanceof URL) return `${value.origin}${value.pathname}`; // neither user nor query: both may hold secrets
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  return Object.fromEntries(
    members.map(([name, one]) => [name, SECRET_NAMES.has(name) ? '[redacted]' : plain(one, depth + 1, room)]),
  );
}

/** Ends with a line end; holds no other one, whatever the fields hold. */
export function logLine(head: object, fields: object, message: string): string {
  // What a caller names "msg" or "level" does not stand for ours.
  const line = {
    ...head,
    ...Object(plain(fields, 0, { parts: MAX_PARTS, text: MAX_LINE_TEXT })),
    ...head,
    msg: cut(message),
  };
  return `${JSON.stringify(line)}\n`;
}
