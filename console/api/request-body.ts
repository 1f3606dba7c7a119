// The body of a request, read up to a bound before anything looks at it; one that is no JSON is refused by name.
import { AppError } from '#shared/base/errors.ts';

/** A signed order for 2,000 devices is the largest thing anybody posts, but for the files of an import. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** Undefined for a request without a body. Throws `too-large` before more than `maxBytes` are held in memory. */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer | undefined> {
  if (request.body === null) return undefined;
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
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
