// One HTTP/1.1 request as bytes on a connection of its own, for what no client of ours would send: any path, any header, any method.
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the console hung up without a word. */
  status: number;
  headers: string;
  body: string;
}

export interface RawRequest {
  port: number;
  method: string;
  /** As it stands in the first line. */
  path: string;
  headers?: ReadonlyArray<readonly [name: string, value: string]>;
  body?: string;
}

/** A console that neither answers nor hangs up by then is stuck. */
const PATIENCE_MS = 5_000;

/** Rejects when nothing came in time. */
export function sendRaw({ port, method, path, headers = [], body = '' }: RawRequest): Promise<RawAnswer> {
  const lines = headers.some(([name]) => name.toLowerCase() === 'host') ? [] : [`host: localhost:${port}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== '') lines.push(`content-length: ${Buffer.byteLength(body)}`);
  const text = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`;
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(text, 'utf8')));
    const isFeed = () => /^content-type: text\/event-stream/im.test(Buffer.concat(parts).toString('latin1'));
    const done = () => {
      socket.destroy();
      resolve(parse(Buffer.concat(parts).toString('utf8')));
    };
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy();
      reject(new Error(`no answer to ${method} ${path.slice(0, 80)}`));
    });
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      // A feed never ends.
      if (isFeed()) done();
    });
    socket.on('close', done);
    socket.on('error', done);
  });
}

function parse(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  return { status, headers: head.toLowerCase(), body: end < 0 ? '' : text.slice(end + 4) };
}
