// Where contexts of Kerberos come from: the library is loaded at the first one, and a relay without it only cannot do this.
import { PermitGate } from '#relay/transport/permit-gate.ts';
import type { ChannelBinding, SecurityContext } from '#relay/transport/security-context.ts';
import { securityOutcome } from '#relay/transport/security-outcome.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import { type GssLibrary, loadGss } from './gss-library.ts';
import { KerberosContext } from './kerberos-context.ts';

export interface KerberosAsk {
  /** user@REALM. */
  principal: string;
  /** HTTP/host.name: in the realm of the user unless it names another. */
  service: string;
  password: string;
  channelBinding: ChannelBinding | undefined;
}

export interface KerberosLoginsOptions {
  clock: Clock;
  /** krb5.conf of the site; undefined: the machine's own. */
  configFile?: string | undefined;
  /** For each question to the directory. Default 10 s: the library itself waits about as long for servers that are away. */
  stepMs?: number;
  load?: () => Promise<GssLibrary>;
}

// 2 of the 4 threads that Node has for files and names: a directory that is away may hold each for many seconds.
const CALLS_AT_ONCE = 2;
// 2,000 is a full roster.
const MAX_WAITING = 2_000;
const STEP_MS = 10_000;

export class KerberosLogins {
  readonly #options: KerberosLoginsOptions;
  readonly #gate = new PermitGate({ name: 'Kerberos', limit: CALLS_AT_ONCE, maxWaiting: MAX_WAITING });

  constructor(options: KerberosLoginsOptions) {
    this.#options = options;
    // The library reads it from the environment with every login.
    if (options.configFile !== undefined) process.env['KRB5_CONFIG'] = options.configFile;
  }

  /**
   * A context that holds its ticket already. `denied`: the directory judged the login. `unsupported`: no library, or no such
   * service in the directory. `unreachable`: no directory. Any other failure says nothing of the login either.
   */
  async newContext(ask: KerberosAsk, signal: AbortSignal): Promise<Outcome<SecurityContext>> {
    const { clock, load = loadGss, stepMs = STEP_MS } = this.#options;
    const { principal, password, channelBinding } = ask;
    const service = ask.service.includes('@') ? ask.service : `${ask.service}@${realmOf(principal)}`;
    try {
      const gss = await load();
      const parts = { gss, gate: this.#gate, clock, stepMs, principal, password, service, channelBinding };
      const context = new KerberosContext(parts);
      await context.prepare(signal);
      return succeed(context);
    } catch (error) {
      return securityOutcome(principal, error);
    }
  }
}

const realmOf = (principal: string): string => principal.slice(principal.lastIndexOf('@') + 1);
