// The menu at the end of a row: three dots, and a name for whoever does not see which row it stands in.
import { Menu, type MenuItem } from './menu.tsx';

export const RowMenu = ({ label, items }: { label: string; items: readonly MenuItem[] }) => (
  <Menu isAtEnd button={{ text: label, icon: 'more', kind: 'quiet', isSmall: true, isIconOnly: true }} items={items} />
);
