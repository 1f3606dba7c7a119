// STANDING, since protocol 4: a standing order or its withdrawal on its way to its relay, which proves it against its charter.
import { z } from 'zod';
import { SignedStanding } from '#shared/model/standing-order.ts';

/** The first protocol whose relays know this message. */
export const STANDING_PROTOCOL = 4;
/** The first whose relays know a rule in the place of devices. */
export const RULE_PROTOCOL = 5;

/** Sent when it was stored and after every handshake, withdrawals first. */
export const StandingMessage = z.strictObject({ signed: SignedStanding });
export type StandingMessage = z.infer<typeof StandingMessage>;
