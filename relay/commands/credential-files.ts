// Adding, listing and forgetting the logins of a site, from the command line of the relay's machine.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { AppError } from '#shared/base/errors.ts';
import { CredentialBinding } from '#shared/model/credential.ts';
import { CredentialName } from '#shared/model/device.ts';
import { becomeOwnerOf } from './folder-owner.ts';

export interface BindingFlags {
  purpose?: string;
  ranges?: readonly string[];
  transports?: readonly string[];
  device?: readonly string[];
  keyOnly?: boolean;
  ntlmOverHttp?: boolean;
  expires?: string;
}

interface Given {
  user: string;
  keyFile: string | undefined;
  password: string | undefined;
  passphrase: string | undefined;
  binding: BindingFlags;
}

/** "<id>" or "<id>=SHA256:...": a device, and the host key a person vouches for. */
function boundDevice(text: string) {
  const [device = '', ...hostKey] = text.split('=');
  return hostKey.length === 0 ? { device } : { device, hostKey: hostKey.join('=') };
}

function expiryOf(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new AppError('bad-request', `--expires ${text}: expected a date such as 2027-03-31`);
  return at;
}

/** The binding that the flags say; undefined when they say nothing. */
export function bindingOf(flags: BindingFlags): CredentialBinding | undefined {
  const { purpose, ranges, transports, device, keyOnly, ntlmOverHttp, expires } = flags;
  const said = [purpose, ranges, transports, device, keyOnly, ntlmOverHttp, expires];
  if (said.every((flag) => flag === undefined)) return undefined;
  const parsed = CredentialBinding.safeParse({
    purpose: purpose ?? 'both',
    weakest: keyOnly === true ? 'key' : 'password',
    ...(ranges === undefined ? {} : { ranges }),
    ...(transports === undefined ? {} : { transports }),
    ...(device === undefined ? {} : { devices: device.map(boundDevice) }),
    ...(ntlmOverHttp === true ? { ntlmOverHttp } : {}),
    ...(expires === undefined ? {} : { notAfter: expiryOf(expires) }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('bad-request', `what the login is for: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** What a login is for, in a line. */
export function describeBinding(binding: CredentialBinding | undefined): string {
  if (binding === undefined) return 'not bound: a key anywhere, a password only where a signer or the charter says so';
  const { purpose, ranges, devices, transports, weakest, ntlmOverHttp, notAfter } = binding;
  return [
    purpose === 'both' ? 'to monitor and to act' : `to ${purpose} only`,
    ranges === undefined ? undefined : `in ${ranges.join(', ')}`,
    devices === undefined ? undefined : `for ${devices.length === 1 ? 'one device' : `${devices.length} devices`}`,
    transports === undefined ? undefined : `over ${transports.join(', ')}`,
    weakest === 'key' ? 'by key only' : undefined,
    ntlmOverHttp === true ? 'also NTLM over plain HTTP' : undefined,
    notAfter === undefined ? undefined : `until ${new Date(notAfter).toISOString().slice(0, 10)}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

const storeOf = (data: string) => new CredentialStore(path.join(data, 'credentials'));

function nameOf(text: string): string {
  const parsed = CredentialName.safeParse(text);
  if (!parsed.success)
    throw new AppError('bad-request', `credential "${text}": ${parsed.error.issues[0]?.message ?? 'not a name'}`);
  return parsed.data;
}

/** What is worth telling the person who added it; undefined when nothing is. */
export async function addCredentialFile(data: string, name: string, given: Given): Promise<string | undefined> {
  const { user, keyFile, password, passphrase } = given;
  const binding = bindingOf(given.binding);
  if (keyFile === undefined && password === undefined)
    throw new AppError('bad-request', 'a login needs --key-file or --password-stdin');
  // Read first: it may be a file that only root can read.
  const privateKey = keyFile === undefined ? undefined : await readFile(keyFile, 'utf8');
  await becomeOwnerOf(data);
  storeOf(data).add(nameOf(name), {
    user,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(password === undefined ? {} : { password }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(binding === undefined ? {} : { binding }),
  });
  const isPlaced = binding?.ranges !== undefined || binding?.devices !== undefined;
  return password === undefined || isPlaced
    ? undefined
    : 'without --ranges the password goes only to machines whose host key a signer named, and into networks of the charter';
}

export function listCredentialFiles(data: string): string[] {
  const store = storeOf(data);
  return store.list().map((name) => {
    const got = store.get(name);
    return `${name}\t${got.ok ? describeBinding(got.value.binding) : got.detail}`;
  });
}

export function removeCredentialFile(data: string, name: string): void {
  if (!storeOf(data).remove(nameOf(name))) throw new AppError('not-found', `no credential "${name}"`);
}
