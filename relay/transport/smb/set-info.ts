// Renaming, removing and cutting files (MS-SMB2 2.2.39, MS-FSCC 2.4).
import { writeU64 } from './fields.ts';
import { COMMAND, newRequest } from './header.ts';
import type { ShareRequest } from './share.ts';

const INFO_FILE = 1;
/** MS-FSCC 2.4. */
const CLASS = { rename: 10, disposition: 13, endOfFile: 20 } as const;

function setInfo(id: Buffer, infoClass: number, info: Buffer): ShareRequest {
  const { frame, body } = newRequest(32 + info.length);
  body.writeUInt16LE(33, 0);
  body.writeUInt8(INFO_FILE, 2);
  body.writeUInt8(infoClass, 3);
  body.writeUInt32LE(info.length, 4);
  body.writeUInt16LE(64 + 32, 8);
  id.copy(body, 16);
  info.copy(body, 32);
  return { command: COMMAND.setInfo, frame };
}

/** MS-FSCC 2.4.42.2. */
export function renameRequest(id: Buffer, to: Buffer, isReplacing: boolean): ShareRequest {
  // 24 bytes at least: Windows counts the structure's padding.
  const info = Buffer.alloc(Math.max(24, 20 + to.length));
  info.writeUInt8(isReplacing ? 1 : 0, 0);
  info.writeUInt32LE(to.length, 16);
  to.copy(info, 20);
  return setInfo(id, CLASS.rename, info);
}

/** MS-FSCC 2.4.11: gone when the last handle is closed. */
export const removeRequest = (id: Buffer): ShareRequest => setInfo(id, CLASS.disposition, Buffer.from([1]));

/** MS-FSCC 2.4.13. */
export function cutRequest(id: Buffer, sizeBytes: number): ShareRequest {
  const info = Buffer.alloc(8);
  writeU64(info, sizeBytes, 0);
  return setInfo(id, CLASS.endOfFile, info);
}
