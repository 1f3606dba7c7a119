// Text as a Windows machine gets it: ASCII, lines that end in CR LF, no byte order mark; its SHA-256 is what a defender sees.
import { createHash } from 'node:crypto';

export function windowsText(text: string): string {
  // The one exception is a page for people, which is no script.
  if (!/^[\n\x20-\x7e]*$/.test(text)) throw new TypeError('a script of ours is plain ASCII');
  return text.replaceAll('\n', '\r\n');
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
