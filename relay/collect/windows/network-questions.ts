// What a relay asks about where a Windows machine stands in its network and what it offers there.
import { question } from './ask-cim.ts';

const STANDARD = 'root/standardcimv2';

export const NETWORK = {
  configurations: question({
    from: 'Win32_NetworkAdapterConfiguration',
    select: {
      Index: 'integer',
      Description: 'text',
      MACAddress: 'text',
      IPAddress: 'texts',
      IPSubnet: 'texts',
      DefaultIPGateway: 'texts',
      DNSServerSearchOrder: 'texts',
      DNSDomain: 'text',
      DHCPEnabled: 'boolean',
      DHCPServer: 'text',
      MTU: 'integer',
    },
    where: 'IPEnabled=TRUE',
  }),
  /** How long an address lives: those that are made anew each day (SuffixOrigin 5) are left out. */
  addresses: question({
    namespace: STANDARD,
    from: 'MSFT_NetIPAddress',
    select: { IPAddress: 'text', SuffixOrigin: 'integer' },
  }),
  /** Both families; Win32_IP4RouteTable knows one of them. */
  routes: question({
    namespace: STANDARD,
    from: 'MSFT_NetRoute',
    select: {
      DestinationPrefix: 'text',
      NextHop: 'text',
      InterfaceAlias: 'text',
      RouteMetric: 'integer',
      Protocol: 'integer',
    },
  }),
  dns: question({
    namespace: STANDARD,
    from: 'MSFT_DNSClientServerAddress',
    select: { InterfaceAlias: 'text', AddressFamily: 'integer', ServerAddresses: 'texts' },
  }),
  shares: question({
    from: 'Win32_Share',
    select: { Name: 'text', Path: 'text', Description: 'text', Type: 'big' },
  }),
  /** State 2 listens, 5 is established. */
  connections: question({
    namespace: STANDARD,
    from: 'MSFT_NetTCPConnection',
    select: {
      LocalAddress: 'text',
      LocalPort: 'integer',
      RemoteAddress: 'text',
      RemotePort: 'integer',
      State: 'integer',
      OwningProcess: 'integer',
    },
    where: 'State=2 OR State=5',
  }),
  endpoints: question({
    namespace: STANDARD,
    from: 'MSFT_NetUDPEndpoint',
    select: { LocalAddress: 'text', LocalPort: 'integer', OwningProcess: 'integer' },
  }),
  processes: question({ from: 'Win32_Process', select: { ProcessId: 'integer', Name: 'text' } }),
  /** Direction 1 is inbound, Action 2 allows: what the firewall lets in. */
  rules: question({
    namespace: STANDARD,
    from: 'MSFT_NetFirewallRule',
    select: { InstanceID: 'text', DisplayName: 'text', DisplayGroup: 'text', Profiles: 'integer', Action: 'integer' },
    where: 'Enabled=1 AND Direction=1',
  }),
} as const;
