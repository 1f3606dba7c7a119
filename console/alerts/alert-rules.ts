// The times by which alerts live: when one is the same, when it flaps, and how long people wait for a word.
import { z } from 'zod';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const Ms = z.int().nonnegative();

/** All may be set in the console's configuration. */
export const AlertRules = z.strictObject({
  /** What begins is held so long: what it is a part of may be said in the next batch. Of the 5 s from event to mail it takes one. */
  holdMs: Ms.default(1_000),
  /** What a relay found so long before it was heard waited behind a line that was cut: the rest of its story is on the way. */
  lateMs: Ms.default(MINUTE_MS),
  /** And so it is held longer: a backlog of records is there within seconds, and says what is over and what the site was told. */
  lateHoldMs: Ms.default(15_000),
  /** What ceases and begins again within it never ceased for people: they hear that it is over after this. */
  dedupMs: Ms.default(5 * MINUTE_MS),
  /** What begins again within it is the same alert, opened again; later it is another. */
  reopenMs: Ms.default(HOUR_MS),
  /** So often begun within the span is flapping: it stays open, and people hear of it once. */
  flapOpenings: z.int().min(2).max(20).default(4),
  flapWithinMs: Ms.default(HOUR_MS),
  /** Flapping ends when nothing moved for so long. */
  steadyMs: Ms.default(15 * MINUTE_MS),
  /** What flaps on is told again after this: an hour of it, and the calm behind it, are one message at its end. */
  flapDigestMs: Ms.default(2 * HOUR_MS),
  /** And what flaps for weeks once a day. */
  flapDigestMostMs: Ms.default(DAY_MS),
  /** Trouble of one device within the span is one incident. */
  correlateMs: Ms.default(5 * MINUTE_MS),
  /** A relay that is not linked for so long is silent: a restart of it, or of a router, takes a minute. */
  relaySilentMs: Ms.default(2 * MINUTE_MS),
  /** After its own start the console says of nobody that they are silent: relays come back within a minute. */
  graceMs: Ms.default(3 * MINUTE_MS),
  /** What depended on a root that is over, and is not over itself so long after, is trouble of its own. */
  recheckMs: Ms.default(5 * MINUTE_MS),
  archiveAfterMs: Ms.default(7 * DAY_MS),
  /** Two years: a report compares a month with that of the year before. */
  forgetAfterMs: Ms.default(730 * DAY_MS),
});
export type AlertRules = z.infer<typeof AlertRules>;

export const DEFAULT_RULES: AlertRules = AlertRules.parse({});
