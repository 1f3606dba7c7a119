// Answers made smaller on their way: which form a client takes, and the bytes in that form.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** What is made for one answer: quality 4 is where brotli beats gzip in size at no more time. */
const ONCE = { br: 4, gzip: 6 };
/** What is made once and sent for ever: the best there is. */
const FOR_EVER = { br: 11, gzip: 9 };

/** Smaller ones fit two packets anyway. */
const MIN_BYTES = 2_048;
const TEXT = /^(?:text\/(?!event-stream)|application\/(?:json|problem\+json|manifest\+json)|image\/svg\+xml)/;

export const isText = (type: string | null): boolean => type !== null && TEXT.test(type);

/** The forms that an Accept-Encoding header allows, the best first. */
export function acceptedEncodings(header: string | undefined): Encoding[] {
  const weights = new Map<string, number>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', ...parameters] = part.toLowerCase().split(';');
    const weight = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined);
    weights.set(name.trim(), weight === undefined ? 1 : Number(weight));
  }
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get('*') ?? 0;
  const forms: Encoding[] = ['br', 'gzip'];
  return forms.filter((form) => weightOf(form) > 0).sort((a, b) => weightOf(b) - weightOf(a));
}

/** In the thread pool: the loop goes on meanwhile. */
export function encode(bytes: Uint8Array, encoding: Encoding, isForEver = false): Promise<Uint8Array<ArrayBuffer>> {
  const quality = isForEver ? FOR_EVER : ONCE;
  if (encoding === 'gzip') return zip(bytes, { level: quality.gzip });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality.br,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotli(bytes, { params });
}

/** The answer in a form its client takes, when it is text and worth it. Streams are never held up: they have no JSON type. */
export async function encodedResponse(acceptEncoding: string | undefined, response: Response): Promise<Response> {
  const { headers } = response;
  if (response.body === null || headers.has('content-encoding') || !isText(headers.get('content-type')))
    return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const [encoding] = bytes.length < MIN_BYTES ? [] : acceptedEncodings(acceptEncoding);
  const sent = new Headers(headers);
  sent.append('vary', 'accept-encoding');
  if (encoding !== undefined) sent.set('content-encoding', encoding);
  sent.delete('content-length');
  const body = encoding === undefined ? bytes : await encode(bytes, encoding);
  return new Response(body, { status: response.status, headers: sent });
}
