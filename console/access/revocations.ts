// Tells those who hold a connection open that its right has ended: at once, not at their next look.

/** By what a connection is held open. */
export interface HeldBy {
  person: string;
  session?: string | undefined;
  token?: string | undefined;
}

/** What ended. `person`: all of them; `sessions`: all sessions of a person but one. */
export type Ended =
  | { kind: 'person'; person: string }
  | { kind: 'sessions'; person: string; exceptSession?: string | undefined }
  | { kind: 'session'; session: string }
  | { kind: 'token'; token: string };

function concerns(ended: Ended, { person, session, token }: HeldBy): boolean {
  switch (ended.kind) {
    case 'person':
      return person === ended.person;
    case 'sessions':
      return person === ended.person && session !== undefined && session !== ended.exceptSession;
    case 'session':
      return session === ended.session;
    case 'token':
      return token === ended.token;
  }
}

export class Revocations {
  // As many as there are live feeds, which have a bound of their own.
  readonly #held = new Map<object, { heldBy: HeldBy; onEnd: () => void }>();

  /** Calls `onEnd` once when the right ends; returns how to stop listening. */
  hold(heldBy: HeldBy, onEnd: () => void): () => void {
    const key = {};
    this.#held.set(key, { heldBy, onEnd });
    return () => void this.#held.delete(key);
  }

  /** After the commit: whoever comes back meanwhile is refused by the database already. */
  tell(ended: Ended): void {
    for (const [key, { heldBy, onEnd }] of [...this.#held]) {
      if (!concerns(ended, heldBy)) continue;
      this.#held.delete(key);
      onEnd();
    }
  }
}
