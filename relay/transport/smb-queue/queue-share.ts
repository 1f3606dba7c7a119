// The three folders of a file queue on its share, and the few things a relay does in them.
import type { SmbFiles } from '#relay/transport/smb/smb-files.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';

/** What the queue needs of a share. */
export type QueueFiles = Pick<
  SmbFiles,
  'isOpen' | 'list' | 'read' | 'write' | 'rename' | 'remove' | 'makeFolder' | 'watch'
>;

export const JOBS = 'jobs';
export const CLAIMED = 'claimed';
export const DONE = 'done';

// 4,096: a device leaves at most 1,000 answers, a relay a handful of jobs; a folder with more is somebody's mischief.
const MAX_ENTRIES = 4_096;

export class QueueShare {
  readonly #files: QueueFiles;

  constructor(files: QueueFiles) {
    this.#files = files;
  }

  get isOpen(): boolean {
    return this.#files.isOpen;
  }

  /** The folders stand, or are made. */
  async prepare(signal: AbortSignal): Promise<Outcome<void>> {
    for (const folder of [JOBS, CLAIMED, DONE]) {
      const made = await this.#files.makeFolder(folder, signal);
      if (!made.ok) return made;
    }
    return succeed(undefined);
  }

  /** Names of plain files; more than the bound is `too-large`. */
  async names(folder: string, signal: AbortSignal): Promise<Outcome<string[]>> {
    const names: string[] = [];
    const entries = this.#files.list(folder, { maxEntries: MAX_ENTRIES }, signal);
    for (;;) {
      const next = await entries.next();
      if (next.done === true) return next.value.ok ? succeed(names) : next.value;
      if (!next.value.isFolder && !next.value.isLink) names.push(next.value.name);
    }
  }

  /** Under a temporary name first: a device never meets half a job. */
  put(name: string, content: Uint8Array, signal: AbortSignal): Promise<Outcome<void>> {
    return this.#files.write(`${JOBS}/${name}`, content, { isReplacing: false }, signal);
  }

  /**
   * Takes a job back before its device claims it, by the same move a device makes: of both one wins. `gone`: the device was
   * first, so that it runs or has run.
   */
  async withdraw(name: string, signal: AbortSignal): Promise<Outcome<'withdrawn' | 'gone'>> {
    const aside = `${CLAIMED}/${name}.withdrawn`;
    const moved = await this.#files.rename(`${JOBS}/${name}`, aside, { isReplacing: false }, signal);
    // In use is a device in the midst of claiming it.
    if (!moved.ok) return moved.fault === 'no-such-file' || moved.fault === 'in-use' ? succeed('gone') : moved;
    // What stays behind, as when the device still holds it, runs nowhere: no worker takes that name, and it is swept within a day.
    await this.#files.remove(aside, signal);
    return succeed('withdrawn');
  }

  /** Asks the device to end a job it has claimed. */
  async askToStop(job: string, signal: AbortSignal): Promise<Outcome<void>> {
    const asked = await this.#files.write(`${CLAIMED}/${job}.stop`, new Uint8Array(0), { isReplacing: true }, signal);
    return asked;
  }

  async take(name: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>> {
    const read = await this.#files.read(`${DONE}/${name}`, maxBytes, signal);
    // Gone or not, its one reader has it: what could not be removed is swept.
    await this.#files.remove(`${DONE}/${name}`, signal);
    return read;
  }

  remove(folder: string, name: string, signal: AbortSignal): Promise<Outcome<void>> {
    return this.#files.remove(`${folder}/${name}`, signal);
  }

  /** Resolves at the next change in `done`, or with why nobody says so. The watch ends with the signal. */
  async *answers(signal: AbortSignal): AsyncGenerator<void, Outcome<void>> {
    const changes = this.#files.watch(DONE, { isDeep: false }, signal);
    for (;;) {
      const next = await changes.next();
      if (next.done === true) return next.value.ok ? fail('lost', 'the watch of the answers ended') : next.value;
      yield;
    }
  }
}
