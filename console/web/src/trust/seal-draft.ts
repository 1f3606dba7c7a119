// What is typed to seal a login, and what is wrong with it before anything is sealed. No fault repeats what was typed.

import { DeviceId } from '#shared/base/id.ts';
import { AddressRange, type CredentialPurpose, type CredentialSlot, SealedSecret } from '#shared/model/credential.ts';
import { CredentialName, TransportKind } from '#shared/model/device.ts';
import { HookName } from '#shared/model/fetched-login.ts';

export interface SealDraft {
  relay: string;
  name: string;
  slot: CredentialSlot;
  purpose: CredentialPurpose;
  user: string;
  isUserShown: boolean;
  holds: 'password' | 'key' | 'hook';
  /** Of the relay's program that fetches the login. */
  hook: string;
  password: string;
  privateKey: string;
  /** One per line, or with commas. */
  ranges: string;
  devices: string[];
  transports: TransportKind[];
  isKeyOnly: boolean;
  /** NTLM may be spoken over plain HTTP. */
  isNtlmOverHttp: boolean;
  /** "2027-03-31", or empty. */
  expires: string;
}

export type SealFault =
  | 'relayMissing'
  | 'nameWrong'
  | 'userWrong'
  | 'secretMissing'
  | 'keyWrong'
  | 'hookWrong'
  | 'keyLocked'
  | 'keyOnlyPassword'
  | 'rangeWrong'
  | 'placeMissing'
  | 'ntlmMonitorOnly'
  | 'expiresWrong'
  | 'secretWrong';

export type SealFaults = Partial<Record<keyof SealDraft, SealFault>>;

export const rangesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '');

/** The end as the command line reads it: the day's first moment in UTC. */
export const endOf = (expires: string): number | undefined => (expires === '' ? undefined : Date.parse(expires));

const EMPTY_SECRETS = { password: '', privateKey: '' };
/** What stays of a draft when its page is left: everything but secrets. */
export const withoutSecrets = (draft: SealDraft): SealDraft => ({ ...draft, ...EMPTY_SECRETS });

function secretFault({ holds, password, privateKey, hook }: SealDraft): SealFault | undefined {
  if (holds === 'hook') return HookName.safeParse(hook).success ? undefined : 'hookWrong';
  if (holds === 'password') return password === '' ? 'secretMissing' : undefined;
  if (privateKey.trim() === '') return 'secretMissing';
  if (privateKey.includes('ENCRYPTED')) return 'keyLocked';
  return /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(privateKey.trim()) ? undefined : 'keyWrong';
}

const FIELDS = { password: 'password', key: 'privateKey', hook: 'hook' } as const;

/** By field; empty when it can be sealed. */
export function faultsOfDraft(draft: SealDraft, now: number): SealFaults {
  const ranges = rangesOf(draft.ranges);
  const secret = secretFault(draft);
  const end = endOf(draft.expires);
  const isPlaced = ranges.length > 0 || draft.devices.length > 0;
  return {
    ...(draft.relay === '' && { relay: 'relayMissing' }),
    ...(!CredentialName.safeParse(draft.name).success && { name: 'nameWrong' }),
    ...(draft.holds !== 'hook' && !/^[^\s:]{1,64}$/.test(draft.user) && { user: 'userWrong' }),
    ...(secret !== undefined && { [FIELDS[draft.holds]]: secret }),
    ...(draft.isKeyOnly && draft.holds === 'password' && { isKeyOnly: 'keyOnlyPassword' }),
    ...(draft.isNtlmOverHttp && draft.purpose !== 'monitor' && { isNtlmOverHttp: 'ntlmMonitorOnly' }),
    ...(!isPlaced && { ranges: 'placeMissing' }),
    ...(ranges.some((range) => !AddressRange.safeParse(range).success) && { ranges: 'rangeWrong' }),
    ...(end !== undefined && !(end > now) && { expires: 'expiresWrong' }),
  };
}

function heldOf({ holds, user, password, privateKey, hook }: SealDraft) {
  if (holds === 'hook') return { source: { hook } };
  return holds === 'password' ? { user, password } : { user, privateKey: `${privateKey.trim()}\n` };
}

/** Of a draft without faults; undefined when it has none of its form all the same. */
export function secretOfDraft(draft: SealDraft): SealedSecret | undefined {
  const { purpose, devices, transports, isKeyOnly, isNtlmOverHttp, expires } = draft;
  const ranges = rangesOf(draft.ranges);
  const notAfter = endOf(expires);
  const parsed = SealedSecret.safeParse({
    ...heldOf(draft),
    binding: {
      purpose,
      weakest: isKeyOnly ? 'key' : 'password',
      ...(ranges.length === 0 ? {} : { ranges }),
      ...(devices.length === 0 ? {} : { devices: devices.map((device) => ({ device: DeviceId.parse(device) })) }),
      ...(transports.length === 0 ? {} : { transports: transports.map((kind) => TransportKind.parse(kind)) }),
      ...(isNtlmOverHttp ? { ntlmOverHttp: true } : {}),
      ...(notAfter === undefined ? {} : { notAfter }),
    },
  });
  return parsed.success ? parsed.data : undefined;
}
