// The body of a request, read up to a bound before anything looks at it; one that is no JSON is refused by name.
import { AppError } from '#shared/base/errors.ts';
import { passedBound } from '#shared/base/json-shape.ts';

/** A signed order for 2,000 devices is the largest thing anybody posts, but for the files of an import. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** Of who is not known: a passkey's assertion has some 2 KB, and nothing else is taken from a stranger. */
export const MAX_STRANGER_BYTES = 32 * 1024;

/** The deepest input has 6; whatever walks one may recurse. A signed order for 2,000 devices has some 20,000 members. */
const SHAPE = { maxDepth: 32, maxMembers: 100_000 };

/**
 * Whoever sends too much is heard out so far, without our keeping it: a client that is cut in mid-sentence never reads
 * why. Twice the largest file of an import; what is longer is cut.
 */
const HEARD_OUT_BYTES = 32 * 1024 * 1024;

/** Throws `too-large` for a JSON text that is small and would be large as values, before it is read as such. */
export function assertShape(body: Uint8Array): void {
  const passed = passedBound(body, SHAPE);
  if (passed === 'depth')
    throw new AppError('too-large', `a request body is at most ${SHAPE.maxDepth} levels deep here`);
  if (passed === 'members')
    throw new AppError('too-large', `a request body has at most ${SHAPE.maxMembers} members here`);
}

/** Undefined for a request without a body. Throws `too-large` when it is longer; never more than `maxBytes` are held in memory. */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer | undefined> {
  if (request.body === null) return undefined;
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.length;
    if (size > HEARD_OUT_BYTES) break;
    if (size > maxBytes) parts = [];
    else parts.push(part);
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return size === 0 ? undefined : Buffer.concat(parts);
}

const tooLarge = (maxBytes: number) => new AppError('too-large', `a request body is at most ${maxBytes} bytes here`);

/** Forms are what a foreign page can post without asking; nothing of ours is one. */
export function isJson(request: Request): boolean {
  const type = request.headers.get('content-type') ?? '';
  return /^application\/json(;|$)/i.test(type.trim());
}

/** The same request with its body at hand. */
export function withBody(request: Request, body: Buffer | undefined): Request {
  const { url, method, headers, signal } = request;
  if (body === undefined) return new Request(url, { method, headers, signal });
  // A view of plain memory: `concat` never makes a shared one, and the types of fetch want to know.
  return new Request(url, { method, headers, signal, body: new Uint8Array(body) });
}
