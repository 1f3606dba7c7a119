// A device's glance straight from its last two polls, without the readings that no list shows.
import { deriving } from './derive.ts';
import { GLANCE_READINGS, type Glance, glanceOfReadings } from './glance.ts';
import type { PollRecord } from './poll-record.ts';

const derive = deriving(GLANCE_READINGS);

/** `prev` is undefined for a first poll: rates are unknown then. */
export const glanceOfPolls = (prev: PollRecord | undefined, next: PollRecord): Glance =>
  glanceOfReadings(derive(prev, next));
