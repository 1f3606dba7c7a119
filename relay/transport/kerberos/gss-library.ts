// The system's own Kerberos, libgssapi_krb5, through koffi (RFC 2744): loaded when first asked for, absent where either is missing.
import { SecurityFailure } from '#relay/transport/security-context.ts';

/** A pointer of the library's; nothing is done with it but to give it back. */
export type GssHandle = { readonly gss: unique symbol };

export interface GssStatus {
  /** Routine error and supplementary bits (RFC 2744, 3.9.1); 0 and CONTINUE_NEEDED are success. */
  major: number;
  /** Of Kerberos, as a signed number. */
  minor: number;
}

export interface GssInit {
  credential: GssHandle;
  context: GssHandle | undefined;
  target: GssHandle;
  channelBinding: Uint8Array | undefined;
  token: Uint8Array | undefined;
}

/** Calls that may ask the network are asynchronous: they run on a thread of their own. */
export interface GssLibrary {
  importName(principal: string): GssStatus & { name: GssHandle | undefined };
  acquire(name: GssHandle, password: Uint8Array): Promise<GssStatus & { credential: GssHandle | undefined }>;
  init(step: GssInit): Promise<GssStatus & { context: GssHandle | undefined; token: Buffer; flags: number }>;
  wrap(context: GssHandle, plain: Uint8Array): GssStatus & { token: Buffer; isSealed: boolean };
  unwrap(context: GssHandle, token: Uint8Array): GssStatus & { plain: Buffer; isSealed: boolean };
  /** What the library says of a minor status. */
  text(minor: number): string;
  releaseName(name: GssHandle): void;
  releaseCredential(credential: GssHandle): void;
  deleteContext(context: GssHandle): void;
}

export const GSS_COMPLETE = 0;
/** GSS_S_CONTINUE_NEEDED. */
export const GSS_CONTINUE = 1;
// RFC 2744, Appendix A: mutual authentication, replay and sequence detection, confidentiality, integrity. Never delegation.
export const GSS_FLAGS = 0x02 | 0x04 | 0x08 | 0x10 | 0x20;
const INDEFINITE = 0xffffffff;
const INITIATE = 1;
const MECHANISM_CODE = 2;
// 1.2.840.113554.1.2.2 and its names of principals (RFC 4121, RFC 1964 2.1.1).
const KRB5_OID = Buffer.from('2a864886f712010202', 'hex');
const PRINCIPAL_OID = Buffer.from('2a864886f71201020201', 'hex');
// 8 MiB: a token is as long as its text and 60 bytes, and no text of ours has more than 4 MiB; a ticket has 12 KiB at most.
const MAX_TOKEN_BYTES = 8 * 1_048_576;

type Koffi = typeof import('koffi');
interface NativeBuffer {
  length: number | bigint;
  value: unknown;
}

const bufferOf = (bytes: Uint8Array): NativeBuffer => ({ length: bytes.length, value: bytes });
const oidOf = (bytes: Uint8Array) => ({ length: bytes.length, elements: bytes });
const emptyBuffer = (): NativeBuffer => ({ length: 0, value: null });

/** Every function that is used, with its types (gssapi.h of MIT Kerberos 1.20). */
function bind(koffi: Koffi) {
  const lib = koffi.load('libgssapi_krb5.so.2');
  const buffer = koffi.struct({ length: 'size_t', value: 'void *' });
  const oid = koffi.struct({ length: 'uint32_t', elements: 'void *' });
  const bindings = koffi.struct({
    initiatorType: 'uint32_t',
    initiator: buffer,
    acceptorType: 'uint32_t',
    acceptor: buffer,
    data: buffer,
  });
  const [bytes, oidIn, bindingsIn] = [koffi.pointer(buffer), koffi.pointer(oid), koffi.pointer(bindings)];
  const [bytesOut, number, handle] = [koffi.out(bytes), koffi.out('uint32_t *'), koffi.out('void **')];
  const [bytesBoth, handleBoth] = [koffi.inout(bytes), koffi.inout('void **')];
  const p = 'void *';
  const [u, i] = ['uint32_t', 'int'];
  return {
    mechanisms: koffi.decode(lib.symbol('gss_mech_set_krb5', p), p),
    importName: lib.func('gss_import_name', u, [number, bytes, oidIn, handle]),
    acquire: lib.func('gss_acquire_cred_with_password', u, [number, p, bytes, u, p, i, handle, p, p]),
    init: lib.func('gss_init_sec_context', u, [
      ...[number, p, handleBoth, p, oidIn, u, u, bindingsIn, bytes, p, bytesOut, number, p],
    ]),
    wrap: lib.func('gss_wrap', u, [number, p, i, u, bytes, number, bytesOut]),
    unwrap: lib.func('gss_unwrap', u, [number, p, bytes, bytesOut, number, p]),
    status: lib.func('gss_display_status', u, [number, u, i, oidIn, number, bytesOut]),
    releaseBuffer: lib.func('gss_release_buffer', u, [number, bytesBoth]),
    releaseName: lib.func('gss_release_name', u, [number, handleBoth]),
    releaseCredential: lib.func('gss_release_cred', u, [number, handleBoth]),
    deleteContext: lib.func('gss_delete_sec_context', u, [number, handleBoth, p]),
  };
}

type Bound = ReturnType<typeof bind>;

/**
 * The asynchronous form of a bound function, whose types koffi leaves open: it gives the major status. Koffi keeps no hold of bytes that
 * are only read, so we do until the call is over: the thread must not read memory that was given back meanwhile.
 */
const onThread = (call: { async: (...args: unknown[]) => void }, ...args: unknown[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const held = new Set(args);
    call.async(...args, (error: Error | null, major: number) => {
      held.clear();
      if (error === null) resolve(major);
      else reject(error);
    });
  });

class NativeGss implements GssLibrary {
  readonly #koffi: Koffi;
  readonly #native: Bound;

  constructor(koffi: Koffi) {
    this.#koffi = koffi;
    this.#native = bind(koffi);
  }

  importName(principal: string): ReturnType<GssLibrary['importName']> {
    const [minor, name] = [[0], [null as GssHandle | null]]; // filled by the call
    const text = bufferOf(Buffer.from(principal, 'utf8'));
    const major: number = this.#native.importName(minor, text, oidOf(PRINCIPAL_OID), name);
    return { major, minor: signed(minor), name: name[0] ?? undefined };
  }

  async acquire(name: GssHandle, password: Uint8Array): ReturnType<GssLibrary['acquire']> {
    const { acquire, mechanisms } = this.#native;
    const [minor, credential] = [[0], [null as GssHandle | null]]; // filled by the call
    const secret = bufferOf(password);
    const major = await onThread(
      acquire,
      ...[minor, name, secret, INDEFINITE, mechanisms, INITIATE, credential, null, null],
    );
    return { major, minor: signed(minor), credential: credential[0] ?? undefined };
  }

  async init({ credential, context, target, channelBinding, token }: GssInit): ReturnType<GssLibrary['init']> {
    const [minor, flags, both, output] = [[0], [0], [context ?? null], emptyBuffer()];
    const major = await onThread(
      this.#native.init,
      ...[minor, credential, both, target, oidOf(KRB5_OID), GSS_FLAGS, 0],
      ...[channelBinding === undefined ? null : bindingsOf(channelBinding)],
      ...[bufferOf(token ?? Buffer.alloc(0)), null, output, flags, null],
    );
    const made = { major, minor: signed(minor), context: both[0] ?? undefined, flags: flags[0] ?? 0 };
    return { ...made, token: this.#take(output) };
  }

  wrap(context: GssHandle, plain: Uint8Array): ReturnType<GssLibrary['wrap']> {
    const [minor, isSealed, output] = [[0], [0], emptyBuffer()];
    const major: number = this.#native.wrap(minor, context, 1, 0, bufferOf(plain), isSealed, output);
    return { major, minor: signed(minor), token: this.#take(output), isSealed: isSealed[0] === 1 };
  }

  unwrap(context: GssHandle, token: Uint8Array): ReturnType<GssLibrary['unwrap']> {
    const [minor, isSealed, output] = [[0], [0], emptyBuffer()];
    const major: number = this.#native.unwrap(minor, context, bufferOf(token), output, isSealed, null);
    return { major, minor: signed(minor), plain: this.#take(output), isSealed: isSealed[0] === 1 };
  }

  text(minor: number): string {
    const output = emptyBuffer();
    this.#native.status([0], minor >>> 0, MECHANISM_CODE, oidOf(KRB5_OID), [0], output);
    return this.#take(output).toString('utf8');
  }

  releaseName(name: GssHandle): void {
    this.#native.releaseName([0], [name]);
  }

  releaseCredential(credential: GssHandle): void {
    this.#native.releaseCredential([0], [credential]);
  }

  deleteContext(context: GssHandle): void {
    this.#native.deleteContext([0], [context], null);
  }

  /** Copies what the library wrote, and gives it back. */
  #take(output: NativeBuffer): Buffer {
    const length = Number(output.length);
    if (output.value === null) return Buffer.alloc(0);
    const isSane = length <= MAX_TOKEN_BYTES;
    const copy = isSane ? Buffer.from(new Uint8Array(this.#koffi.view(output.value, length))) : Buffer.alloc(0);
    this.#native.releaseBuffer([0], output);
    if (!isSane) throw new SecurityFailure('malformed', `Kerberos: a token of ${length} bytes`);
    return copy;
  }
}

const signed = (minor: readonly number[]): number => (minor[0] ?? 0) | 0;

/** gss_channel_bindings_struct without addresses (RFC 2744, 3.11), as RFC 5929 has it. */
const bindingsOf = (data: Uint8Array) => ({
  initiatorType: 0,
  initiator: emptyBuffer(),
  acceptorType: 0,
  acceptor: emptyBuffer(),
  data: bufferOf(data),
});

let loading: Promise<GssLibrary> | undefined;

async function load(): Promise<GssLibrary> {
  try {
    const { default: koffi } = await import('koffi');
    return new NativeGss(koffi);
  } catch (cause) {
    throw new SecurityFailure('unsupported', 'Kerberos needs koffi and libgssapi_krb5', { cause });
  }
}

/** Loaded once for the process; a failure stays one until the next start. */
export function loadGss(): Promise<GssLibrary> {
  loading ??= load();
  return loading;
}
