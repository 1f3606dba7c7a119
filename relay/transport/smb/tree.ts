// Connecting a share (MS-SMB2 2.2.9, 2.2.10), and proof after the fact that nobody weakened a negotiation of 3.0 (2.2.31.4).
import type { Channel } from './channel.ts';
import { Fields } from './fields.ts';
import { COMMAND, newRequest } from './header.ts';
import { DIALECT_NUMBERS, type Negotiated, type Offer } from './negotiate.ts';
import { isShareName } from './path.ts';
import { SmbError } from './smb-fault.ts';
import { STATUS, statusError } from './status.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** 2.2.10. */
const SHARE_TYPE_DISK = 1;
const SHARE_ENCRYPTED = 0x8000;
/** MS-FSCC and MS-SMB2 2.2.31: asked of no file, so its id is all ones. */
const FSCTL_VALIDATE_NEGOTIATE_INFO = 0x00140204;
const NO_FILE = Buffer.alloc(16, 0xff);
const IS_FSCTL = 1;

export interface Tree {
  id: number;
  isEncrypted: boolean;
}

export async function connectTree(
  channel: Channel,
  { host, share, isSessionEncrypted }: { host: string; share: string; isSessionEncrypted: boolean },
  signal: AbortSignal,
): Promise<Tree> {
  if (!isShareName(share)) throw new SmbError('bad-name', 'not a name of a share');
  const path = utf16(`\\\\${host}\\${share}`);
  const { frame, body } = newRequest(8 + path.length);
  body.writeUInt16LE(9, 0);
  body.writeUInt16LE(72, 4);
  body.writeUInt16LE(path.length, 6);
  path.copy(body, 8);
  const reply = await channel.send({ command: COMMAND.treeConnect, frame }, signal);
  if (reply.header.status !== STATUS.ok) throw statusError(reply.header.status, `share ${share}`);
  const fields = new Fields(reply.body, 'share');
  if (fields.u8(2) !== SHARE_TYPE_DISK) throw new SmbError('unsupported', `share ${share}: no place for files`);
  return { id: reply.header.treeId, isEncrypted: isSessionEncrypted || (fields.u32(4) & SHARE_ENCRYPTED) !== 0 };
}

/** 3.2.5.5, for 3.0 and 3.0.2: the server repeats under signature what it was asked and what it answered. */
export async function validateNegotiation(
  channel: Channel,
  tree: Tree,
  { offer, negotiated }: { offer: Offer; negotiated: Negotiated },
  signal: AbortSignal,
): Promise<void> {
  const input = Buffer.alloc(24 + offer.dialects.length * 2);
  input.writeUInt32LE(offer.capabilities, 0);
  offer.guid.copy(input, 4);
  input.writeUInt16LE(offer.securityMode, 20);
  input.writeUInt16LE(offer.dialects.length, 22);
  for (const [i, dialect] of offer.dialects.entries()) input.writeUInt16LE(DIALECT_NUMBERS[dialect], 24 + i * 2);
  const output = await validationAnswer(channel, tree, input, signal);
  const isSame =
    output.u32(0) === negotiated.capabilities &&
    output.slice(4, 16).equals(negotiated.guid) &&
    output.u16(20) === negotiated.securityMode &&
    output.u16(22) === DIALECT_NUMBERS[negotiated.dialect];
  if (!isSame) throw downgraded();
}

const downgraded = () => new SmbError('downgraded', 'somebody changed what was negotiated');

async function validationAnswer(channel: Channel, tree: Tree, input: Buffer, signal: AbortSignal): Promise<Fields> {
  const { frame, body } = newRequest(56 + input.length);
  body.writeUInt16LE(57, 0);
  body.writeUInt32LE(FSCTL_VALIDATE_NEGOTIATE_INFO, 4);
  NO_FILE.copy(body, 8);
  body.writeUInt32LE(64 + 56, 24);
  body.writeUInt32LE(input.length, 28);
  // 24 bytes are the whole answer (2.2.32.6).
  body.writeUInt32LE(24, 44);
  body.writeUInt32LE(IS_FSCTL, 48);
  input.copy(body, 56);
  const request = { command: COMMAND.ioctl, frame, treeId: tree.id, isEncrypted: tree.isEncrypted };
  try {
    const reply = await channel.send(request, signal);
    // A server of 3.0 answers this; any other answer is somebody who took it away.
    if (reply.header.status !== STATUS.ok) throw downgraded();
    const fields = new Fields(reply.message, 'validation');
    return new Fields(fields.slice(fields.u32(64 + 32), fields.u32(64 + 36)), 'validation');
  } catch (error) {
    // The server hangs up when it was asked for something else than we say (3.3.5.15.12).
    if (error instanceof SmbError && error.fault === 'lost') throw downgraded();
    throw error;
  }
}
