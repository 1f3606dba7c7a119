// Incidents that were real: somebody looked after one, or the device failed soon after. A draft that no longer finds one of them has lost it.
import type { DeviceId } from '#shared/base/id.ts';
import type { Episode } from '#shared/judge/checks/episodes.ts';
import type { CheckId } from '#shared/model/check.ts';

export const TRUTH_REASONS = ['taken', 'before-outage'] as const;
export type TruthReason = (typeof TRUTH_REASONS)[number];

export interface Truth {
  device: DeviceId;
  /** Undefined: whichever check warned. */
  check: CheckId | undefined;
  instance: string | undefined;
  from: number;
  to: number;
  /** `taken`: a person acknowledged or was given it. `before-outage`: the device went down within the hour. */
  why: TruthReason;
}

/** A warning counts for an outage that begins within so long. */
export const WARNED_MS = 3_600_000;
/** A draft may find the same a little later: a duration more, a poll that is due. */
const LATE_MS = 600_000;

/** Those that the present checks found and the draft does not. */
export function lostTruths(
  truths: readonly Truth[],
  runs: { before: readonly Episode[]; after: readonly Episode[] },
): Truth[] {
  return truths.filter(
    (truth) => runs.before.some((one) => isOf(truth, one)) && !runs.after.some((one) => isOf(truth, one)),
  );
}

function isOf({ check, instance, from, to }: Truth, episode: Episode): boolean {
  if (check !== undefined && check !== episode.check) return false;
  if (instance !== undefined && instance !== episode.instance) return false;
  return episode.openedAt <= to + LATE_MS && (episode.clearedAt ?? Number.POSITIVE_INFINITY) >= from - LATE_MS;
}

/** What a device warned of in the hour before it went down. */
export const outageTruths = (device: DeviceId, downs: readonly number[]): Truth[] =>
  downs.map((at) => ({
    ...{ device, check: undefined, instance: undefined },
    ...{ from: at - WARNED_MS, to: at, why: 'before-outage' as const },
  }));
