// The names WS-Management goes by on a Windows machine: namespaces, actions, resources and options.

/** Prefixes are ours to choose; only these addresses mean something (DSP0226 5.1, MS-WSMV 2.2.1). */
export const NS = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  enumeration: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration',
  transfer: 'http://schemas.xmlsoap.org/ws/2004/09/transfer',
  wsman: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  microsoft: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  fault: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  shell: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
  identity: 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd',
  cim: 'http://schemas.dmtf.org/wbem/wscim/1/common',
  instance: 'http://www.w3.org/2001/XMLSchema-instance',
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const;

/** DSP0226 7 and 8; MS-WSMV 3.1.4 for those of the shell. */
export const ACTION = {
  create: `${NS.transfer}/Create`,
  delete: `${NS.transfer}/Delete`,
  enumerate: `${NS.enumeration}/Enumerate`,
  pull: `${NS.enumeration}/Pull`,
  release: `${NS.enumeration}/Release`,
  command: `${NS.shell}/Command`,
  send: `${NS.shell}/Send`,
  receive: `${NS.shell}/Receive`,
  signal: `${NS.shell}/Signal`,
} as const;

/** A shell that runs commands (MS-WSMV 3.1.4.1.31). */
export const CMD_SHELL = `${NS.shell}/cmd`;

/** What a Signal asks for (MS-WSMV 2.2.4.38). */
export const SIGNAL = {
  terminate: `${NS.shell}/signal/terminate`,
  ctrlC: `${NS.shell}/signal/ctrl_c`,
} as const;

/** The state of a command that has ended (MS-WSMV 2.2.4.10). */
export const DONE = `${NS.shell}/CommandState/Done`;

/** The dialect of a filter that is WQL (MS-WSMV 2.2.1). */
export const WQL = 'http://schemas.microsoft.com/wbem/wsman/1/WQL';

/**
 * All classes of a CIM namespace. The resource addresses of the DMTF mean root\hardware without a further selector; these name
 * the namespace in full (MS-WSMV 3.1.4.1.1).
 */
export const wmiResource = (namespace: string): string =>
  `http://schemas.microsoft.com/wbem/wsman/1/wmi/${namespace.replaceAll('\\', '/')}/*`;
