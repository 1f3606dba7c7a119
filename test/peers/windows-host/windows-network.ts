// Where a simulated Windows machine stands in its network: addresses, routes, name servers, shares, connections, firewall rules.
import { cimClass } from './cim-repository.ts';
import type { CimClass } from './cim-value.ts';
import type { MachineView } from './windows-machine.ts';
import { adapterName } from './windows-performance.ts';

const V2 = 'root/cimv2';
const STANDARD = 'root/standardcimv2';

/** The first adapter has the address it is reached at; others one that belongs to nobody. */
const addressOf = (machine: MachineView, i: number): string => (i === 0 ? machine.address : `192.0.2.${10 + i}`);

function configurationRows(machine: MachineView) {
  return machine.base.nics.map((nic, i) => ({
    Index: i + 1,
    InterfaceIndex: i + 4,
    Description: adapterName(i),
    MACAddress: nic.mac.toUpperCase(),
    IPEnabled: true,
    IPAddress: [addressOf(machine, i), `fe80::216:3eff:fe00:${(machine.base.index & 0xffff).toString(16)}`],
    IPSubnet: [i === 0 ? '255.0.0.0' : '255.255.255.0', '64'],
    DefaultIPGateway: i === 0 ? ['127.0.0.1'] : null,
    DNSServerSearchOrder: ['192.0.2.53', '192.0.2.54'],
    DNSDomain: machine.domain === undefined ? null : `${machine.domain.toLowerCase()}.example`,
    DHCPEnabled: i === 0,
    DHCPServer: i === 0 ? '192.0.2.1' : null,
    MTU: null,
  }));
}

const SHARES: ReadonlyArray<readonly [string, string, string, bigint]> = [
  ['ADMIN$', 'C:\\Windows', 'Remote Admin', 2_147_483_648n],
  ['C$', 'C:\\', 'Default share', 2_147_483_648n],
  ['IPC$', '', 'Remote IPC', 2_147_483_651n],
];

const LISTENING = [135, 445, 3_389, 5_985, 5_986, 49_664];

const RULES: ReadonlyArray<readonly [string, string, string]> = [
  ['WINRM-HTTP-In-TCP', 'Windows Remote Management (HTTP-In)', 'Windows Remote Management'],
  ['RemoteDesktop-UserMode-In-TCP', 'Remote Desktop - User Mode (TCP-In)', 'Remote Desktop'],
  ['FPS-SMB-In-TCP', 'File and Printer Sharing (SMB-In)', 'File and Printer Sharing'],
];

function connectionRows(machine: MachineView) {
  const port = (LocalPort: number, State: number, RemoteAddress: string, RemotePort: number) => ({
    LocalAddress: State === 2 ? '0.0.0.0' : machine.address,
    LocalPort,
    RemoteAddress,
    RemotePort,
    State,
    OwningProcess: LocalPort === 445 ? 4 : 600,
  });
  return [
    ...LISTENING.map((number) => port(number, 2, '0.0.0.0', 0)),
    port(49_700, 5, '192.0.2.20', 443),
    port(49_701, 11, '192.0.2.21', 443),
  ];
}

const addressClasses = (machine: MachineView): CimClass[] => [
  cimClass(
    V2,
    'Win32_NetworkAdapterConfiguration',
    'Index InterfaceIndex Description MACAddress IPEnabled IPAddress IPSubnet DefaultIPGateway DNSServerSearchOrder DNSDomain DHCPEnabled DHCPServer MTU',
    () => [
      ...configurationRows(machine),
      { Index: 0, Description: 'Microsoft Kernel Debug Network Adapter', IPEnabled: false },
    ],
  ),
  cimClass(
    STANDARD,
    'MSFT_NetRoute',
    'DestinationPrefix NextHop InterfaceAlias InterfaceIndex RouteMetric Protocol AddressFamily',
    () =>
      [
        ['0.0.0.0/0', '127.0.0.1', 0],
        ['127.0.0.0/8', '0.0.0.0', 256],
        ['fe80::/64', '::', 256],
      ].map(([DestinationPrefix = '', NextHop = '', RouteMetric = 0]) => ({
        DestinationPrefix,
        NextHop,
        InterfaceAlias: 'Ethernet0',
        InterfaceIndex: 4,
        RouteMetric,
        Protocol: 3,
        AddressFamily: String(DestinationPrefix).includes(':') ? 23 : 2,
      })),
  ),
  cimClass(STANDARD, 'MSFT_DNSClientServerAddress', 'InterfaceAlias AddressFamily ServerAddresses', () => [
    { InterfaceAlias: 'Ethernet0', AddressFamily: 2, ServerAddresses: ['192.0.2.53', '192.0.2.54'] },
    { InterfaceAlias: 'Ethernet0', AddressFamily: 23, ServerAddresses: null },
  ]),
  cimClass(
    STANDARD,
    'MSFT_NetIPAddress',
    'IPAddress InterfaceAlias AddressFamily PrefixLength PrefixOrigin SuffixOrigin',
    () => [
      {
        IPAddress: machine.address,
        InterfaceAlias: 'Ethernet0',
        AddressFamily: 2,
        PrefixLength: 8,
        PrefixOrigin: 3,
        SuffixOrigin: 3,
      },
    ],
  ),
  cimClass(V2, 'Win32_Share', 'Name Path Description Type Status', () =>
    SHARES.map(([Name, Path, Description, Type]) => ({ Name, Path, Description, Type, Status: 'OK' })),
  ),
];

const openClasses = (machine: MachineView): CimClass[] => [
  cimClass(
    STANDARD,
    'MSFT_NetTCPConnection',
    'LocalAddress LocalPort RemoteAddress RemotePort State OwningProcess CreationTime',
    () => connectionRows(machine),
  ),
  cimClass(STANDARD, 'MSFT_NetUDPEndpoint', 'LocalAddress LocalPort OwningProcess', () =>
    [123, 5_353, 5_355].map((LocalPort) => ({ LocalAddress: '0.0.0.0', LocalPort, OwningProcess: 612 })),
  ),
  cimClass(
    STANDARD,
    'MSFT_NetFirewallRule',
    'InstanceID DisplayName DisplayGroup Profiles Action Enabled Direction',
    () =>
      RULES.map(([InstanceID, DisplayName, DisplayGroup]) => ({
        InstanceID,
        DisplayName,
        DisplayGroup,
        Profiles: 3,
        Action: 2,
        Enabled: 1,
        Direction: 1,
      })),
  ),
];

export const windowsNetwork = (machine: MachineView): CimClass[] => [
  ...addressClasses(machine),
  ...openClasses(machine),
];
