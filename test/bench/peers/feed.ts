// Posts bodies to a peer over one kept connection, a body at a time, and counts their bytes.
import http from 'node:http';

export interface FeedOptions {
  url: string;
  headers?: Record<string, string>;
}

export class Feed {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
  readonly #options: FeedOptions;
  /** Of bodies, and a line of a request's head for each. */
  bytes = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  async post(path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<string> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.bytes += bytes.length;
    return await new Promise<string>((resolve, reject) => {
      const request = http.request(
        new URL(path, this.#options.url),
        {
          method: 'POST',
          agent: this.#agent,
          headers: { ...this.#options.headers, ...headers, 'content-length': bytes.length },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (part: string) => {
            text += part;
          });
          answer.on('end', () => {
            if ((answer.statusCode ?? 500) < 300) resolve(text);
            else reject(new Error(`${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
          });
        },
      );
      request.on('error', reject);
      request.end(bytes);
    });
  }

  stop(): void {
    this.#agent.destroy();
  }
}
