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

const cut = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`);

function plainError(error: Error, depth: number): unknown {
  const code = 'code' in error ? { code: plain(error.code, depth + 1) } : {};
  const cause = error.cause === undefined ? {} : { cause: plain(error.cause, depth + 1) };
  return { type: error.name, message: cut(error.message), ...code, stack: cut(error.stack ?? ''), ...cause };
}

/** What JSON holds of a value; a loop ends at the depth. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((one) => plain(one, depth + 1));
  if (value instanceof URL) return `${value.origin}${value.pathname}`; // neither user nor query: both may hold secrets
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  return Object.fromEntries(
    members.map(([name, one]) => [name, SECRET_NAMES.has(name) ? '[redacted]' : plain(one, depth + 1)]),
  );
}

/** Ends with a line end; holds no other one, whatever the fields hold. */
export function logLine(head: object, fields: object, message: string): string {
  // What a caller names "msg" or "level" does not stand for ours.
  const line = { ...head, ...Object(plain(fields, 0)), ...head, msg: cut(message) };
  return `${JSON.stringify(line)}\n`;
}
