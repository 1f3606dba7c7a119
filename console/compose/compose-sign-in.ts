// Joins the ways in: passwords with their hasher and brake, passkeys with their challenges, what a person may change of them.
import { readFileSync } from 'node:fs';
import { Doors } from '#console/access/doors.ts';
import { Factors } from '#console/access/factors.ts';
import { GuessBrake } from '#console/access/guess-brake.ts';
import { OidcClient } from '#console/access/oidc.ts';
import { OidcDoor } from '#console/access/oidc-door.ts';
import { PasskeyChallenges } from '#console/access/passkey-proof.ts';
import { PasswordHasher } from '#console/access/password-hash.ts';
import type { People } from '#console/access/people.ts';
import { openSecretBox } from '#console/access/secret-box.ts';
import { SSO_START } from '#console/api/sso-routes.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';

export interface SignInParts {
  config: ConsoleConfig;
  /** The folder of this instance: the key of what is sealed lies there. */
  data: string;
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  people: People;
}

export function composeSignIn({ config, data, ...deps }: SignInParts) {
  const { people, clock } = deps;
  const hasher = new PasswordHasher({ clock });
  const challenges = new PasskeyChallenges({ clock });
  const shared = { ...deps, hasher, challenges, box: openSecretBox(data) };
  return {
    hasher,
    challenges,
    doors: new Doors({ ...shared, brake: new GuessBrake({ clock }) }),
    factors: new Factors({ ...shared, sessions: people.sessions }),
    ...composeOidc(config, deps),
  };
}

function composeOidc({ signIn, outgoing }: ConsoleConfig, deps: Omit<SignInParts, 'config' | 'data'>) {
  if (signIn.oidc === undefined) return { provider: null, oidc: undefined };
  const { clientSecretFile, ...rest } = signIn.oidc;
  const clientSecret = clientSecretFile === undefined ? undefined : readFileSync(clientSecretFile, 'utf8').trim();
  const settings = { ...rest, clientSecret };
  const fetch = guardedFetch({ rules: { allow: new Set(outgoing.allow) } });
  return {
    provider: { label: settings.label, path: SSO_START },
    oidc: {
      client: new OidcClient({ settings, clock: deps.clock, fetch }),
      door: new OidcDoor({ ...deps, settings }),
    },
  };
}
