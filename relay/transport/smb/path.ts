// Paths on a share: what we send is a plain path below it, whatever a device called its files.
import { SmbError } from './smb-fault.ts';

/** MS-FSCC 2.1.5: what no component may hold; ":" would name a stream, "*?<>\"" are wildcards. */
const FORBIDDEN = /["*:<>?|]/u;
// 255 characters a component (MS-FSCC 2.1.5.2); 32,767 is the longest path that Windows knows.
const MAX_COMPONENT = 255;
const MAX_PATH = 32_000;

const hasControl = (name: string): boolean => [...name].some((character) => character < ' ');

/** The path as bytes of UTF-16 with "\"; throws `bad-name`. */
export function encodePath(path: string): Buffer {
  const components = path.split(/[\\/]/u).filter((component) => component !== '');
  const bad = components.find(
    (name) => name === '.' || name === '..' || name.length > MAX_COMPONENT || FORBIDDEN.test(name) || hasControl(name),
  );
  if (bad !== undefined || path.length > MAX_PATH) throw new SmbError('bad-name', 'not a path on a share');
  return Buffer.from(components.join('\\'), 'utf16le');
}

/** A pattern of one component, where "*" and "?" mean what they say. */
export function encodePattern(pattern: string): Buffer {
  if (pattern === '' || pattern.length > MAX_COMPONENT || /[":<>|\\/]/u.test(pattern) || hasControl(pattern))
    throw new SmbError('bad-name', 'not a pattern of names');
  return Buffer.from(pattern, 'utf16le');
}

/** A name that a server gave for something in a folder: one component, or it would lead elsewhere. */
export const isPlainName = (name: string): boolean =>
  name.length > 0 && name.length <= MAX_COMPONENT && !/[\\/]/u.test(name) && !name.includes('\0');

/** 80 characters: what a share's name may have (MS-SMB2 2.2.9 leaves it to the server); none that would make a path of it. */
export const isShareName = (name: string): boolean =>
  name.length > 0 && name.length <= 80 && !/["/\\[\]:|<>+=;,*?]/u.test(name) && !hasControl(name);
