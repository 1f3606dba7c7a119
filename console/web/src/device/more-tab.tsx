// The views of what a device has and what happened to it, apart from its charts.
import { DisksTab } from './disks-tab.tsx';
import { HardwareTab } from './hardware-tab.tsx';
import { NetworkTab } from './network-tab.tsx';
import { NotesTab } from './notes-tab.tsx';
import { ServicesTab } from './services-tab.tsx';
import { SoftwareTab } from './software-tab.tsx';
import type { Tab } from './span.ts';
import type { TabProps } from './tab-props.ts';
import { TimelineTab } from './timeline-tab.tsx';
import { UsersTab } from './users-tab.tsx';

const VIEWS = {
  services: ServicesTab,
  disks: DisksTab,
  network: NetworkTab,
  software: SoftwareTab,
  users: UsersTab,
  hardware: HardwareTab,
  timeline: TimelineTab,
  notes: NotesTab,
};

export function MoreTab({
  tab,
  ...props
}: TabProps & { tab: Exclude<Tab, 'overview' | 'charts' | 'events' | 'security'> }) {
  const View = VIEWS[tab];
  return <View {...props} />;
}
