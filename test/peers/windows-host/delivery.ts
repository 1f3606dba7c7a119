// How an answer leaves the fake host: at once, in drips, or broken off in the middle.
import type { ServerResponse } from 'node:http';

export interface Delivery {
  status: number;
  headers?: Record<string, string>;
  /** Schemes of a 401, a header each. */
  offers?: readonly string[];
  type?: string;
  body?: Buffer;
  /** The connection ends after half of the body. */
  isHalf?: boolean;
}

/** Drips come this often. */
const DRIP_MS = 50;

const ended = (response: ServerResponse, body: Buffer): Promise<void> =>
  new Promise((resolve) => {
    response.once('close', resolve);
    response.end(body, () => resolve());
  });

export async function deliver(
  response: ServerResponse,
  { status, headers = {}, offers, type, body = Buffer.alloc(0), isHalf = false }: Delivery,
  bytesPerS: number,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  response.statusCode = status;
  response.setHeader('Server', 'Microsoft-HTTPAPI/2.0');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (offers !== undefined) response.setHeader('WWW-Authenticate', [...offers]);
  if (type !== undefined) response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', body.length);
  if (isHalf) {
    await new Promise<void>((resolve) => {
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve());
    });
    return void response.destroy();
  }
  if (bytesPerS === 0) return ended(response, body);
  const drip = Math.max(1, Math.floor((bytesPerS * DRIP_MS) / 1_000));
  let at = 0;
  for (; at + drip < body.length && !response.destroyed; at += drip) {
    response.write(body.subarray(at, at + drip));
    await sleep(DRIP_MS);
  }
  return ended(response, body.subarray(at));
}
