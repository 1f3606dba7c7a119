// A few icons on a grid of 16: outlines that take the colour of the text beside them, and say nothing by themselves.

const SHAPES = {
  check: 'M3 8.5 6.5 12 13 4.5',
  close: 'm4 4 8 8m0-8-8 8',
  'chevron-down': 'm4 6 4 4 4-4',
  'chevron-right': 'm6 4 4 4-4 4',
  'chevron-left': 'm10 4-4 4 4 4',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2L14 14',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  copy: 'M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8z',
  warning: 'M8 2.2 14.6 13.5H1.4zM8 6.5v3.2m0 2h.01',
  info: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 7.4v3.6M8 5h.01',
  up: 'M8 13V3M3.5 7.5 8 3l4.5 4.5',
  down: 'M8 3v10m4.5-4.5L8 13 3.5 8.5',
  external: 'M6 3H3v10h10v-3M9 2.5h4.5V7m0-4.5L7.5 8.5',
  refresh: 'M13.5 3v3.5H10M13.2 6.5A5.5 5.5 0 1 0 13.5 9',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2m-6 0 .7 9h6.6l.7-9M6.7 7v4m2.6-4v4',
  edit: 'm2.5 13.5.8-3.2 7.4-7.4a1.2 1.2 0 0 1 1.7 0l.7.7a1.2 1.2 0 0 1 0 1.7l-7.4 7.4z',
  filter: 'M2 3.5h12L9.5 9v4.5l-3-1.5V9z',
  columns: 'M2 3h12v10H2zm4 0v10m4-10v10',
  download: 'M8 2.5v7.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  upload: 'M8 10.5V3M4.5 6 8 2.5 11.5 6m-9 7.5h11',
  device: 'M2 2.5h12v8H2zM8 10.5v3m-3 0h6',
  site: 'M2.5 13.5v-11h7v11m0-7h4v7m-12 0h13M5 5.5h2m-2 3h2',
  relay: 'M2 9.5h12v4H2zm2.5 2h.01M8 9.5V6m-3-1a4.2 4.2 0 0 1 6 0M3 2.8a7 7 0 0 1 10 0',
  people:
    'M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-4.5 6a4.5 4.5 0 0 1 9 0m0-6a2.5 2.5 0 0 0 0-5m4 11a4.5 4.5 0 0 0-3-4.2',
  tag: 'M2.5 2.5h5l6 6-5 5-6-6zM5.5 5.5h.01',
  clock: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 4.5V8l2.5 1.5',
  menu: 'M2.5 4h11m-11 4h11m-11 4h11',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5m0 11V15M1 8h1.5m11 0H15M3 3l1.1 1.1m7.8 7.8L13 13M3 13l1.1-1.1m7.8-7.8L13 3',
  moon: 'M13.5 9.7A5.8 5.8 0 0 1 6.3 2.5a5.8 5.8 0 1 0 7.2 7.2Z',
  lock: 'M3 7h10v7H3zm2-.2V5a3 3 0 0 1 6 0v1.8',
  play: 'M4.5 2.8 13 8l-8.5 5.2z',
  link: 'M6.5 9.5 9.5 6.5M7 4.5l1.3-1.3a3 3 0 0 1 4.3 4.3L11.3 9M9 11.5l-1.3 1.3a3 3 0 0 1-4.3-4.3L4.7 7',
} as const;

export type IconName = keyof typeof SHAPES;
export const ICON_NAMES = Object.keys(SHAPES) as IconName[]; // the keys of that very object

export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={`size-4 shrink-0 ${className}`}>
      <path
        d={SHAPES[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === 'more' ? 2.2 : 1.4}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
