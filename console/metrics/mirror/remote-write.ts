// A place that takes Prometheus' remote write: one request a batch, snappy around protobuf, through the guard of outgoing requests.
import { compress } from 'snappyjs';
import type { GuardedFetch } from '#console/outgoing/guarded-fetch.ts';
import { describeError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';
import { VERSION } from '#shared/runtime/version.ts';
import type { MetricSink, MirrorBatch, SinkAnswer } from './metric-sink.ts';
import { encodeWriteRequest } from './write-request.ts';

export interface RemoteWriteDeps {
  name: string;
  url: string;
  /** Of configuration and rules; judges each address anew. */
  fetch: GuardedFetch;
  /** The Authorization header, read from its file when it is needed: a token that is exchanged needs no restart. */
  authorization: () => string | undefined;
}

/** What a page or a log shows of an answer's text. */
const MAX_DETAIL = 200;
/** A server that asks for more is asked again after this all the same. */
const MAX_WAIT_MS = 300_000;

export class RemoteWrite implements MetricSink {
  readonly name: string;
  readonly #deps: RemoteWriteDeps;

  constructor(deps: RemoteWriteDeps) {
    this.name = deps.name;
    this.#deps = deps;
  }

  async send(batch: MirrorBatch, signal: AbortSignal): Promise<SinkAnswer> {
    try {
      const authorization = this.#deps.authorization();
      const answer = await this.#deps.fetch(this.#deps.url, {
        method: 'POST',
        headers: {
          'content-encoding': 'snappy',
          'content-type': 'application/x-protobuf',
          'x-prometheus-remote-write-version': '0.1.0',
          'user-agent': `rmm/${VERSION}`,
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: new Uint8Array(compress(encodeWriteRequest(batch.series))),
        signal,
      });
      return await judge(answer);
    } catch (error) {
      signal.throwIfAborted();
      // No name, no connection, no time, no file, or a place the guard keeps us from: all of them may be put right.
      return { type: 'later', detail: describeError(error).message, waitMs: undefined };
    }
  }
}

/**
 * 4xx speaks of the samples, which will be the same tomorrow; the paper forbids to send them again. 401, 403 and 404 speak
 * of us and of the address: somebody puts those right, and nothing is thrown away before.
 */
async function judge(answer: Response): Promise<SinkAnswer> {
  if (answer.ok) return { type: 'taken' };
  const said = inert((await answer.text()).slice(0, MAX_DETAIL).trim());
  const detail = `${answer.status}${said === '' ? '' : `: ${said}`}`;
  const isOfSamples =
    answer.status >= 400 && answer.status < 500 && ![401, 403, 404, 407, 408, 429].includes(answer.status);
  return isOfSamples ? { type: 'refused', detail } : { type: 'later', detail, waitMs: retryAfter(answer.headers) };
}

function retryAfter(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds * 1_000, MAX_WAIT_MS) : undefined;
}
