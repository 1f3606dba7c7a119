// What arrives on the stdin of `/bin/sh -s`: the relay's wrapped script (stdin stays open as its lifeline) or plain text up to its end.
import type { ServerChannel } from 'ssh2';

export interface ReceivedScript {
  script: string;
  /** The relay's marker; absent for text that no relay wrapped. */
  nonce?: string;
}

/** A script is text of a person or a relay; more on stdin is an upload gone astray. */
const MAX_SCRIPT_BYTES = 4 * 1024 * 1024;

// The wrapper's shape: it announces its marker with printf, evaluates the quoted script, and closes its one compound command.
const WRAPPED =
  /^\{\n[\s\S]*\nprintf '%s %s\\n' (rmm-[0-9a-f]+) \$rmm_group\n[\s\S]*?\neval '([\s\S]*)'\nexit \$\?\n\}\n$/;

/** The script inside the relay's wrapper, or undefined while the text is not a whole one. */
export function unwrapScript(text: string): Required<ReceivedScript> | undefined {
  if (!text.endsWith('\n}\n')) return undefined;
  const [, nonce, quoted] = WRAPPED.exec(text) ?? [];
  if (nonce === undefined || quoted === undefined) return undefined;
  return { nonce, script: quoted.replaceAll("'\\''", "'") };
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
