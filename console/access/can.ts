// The one answer to "may they?". Every route and every inner part asks here; nobody decides a right anywhere else.
import type { Scope } from './scope.ts';

/** Who asks. */
export type Actor =
  | { kind: 'anonymous' }
  /** A person, by a session in the browser or by an API token. */
  | { kind: 'person'; id: string; name: string; via: 'session' | 'token' }
  /** A relay over its mutual TLS link: it speaks for itself, and reads nothing. */
  | { kind: 'relay'; id: string }
  /** A part of the console itself: boot, jobs. */
  | { kind: 'system'; part: string };

/** Who asks for a change, and from where: what an audit row needs. */
export interface Caller {
  actor: Actor;
  /** Peer address. */
  address?: string | undefined;
}

export type Permission = { allowed: true; scope: Scope } | { allowed: false; reason: 'unauthenticated' | 'denied' };

// The brand exists only for the compiler: this is the one place that makes Scopes.
const EVERYTHING = Object.freeze({ kind: 'everything' }) as Scope;
const NOTHING = Object.freeze({ kind: 'nothing' }) as Scope;

/** Operations for those who are not signed in yet: everybody may, and sees nothing of the fleet. */
const PUBLIC = 'public';

/** An operation that forgot to declare its right asks for this one; nobody has it. */
const NOBODY = 'nobody';

export function can(actor: Actor, permission: string): Permission {
  if (permission === NOBODY) return { allowed: false, reason: 'denied' };
  if (permission === PUBLIC) return { allowed: true, scope: NOTHING };
  switch (actor.kind) {
    case 'person':
    case 'system':
      return { allowed: true, scope: EVERYTHING };
    case 'relay':
      return { allowed: false, reason: 'denied' };
    case 'anonymous':
      return { allowed: false, reason: 'unauthenticated' };
  }
}

/** The actor as audit rows name it. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'person':
      return actor.via === 'token' ? `token:${actor.id}` : `person:${actor.id}`;
    case 'relay':
      return `relay:${actor.id}`;
    case 'system':
      return `system:${actor.part}`;
  }
}

/** Who did it and from where, as an audit row begins. */
export const by = (caller: Caller) => ({ actor: actorName(caller.actor), address: caller.address });
