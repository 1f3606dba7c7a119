// What each person can sign in with and when they were seen last, for lists of people: never a secret, nor its hash.
import type { Db } from '#console/store/engine.ts';
import { FACTOR_ORDER, type FactorName, type SignInStanding } from './sign-in-standing.ts';

const later = (a: number | null, b: number | null): number | null => (a === null || (b !== null && b > a) ? b : a);

class Standings {
  readonly #factors = new Map<string, Set<FactorName>>();
  readonly #seen = new Map<string, number | null>();

  has(person: string, factor: FactorName): void {
    const known = this.#factors.get(person) ?? new Set();
    this.#factors.set(person, known.add(factor));
  }

  seen(person: string, at: number | null): void {
    this.#seen.set(person, later(this.#seen.get(person) ?? null, at));
  }

  all(): Map<string, SignInStanding> {
    const people = new Set([...this.#factors.keys(), ...this.#seen.keys()]);
    return new Map(
      [...people].map((person) => {
        const factors = FACTOR_ORDER.filter((factor) => this.#factors.get(person)?.has(factor) === true);
        return [person, { factors, lastSeenAt: this.#seen.get(person) ?? null }];
      }),
    );
  }
}

/** By person; a console is run by tens of people, so all of them are read at once. */
export async function signInStandings(db: Db): Promise<Map<string, SignInStanding>> {
  const found = new Standings();
  const factors = await db.selectFrom('person_factor').select(['person_id', 'password_hash', 'totp_sealed']).execute();
  for (const { person_id, password_hash, totp_sealed } of factors) {
    if (password_hash !== null) found.has(person_id, 'password');
    if (totp_sealed !== null) found.has(person_id, 'totp');
  }
  const passkeys = await db.selectFrom('person_passkey').select(['person_id', 'last_used_at']).execute();
  for (const { person_id, last_used_at } of passkeys) {
    found.has(person_id, 'passkey');
    found.seen(person_id, last_used_at);
  }
  const codes = await db
    .selectFrom('recovery_code')
    .select('person_id')
    .distinct()
    .where('used_at', 'is', null)
    .execute();
  for (const { person_id } of codes) found.has(person_id, 'recovery');
  const identities = await db.selectFrom('person_identity').select('person_id').execute();
  for (const { person_id } of identities) found.has(person_id, 'oidc');
  const sessions = await db.selectFrom('session').select(['person_id', 'last_seen_at']).execute();
  for (const { person_id, last_seen_at } of sessions) found.seen(person_id, last_seen_at);
  return found.all();
}
