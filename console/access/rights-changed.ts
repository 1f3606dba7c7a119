// Says at once that somebody's rights, sessions or tokens are others: what lasts longer than a request asks again then.
type Listener = (person: string) => void;

/** Of one process; other consoles on the same database notice at the next beat of a feed. */
export class RightsChanged {
  /** At most as many as there are open feeds. */
  readonly #listeners = new Set<Listener>();

  /** Call it after the commit, with the person's id. */
  tell(person: string): void {
    for (const listener of [...this.#listeners]) listener(person);
  }

  /** Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
