// What waits in memory to be written: polls of the open batch, facts for the next commit, and the count of what found no room.
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { SpoolRecord } from '#shared/model/record.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import { knownValues } from './sample-chains.ts';

export interface Waiting {
  lane: Exclude<Lane, 2>;
  record: SpoolRecord;
}

/** Facts and events waiting for a commit that keeps failing; the oldest is lost and counted. */
export const MAX_WAITING = 256;

export class Intake {
  #polls: PollRecord[] = [];
  #samples = 0;
  #urgent: Waiting[] = [];
  #waiting: Waiting[] = [];
  /** Samples and records that found no room, not yet told as a gap. */
  refused = 0;

  get isEmpty(): boolean {
    return this.#polls.length + this.#waiting.length === 0;
  }

  get samples(): number {
    return this.#samples;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  addPoll(poll: PollRecord): void {
    this.#polls.push(poll);
    this.#samples += knownValues(poll);
  }

  takePolls(): PollRecord[] {
    const polls = this.#polls;
    this.#polls = [];
    this.#samples = 0;
    return polls;
  }

  refuse(polls: readonly PollRecord[]): void {
    for (const poll of polls) this.refused += knownValues(poll);
  }

  /** Added inside a running transaction; it fails with it. */
  addUrgent(records: readonly Waiting[]): void {
    this.#urgent.push(...records);
  }

  /** Written with the next commit, and kept when that fails. */
  addWaiting(records: readonly Waiting[]): void {
    this.#waiting.push(...records);
  }

  /** Gives up the oldest over the bound. */
  trim(): void {
    const surplus = this.#waiting.length - MAX_WAITING;
    if (surplus > 0) this.refused += this.#waiting.splice(0, surplus).length;
  }

  /** What the commit under way has to write in `lane`, in the order it came; without what can wait where `onlyUrgent`. */
  recordsOf(lane: Waiting['lane'], onlyUrgent: boolean): SpoolRecord[] {
    const records = onlyUrgent ? this.#urgent : [...this.#waiting, ...this.#urgent];
    return records.filter((one) => one.lane === lane).map((one) => one.record);
  }

  committed(onlyUrgent: boolean): void {
    if (!onlyUrgent) this.#waiting = [];
    this.#urgent = [];
  }

  failed(): void {
    this.#urgent = [];
  }
}
