// The points of a score: what each is worth, what it rests on, and how much of it a device has earned.
import type { EpochMs } from '#shared/base/clock.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import type { HealthPartName } from '#shared/model/health-words.ts';
import type { HealthFact, HealthInputs } from './inputs.ts';

/** `share` is 0 to 1; undefined: nobody knows. */
export interface Judged {
  share: number | undefined;
  text: string;
  value?: number;
  source: string;
  at: EpochMs | null;
}
export interface PointRule {
  id: string;
  of: number;
  judge: (inputs: HealthInputs) => Judged;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Three polls may be late or lost; a quarter of an hour for those that are polled often. */
const STALE_POLLS = 3;
const STALE_MS = 15 * MINUTE_MS;
/** What a device that people switch off said last holds for a week: a holiday ends the word of its disk. */
const AWAY_STALE_MS = 7 * DAY_MS;
/** Inventory comes every few hours; after three days without a word nobody knows. */
const FACT_STALE_MS = 3 * DAY_MS;

/** Silent, as people leave it. */
const isAway = ({ status, presence }: HealthInputs): boolean => status === 'down' && presence === 'when-used';

const staleAfter = (inputs: HealthInputs): number =>
  isAway(inputs) ? AWAY_STALE_MS : Math.max(STALE_MS, STALE_POLLS * inputs.intervalMs);

const hasFreshPoll = (inputs: HealthInputs): boolean =>
  inputs.polledAt !== null && inputs.now - inputs.polledAt <= staleAfter(inputs);

function status(inputs: HealthInputs): Judged {
  const { status: word, statusAt: at } = inputs;
  const source = 'status';
  if (word === 'up') return { share: 1, text: 'It answers.', source, at };
  if (isAway(inputs)) return { share: 1, text: 'It is off, as people leave it.', source, at };
  if (word === 'down') return { share: 0, text: 'It does not answer.', source, at };
  if (word === 'identity-changed') return { share: 0, text: 'Another machine answers at its address.', source, at };
  return { share: undefined, text: 'Nobody has asked it yet.', source, at };
}

function contact(inputs: HealthInputs): Judged {
  const at = inputs.polledAt;
  if (at === null) return { share: undefined, text: 'It was never polled.', source: 'polls', at };
  const isFresh = hasFreshPoll(inputs);
  const text = isFresh ? 'Its last poll is recent.' : 'Its last poll is too long ago.';
  return { share: isFresh ? 1 : 0, text, value: inputs.now - at, source: 'polls', at };
}

/** Full up to `good`, nothing from `bad` on, in proportion between them. */
const reading =
  (name: 'cpu' | 'memory' | 'disk', { good, bad }: { good: number; bad: number }) =>
  (inputs: HealthInputs): Judged => {
    const { [name]: value, polledAt: at } = inputs;
    const source = 'polls';
    if (value === null || !hasFreshPoll(inputs))
      return { share: undefined, text: 'There is no recent reading.', source, at };
    const where = name === 'disk' && inputs.mount !== '' ? ` (${inputs.mount.slice(0, 80)})` : '';
    const share = Math.min(1, Math.max(0, (bad - value) / (bad - good)));
    return { share, text: `${(value * 100).toFixed(1)} % used${where}.`, value, source, at };
  };

const SHARE_OF: Readonly<Record<Severity, number>> = { info: 1, low: 0.75, medium: 0.5, high: 0.25, critical: 0 };

const alerts =
  (part: HealthPartName) =>
  (inputs: HealthInputs): Judged => {
    const source = 'alerts';
    const worst = inputs.alerts[part];
    // Where nobody looks, nothing is found.
    if (worst === undefined && !hasFreshPoll(inputs))
      return { share: undefined, text: 'Nobody judges it while it is silent.', source, at: inputs.polledAt };
    if (worst === undefined) return { share: 1, text: 'No alert is open.', source, at: inputs.now };
    return { share: SHARE_OF[worst], text: `An alert is open: ${worst}.`, source, at: inputs.now };
  };

/** All of a fact's checks of these ids; the share of "yes", and unknown where one is. `absent`: what is said where no such fact is. */
const checks =
  (kind: HealthFact, ids: readonly string[]) =>
  ({ facts, now }: HealthInputs): Judged => {
    const fact = facts[kind];
    if (fact === undefined) return { share: undefined, text: 'It was never told.', source: kind, at: null };
    const { at } = fact;
    if (now - at > FACT_STALE_MS) return { share: undefined, text: 'It was told too long ago.', source: kind, at };
    const asked = ids.length === 0 ? [...fact.checks.values()] : ids.map((id) => fact.checks.get(id));
    const bad = asked.filter((one) => one?.verdict === 'no');
    const isUnknown = asked.length === 0 || asked.some((one) => one === undefined || one.verdict === 'unknown');
    const worth = bad.length > 0 ? bad : asked;
    const text = worth.flatMap((one) => (one === undefined || one.text === '' ? [] : [one.text]))[0] ?? '';
    // What is bad is known to be bad, whatever else nobody could say.
    if (isUnknown && bad.length === 0) return { share: undefined, text: text || 'Nobody could say.', source: kind, at };
    const good = asked.filter((one) => one?.verdict === 'yes');
    return { share: good.length / asked.length, text, source: kind, at };
  };

const scan = (id: string) => checks('security-scan', [id]);

function identity({ status: word, statusAt: at }: HealthInputs): Judged {
  const source = 'status';
  if (word === 'unknown') return { share: undefined, text: 'Nobody has seen it yet.', source, at };
  const isOther = word === 'identity-changed';
  return {
    share: isOther ? 0 : 1,
    text: isOther ? 'It is not the machine it was.' : 'It is the machine it was.',
    source,
    at,
  };
}

function inventory({ facts, now }: HealthInputs): Judged {
  const newest = Math.max(...Object.values(facts).map((fact) => fact.at));
  const source = 'inventory';
  if (!Number.isFinite(newest)) return { share: undefined, text: 'No inventory was ever taken.', source, at: null };
  const isFresh = now - newest <= FACT_STALE_MS;
  const text = isFresh ? 'Its inventory is recent.' : 'Its inventory is too old.';
  return { share: isFresh ? 1 : 0, text, value: now - newest, source, at: newest };
}

/** Twenty-five in each part: a test adds them up. */
export const POINT_RULES: Readonly<Record<HealthPartName, readonly PointRule[]>> = {
  availability: [
    { id: 'status', of: 15, judge: status },
    { id: 'contact', of: 5, judge: contact },
    { id: 'alerts', of: 5, judge: alerts('availability') },
  ],
  // From the shipped thresholds down to where a machine stops.
  performance: [
    { id: 'cpu', of: 6, judge: reading('cpu', { good: 0.8, bad: 0.95 }) },
    { id: 'memory', of: 6, judge: reading('memory', { good: 0.85, bad: 0.95 }) },
    { id: 'disk', of: 7, judge: reading('disk', { good: 0.8, bad: 0.95 }) },
    { id: 'alerts', of: 6, judge: alerts('performance') },
  ],
  security: [
    { id: 'antivirus', of: 5, judge: scan('antivirus') },
    { id: 'firewall', of: 5, judge: scan('firewall') },
    { id: 'disk-encryption', of: 3, judge: scan('disk-encryption') },
    { id: 'local-admins', of: 3, judge: scan('local-admins') },
    { id: 'password-policy', of: 2, judge: scan('password-policy') },
    { id: 'open-ports', of: 2, judge: scan('open-ports') },
    { id: 'certificates', of: 2, judge: scan('certificates') },
    { id: 'security-log', of: 1, judge: scan('security-log') },
    { id: 'alerts', of: 2, judge: alerts('security') },
  ],
  compliance: [
    { id: 'updates', of: 9, judge: scan('updates') },
    { id: 'reboot', of: 5, judge: scan('reboot') },
    { id: 'software', of: 3, judge: checks('software-audit', []) },
    { id: 'identity', of: 3, judge: identity },
    { id: 'inventory', of: 3, judge: inventory },
    { id: 'alerts', of: 2, judge: alerts('compliance') },
  ],
};
