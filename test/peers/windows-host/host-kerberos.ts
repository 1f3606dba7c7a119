// Kerberos at the fake Windows host: each login is accepted by a process of Debian's python3-gssapi, which reads SPNEGO by itself.
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { GssAcceptor } from '#test/peers/gss-acceptor.ts';
import type { KdcPeer } from '#test/peers/kdc.ts';
import { type Acceptor, type AcceptStep, LoginRefused } from './acceptor.ts';

class KerberosLogin implements Acceptor {
  readonly #gss: GssAcceptor;
  readonly #begun: Promise<void>;

  constructor(gss: GssAcceptor, begun: Promise<void>) {
    this.#gss = gss;
    this.#begun = begun;
    begun.catch(() => undefined); // told by the first step
  }

  async step(token: Uint8Array): Promise<AcceptStep> {
    await this.#begun;
    const { token: reply, user } = await this.#gss.step(token).catch((error: unknown) => {
      throw new LoginRefused('refused', String(error));
    });
    if (user === undefined) return { token: reply };
    return {
      token: reply.length === 0 ? undefined : reply,
      accepted: {
        mechanism: 'kerberos',
        user,
        wrap: (plain) => this.#gss.wrap(plain),
        unwrap: async (sealed) => {
          const { plain, isSealed } = await this.#gss.unwrap(sealed).catch((error: unknown) => {
            throw new SecurityFailure('integrity', String(error));
          });
          if (!isSealed) throw new SecurityFailure('integrity', 'signed and not sealed');
          return plain;
        },
      },
    };
  }
}

/** The logins of one host in a realm; who makes it stops it, and with it every login's process. */
export class HostKerberos {
  readonly #kdc: Pick<KdcPeer, 'configFile'>;
  readonly #keytab: string;
  readonly #running: GssAcceptor[] = [];

  constructor(kdc: Pick<KdcPeer, 'configFile'>, keytab: string) {
    this.#kdc = kdc;
    this.#keytab = keytab;
  }

  /** For the host's option `kerberos`. */
  readonly accept = (binding: Uint8Array | undefined): Acceptor => {
    const gss = new GssAcceptor(this.#kdc);
    this.#running.push(gss);
    return new KerberosLogin(gss, gss.begin(this.#keytab, binding));
  };

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((gss) => gss.stop()));
  }
}
