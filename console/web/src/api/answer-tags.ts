// Which answer of a path is in the page: a tag counts from the moment its answer was taken in, never from its arrival alone.

export class AnswerTags {
  /** Of the answer that came last. */
  readonly #arrived = new Map<string, string>();
  /** Of the answer that the page shows. */
  readonly #shown = new Map<string, string>();

  /** An answer came; whoever asked may still break off. */
  arrive(path: string, tag: string | undefined): void {
    if (tag === undefined) this.#arrived.delete(path);
    else this.#arrived.set(path, tag);
  }

  /** From here on the path is read anew: until that is done nothing of it is certain. */
  begin(path: string): void {
    this.#shown.delete(path);
  }

  /** What came is in the page now. */
  show(path: string): void {
    const tag = this.#arrived.get(path);
    if (tag !== undefined) this.#shown.set(path, tag);
  }

  /** Undefined while the page shows nothing that is certain. */
  shown(path: string): string | undefined {
    return this.#shown.get(path);
  }
}
