// What the fake host does with one request of WS-Management: which action it is, and the body of its answer.
import type { CimRepository } from './cim-repository.ts';
import type { Enumerations, Page, PageAsk } from './enumerations.ts';
import type { HostLimits, HostMode } from './host-mode.ts';
import { ShellActions } from './shell-actions.ts';
import type { Shells } from './shells.ts';
import { durationMs, readRequest, type SoapRequest, writeAnswer, writeIdentity } from './soap.ts';
import { FAULTS, WsmanFault } from './wsman-fault.ts';
import { ACTION, NS, WMI_RESOURCE, WQL_DIALECT } from './wsman-names.ts';
import { childOf, escapeXml, textOf, type XmlNode } from './xml-tree.ts';

export interface ServiceDeps {
  machine: string;
  osVersion: string;
  limits: HostLimits;
  mode: () => HostMode;
  cim: CimRepository;
  enumerations: Enumerations;
  shells: Shells;
  newId: () => string;
  /** Told of each request that is carried out. */
  onRequest: (action: string) => void;
  /** Told of the class of each WQL query. */
  onQuery: (from: string) => void;
}

export interface ServiceAnswer {
  status: 200 | 500;
  xml: string;
}

/** Windows answers with less than the 500 KB of the service when a request says nothing. */
const DEFAULT_ENVELOPE_BYTES = 153_600;

export class WsmanService {
  readonly #deps: ServiceDeps;
  readonly #shellActions: ShellActions;

  constructor(deps: ServiceDeps) {
    this.#deps = deps;
    this.#shellActions = new ShellActions(deps);
  }

  /** To one who is not logged in, the only thing that is ever told; undefined for any other request. */
  anonymous(xml: string): ServiceAnswer | undefined {
    try {
      return readRequest(xml).kind === 'identify' ? { status: 200, xml: writeIdentity(undefined) } : undefined;
    } catch {
      return undefined;
    }
  }

  async answer(xml: string, user: string): Promise<ServiceAnswer> {
    const { newId, machine, limits } = this.#deps;
    let relatesTo = 'uuid:00000000-0000-0000-0000-000000000000';
    try {
      if (Buffer.byteLength(xml) > limits.maxEnvelopeBytes) throw FAULTS.envelopeTooLarge();
      const request = readRequest(xml);
      if (request.kind === 'identify') return { status: 200, xml: writeIdentity(this.#deps.osVersion) };
      relatesTo = request.messageId;
      if ((request.timeoutMs ?? 0) > limits.maxTimeoutMs) throw FAULTS.timeoutTooLong(limits.maxTimeoutMs);
      this.#deps.onRequest(request.action);
      const body = await this.#carryOut(request, user);
      const answer = { action: `${request.action}Response`, relatesTo, messageId: newId(), body };
      return { status: 200, xml: writeAnswer(answer) };
    } catch (error) {
      if (!(error instanceof WsmanFault)) throw error;
      const fault = { action: ACTION.fault, relatesTo, messageId: newId(), body: error.body(machine) };
      return { status: 500, xml: writeAnswer(fault) };
    }
  }

  #carryOut(request: SoapRequest, user: string): Promise<string> | string {
    switch (request.action) {
      case ACTION.enumerate:
        return this.#enumerate(request, user);
      case ACTION.pull:
        return this.#pull(request, user);
      case ACTION.release:
        return this.#release(request, user);
      case ACTION.get:
        return this.#config(request);
      default:
        return this.#shellActions.carryOut(request, user);
    }
  }

  #enumerate(request: SoapRequest, user: string): string {
    const { cim, enumerations, limits, mode, shells } = this.#deps;
    const { resourceUri } = request;
    if (!resourceUri.startsWith(WMI_RESOURCE) || !resourceUri.endsWith('/*')) throw FAULTS.unknownResource(resourceUri);
    const ask = childOf(request.body, NS.enumeration, 'Enumerate');
    const filter = childOf(ask, NS.wsman, 'Filter');
    if (filter?.attributes.get('Dialect') !== WQL_DIALECT) throw FAULTS.badDialect();
    if (enumerations.ofUser(user) + shells.operationsOf(user) >= limits.maxOperationsPerUser)
      throw FAULTS.tooManyOperations(limits.maxOperationsPerUser);
    const query = filter.text.trim();
    this.#deps.onQuery(/\bfrom\s+(\w+)/i.exec(query)?.[1] ?? '');
    const items = cim.items(resourceUri.slice(WMI_RESOURCE.length, -2), query, mode());
    const isOptimised = childOf(ask, NS.wsman, 'OptimizeEnumeration') !== undefined;
    const first = isOptimised ? pageAsk(request, childOf(ask, NS.wsman, 'MaxElements')) : undefined;
    const page = enumerations.start(items, user, first);
    const context = `<n:EnumerationContext>${contextText(page)}</n:EnumerationContext>`;
    const held = isOptimised ? `<w:Items>${page.items.join('')}</w:Items>` : '';
    const end = isOptimised && page.context === undefined ? '<w:EndOfSequence/>' : '';
    return `<n:EnumerateResponse>${context}${held}${end}</n:EnumerateResponse>`;
  }

  #pull(request: SoapRequest, user: string): string {
    const ask = childOf(request.body, NS.enumeration, 'Pull');
    const context = textOf(childOf(ask, NS.enumeration, 'EnumerationContext')) ?? '';
    const wait = textOf(childOf(ask, NS.enumeration, 'MaxTime'));
    if (wait !== undefined && (durationMs(wait) ?? 0) > this.#deps.limits.maxTimeoutMs)
      throw FAULTS.timeoutTooLong(this.#deps.limits.maxTimeoutMs);
    const asked = pageAsk(request, childOf(ask, NS.enumeration, 'MaxElements'));
    const page = this.#deps.enumerations.pull(context.replace(/^uuid:/, ''), user, asked);
    const next = page.context === undefined ? '' : `<n:EnumerationContext>${contextText(page)}</n:EnumerationContext>`;
    const end = page.context === undefined ? '<n:EndOfSequence/>' : '';
    return `<n:PullResponse>${next}<n:Items>${page.items.join('')}</n:Items>${end}</n:PullResponse>`;
  }

  #release(request: SoapRequest, user: string): string {
    const ask = childOf(request.body, NS.enumeration, 'Release');
    const context = textOf(childOf(ask, NS.enumeration, 'EnumerationContext')) ?? '';
    this.#deps.enumerations.release(context.replace(/^uuid:/, ''), user);
    return '';
  }

  /** `winrm get winrm/config`, as far as somebody wants to know the limits. */
  #config({ resourceUri }: SoapRequest): string {
    if (!resourceUri.startsWith(NS.config)) throw FAULTS.unknownResource(resourceUri);
    const { limits, mode } = this.#deps;
    const leaf = (name: string, value: string | number) => `<cfg:${name}>${escapeXml(String(value))}</cfg:${name}>`;
    const level = mode().cbt;
    const auth = `<cfg:Auth>${leaf('Basic', 'false')}${leaf('Kerberos', 'true')}${leaf('Negotiate', 'true')}${leaf('Certificate', 'false')}${leaf('CredSSP', 'false')}${leaf('CbtHardeningLevel', level.charAt(0).toUpperCase() + level.slice(1))}</cfg:Auth>`;
    const service = `<cfg:Service>${leaf('MaxConcurrentOperationsPerUser', limits.maxOperationsPerUser)}${leaf('EnumerationTimeoutms', limits.enumerationTimeoutMs)}${leaf('MaxConnections', limits.maxConnections)}${leaf('AllowUnencrypted', 'false')}${auth}</cfg:Service>`;
    const winrs = `<cfg:Winrs>${leaf('AllowRemoteShellAccess', 'true')}${leaf('IdleTimeout', limits.shellIdleMs)}${leaf('MaxConcurrentUsers', limits.maxShellUsers)}${leaf('MaxShellsPerUser', limits.maxShellsPerUser)}</cfg:Winrs>`;
    return `<cfg:Config xmlns:cfg="${NS.config}">${leaf('MaxEnvelopeSizekb', Math.floor(limits.maxEnvelopeBytes / 1_024))}${leaf('MaxTimeoutms', limits.maxTimeoutMs)}${leaf('MaxBatchItems', 32_000)}${service}${winrs}</cfg:Config>`;
  }
}

const contextText = ({ context }: Page): string => (context === undefined ? '' : `uuid:${context}`);

function pageAsk({ maxEnvelopeBytes }: SoapRequest, maxElements: XmlNode | undefined): PageAsk {
  // DSP0226, 8.7: one item when nothing is said; 32,000 is MaxBatchItems.
  const maxItems = Math.min(Number(textOf(maxElements) ?? 1), 32_000);
  return { maxItems, maxBytes: maxEnvelopeBytes ?? DEFAULT_ENVELOPE_BYTES };
}
