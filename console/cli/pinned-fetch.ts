// A fetch that trusts one authority: consoles on a site's own certificates, without trusting them for the whole program.
import { Agent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';

/** `authority` is PEM. The agent keeps connections for the next call. */
export function pinnedFetch(authority: string): (request: Request) => Promise<Response> {
  const agent = new Agent({ ca: authority, keepAlive: true });
  return async (request) => {
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    return new Promise<Response>((resolve, reject) => {
      const options = {
        method: request.method,
        headers: Object.fromEntries(request.headers),
        agent,
        signal: request.signal,
      };
      const outgoing = httpsRequest(request.url, options, (incoming) => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(incoming.headers))
          for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
        const status = incoming.statusCode ?? 502;
        // Statuses that carry no body refuse one.
        const isEmpty = status === 204 || status === 304;
        const stream = Readable.toWeb(incoming) as NodeStream<Uint8Array> as ReadableStream<Uint8Array>; // one type, named twice
        resolve(new Response(isEmpty ? null : stream, { status, headers }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  };
}
