// What a session's keys do to messages: signs or encrypts what leaves, and demands the same of what comes.
import type { Encryption } from './encryption.ts';
import { FLAG, FRAME_BYTES, type Header, writeFrameLength } from './header.ts';
import type { Signer } from './signing.ts';
import { SmbError } from './smb-fault.ts';
import { STATUS, statusError } from './status.ts';

export interface Protection {
  signer: Signer;
  encryption: Encryption | undefined;
  /** Everything, whatever the share. */
  isEncrypted: boolean;
}

/** Whole frames for the wire, of messages whose headers are written. */
export function protect(
  protection: Protection | undefined,
  messages: readonly Buffer[],
  isEncrypted: boolean,
): readonly Buffer[] {
  const [only] = messages;
  if (protection !== undefined && isEncrypted) {
    if (protection.encryption === undefined) throw new SmbError('not-encrypted', 'no cipher was agreed on');
    return protection.encryption.seal(only !== undefined && messages.length === 1 ? only : Buffer.concat(messages));
  }
  for (const message of messages) protection?.signer.sign(message);
  const length = Buffer.alloc(FRAME_BYTES);
  const bytes = messages.reduce((sum, message) => sum + message.length, 0);
  writeFrameLength(length, bytes);
  return [length, ...messages];
}

export interface Answered {
  header: Header;
  message: Buffer;
  /** How it came, and how it was asked for. */
  isEncrypted: boolean;
  wasAskedEncrypted: boolean;
  /** "It takes longer": nobody signs that. */
  isInterim: boolean;
}

/** MS-SMB2 3.2.5.1.1 and 3.2.5.1.3, stricter: what is asked under protection is answered under it. */
export function demandProtection({ signer }: Protection, answered: Answered): void {
  const { header, message } = answered;
  if (answered.isEncrypted) return;
  // A server that forgot the session has no key any more. Believing it costs a connection, which anybody can cut anyway.
  if (header.status === STATUS.userSessionDeleted || header.status === STATUS.networkSessionExpired)
    throw statusError(header.status, 'session');
  if (answered.wasAskedEncrypted) throw new SmbError('not-encrypted', 'a plain answer to an encrypted request');
  if (answered.isInterim) return;
  if ((header.flags & FLAG.signed) === 0) throw new SmbError('not-signed', 'an answer without a signature');
  if (!signer.verify(message)) throw new SmbError('bad-signature', 'an answer was changed on its way');
}
