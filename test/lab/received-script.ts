// What arrives on the stdin of `/bin/sh -s`: the relay's wrapped script (stdin stays open as its lifeline) or plain text up to its end.
import type { ServerChannel } from 'ssh2';
import { wrapScript } from '#relay/transport/script-wrap.ts';

export interface ReceivedScript {
  script: string;
  /** The relay's marker; absent for text that no relay wrapped. */
  nonce?: string;
}

/** A script is text of a person or a relay; more on stdin is an upload gone astray. */
const MAX_SCRIPT_BYTES = 4 * 1024 * 1024;

/** Any text that the relay's quoting leaves as it is. */
const PLACE = 'the-script';

/** The script inside the relay's wrapper, or undefined while the text is not a whole one. */
export function unwrapScript(text: string): Required<ReceivedScript> | undefined {
  const nonce = /\b(rmm-[0-9a-f]+)\b/.exec(text)?.[1];
  if (nonce === undefined) return undefined;
  const [before = '', after = ''] = wrapScript(PLACE, nonce).split(PLACE);
  if (!text.startsWith(before) || !text.endsWith(after)) return undefined;
  const script = text.slice(before.length, text.length - after.length).replaceAll("'\\''", "'");
  // Wrapped again it must be the same text: then no part of the script passed for the wrapper's end.
  return wrapScript(script, nonce) === text ? { nonce, script } : undefined;
}

/** Resolves with the script once it is whole; `onEnd` is called when stdin ends after that. */
export function receiveScript(channel: ServerChannel, onEnd: () => void): Promise<ReceivedScript> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let isWhole = false;
    const begin = (received: ReceivedScript) => {
      isWhole = true;
      chunks = [];
      resolve(received);
    };
    channel.on('data', (chunk: Buffer) => {
      if (isWhole) return;
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_SCRIPT_BYTES) return reject(new Error('script over the cap'));
      // Only a chunk that ends the compound command can make it whole: no need to look at the others.
      if (chunk.at(-1) !== 0x0a) return;
      const wrapped = unwrapScript(Buffer.concat(chunks).toString('utf8'));
      if (wrapped !== undefined) begin(wrapped);
    });
    channel.once('end', () => {
      if (isWhole) onEnd();
      else begin({ script: Buffer.concat(chunks).toString('utf8') });
    });
    channel.once('close', () => reject(new Error('channel closed')));
  });
}
