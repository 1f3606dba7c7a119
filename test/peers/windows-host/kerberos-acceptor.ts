// Kerberos as the fake host accepts it: the system's own library does it, with the keys of a keytab. Test code asks it directly.
import koffi from 'koffi';
import { joinToken, splitToken } from '#relay/transport/kerberos/cfx-token.ts';
import { type SealedMessage, SecurityFailure } from '#relay/transport/security-context.ts';
import { type Acceptor, type AcceptStep, LoginRefused } from './acceptor.ts';

export interface KerberosAcceptorOptions {
  /** krb5.conf of the realm. */
  configFile: string;
  keytab: string;
  /** Of the TLS channel below; a client that is bound to another one is refused. */
  channelBinding?: Uint8Array | undefined;
}

interface NativeBuffer {
  length: number | bigint;
  value: unknown;
}

/** The functions of gssapi.h that an accepting end needs. */
function bind() {
  const lib = koffi.load('libgssapi_krb5.so.2');
  const buffer = koffi.struct({ length: 'size_t', value: 'void *' });
  const bindings = koffi.struct({
    initiatorType: 'uint32_t',
    initiator: buffer,
    acceptorType: 'uint32_t',
    acceptor: buffer,
    data: buffer,
  });
  const [bytes, number, handle, u, p] = [
    koffi.pointer(buffer),
    koffi.out('uint32_t *'),
    koffi.out('void **'),
    'uint32_t',
    'void *',
  ];
  const bytesOut = koffi.out(bytes);
  return {
    register: lib.func('krb5_gss_register_acceptor_identity', u, ['const char *']),
    accept: lib.func('gss_accept_sec_context', u, [
      ...[number, koffi.inout('void **'), p, bytes, koffi.pointer(bindings), handle, p, bytesOut, number, p, p],
    ]),
    name: lib.func('gss_display_name', u, [number, p, bytesOut, p]),
    wrap: lib.func('gss_wrap', u, [number, p, 'int', u, bytes, number, bytesOut]),
    unwrap: lib.func('gss_unwrap', u, [number, p, bytes, bytesOut, number, p]),
    release: lib.func('gss_release_buffer', u, [number, koffi.inout(bytes)]),
  };
}

let bound: ReturnType<typeof bind> | undefined;

const bufferOf = (bytes: Uint8Array): NativeBuffer => ({ length: bytes.length, value: bytes });
const empty = (): NativeBuffer => ({ length: 0, value: null });

export class KerberosAcceptor implements Acceptor {
  readonly #options: KerberosAcceptorOptions;
  readonly #native: ReturnType<typeof bind>;
  /** A pointer of the library's. */
  #context: unknown = null;

  constructor(options: KerberosAcceptorOptions) {
    bound ??= bind();
    this.#native = bound;
    this.#options = options;
    process.env['KRB5_CONFIG'] = options.configFile;
    // A replay cache would lie in a folder that all tests share.
    process.env['KRB5RCACHENAME'] = 'none:';
  }

  step(token: Uint8Array): AcceptStep {
    const { keytab, channelBinding } = this.#options;
    const [context, name, output] = [[this.#context], [null], empty()];
    this.#native.register(keytab);
    const none = { initiatorType: 0, initiator: empty(), acceptorType: 0, acceptor: empty() };
    const channel = channelBinding === undefined ? null : { ...none, data: bufferOf(channelBinding) };
    const major: number = this.#native.accept(
      ...[[0], context, null, bufferOf(token), channel, name, null, output, [0], null, null],
    );
    const reply = this.#take(output);
    // GSS_S_BAD_BINDINGS (RFC 2744, 3.9.1).
    if (((major >>> 16) & 0xff) === 4) throw new LoginRefused('channel-binding');
    if (major !== 0) throw new LoginRefused('refused', `status ${major.toString(16)}`);
    this.#context = context[0];
    const user = empty();
    this.#native.name([0], name[0], user, null);
    return {
      token: reply,
      accepted: {
        mechanism: 'kerberos',
        user: this.#take(user).toString('utf8'),
        wrap: (plain) => this.#wrap(plain),
        unwrap: (sealed) => this.#unwrap(sealed),
      },
    };
  }

  #wrap(plain: Uint8Array): SealedMessage {
    const output = empty();
    const major: number = this.#native.wrap([0], this.#context, 1, 0, bufferOf(plain), [0], output);
    if (major !== 0) throw new Error(`gss_wrap: ${major.toString(16)}`);
    return splitToken(this.#take(output), plain.length);
  }

  #unwrap(sealed: SealedMessage): Buffer {
    const [output, isSealed] = [empty(), [0]];
    const major: number = this.#native.unwrap([0], this.#context, bufferOf(joinToken(sealed)), output, isSealed, null);
    const plain = this.#take(output);
    if (major !== 0 || isSealed[0] !== 1) throw new SecurityFailure('integrity', 'not sealed by the client');
    return plain;
  }

  #take(output: NativeBuffer): Buffer {
    if (output.value === null) return Buffer.alloc(0);
    const copy = Buffer.from(new Uint8Array(koffi.view(output.value, Number(output.length))));
    this.#native.release([0], output);
    return copy;
  }
}
