// The faults a Windows host answers with: code, subcode and text of each (MS-WSMV 2.2.4.43, wsmerror.h).
import { NS } from './wsman-names.ts';
import { escapeXml } from './xml-tree.ts';

export interface FaultShape {
  /** Whose mistake it was (SOAP 1.2 part 1, 5.4.6). */
  side: 'Sender' | 'Receiver';
  /** With its prefix: `w:` wsman, `a:` addressing, `e:` enumeration. */
  subcode: string;
  /** Of WSManFault; absent where a WMI error stands instead. */
  code?: number;
  reason: string;
  /** Further XML of the detail. */
  detail?: string;
}

export class WsmanFault extends Error {
  readonly shape: FaultShape;

  constructor(shape: FaultShape) {
    super(shape.reason);
    this.shape = shape;
  }

  /** Content of `s:Body`; `machine` is what the host calls itself. */
  body(machine: string): string {
    const { side, subcode, code, reason, detail = '' } = this.shape;
    const wsman =
      code === undefined
        ? ''
        : `<f:WSManFault xmlns:f="${NS.fault}" Code="${code}" Machine="${escapeXml(machine)}"><f:Message>${escapeXml(reason)} </f:Message></f:WSManFault>`;
    return `<s:Fault><s:Code><s:Value>s:${side}</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${escapeXml(reason)} </s:Text></s:Reason><s:Detail>${detail}${wsman}</s:Detail></s:Fault>`;
  }
}

const faultDetail = (name: string): string =>
  `<w:FaultDetail>http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/${name}</w:FaultDetail>`;

/** A WMI error (MS-WSMV 2.2.4.18): the HRESULT of the provider, and the code of CIM operations (DSP0200). */
function wmiFault(hresult: number, cimStatus: number, reason: string): WsmanFault {
  const ns = `${'http://schemas.microsoft.com/wbem/wsman/1/wmi/'}root/cimv2/MSFT_WmiError`;
  const detail = `<p:MSFT_WmiError b:IsCIM_Error="true" xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd" xmlns:p="${ns}" xmlns:cim="${NS.cim}" xmlns:xsi="${NS.schema}" xsi:type="p:MSFT_WmiError_Type"><p:CIMStatusCode xsi:type="cim:cimUnsignedInt">${cimStatus}</p:CIMStatusCode><p:error_Category xsi:type="cim:cimUnsignedShort">30</p:error_Category><p:error_Code xsi:type="cim:cimUnsignedInt">${hresult}</p:error_Code><p:error_Type xsi:type="cim:cimString">HRESULT</p:error_Type><p:error_WindowsErrorMessage xsi:type="cim:cimString">${escapeXml(reason)}</p:error_WindowsErrorMessage><p:Message xsi:type="cim:cimString">${escapeXml(reason)}</p:Message><p:MessageID xsi:type="cim:cimString">HRESULT 0x${hresult.toString(16)}</p:MessageID></p:MSFT_WmiError>`;
  return new WsmanFault({ side: 'Receiver', subcode: 'w:InternalError', reason, detail });
}

const sender = (subcode: string, code: number, reason: string, detail?: string): WsmanFault =>
  new WsmanFault({ side: 'Sender', subcode, code, reason, ...(detail === undefined ? {} : { detail }) });

/** One maker per fault; the numbers are those of wsmerror.h and wbemcli.h. */
export const FAULTS = {
  timedOut: () =>
    new WsmanFault({
      side: 'Receiver',
      subcode: 'w:TimedOut',
      code: 2150858793, // ERROR_WSMAN_OPERATION_TIMEDOUT
      reason: 'The WS-Management service cannot complete the operation within the time specified in OperationTimeout. ',
    }),
  noCommand: () =>
    sender(
      'w:InvalidSelectors',
      2150858843, // ERROR_WINRS_INVALID_COMMANDID
      'The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist. Either the command has completed execution or the client specified an invalid command identifier.',
      faultDetail('UnexpectedSelectors'),
    ),
  noShell: () =>
    sender(
      'w:InvalidSelectors',
      2150858843, // the same for a shell: ERROR_WSMAN_INVALID_SELECTORS' text differs, its number is the shell's
      'The request for the Windows Remote Shell with ShellId failed because the shell was not found on the server. Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the server.',
      faultDetail('UnexpectedSelectors'),
    ),
  accessDenied: () => sender('w:AccessDenied', 5, 'Access is denied.'),
  tooManyShells: (limit: number) =>
    sender(
      'w:QuotaLimit',
      2150859173,
      `The WS-Management service cannot process the request. This user is allowed a maximum number of ${limit} concurrent shells, which has been exceeded.`,
    ),
  tooManyOperations: (limit: number) =>
    sender(
      'w:QuotaLimit',
      2150859174,
      `The WS-Management service cannot process the request. The maximum number of concurrent operations for this user has been exceeded: ${limit}.`,
    ),
  tooManyShellUsers: (limit: number) =>
    sender(
      'w:QuotaLimit',
      2150859179,
      `The WS-Management service cannot process the request. The maximum number of concurrent shell users is ${limit}.`,
    ),
  encodingLimit: () =>
    sender(
      'w:EncodingLimit',
      2150858790,
      'The WS-Management service cannot process the request because the response exceeds the maximum envelope size in the request.',
      faultDetail('MaxEnvelopeSize'),
    ),
  envelopeTooLarge: () =>
    sender(
      'w:EncodingLimit',
      2150858819,
      'The WS-Management service cannot process the request because the SOAP packet exceeds the maximum envelope size of the service.',
      faultDetail('ServiceEnvelopeLimit'),
    ),
  timeoutTooLong: (maxMs: number) =>
    sender(
      'w:UnsupportedFeature',
      2150858832,
      `The timeout of the request is larger than MaxTimeoutms, which is ${maxMs}.`,
      faultDetail('OperationTimeout'),
    ),
  badEnvelope: (why: string) => sender('w:SchemaValidationError', 2150858817, `The SOAP packet is not valid: ${why}.`),
  unknownAction: (action: string) =>
    sender('a:ActionNotSupported', 2150858756, `The action ${action} is not supported by the service.`),
  unknownResource: (uri: string) =>
    sender(
      'a:DestinationUnreachable',
      2150858811,
      `The WS-Management service cannot process the request because the resource URI is not valid: ${uri}`,
      faultDetail('InvalidResourceURI'),
    ),
  badContext: () => sender('e:InvalidEnumerationContext', 2150858786, 'The supplied enumeration context is invalid.'),
  badDialect: () =>
    sender('e:FilterDialectRequestedUnavailable', 2150858792, 'The requested filtering dialect is not supported.'),
  badQuery: (why: string) => wmiFault(0x80041017, 15, `Invalid query: ${why}`), // WBEM_E_INVALID_QUERY
  noClass: (name: string, namespace: string) =>
    wmiFault(
      0x80041010,
      5,
      `The WS-Management service cannot process the request. The class ${name} does not exist in the ${namespace} namespace.`,
    ), // WBEM_E_INVALID_CLASS
  noNamespace: (namespace: string) => wmiFault(0x8004100e, 3, `Invalid namespace: ${namespace}`), // WBEM_E_INVALID_NAMESPACE
  deniedNamespace: (namespace: string) => wmiFault(0x80041003, 2, `Access denied: ${namespace}`), // WBEM_E_ACCESS_DENIED
  providerFailed: () => wmiFault(0x80041004, 1, 'Provider failure'), // WBEM_E_PROVIDER_FAILURE
} as const;
