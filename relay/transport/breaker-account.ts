// What is known of one login's tries at one authority, and what a verdict teaches: who may try next, and when it stops. Pure.
import type { DeviceId } from '#shared/base/id.ts';
import type { LoginAuthority } from './login-authority.ts';

export type Verdict = 'accepted' | 'denied' | 'unanswered' | 'not-tried';

// 15 min: one try per pause stays under every common lockout rule (5 in 30 min, 3 in 15 min).
const PAUSE_MS = 15 * 60_000;
// 1 min: a login that works, and two tries that were lost on their way; the next one tells, alone.
const REST_MS = 60_000;
// 3 devices in a row: one may have drifted, three say the secret is wrong.
const DENIALS_THAT_STOP_ALL = 3;
// Of a Windows login: one may lie, and two tries leave room for a person's own before an account is locked.
const DENIALS_THAT_STOP_A_WINDOWS_LOGIN = 2;
// What waits in the next slot is tried on top of the current login: 3 and 1 stay under the common rule of 5.
const DENIALS_THAT_STOP_A_SPARE = 1;

/** A device whose tries may have counted against the account, and that no later acceptance has cleared. */
interface Suspect {
  isDenied: boolean;
  hadWorked: boolean;
  /** Within one pause. */
  tries: number;
  at: number;
  /** When the last verdict was heard. */
  turn: number;
}

export interface Try {
  readonly device: DeviceId;
  readonly begun: number;
  /** The directory itself has accepted it. */
  isGranted: boolean;
}

export interface Account {
  readonly authority: LoginAuthority;
  isSpare: boolean;
  /** Devices that took it last. */
  takers: Set<DeviceId>;
  /** It has not stopped everywhere since a device accepted it. */
  isProven: boolean;
  /** Accepted at least once in this version. */
  hasWorked: boolean;
  /** After a stop one denial is enough for the next. */
  isOnProbation: boolean;
  suspects: Map<DeviceId, Suspect>;
  inFlight: Set<Try>;
  /** Counts beginnings and ends, so that it is known which came first. */
  turn: number;
  pausedUntil: number;
  /** In words. */
  stoppedBy: string;
  /** The stop was told. */
  isTold: boolean;
  devices: Map<DeviceId, { pausedUntil: number; unanswered: number }>;
}

export const newAccount = (authority: LoginAuthority, isSpare: boolean): Account => ({
  authority,
  isSpare,
  takers: new Set(),
  isProven: false,
  hasWorked: false,
  isOnProbation: false,
  suspects: new Map(),
  inFlight: new Set(),
  turn: 0,
  pausedUntil: Number.NEGATIVE_INFINITY,
  stoppedBy: '',
  isTold: false,
  devices: new Map(),
});

/** How many denials stop it, by what is known now. */
function patienceOf({ authority, isOnProbation, isSpare, hasWorked }: Account): number {
  if (isOnProbation) return 1;
  if (isSpare && !hasWorked) return DENIALS_THAT_STOP_A_SPARE;
  return authority === 'shared' ? DENIALS_THAT_STOP_ALL : DENIALS_THAT_STOP_A_WINDOWS_LOGIN;
}

/** How many tries have counted against it, for all we know. */
function heldAgainst({ authority, suspects }: Account): number {
  if (authority === 'shared') return suspects.size;
  return [...suspects.values()].reduce((sum, { tries }) => sum + tries, 0);
}

/**
 * A try in flight may be judged at any moment, and a password may become wrong at any moment. So for a domain's account what is in
 * flight and what was refused since are together never more than what stops it: two, of which one at most goes where it never
 * worked. After a refusal it is tried alone, on the machine that was asked to confirm it if there is one.
 */
export function mayTry(account: Account, device: DeviceId, confirmer: DeviceId | undefined): boolean {
  const { authority, isProven, inFlight, suspects, takers } = account;
  const left = patienceOf(account) - heldAgainst(account);
  if (authority === 'shared') return isProven || inFlight.size < left;
  if (!isProven) return inFlight.size === 0 && left > 0;
  // Each machine judges its own accounts; the connections to one machine share its account.
  if (authority === 'machine') return ![...inFlight].some((one) => one.device === device);
  if (inFlight.size >= left) return false;
  if (suspects.size > 0) return confirmer === undefined || confirmer === device;
  return takers.has(device) || [...inFlight].every((one) => takers.has(one.device));
}

/** It works as far as is known, and one device disagrees: a try where it worked last tells which. */
export const isInDoubt = ({ authority, isProven, suspects, inFlight }: Account): boolean =>
  authority === 'domain' && isProven && suspects.size > 0 && inFlight.size === 0;

export function begin(account: Account, device: DeviceId): Try {
  account.turn += 1;
  const tried = { device, begun: account.turn, isGranted: false };
  account.inFlight.add(tried);
  return tried;
}

/** The directory accepted it; what the machine says of it later is of that machine alone. */
export function grant(account: Account, tried: Try): void {
  tried.isGranted = true;
  account.inFlight.delete(tried);
  trust(account, tried);
}

/** True when it stops everywhere by this, and nobody has been told. */
export function learn(account: Account, tried: Try, verdict: Verdict, now: number): boolean {
  const { device } = tried;
  account.turn += 1;
  account.inFlight.delete(tried);
  if (verdict === 'not-tried') return false;
  if (verdict === 'accepted') {
    if (!tried.isGranted) trust(account, tried);
    account.devices.delete(device);
    account.takers.add(device);
    return false;
  }
  const hadWorked = account.takers.delete(device);
  const isDenied = verdict === 'denied';
  pauseDevice(account, device, isDenied, now);
  if (tried.isGranted || !counts(account, isDenied)) return false;
  suspect(account, device, { isDenied, hadWorked, at: now });
  return judge(account, now);
}

/** Denials that were heard before this try began are cleared by it. Of a domain's account later ones stand: they may be newer. */
function trust(account: Account, { begun }: Try): void {
  account.isProven = true;
  account.hasWorked = true;
  account.isOnProbation = false;
  account.isTold = false;
  for (const [device, { turn }] of account.suspects)
    if (account.authority !== 'domain' || turn < begun) account.suspects.delete(device);
}

/** It may judge a secret after we have given up: twice without an answer pauses it as a denial does. */
function pauseDevice({ devices }: Account, device: DeviceId, isDenied: boolean, now: number): void {
  const unanswered = (devices.get(device)?.unanswered ?? 0) + 1;
  if (isDenied || unanswered >= 2) devices.set(device, { pausedUntil: now + PAUSE_MS, unanswered: 0 });
  else devices.set(device, { pausedUntil: Number.NEGATIVE_INFINITY, unanswered });
}

/** A domain may have judged what the machine never answered, and so may a machine while nobody has accepted it. */
function counts({ authority, isProven }: Account, isDenied: boolean): boolean {
  if (authority === 'machine') return !isProven;
  return isDenied || authority === 'domain';
}

function suspect({ suspects, turn }: Account, device: DeviceId, now: Pick<Suspect, 'isDenied' | 'hadWorked' | 'at'>) {
  const former = suspects.get(device);
  const isRecent = former !== undefined && now.at - former.at < PAUSE_MS;
  const hadWorked = now.hadWorked || former?.hadWorked === true;
  suspects.set(device, { ...now, hadWorked, tries: isRecent ? former.tries + 1 : 1, turn });
}

/** Whether what is held against it stops it everywhere. */
function judge(account: Account, now: number): boolean {
  const { authority, isProven, suspects } = account;
  if (heldAgainst(account) < patienceOf(account)) return false;
  const isLost = [...suspects.values()].some(({ isDenied }) => !isDenied);
  if (authority !== 'domain' || !isProven || !isLost) return stop(account, now);
  account.stoppedBy = 'two tries in a row had no answer';
  pause(account, now + REST_MS);
  return false;
}

function pause(account: Account, until: number): void {
  account.pausedUntil = until;
  account.isProven = false;
  account.isOnProbation = true;
  account.suspects.clear();
}

function stopperOf({ isOnProbation, suspects }: Account): string {
  const [verb, many] = [...suspects.values()].some(({ isDenied }) => isDenied)
    ? ['denied by', 'devices in a row']
    : ['given no answer by', 'devices in a row, which may have judged it'];
  if (isOnProbation) return `${verb} one more device after a pause`;
  return suspects.size === 1 ? `${verb} the first device it was tried on` : `${verb} ${suspects.size} ${many}`;
}

function stop(account: Account, now: number): boolean {
  const { authority, suspects, devices } = account;
  account.stoppedBy = stopperOf(account);
  // Who denied it waits for longer: another machine has the first word after the pause.
  if (authority !== 'shared')
    for (const device of suspects.keys()) devices.set(device, { pausedUntil: now + 2 * PAUSE_MS, unanswered: 0 });
  pause(account, now + PAUSE_MS);
  const isNews = !account.isTold;
  account.isTold = true;
  return isNews;
}
