// Joins the ways in: passwords with their hasher and brake, passkeys with their challenges, what a person may change of them.
import { Doors } from '#console/access/doors.ts';
import { Factors } from '#console/access/factors.ts';
import { GuessBrake } from '#console/access/guess-brake.ts';
import { PasskeyChallenges } from '#console/access/passkey-proof.ts';
import { PasswordHasher } from '#console/access/password-hash.ts';
import type { People } from '#console/access/people.ts';
import { openSecretBox } from '#console/access/secret-box.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';

export interface SignInParts {
  /** The folder of this instance: the key of what is sealed lies there. */
  data: string;
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  people: People;
}

export function composeSignIn({ data, ...deps }: SignInParts) {
  const { people, clock } = deps;
  const hasher = new PasswordHasher({ clock });
  const challenges = new PasskeyChallenges({ clock });
  const shared = { ...deps, hasher, challenges, box: openSecretBox(data) };
  return {
    hasher,
    challenges,
    doors: new Doors({ ...shared, brake: new GuessBrake({ clock }) }),
    factors: new Factors({ ...shared, sessions: people.sessions }),
    provider: null,
  };
}
