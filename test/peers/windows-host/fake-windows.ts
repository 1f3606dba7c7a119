// One fake Windows host, without a port of its own: whoever listens hands it sockets, and it does with them what Windows does.
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '#shared/base/clock.ts';
import { resetSocket } from '#test/fixtures/reset-socket.ts';
import { type Acceptor, LoginRefused } from './acceptor.ts';
import { Accounts, type HostAccount } from './accounts.ts';
import type { CimRepository } from './cim-repository.ts';
import { Enumerations } from './enumerations.ts';
import { type HostCertificate, hostCertificate } from './host-certificate.ts';
import { HostConnection } from './host-connection.ts';
import { count, type HostCounts, noCounts } from './host-counts.ts';
import { DEFAULT_LIMITS, DEFAULT_MODE, type DropPoint, type HostLimits, type HostMode } from './host-mode.ts';
import { NtlmAcceptor } from './ntlm-acceptor.ts';
import type { Program } from './program.ts';
import { Shells } from './shells.ts';
import { SpnegoAcceptor } from './spnego-acceptor.ts';
import { WsmanService } from './wsman-service.ts';

export interface FakeWindowsOptions {
  /** NetBIOS name, at most 15 letters. */
  machine: string;
  /** NetBIOS domain; the machine's own name where it is in a workgroup. */
  domain?: string | undefined;
  dnsName?: string;
  osVersion?: string;
  accounts: readonly HostAccount[];
  /** Wrong passwords that lock an account; Windows Server 2022 locks at 10. 0: never. */
  lockoutThreshold?: number;
  limits?: Partial<HostLimits>;
  mode?: Partial<HostMode>;
  clock: Clock;
  cim: CimRepository;
  programFor: (commandLine: string) => Program;
  /** Where the host is in a domain: accepts Kerberos. */
  kerberos?: ((binding: Uint8Array | undefined) => Acceptor) | undefined;
  /** What its own key follows from; without it the key is drawn. */
  keySeed?: Uint8Array | undefined;
  /** Pieces of output are at most this long; small ones split characters. */
  pieceBytes?: number;
}

const NO_TIMEOUTS = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true };

export class FakeWindows {
  readonly machine: string;
  readonly accounts: Accounts;
  readonly shells: Shells;
  readonly enumerations: Enumerations;
  counts: HostCounts = noCounts();
  #mode: HostMode;
  #certificate: HostCertificate | undefined;
  #https: Server | undefined;
  readonly #options: FakeWindowsOptions;
  readonly #limits: HostLimits;
  readonly #http: Server;
  readonly #service: WsmanService;
  /** Raw sockets, TLS or not. */
  readonly #sockets = new Set<Socket>();
  readonly #connections = new WeakMap<Socket, HostConnection>();
  #dropsSeen = 0;

  constructor(options: FakeWindowsOptions) {
    this.#options = options;
    this.machine = options.machine;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#mode = { ...DEFAULT_MODE, ...options.mode };
    const { clock, cim, accounts, programFor } = options;
    const newId = () => randomUUID().toUpperCase();
    this.accounts = new Accounts(accounts, options.lockoutThreshold ?? 0);
    this.shells = new Shells({
      limits: this.#limits,
      clock,
      newId,
      programFor,
      // 32 KB is what a real host's pipe gives at a time.
      pieceBytes: () => options.pieceBytes ?? 32_768,
    });
    this.enumerations = new Enumerations(this.#limits, newId, () => clock.now());
    this.#service = new WsmanService({
      machine: options.machine,
      osVersion: options.osVersion ?? '10.0.17763',
      limits: this.#limits,
      mode: () => this.#mode,
      cim,
      enumerations: this.enumerations,
      shells: this.shells,
      newId,
      onRequest: (action) => count(this.counts.requests, action.slice(action.lastIndexOf('/') + 1)),
      onQuery: (name) => count(this.counts.queries, name),
    });
    this.#http = createHttp(NO_TIMEOUTS, (request, response) => this.#serve(request, response, false));
  }

  get mode(): HostMode {
    return this.#mode;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  get certificate(): HostCertificate | undefined {
    return this.#certificate;
  }

  /** Makes the HTTPS listener's certificate: its own, or one with a stranger's key. Open connections go on. */
  async renewCertificate(whose: 'own' | 'other' = 'other'): Promise<HostCertificate> {
    const { clock, keySeed } = this.#options;
    const certificate = await hostCertificate(this.machine, clock.now(), whose === 'own' ? keySeed : undefined);
    this.#certificate = certificate;
    const { certificatePem: cert, keyPem: key } = certificate;
    this.#https = createHttps({ ...NO_TIMEOUTS, cert, key }, (request, response) =>
      this.#serve(request, response, true),
    );
    this.#https.on('tlsClientError', () => undefined); // the client did not like us; its socket closes
    return certificate;
  }

  set(change: Partial<HostMode>): void {
    this.#mode = { ...this.#mode, ...change };
    if (change.drop !== undefined) this.#dropsSeen = 0;
    if (this.#mode.isDown) this.cut();
  }

  heal(): void {
    this.set(DEFAULT_MODE);
  }

  /** Takes a connection that was made to one of the host's two ports. */
  accept(socket: Socket, isTls: boolean): void {
    socket.on('error', () => undefined); // 'close' follows
    if (this.#mode.isDown || this.#drops('connect', undefined)) return void resetSocket(socket);
    if (this.#sockets.size >= this.#limits.maxConnections) return void resetSocket(socket);
    this.counts.connections += 1;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#mode.isBlackHole) return void socket.pause();
    const server = isTls ? this.#https : this.#http;
    if (server === undefined) return void resetSocket(socket);
    server.emit('connection', socket);
  }

  /** Ends every connection without a goodbye. */
  cut(): void {
    for (const socket of this.#sockets) resetSocket(socket);
  }

  stop(): void {
    this.cut();
    this.shells.stop();
  }

  #serve(request: IncomingMessage, response: ServerResponse, isTls: boolean): void {
    const { socket } = request;
    const { idleCloseMs } = this.#mode;
    // As http.sys does it: an idle connection is closed with a goodbye.
    socket.setTimeout(0);
    response.once('finish', () => {
      if (idleCloseMs > 0) socket.setTimeout(idleCloseMs, () => socket.end());
    });
    if (this.#mode.isBlackHole) return;
    const connection = this.#connections.get(socket) ?? this.#newConnection(isTls);
    this.#connections.set(socket, connection);
    void connection.handle(request, response);
  }

  #newConnection(isTls: boolean): HostConnection {
    return new HostConnection({
      isTls,
      mode: () => this.#mode,
      counts: this.counts,
      service: this.#service,
      newAcceptor: () => this.#newAcceptor(isTls),
      drops: (point, action) => this.#drops(point, action),
      sleep: (ms) => this.#options.clock.sleep(ms),
    });
  }

  #newAcceptor(isTls: boolean): Acceptor {
    const { machine, domain = machine, dnsName = machine.toLowerCase(), clock, kerberos } = this.#options;
    const { challenge, cbt, refusesNtlm } = this.#mode;
    const channel = isTls ? this.#certificate?.binding : undefined;
    const ntlm = () => {
      if (refusesNtlm) throw new LoginRefused('unsupported', 'NTLM is switched off here');
      return new NtlmAcceptor({
        accounts: this.accounts,
        machine,
        domain,
        dnsName,
        nowMs: clock.now(),
        serverChallenge: randomBytes(8),
        challenge,
        cbt,
        channel,
      });
    };
    const binding = cbt === 'none' ? undefined : channel?.applicationData;
    return new SpnegoAcceptor({ ntlm, kerberos: kerberos && (() => kerberos(binding)) });
  }

  #drops(point: DropPoint, action: string | undefined): boolean {
    const { drop } = this.#mode;
    if (drop === null || drop.point !== point) return false;
    if (drop.action !== undefined && action?.endsWith(drop.action) !== true) return false;
    this.#dropsSeen += 1;
    const after = drop.after ?? 0;
    return this.#dropsSeen > after && this.#dropsSeen <= after + drop.times;
  }
}
