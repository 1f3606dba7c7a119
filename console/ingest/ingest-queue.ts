// What waits to be stored: bounded per relay, live lanes before backlog, each lane in its order.
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import type { LinkIdentity } from './record-hooks.ts';
import type { Marks } from './watermark-repository.ts';

export type Work = { kind: 'batch'; batch: Batch } | { kind: 'gap'; gap: Gap };

export interface Job {
  link: LinkIdentity;
  work: Work;
  resolve: (marks: Marks) => void;
  reject: (error: unknown) => void;
  /** Of a bundle that the queue holds. */
  isPart?: true;
}

/** Twice the credits a relay is given: more in flight is a relay that does not count. */
const MAX_JOBS_PER_RELAY = 128;
const MAX_BYTES_PER_RELAY = 8 * 1024 * 1024;
/** One commit: the cost of one fsync shared. 64 KiB are 45,000 samples or a batch of the largest size, whose turn of the loop is 10 ms. */
const GROUP_JOBS = 64;
const GROUP_BYTES = 64 * 1024;
/** Each job costs the queue this much beside its data. */
const JOB_BYTES = 256;

const sizeOf = (job: Job): number => JOB_BYTES + (job.work.kind === 'batch' ? job.work.batch.data.length : 0);
const laneOf = (work: Work): number => (work.kind === 'batch' ? work.batch.lane : work.gap.lane);

interface Held {
  jobs: number;
  bytes: number;
}

export class IngestQueue {
  /** Lanes 0 to 2, and lane 3. A lane lives in one of them alone, so its order holds. */
  #live: Job[] = [];
  #backlog: Job[] = [];
  readonly #held = new Map<string, Held>();

  get size(): number {
    return this.#live.length + this.#backlog.length;
  }

  get bytes(): number {
    return [...this.#held.values()].reduce((sum, held) => sum + held.bytes, 0);
  }

  /** False, and nothing is kept, when the relay has more in flight than it was given. */
  push(job: Job): boolean {
    const held = this.#held.get(job.link.relay) ?? { jobs: 0, bytes: 0 };
    const bytes = sizeOf(job);
    if (held.jobs >= MAX_JOBS_PER_RELAY || held.bytes + bytes > MAX_BYTES_PER_RELAY) return false;
    this.#held.set(job.link.relay, { jobs: held.jobs + 1, bytes: held.bytes + bytes });
    (laneOf(job.work) === 3 ? this.#backlog : this.#live).push(job);
    return true;
  }

  /** The next commit: what is live first, filled up with backlog; at least one job when there is any. */
  take(): Job[] {
    const group: Job[] = [];
    let bytes = 0;
    for (const list of [this.#live, this.#backlog]) {
      let taken = 0;
      for (const job of list) {
        if (group.length >= GROUP_JOBS || (group.length > 0 && bytes + sizeOf(job) > GROUP_BYTES)) break;
        group.push(job);
        bytes += sizeOf(job);
        taken += 1;
      }
      list.splice(0, taken);
    }
    return group;
  }

  /** The job is stored or refused: its relay may send more. */
  settle(job: Job): void {
    const held = this.#held.get(job.link.relay);
    if (held === undefined || job.isPart === true) return;
    held.jobs -= 1;
    held.bytes -= sizeOf(job);
    if (held.jobs === 0) this.#held.delete(job.link.relay);
  }
}
