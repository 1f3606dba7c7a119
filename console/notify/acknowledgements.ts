// The one-time links of messages: what one is for, and its one use. Whoever has it can take that incident and nothing else.
import { type Actor, type Caller, can } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { IncidentId } from '#shared/base/id.ts';
import { ACK_LIFE_MS, ackHash } from './ack-key.ts';
import { incidentFacts } from './incident-facts.ts';
import { verdict } from './plan.ts';
import { readSetup } from './setup.ts';
import { insertVerdicts } from './trace-repository.ts';

/** Takes an incident for whoever has a link; false where it is taken or over already. */
export type Acknowledge = (caller: Caller, incident: IncidentId, note: string) => Promise<boolean>;

export interface LinkShown {
  title: string;
  siteName: string;
  severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
  since: number;
  state: 'open' | 'used' | 'taken' | 'over' | 'expired';
  contactName: string;
}

interface Found extends LinkShown {
  id: string;
  incident: IncidentId;
  contactId: string | null;
}

export class Acknowledgements {
  readonly #deps: { store: Store; clock: Clock; acknowledge: Acknowledge };

  constructor(deps: { store: Store; clock: Clock; acknowledge: Acknowledge }) {
    this.#deps = deps;
  }

  /** Throws `token-unknown` alike for what was never made and what is gone. */
  async show(token: string): Promise<LinkShown> {
    const { id: _id, incident: _incident, contactId: _contact, ...link } = await this.#find(this.#deps.store.db, token);
    return link;
  }

  /** Throws `token-used`, `token-expired`, or `conflict` where it is over or somebody has it already. */
  async use(token: string, address?: string): Promise<{ title: string; contactName: string }> {
    const { store, clock, acknowledge } = this.#deps;
    const found = await this.#find(store.db, token);
    const { id, state, title, contactName, incident } = found;
    if (state === 'expired') throw new AppError('token-expired', 'this link is too old');
    if (state === 'used') throw new AppError('token-used', 'this link was used already');
    if (state === 'over') throw new AppError('conflict', `${title}: it is over already`);
    if (state === 'taken') throw new AppError('conflict', `${title}: somebody has it already`);
    const caller = { actor: await this.#bearer(found), scope: everything(), address };
    // Taken first: a link that a crash used up in vain would be worse than one that is shown as taken.
    if (!(await acknowledge(caller, incident, `${contactName}, by the link of a message`)))
      throw new AppError('conflict', `${title}: somebody has it already`);
    await store.transaction(async (tx) => {
      await tx.updateTable('notification').set({ ack_used_at: clock.now() }).where('id', '=', id).execute();
      const made = verdict('acknowledged-by-link', `${contactName} took it by the link of a message`, null);
      await insertVerdicts(tx, incident, clock.now(), [made]);
    });
    return { title, contactName };
  }

  /** The person of this console that the contact is; whoever else has the link is nobody who signed in. */
  async #bearer({ contactId, contactName: name }: Found): Promise<Actor> {
    const id = contactId === null ? undefined : await personOf(this.#deps.store.db, contactId);
    if (id === undefined) return { kind: 'system', part: 'message-link' };
    return { kind: 'person', id, name, via: 'token', grants: [], steppedUpAt: null, mustEnrol: false };
  }

  async #find(db: Store['db'], token: string): Promise<Found> {
    const { clock } = this.#deps;
    const row = await db
      .selectFrom('notification')
      .select(['id', 'at', 'incident_id', 'contact_id', 'contact_name', 'channel_name', 'ack_used_at'])
      .where('ack_hash', '=', ackHash(token))
      .executeTakeFirst();
    const incident = row?.incident_id === null || row === undefined ? undefined : IncidentId.parse(row.incident_id);
    const facts = incident === undefined ? undefined : await incidentFacts(db, incident);
    if (row === undefined || incident === undefined || facts === undefined)
      throw new AppError('token-unknown', 'there is no such link');
    const { title, siteName, severity, openedAt: since } = facts;
    const isLate = clock.now() - row.at > ACK_LIFE_MS;
    const state =
      row.ack_used_at !== null
        ? 'used'
        : facts.resolvedAt !== null || facts.isMerged
          ? 'over'
          : facts.acknowledgedBy !== null
            ? 'taken'
            : isLate
              ? 'expired'
              : 'open';
    const contactName = row.contact_name === '' ? row.channel_name : row.contact_name;
    return { id: row.id, incident, contactId: row.contact_id, title, siteName, severity, since, state, contactName };
  }
}

/** Of what a link is for: no more is asked of it than that one incident. */
function everything(): Scope {
  const right = can({ kind: 'system', part: 'message-link' }, 'alert.write');
  if (!right.allowed) throw new AppError('internal', 'a link may not take its incident');
  return right.scope;
}

async function personOf(db: Store['db'], contact: string): Promise<string | undefined> {
  const contacts = (await readSetup(db)).contacts;
  return [...contacts.values()].find(({ id }) => id === contact)?.personId ?? undefined;
}
