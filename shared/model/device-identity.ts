// Who a device is: identifiers read from the device itself. Address and name are attributes, never identity.
import { z } from 'zod';

/** Identifiers after cleaning: lower case, junk removed, `macs` sorted. A member that could not be read is absent. */
export const DeviceIdentity = z.strictObject({
  smbiosUuid: z.string().min(8).max(64).optional(),
  serial: z.string().min(2).max(128).optional(),
  machineId: z.string().min(8).max(64).optional(),
  /** Permanent addresses of physical interfaces, "aa:bb:cc:dd:ee:ff". */
  macs: z.array(z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)).max(32),
  /** OpenSSH style fingerprint, "SHA256:...". */
  hostKey: z.string().max(80).optional(),
});
export type DeviceIdentity = z.infer<typeof DeviceIdentity>;

/** What a device printed, before cleaning. */
export interface RawIdentity {
  smbiosUuid?: string | undefined;
  serial?: string | undefined;
  machineId?: string | undefined;
  macs?: readonly string[] | undefined;
  hostKey?: string | undefined;
}

// Values that firmware vendors and image builders ship on many machines; they identify nobody.
const JUNK_TEXT = new Set([
  '',
  'none',
  'null',
  'n/a',
  'na',
  'default string',
  'default',
  'not specified',
  'not applicable',
  'not available',
  'not present',
  'unknown',
  'invalid',
  'empty',
  'system serial number',
  'serial number',
  'chassis serial number',
  'base board serial number',
  'to be filled by o.e.m.',
  'to be filled by oem',
  'o.e.m.',
  'oem',
  'xxxxxxx',
  'xxxxxxxx',
  '123456789',
  '1234567890',
  '0123456789',
  '012345678',
  'sernum0',
  'ssn12345678901234567',
  'uninitialized',
]);
const JUNK_UUID = new Set([
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '12345678-1234-1234-1234-123456789abc',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
]);
const JUNK_MACS = new Set([
  '02:00:00:00:00:00',
  '00:00:00:00:00:00',
  'ff:ff:ff:ff:ff:ff',
  '00:05:9a:3c:7a:00',
  '02:80:37:ec:02:00',
]);

const isOneCharacterRepeated = (text: string) => /^(.)\1*$/.test(text.replaceAll(/[-: .]/g, ''));

function cleanText(raw: string | undefined, max: number): string | undefined {
  const text = raw?.trim().toLowerCase();
  if (text === undefined || JUNK_TEXT.has(text) || text.length > max || text.length < 2 || isOneCharacterRepeated(text))
    return undefined;
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) ? text : undefined;
}

function cleanUuid(raw: string | undefined): string | undefined {
  const text = cleanText(raw, 64);
  return text === undefined || text.length < 8 || JUNK_UUID.has(text) ? undefined : text;
}

/** The identity in what a device printed: junk and unreadable values become absent. */
export function cleanIdentity(raw: RawIdentity): DeviceIdentity {
  const macs = (raw.macs ?? [])
    .map((mac) => mac.trim().toLowerCase().replaceAll('-', ':'))
    .filter((mac) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && !JUNK_MACS.has(mac) && !isOneCharacterRepeated(mac));
  const identity: DeviceIdentity = { macs: [...new Set(macs)].sort().slice(0, 32) };
  const smbiosUuid = cleanUuid(raw.smbiosUuid);
  const serial = cleanText(raw.serial, 128);
  const machineId = cleanUuid(raw.machineId);
  if (smbiosUuid !== undefined) identity.smbiosUuid = smbiosUuid;
  if (serial !== undefined) identity.serial = serial;
  if (machineId !== undefined) identity.machineId = machineId;
  if (raw.hostKey !== undefined && raw.hostKey.length <= 80) identity.hostKey = raw.hostKey;
  return identity;
}

const TEXT_KINDS = ['smbiosUuid', 'serial', 'machineId', 'hostKey'] as const;
export type IdentityKind = (typeof TEXT_KINDS)[number] | 'macs';

export type IdentityMatch =
  | { verdict: 'same' }
  | { verdict: 'different'; kinds: IdentityKind[] }
  | { verdict: 'unproven' };

/**
 * Compares a pinned identity with the one a session shows. Any kind both have must agree (one common MAC is enough),
 * so a clone that shares its machine-id but not its UUID, serial, host key or interfaces is `different`.
 * `unproven`: they share no kind at all.
 */
export function matchIdentity(pinned: DeviceIdentity, seen: DeviceIdentity): IdentityMatch {
  const differing: IdentityKind[] = [];
  let agreeing = 0;
  for (const kind of TEXT_KINDS) {
    if (pinned[kind] === undefined || seen[kind] === undefined) continue;
    if (pinned[kind] === seen[kind]) agreeing += 1;
    else differing.push(kind);
  }
  if (pinned.macs.length > 0 && seen.macs.length > 0) {
    if (pinned.macs.some((mac) => seen.macs.includes(mac))) agreeing += 1;
    else differing.push('macs');
  }
  if (differing.length > 0) return { verdict: 'different', kinds: differing };
  return agreeing > 0 ? { verdict: 'same' } : { verdict: 'unproven' };
}

/**
 * The pinned identity with kinds it lacked added from a session that matched it; what is pinned never changes by itself.
 */
export function enrichIdentity(pinned: DeviceIdentity, seen: DeviceIdentity): DeviceIdentity {
  return { ...seen, ...pinned, macs: pinned.macs.length > 0 ? pinned.macs : seen.macs };
}
