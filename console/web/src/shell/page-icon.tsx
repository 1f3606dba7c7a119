// The signs of the pages, on a grid of 16 as the other icons are.
import type { PageIcon as Name } from './pages.ts';

const SHAPES: Readonly<Record<Name, string>> = {
  overview: 'M2 2.5h5v6H2zm7 0h5v3H9zm0 5.5h5v5.5H9zM2 11h5v2.5H2z',
  fleet: 'M2 2.5h12v8H2zM8 10.5v3m-3 0h6',
  incidents: 'M8 2.2 14.6 13.5H1.4zM8 6.5v3.2m0 2h.01',
  sites: 'M2.5 13.5v-11h7v11m0-7h4v7m-12 0h13M5 5.5h2m-2 3h2',
  customers: 'M2 5.5h12v8H2zM5.5 5.5v-3h5v3M2 9h12',
  groups: 'M2.5 2.5h4.5v4.5H2.5zm6.5 0h4.5v4.5H9zm0 6.5h4.5v4.5H9zm-6.5 0h4.5v4.5H2.5z',
  tags: 'M2.5 2.5h5l6 6-5 5-6-6zM5.5 5.5h.01',
  metrics: 'M2 2.5v11h12M4.5 10.5l2.6-3.2 2.4 1.8 4-5.1',
  storage:
    'M8 6.2c3.2 0 5.5-.9 5.5-2.1S11.2 2 8 2s-5.5.9-5.5 2.1S4.8 6.2 8 6.2Zm5.5-2.1v7.8c0 1.2-2.3 2.1-5.5 2.1s-5.5-.9-5.5-2.1V4.1M13.5 8c0 1.2-2.3 2.1-5.5 2.1S2.5 9.2 2.5 8',
  relays: 'M2 9.5h12v4H2zm2.5 2h.01M8 9.5V6m-3-1a4.2 4.2 0 0 1 6 0M3 2.8a7 7 0 0 1 10 0',
  notifications: 'M4 11.5V7a4 4 0 0 1 8 0v4.5m-10 0h12M6.5 13.8a1.6 1.6 0 0 0 3 0',
  approvals: 'M8 1.8 13.5 4v4.2c0 3-2.3 5.2-5.5 6.2-3.2-1-5.5-3.2-5.5-6.2V4zM5.6 8l1.8 1.8 3.2-3.4',
  scripts: 'M2 2.5h12v11H2zM4.5 6l2 2-2 2m4 0h3',
  standing: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 5v3l2 1.6M5.5 1.2 2.2 3.6m8.3-2.4 3.3 2.4',
  policies: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  signers: 'M5.2 11.8a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm2.2-5L13 2.5m-3 2.3 2 2M5.2 8.8h.01',
  credentials: 'M3 7h10v7H3zm2-.2V5a3 3 0 0 1 6 0v1.8M8 10v1.5',
  people:
    'M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-4.5 6a4.5 4.5 0 0 1 9 0m0-6a2.5 2.5 0 0 0 0-5m4 11a4.5 4.5 0 0 0-3-4.2',
  roles: 'M2 3.5h6m-6 4.5h6m-6 4.5h6M10.5 4l1.2 1.2L14 2.8m-3.5 5.7 1.2 1.2L14 7.3m-3.5 5.5h3',
  audit: 'M3.5 1.8h6l3 3v9.4h-9zM9.5 1.8v3h3M5.5 8h5m-5 3h3',
  profile: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5.5 6a5.5 5.5 0 0 1 11 0',
  api: 'm5 4-3.5 4L5 12m6-8 3.5 4-3.5 4M9.3 2.5l-2.6 11',
};

export const PageIcon = ({ name }: { name: Name }) => (
  <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 shrink-0">
    <path
      d={SHAPES[name]}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
