// Over plain HTTP with NTLM a machine shows no key: after each new login it is asked again who it is, before an answer counts.
import type { CimSource } from '#relay/transport/cim.ts';
import { readWindowsFacts } from '#relay/transport/windows-identity.ts';
import { type Failure, fail, type Outcome } from '#shared/base/outcome.ts';
import { type DeviceIdentity, matchIdentity } from '#shared/model/device-identity.ts';
import type { SessionClient } from './winrm-session.ts';

interface KeylessParts {
  name: string;
  client: SessionClient;
  /** What it showed when the session began. */
  identity: DeviceIdentity;
  onOther: () => void;
}

export class KeylessGuard {
  readonly #parts: KeylessParts;
  #logins: number;

  constructor(parts: KeylessParts) {
    this.#parts = parts;
    this.#logins = parts.client.logins;
  }

  /** Undefined while it is the machine that the session began with. */
  async check(signal: AbortSignal): Promise<Failure | undefined> {
    const { name, client, identity, onOther } = this.#parts;
    const { logins } = client;
    if (logins === this.#logins) return undefined;
    const facts = await readWindowsFacts(client.cim, (request) => client.run(request, signal), signal);
    if (!facts.ok) return facts;
    if (matchIdentity(identity, facts.value.identity).verdict !== 'same') {
      onOther();
      return fail('identity-changed', `${name}: another machine answers at its address`);
    }
    // Not those that came meanwhile: another lane's new login may be on another machine, and is asked about next time.
    this.#logins = logins;
    return undefined;
  }

  /** What was yielded counts only when the end is good. */
  get cim(): CimSource {
    const { cim } = this.#parts.client;
    const check = (signal: AbortSignal) => this.check(signal);
    return {
      async *instances(query, limits, signal) {
        const ended: Outcome<void> = yield* cim.instances(query, limits, signal);
        return ended.ok ? ((await check(signal)) ?? ended) : ended;
      },
    };
  }
}
