// What is known of one login's tries, and what a verdict teaches: how many more are allowed at once, and when it stops.
import type { DeviceId } from '#shared/base/id.ts';
import type { LoginAuthority } from './login-authority.ts';

export type Verdict = 'accepted' | 'denied' | 'unanswered' | 'not-tried';

// 15 min: one try per pause stays under every common lockout rule (5 in 30 min, 3 in 15 min).
const PAUSE_MS = 15 * 60_000;
// 3 devices in a row: one may have drifted, three say the secret is wrong.
const DENIALS_THAT_STOP_ALL = 3;
// Of a Windows login: one may lie, and two tries leave room for a person's own before an account is locked.
const DENIALS_THAT_STOP_A_WINDOWS_LOGIN = 2;
// What waits in the next slot is tried on top of the current login: 3 and 1 stay under the common rule of 5.
const DENIALS_THAT_STOP_A_SPARE = 1;
// 10 s after an acceptance a password is taken for unchanged: a site that comes back logs in at full speed after the first.
const WARM_MS = 10_000;

export interface Account {
  version: string;
  isSpare: boolean;
  /** Devices that took it last. */
  takers: Set<DeviceId>;
  /** No device has denied it everywhere since one accepted it. */
  isProven: boolean;
  /** Accepted at least once in this version. */
  hasWorked: boolean;
  acceptedAt: number;
  /** After a stop one denial is enough for the next. */
  isOnProbation: boolean;
  /** Devices that denied it since it was last accepted; for a domain's account true where it had worked last. */
  refusers: Map<DeviceId, boolean>;
  inFlight: number;
  pausedUntil: number;
  /** Two devices deny a domain's account where it never worked: until then only those that took it last may be asked. */
  doubtedUntil: number;
  /** In words. */
  stoppedBy: string;
  /** The stop was told. */
  isTold: boolean;
  devices: Map<DeviceId, { pausedUntil: number; unanswered: number }>;
  waiters: Set<() => void>;
}

export const newAccount = ({ version, isSpare = false }: { version: string; isSpare?: boolean }): Account => ({
  version,
  isSpare,
  takers: new Set(),
  isProven: false,
  hasWorked: false,
  acceptedAt: Number.NEGATIVE_INFINITY,
  isOnProbation: false,
  refusers: new Map(),
  inFlight: 0,
  pausedUntil: Number.NEGATIVE_INFINITY,
  doubtedUntil: Number.NEGATIVE_INFINITY,
  stoppedBy: '',
  isTold: false,
  devices: new Map(),
  waiters: new Set(),
});

/** How many denials stop it, by what is known now. */
function patienceOf({ isOnProbation, isSpare, hasWorked }: Account, authority: LoginAuthority): number {
  if (isOnProbation) return 1;
  if (isSpare && !hasWorked) return DENIALS_THAT_STOP_A_SPARE;
  return authority === 'shared' ? DENIALS_THAT_STOP_ALL : DENIALS_THAT_STOP_A_WINDOWS_LOGIN;
}

/** How many tries may be in flight at once. */
export function freeTries(account: Account, authority: LoginAuthority, now: number): number {
  const { isProven, refusers, acceptedAt } = account;
  const left = patienceOf(account, authority) - refusers.size;
  if (authority === 'shared') return isProven ? Number.POSITIVE_INFINITY : left;
  if (!isProven) return Math.min(left, 1);
  if (authority === 'machine') return Number.POSITIVE_INFINITY;
  // One refusal may be the machine's own; the next login tells, alone.
  if (refusers.size > 0) return 1;
  // A password that was changed meanwhile costs two tries, not one of each device that comes back.
  return now - acceptedAt <= WARM_MS ? Number.POSITIVE_INFINITY : DENIALS_THAT_STOP_A_WINDOWS_LOGIN;
}

interface Lesson {
  device: DeviceId;
  authority: LoginAuthority;
  verdict: Verdict;
  now: number;
}

/** True when it stops everywhere by this, and nobody has been told. */
export function learn(account: Account, lesson: Lesson): boolean {
  const { device, verdict } = lesson;
  if (verdict === 'not-tried') return false;
  if (verdict === 'accepted') {
    accept(account, lesson);
    return false;
  }
  const hadWorked = account.takers.delete(device);
  const isDenied = pauseDevice(account, lesson);
  // A domain may have judged what the machine never answered: while nobody has accepted it, such a try counts as well.
  const counts = isDenied || (verdict === 'unanswered' && lesson.authority !== 'shared' && !account.isProven);
  if (!counts) return false;
  account.refusers.set(device, hadWorked);
  return judge(account, lesson);
}

function accept(account: Account, { device, now }: Lesson): void {
  account.isProven = true;
  account.hasWorked = true;
  account.acceptedAt = now;
  account.isOnProbation = false;
  account.isTold = false;
  account.refusers.clear();
  account.doubtedUntil = Number.NEGATIVE_INFINITY;
  account.devices.delete(device);
  account.takers.add(device);
}

/** The device itself: true for a denial. It may judge a secret after we have given up: twice without an answer pauses it too. */
function pauseDevice({ devices }: Account, { device, verdict, now }: Lesson): boolean {
  const unanswered = (devices.get(device)?.unanswered ?? 0) + 1;
  if (verdict === 'unanswered' && unanswered < 2) {
    devices.set(device, { pausedUntil: Number.NEGATIVE_INFINITY, unanswered });
    return false;
  }
  devices.set(device, { pausedUntil: now + PAUSE_MS, unanswered: 0 });
  return verdict === 'denied';
}

/** Whether the denials since it was last accepted stop it everywhere. */
function judge(account: Account, { authority, now }: Lesson): boolean {
  const { isProven, refusers } = account;
  if (refusers.size < patienceOf(account, authority)) return false;
  // Each machine judges its own accounts: what one says tells nothing of the others once any of them has accepted.
  if (isProven && authority === 'machine') return false;
  if (isProven && authority === 'domain' && ![...refusers.values()].includes(true)) {
    account.doubtedUntil = now + PAUSE_MS;
    return false;
  }
  return stop(account, { authority, now });
}

function stopperOf({ isOnProbation, refusers }: Account): string {
  if (isOnProbation) return 'one more device after a pause';
  return refusers.size === 1 ? 'the first device it was tried on' : `${refusers.size} devices in a row`;
}

function stop(account: Account, { authority, now }: Pick<Lesson, 'authority' | 'now'>): boolean {
  const { refusers, devices } = account;
  account.stoppedBy = stopperOf(account);
  account.pausedUntil = now + PAUSE_MS;
  account.isProven = false;
  account.isOnProbation = true;
  // Who denied it waits for longer: another machine has the first word after the pause.
  if (authority !== 'shared')
    for (const device of refusers.keys()) devices.set(device, { pausedUntil: now + 2 * PAUSE_MS, unanswered: 0 });
  refusers.clear();
  const isNews = !account.isTold;
  account.isTold = true;
  return isNews;
}
