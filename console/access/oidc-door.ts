// Who comes from the identity provider: found by issuer and subject, made when the claims give a role, with the roles of the claims at each sign-in.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import { plainName } from '#shared/model/plain-name.ts';
import type { Grant } from './grant.ts';
import { deleteGrant, grantsOf, insertGrant } from './grant-repository.ts';
import { identityOf, insertIdentity, readIds, setIdentityGrants } from './identity-repository.ts';
import type { ClaimRole, OidcSettings, ProvenIdentity } from './oidc.ts';
import type { People, SignedIn } from './people.ts';
import { insertPerson, listPeople } from './people-repository.ts';
import { ROLES } from './roles.ts';
import type { From } from './sessions.ts';

interface Deps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  people: People;
  settings: OidcSettings;
}

const PersonName = plainName(120);
/** Namesakes at one provider; more are a fault of its claims. */
const MAX_NAMESAKES = 100;

/** A claim is one word or a list of words; nothing else gives a role. */
function hasValue(claim: unknown, value: string): boolean {
  return Array.isArray(claim) ? claim.some((one) => one === value) : claim === value;
}

export const rolesOfClaims = (claims: Readonly<Record<string, unknown>>, rules: readonly ClaimRole[]): ClaimRole[] =>
  rules.filter(({ claim, value }) => Object.hasOwn(claims, claim) && hasValue(claims[claim], value));

/** `signedIn` is undefined for somebody who may not come in, and `why` says so for the audit. */
type Ended = { signedIn: SignedIn } | { why: string };

export class OidcDoor {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async enter(identity: ProvenIdentity, from: From): Promise<SignedIn> {
    const { store, people, settings } = this.#deps;
    const mapped = rolesOfClaims(identity.claims, settings.roles);
    const changed: string[] = [];
    // What the claims take away is taken also from somebody who may not come in any more.
    const ended = await store.transaction((tx) => this.#enter(tx, { identity, mapped, from, changed }));
    for (const person of changed) people.revocations.tell({ kind: 'person', person });
    if ('signedIn' in ended) return ended.signedIn;
    await people.refusals.tell({ resource: 'oidc', detail: { why: ended.why }, address: from.address });
    throw new AppError(
      'denied',
      `you are known to ${settings.label}, but may not sign in here: ask who runs this console`,
    );
  }

  async #enter(
    tx: Tx,
    at: { identity: ProvenIdentity; mapped: readonly ClaimRole[]; from: From; changed: string[] },
  ): Promise<Ended> {
    const { identity, mapped, from, changed } = at;
    const { issuer, subject } = identity;
    const known = await identityOf(tx, issuer, subject);
    if (known === undefined && mapped.length === 0) return { why: 'no role for an unknown person' };
    const person = known ?? (await this.#make(tx, identity));
    if (await this.#follow(tx, { person: person.id, issuer, subject, former: known?.grants ?? '[]', mapped }))
      changed.push(person.id);
    if (known !== undefined && known.disabledAt !== null) return { why: 'the person is disabled' };
    if ((await grantsOf(tx, person.id)).length === 0) return { why: 'no role any more' };
    const signedIn = await this.#deps.people.open(tx, {
      ...{ person: { id: person.id, name: person.name }, via: 'oidc', from },
      steppedUpAt: identity.authenticatedAt,
    });
    return { signedIn };
  }

  async #make(tx: Tx, { issuer, subject, claims }: ProvenIdentity): Promise<{ id: string; name: string }> {
    const { clock, random, audit, settings } = this.#deps;
    const createdAt = clock.now();
    const name = await freeName(tx, nameOf(claims, settings.nameClaim) ?? subject);
    const person = { id: newId(createdAt, random), name, createdAt };
    await insertPerson(tx, person);
    await insertIdentity(tx, { issuer, subject, personId: person.id, createdAt });
    const row = {
      actor: 'system:oidc',
      verb: 'person.create',
      resource: `person:${person.id}`,
      outcome: 'ok',
    } as const;
    await audit.append(tx, { ...row, detail: { name, issuer } });
    return person;
  }

  /** True when the roles are others now. Grants that people gave by hand stay. */
  async #follow(
    tx: Tx,
    to: { person: string; issuer: string; subject: string; former: string; mapped: readonly ClaimRole[] },
  ): Promise<boolean> {
    const { clock, random, audit } = this.#deps;
    const { person, issuer, subject, mapped } = to;
    const ids = new Set(readIds(to.former));
    const held = (await grantsOf(tx, person)).filter(({ id }) => ids.has(id));
    const key = ({ role, over }: Pick<Grant, 'role' | 'over'>) => JSON.stringify([role, over]);
    const wanted = new Map(mapped.map((one) => [key(one), one]));
    const kept = held.filter((grant) => wanted.delete(key(grant)));
    const gone = held.filter((grant) => !kept.includes(grant));
    for (const { id } of gone) await deleteGrant(tx, person, id);
    const now = clock.now();
    const made = [...wanted.values()].map(({ role, over }): Grant => {
      return {
        id: newId(now, random),
        effect: 'allow',
        role,
        verbs: ROLES[role].verbs,
        over,
        from: null,
        until: null,
        hours: null,
      };
    });
    for (const grant of made) await insertGrant(tx, person, grant, now);
    await setIdentityGrants(
      tx,
      issuer,
      subject,
      [...kept, ...made].map(({ id }) => id),
    );
    if (gone.length + made.length === 0) return false;
    const row = { actor: 'system:oidc', verb: 'person.grant', resource: `person:${person}`, outcome: 'ok' } as const;
    const names = (grants: readonly Grant[]) => grants.map(({ role }) => role).join(' ');
    await audit.append(tx, { ...row, detail: { given: names(made), taken: names(gone) } });
    return true;
  }
}

function nameOf(claims: Readonly<Record<string, unknown>>, nameClaim: string): string | undefined {
  for (const claim of [nameClaim, 'preferred_username', 'email', 'name']) {
    const name = PersonName.safeParse(Object.hasOwn(claims, claim) ? claims[claim] : undefined);
    if (name.success) return name.data;
  }
  return undefined;
}

/** A name is no proof of who it is: somebody who has it already, in whatever case, keeps it to themself. */
async function freeName(tx: Tx, name: string): Promise<string> {
  const short = name.slice(0, 110);
  const taken = new Set((await listPeople(tx)).map((one) => one.name.toLowerCase()));
  for (let n = 1; n <= MAX_NAMESAKES; n += 1) {
    const tried = n === 1 ? short : `${short} (${n})`;
    if (!taken.has(tried.toLowerCase())) return tried;
  }
  throw new AppError('conflict', 'too many people have this name');
}
