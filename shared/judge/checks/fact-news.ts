// What facts say in words and in moments: services and their states, ends of certificates, patches, a restart that waits.
import type { EpochMs } from '#shared/base/clock.ts';
import type { SimpleCondition } from '#shared/model/check.ts';

export type MomentOf = Extract<SimpleCondition, { kind: 'age' }>['of'];

/** `body` is the parsed fact: the device's words in the relay's shape. Read defensively: a kind may come from a newer relay. */
export interface FactNews {
  kind: string;
  body: unknown;
  at: EpochMs;
}

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly Members[] => (Array.isArray(value) ? value.filter(isMembers) : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const timeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

export interface Word {
  instance: string;
  /** Lower case. Undefined: the device did not tell of this one. */
  word: string | undefined;
}

interface Words {
  of: string;
  words: Word[];
}

/** A complete list: what is not in it is not there. Undefined where the device refused to tell: then all stays as it was. */
export function wordsOf({ kind, body }: FactNews): Words[] {
  if (!isMembers(body) || 'unknown' in body) return [];
  switch (kind) {
    case 'services':
      return [{ of: 'service', words: listOf(body['services']).flatMap(serviceWord) }];
    case 'reboot':
      return [{ of: 'reboot', words: [{ instance: '', word: body['isPending'] === true ? 'pending' : 'none' }] }];
    case 'security-scan':
    case 'smb-posture':
      return [{ of: kind, words: listOf(body['checks']).flatMap((one) => named(one['id'], one['verdict'])) }];
    case 'firewall':
      return [{ of: kind, words: listOf(body['profiles']).flatMap((one) => named(one['name'], onOff(one['isOn']))) }];
    default:
      return [{ of: kind, words: Object.entries(body).flatMap(([name, value]) => plainWord(name, value)) }];
  }
}

/** systemd's and launchd's `active` is coarser than Windows' one `state`, and says whether it failed. */
const serviceWord = (service: Members): Word[] => named(service['name'], textOf(service['active']) ?? service['state']);

const onOff = (value: unknown): unknown => (value === true ? 'on' : value === false ? 'off' : undefined);

function named(name: unknown, word: unknown): Word[] {
  const instance = textOf(name);
  return instance === undefined ? [] : [{ instance, word: textOf(word)?.toLowerCase() }];
}

/** Of any other kind each plain member is a word under its name; lists are not. */
function plainWord(name: string, value: unknown): Word[] {
  if (value === null) return [{ instance: name, word: undefined }];
  if (typeof value === 'object') return [];
  return [{ instance: name, word: String(value).toLowerCase() }];
}

export interface Moment {
  instance: string;
  /** Undefined: it is so, and since when nobody said: the first time it was seen counts. */
  moment: EpochMs | undefined;
}

export interface Moments {
  of: MomentOf;
  moments: Moment[];
}

/** Complete lists, as `wordsOf`. */
export function momentsOf({ kind, body }: FactNews): Moments[] {
  if (!isMembers(body) || 'unknown' in body) return [];
  switch (kind) {
    case 'certificates':
      return [{ of: 'certificate-end', moments: listOf(body['certificates']).flatMap(certificateEnd) }];
    case 'updates':
      return updateMoments(body);
    case 'reboot':
      return [
        {
          of: 'reboot-pending',
          moments: body['isPending'] === true ? [{ instance: '', moment: timeOf(body['since']) }] : [],
        },
      ];
    default:
      return [];
  }
}

/** Two certificates of one subject are told apart by the first of their thumbprints. */
function certificateEnd(one: Members): Moment[] {
  const moment = timeOf(one['expiresAt']);
  const subject = textOf(one['subject']);
  if (moment === undefined || subject === undefined) return [];
  const print = textOf(one['thumbprint'])?.slice(0, 8);
  return [{ instance: (print === undefined ? subject : `${subject} ${print}`).slice(0, 255), moment }];
}

function updateMoments(body: Members): Moments[] {
  const installed = timeOf(body['lastInstallAt']);
  const waits = listOf(body['pending']).some(({ isSecurity }) => isSecurity === true);
  return [
    ...(installed === undefined ? [] : [{ of: 'patch' as const, moments: [{ instance: '', moment: installed }] }]),
    { of: 'security-patch', moments: waits ? [{ instance: '', moment: undefined }] : [] },
  ];
}
