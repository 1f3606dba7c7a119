// From a connected socket to a login that the host accepted: the dance of 401 and tokens (RFC 4559, MS-WSMV 2.2.9).
import type { Verdict } from '#relay/transport/credential-breaker.ts';
import { printable } from '#relay/transport/script-output.ts';
import type { SecurityContext } from '#relay/transport/security-context.ts';
import { securityOutcome } from '#relay/transport/security-outcome.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { HttpReply } from './http-exchange.ts';

export interface LoginSteps {
  name: string;
  context: SecurityContext;
  /** Asked before anything leaves that proves a login: a failure says why it does not. */
  leave(): Promise<Failure | undefined>;
  /** Posts a token, with the first real body where `withBody` says so. */
  post(token: Uint8Array, withBody: boolean): Promise<Outcome<HttpReply>>;
  /** Whether the last token may carry the first body. */
  mayCarryBody: boolean;
}

export interface LoginEnd {
  outcome: Outcome<{ reply: HttpReply; isAnswer: boolean }>;
  verdict: Verdict;
}

// 3 rounds: NTLM needs two, Kerberos one, and a second where the clocks differ.
const MAX_ROUNDS = 3;

/** The token behind `Negotiate`; an empty one where the host only names the scheme, undefined where it does not. */
function negotiateToken(authenticate: string): Buffer | undefined {
  const found = /(?:^|,)\s*(?:Negotiate|Kerberos)(?:\s+([A-Za-z0-9+/]+=*))?\s*(?:,|$)/i.exec(authenticate);
  return found === null ? undefined : Buffer.from(found[1] ?? '', 'base64');
}

/** A host may show us what we sent it: tokens of a login, which nobody else should have to try passwords on. */
const withoutTokens = (text: string): string => text.replace(/[A-Za-z0-9+/]{24,}=*/g, '…');

/** What a status other than 200 and 500 says, in the host's own words as far as they can be shown. */
export function declined(name: string, reply: HttpReply): Failure {
  // 4 KiB: tokens are taken out while they are whole; what is shown is shorter still.
  const said = printable(withoutTokens(reply.body.subarray(0, 4_096).toString('latin1')));
  return fail('refused', `${name}: HTTP ${reply.status}${said === '' ? '' : `: ${said}`}`);
}

const end = (outcome: LoginEnd['outcome'], verdict: Verdict): LoginEnd => ({ outcome, verdict });

function refusedToken(name: string, reply: HttpReply, hasOffered: boolean): LoginEnd {
  if (hasOffered) return end(fail('denied', `${name}: the login was not accepted`), 'denied');
  const offers = printable(reply.authenticate.replace(/\s+[A-Za-z0-9+/]{16,}=*/g, '')) || 'nothing';
  return end(fail('refused', `${name}: it offers ${offers} to log in, not Negotiate`), 'not-tried');
}

/** The host took the last token: now it proves itself too, where the mechanism has that. */
async function accepted(steps: LoginSteps, reply: HttpReply, isAnswer: boolean): Promise<LoginEnd> {
  const { name, context } = steps;
  const unproven = context.mechanism === 'kerberos' ? 'unanswered' : 'not-tried';
  // It lets in whoever comes: a login that it never asked for is not one that it took.
  if (!context.isComplete && context.mechanism === 'ntlm')
    return end(fail('malformed', `${name}: it lets us in before it knows who we are`), unproven);
  if (!context.isComplete) {
    const proof = negotiateToken(reply.authenticate);
    if (proof === undefined || proof.length === 0)
      return end(fail('malformed', `${name}: it does not prove who it is`), unproven);
    await context.step(proof);
    if (!context.isComplete) return end(fail('malformed', `${name}: the login has no end`), unproven);
  }
  return end(succeed({ reply, isAnswer }), 'accepted');
}

async function dance(steps: LoginSteps, offer: { isMade: boolean }): Promise<LoginEnd> {
  const { name, context } = steps;
  let token = await context.step();
  for (let round = 0; round < MAX_ROUNDS && token !== undefined; round += 1) {
    const isLast = context.isComplete;
    const withBody = isLast && steps.mayCarryBody;
    // A first message of NTLM says nothing of the login; a ticket does.
    const isProof = isLast || context.mechanism === 'kerberos';
    const refused = isProof ? await steps.leave() : undefined;
    if (refused !== undefined) return end(refused, offer.isMade ? 'unanswered' : 'not-tried');
    offer.isMade ||= isProof;
    const posted = await steps.post(token, withBody);
    if (!posted.ok) return end(posted, offer.isMade ? 'unanswered' : 'not-tried');
    const reply = posted.value;
    // A fault answers a body: without one there is nothing to be at fault with.
    if (reply.status === 200 || (reply.status === 500 && withBody)) return await accepted(steps, reply, withBody);
    if (reply.status !== 401) return end(declined(name, reply), offer.isMade ? 'unanswered' : 'not-tried');
    const challenge = negotiateToken(reply.authenticate);
    if (isLast || challenge === undefined || challenge.length === 0) return refusedToken(name, reply, offer.isMade);
    token = await context.step(challenge);
  }
  return end(fail('malformed', `${name}: the login has no end`), offer.isMade ? 'unanswered' : 'not-tried');
}

/** Never throws for what the host sent; the verdict says whether the credential was judged. */
export async function logIn(steps: LoginSteps): Promise<LoginEnd> {
  const offer = { isMade: false };
  try {
    return await dance(steps, offer);
  } catch (error) {
    const failure = securityOutcome(steps.name, error);
    // A directory that refuses the login has judged it, though the host never saw it.
    if (failure.reason === 'denied') return end(failure, 'denied');
    return end(failure, offer.isMade ? 'unanswered' : 'not-tried');
  }
}
