// What a server's NTSTATUS (MS-ERREF 2.3.1) means: a fault of ours and plain words.
import { SmbError, type SmbFault } from './smb-fault.ts';

export const STATUS = {
  ok: 0,
  pending: 0x00000103,
  notifyEnumDir: 0x0000010c,
  noMoreFiles: 0x80000006,
  bufferOverflow: 0x80000005,
  endOfFile: 0xc0000011,
  moreProcessingRequired: 0xc0000016,
  noSuchFile: 0xc000000f,
  nameCollision: 0xc0000035,
  cancelled: 0xc0000120,
  userSessionDeleted: 0xc0000203,
  networkSessionExpired: 0xc000035c,
  notifyCleanup: 0x0000010b,
} as const;

const MEANINGS: Readonly<Record<number, readonly [SmbFault, string]>> = {
  [0xc0000008]: ['lost', 'the server has closed the file'],
  [STATUS.noSuchFile]: ['no-such-file', 'no such file'],
  [STATUS.endOfFile]: ['server-error', 'the file ends before'],
  [0xc0000022]: ['access-denied', 'this login may not do that'],
  [0xc0000033]: ['bad-name', 'the server does not take this name'],
  [0xc0000034]: ['no-such-file', 'no such file'],
  [STATUS.nameCollision]: ['already-there', 'there is one of this name'],
  [0xc0000039]: ['bad-name', 'the server does not take this path'],
  [0xc000003a]: ['no-such-file', 'no such folder'],
  [0xc0000043]: ['in-use', 'another program holds it'],
  [0xc0000054]: ['in-use', 'another program has locked it'],
  [0xc0000056]: ['in-use', 'it is being removed'],
  [0xc000006a]: ['logon-failure', 'the password is wrong'],
  [0xc000006d]: ['logon-failure', 'user name or password is wrong'],
  [0xc000006e]: ['logon-failure', 'this account may not log in like this'],
  [0xc000006f]: ['logon-failure', 'this account may not log in at this hour'],
  [0xc0000070]: ['logon-failure', 'this account may not log in from here'],
  [0xc0000071]: ['logon-failure', 'the password has expired'],
  [0xc0000072]: ['logon-failure', 'the account is disabled'],
  [0xc000007f]: ['disk-full', 'the disk is full'],
  [0xc0000064]: ['logon-failure', 'user name or password is wrong'],
  [0xc000009a]: ['server-error', 'the server has no resources left'],
  [0xc00000ac]: ['unsupported', 'the share is no place for files'],
  [0xc00000ba]: ['is-folder', 'it is a folder'],
  [0xc00000bb]: ['unsupported', 'the server cannot do that'],
  [0xc0000010]: ['unsupported', 'the server cannot do that'],
  [0xc00000c9]: ['lost', 'the server has closed the share'],
  [0xc00000cc]: ['no-such-share', 'no such share'],
  [0xc00000d0]: ['refused', 'the server takes no more requests'],
  [0xc0000101]: ['not-empty', 'the folder is not empty'],
  [0xc0000103]: ['not-a-folder', 'it is no folder'],
  [STATUS.cancelled]: ['cancelled', 'stopped'],
  [0xc0000121]: ['access-denied', 'it cannot be removed'],
  [0xc0000128]: ['lost', 'the server has closed the file'],
  [0xc000015b]: ['logon-failure', 'this account may not log in from the network'],
  [0xc0000193]: ['logon-failure', 'the account has expired'],
  [0xc0000224]: ['logon-failure', 'the password must be changed first'],
  [0xc0000234]: ['logon-failure', 'the account is locked'],
  [0xc0000413]: ['logon-failure', 'this account may not log in here'],
  [0xc0000418]: ['logon-failure', 'the server does not take NTLM'],
  [0xc0000424]: ['logon-failure', 'this account may not use NTLM'],
  [STATUS.userSessionDeleted]: ['session-expired', 'the server has ended the session'],
  [STATUS.networkSessionExpired]: ['session-expired', 'the session has expired'],
  [0xc000020c]: ['lost', 'the server has closed the connection'],
  [0xc0000205]: ['server-error', 'the server has no resources left'],
};

/** STATUS_SEVERITY_ERROR and warnings alike stop an operation; who expects a warning asks for it by name. */
export function statusError(status: number, doing: string): SmbError {
  const [fault, words] = MEANINGS[status] ?? ['server-error', 'the server declined'];
  return new SmbError(fault, `${doing}: ${words} (0x${status.toString(16).padStart(8, '0')})`, { status });
}
