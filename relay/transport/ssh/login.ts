// From a connected socket to a logged-in SSH client, or to the reason why not; the host key is judged before a credential is offered.
import type { Socket } from 'node:net';
import ssh2, { type AuthHandlerMiddleware, type Client } from 'ssh2';
import type { Permit, Verdict } from '#relay/transport/credential-breaker.ts';
import type { Credential } from '#relay/transport/credentials.ts';
import { startDeadline } from '#relay/transport/deadline.ts';
import { printable } from '#relay/transport/script-output.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { ALGORITHMS, Sha1Refused } from './algorithms.ts';
import { AuthPlan } from './auth-plan.ts';
import type { HostKeyCheck } from './host-key.ts';

export interface LoginOptions {
  name: string;
  socket: Socket;
  credential: Credential;
  permit: Pick<Permit, 'settle'>;
  hostKey: HostKeyCheck;
  /** For a login that is fetched: called once the machine has shown a key that is accepted, and never else. */
  fetch?: ((hostKey: string) => Promise<Outcome<Credential>>) | undefined;
  clock: Clock;
  /** Key exchange and authentication together. */
  handshakeMs: number;
}

// 2 min: the poll is the liveness check; this only finds peers that vanished under a long job of a rarely polled device.
const KEEPALIVE_MS = 120_000;
// 2 beats without an answer: a reboot or a cut line, not a slow one.
const KEEPALIVE_MISSES = 2;
// 1 MiB before the login is complete: banners are a screen long, a key exchange a few KiB.
const MAX_LOGIN_BYTES = 1_048_576;

interface Ending {
  failure: Failure;
  verdict: Verdict;
}

/** What ssh2 says of itself: its errors carry a level. */
interface SshError extends Error {
  level?: string;
  code?: string | number;
}

/** What an error before the login's end means for the caller and for the credential. */
function endingOf(error: SshError, plan: AuthPlan, options: LoginOptions): Ending {
  const { name, hostKey, credential } = options;
  const offered = plan.hasOffered;
  if (hostKey.failure !== undefined) return { failure: hostKey.failure, verdict: 'not-tried' };
  if (plan.failure !== undefined) return { failure: plan.failure, verdict: 'not-tried' };
  if (error.level === 'client-authentication') {
    const detail = offered
      ? `credential ${credential.name} was not accepted`
      : `none of the ways to log in that it offers fits credential ${credential.name}`;
    return { failure: fail('denied', `${name}: ${detail}`), verdict: offered ? 'denied' : 'not-tried' };
  }
  const said = printable(error.message);
  if (error instanceof Sha1Refused) return { failure: fail('refused', `${name}: ${said}`), verdict: 'not-tried' };
  // A server that hangs up with words after a try has judged it ("too many authentication failures").
  if (offered && typeof error.code === 'number')
    return { failure: fail('denied', `${name}: ${said}`), verdict: 'denied' };
  if (offered) return { failure: fail('lost', `${name}: lost while logging in: ${said}`), verdict: 'unanswered' };
  if (error.level === 'client-socket') return { failure: fail('lost', `${name}: ${said}`), verdict: 'not-tried' };
  return { failure: fail('refused', `${name}: no SSH session: ${said}`), verdict: 'not-tried' };
}

function connectClient(client: Client, plan: AuthPlan, options: LoginOptions): void {
  const { socket, credential, hostKey } = options;
  // ssh2 asks for a way to log in only behind a key exchange whose host key was accepted.
  let filled: Promise<void> | undefined;
  const fill = async (fetch: NonNullable<LoginOptions['fetch']>) => plan.fill(await fetch(hostKey.seen ?? ''));
  // The types want `true` back for "ask me later"; null on the first call means the server has not said what it takes.
  const authHandler: AuthHandlerMiddleware = (methodsLeft: readonly string[] | null, _partial, next) => {
    const answer = () => {
      if (socket.destroyed) return;
      next(plan.next(methodsLeft ?? undefined) as Parameters<typeof next>[0]); // false is documented as "none left"
    };
    if (options.fetch === undefined) return answer();
    filled ??= fill(options.fetch);
    filled.then(answer, (error: unknown) => client.emit('error', error));
  };
  client.connect({
    sock: socket,
    username: credential.user,
    algorithms: ALGORITHMS,
    hostVerifier: (key: Buffer) => hostKey.accepts(key),
    authHandler,
    // Ours counts: one deadline for all of it.
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
  });
}

/** The first of ready, refusal, flood or end of time. */
function outcomeOf(
  client: Client,
  plan: AuthPlan,
  options: LoginOptions,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  const { socket, name } = options;
  return new Promise((resolve) => {
    const onData = () => {
      if (socket.bytesRead > MAX_LOGIN_BYTES)
        end({
          failure: fail('too-large', `${name}: floods the login with text`),
          verdict: plan.hasOffered ? 'unanswered' : 'not-tried',
        });
    };
    const onAbort = () =>
      end({
        failure: fail('cancelled', `${name}: stopped by us`),
        verdict: plan.hasOffered ? 'unanswered' : 'not-tried',
      });
    const end = (ending?: Ending) => {
      socket.off('data', onData);
      signal.removeEventListener('abort', onAbort);
      resolve(ending);
    };
    client.on('error', (error: SshError) => end(endingOf(error, plan, options)));
    client.on('close', () => end(endingOf(new Error('the connection was closed'), plan, options)));
    client.on('change password', () =>
      end({ failure: fail('denied', `${name}: the password has expired and must be changed`), verdict: 'denied' }),
    );
    client.on('ready', () => end());
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return onAbort();
    connectClient(client, plan, options);
    socket.on('data', onData);
  });
}

interface LoggedInClient {
  client: Client;
  auth: AuthPlan['offered'];
}

export async function login(options: LoginOptions, signal: AbortSignal): Promise<Outcome<LoggedInClient>> {
  const client = new ssh2.Client();
  const plan = new AuthPlan(options.credential);
  using deadline = startDeadline(options.clock, options.handshakeMs, signal);
  const ending = await outcomeOf(client, plan, options, deadline.signal);
  options.permit.settle(ending?.verdict ?? (plan.hasOffered ? 'accepted' : 'not-tried'));
  if (ending === undefined) return succeed({ client, auth: plan.offered });
  client.destroy();
  options.socket.destroy();
  return deadline.isExpired
    ? fail('timed-out', `${options.name}: no login within ${options.handshakeMs} ms`)
    : ending.failure;
}
