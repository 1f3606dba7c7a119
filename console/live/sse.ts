// Server-sent events as bytes: what is told to many viewers is written once and sent to all of them.
import type { Change } from '#shared/model/change.ts';

/** The feed no longer reaches back to the viewer's last event: it reads everything again. */
export type Told = Change | { kind: 'reset' };

const encoder = new TextEncoder();

/** One event. JSON holds no line break, so it is one line of data. */
export const eventText = (told: Told): string => `event: message\ndata: ${JSON.stringify(told)}\n`;

/**
 * Whole events; the id stands with the last of them, because a connection that breaks in between must get the others again.
 * Without events a comment carries it: a viewer that was told nothing has seen everything up to here all the same.
 */
export function eventBytes(events: readonly string[], id: string): Uint8Array {
  const body = events.length === 0 ? ': \n' : events.join('\n');
  return encoder.encode(`${body}id: ${id}\n\n`);
}

/** Events that others with the id follow at once. */
export const looseBytes = (events: readonly string[]): Uint8Array =>
  encoder.encode(events.map((event) => `${event}\n`).join(''));

/** Where in which run of the console; a console that began anew numbers from 1 again. */
export interface Place {
  run: string;
  flush: number;
}

export const placeText = ({ run, flush }: Place): string => `${run}.${flush}`;

/** Undefined for what is no place of any console. */
export function readPlace(text: string): Place | undefined {
  const [, run, flush] = /^([0-9a-z]{1,20})\.(\d{1,15})$/.exec(text) ?? [];
  return run === undefined || flush === undefined ? undefined : { run, flush: Number(flush) };
}
