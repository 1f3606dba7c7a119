// A menu of verbs behind a button: arrows, Home, End and first letters walk it, Enter chooses, Escape gives the focus back.
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { may } from '#console/web/src/rights/may.ts';
import { Icon, type IconName } from './icon.tsx';
import { type Opener, PopupButton } from './popover.tsx';

export interface MenuItem {
  key: string;
  text: string;
  icon?: IconName;
  onSelect: () => void;
  isDanger?: boolean;
  /** Why it cannot be chosen now; it stays in the menu and says so. */
  blocked?: string | undefined;
  /** One of several states, such as the chosen theme. */
  isChecked?: boolean;
  /** The right that it asks for: who has it nowhere sees no such item. */
  needs?: string | undefined;
  /** A line above it. */
  isFirstOfGroup?: boolean;
}

interface MenuProps {
  button: Opener;
  items: readonly MenuItem[];
  isAtEnd?: boolean;
}

export function Menu({ items, ...rest }: MenuProps) {
  const allowed = items.filter(({ needs }) => may(needs));
  return allowed.length === 0 ? null : <AllowedMenu {...rest} items={allowed} />;
}

function AllowedMenu({ button, items, isAtEnd = false }: MenuProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const choose = (item: MenuItem) => {
    if (item.blocked !== undefined) return;
    popup.current?.hidePopover();
    // First the focus goes home, so that a dialog opened by the item gives it back to the button.
    opener.current?.focus();
    item.onSelect();
  };
  const onOpenerKey = (event: KeyboardEvent) => {
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || isOpen || opener.current === null) return;
    event.preventDefault();
    opener.current.click();
  };
  return (
    <>
      <PopupButton {...button} ref={opener} popupId={id} popup="menu" isOpen={isOpen} onKeyDown={onOpenerKey} />
      <div
        ref={popup}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={button.text}
        className={`popup menu ${isAtEnd ? 'popup-end' : ''}`}
        onToggle={(event) => setIsOpen(event.newState === 'open')}
        onKeyDown={(event) => walk(event, () => popup.current?.hidePopover())}
      >
        {items.map((item, index) => (
          <Item key={item.key} item={item} isFirst={index === 0} onChoose={choose} />
        ))}
      </div>
    </>
  );
}

const itemsIn = (menu: HTMLElement): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];

/** Moves the focus inside the menu as menus of every system do. */
function walk(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const items = itemsIn(event.currentTarget);
  const at = items.findIndex((item) => item.matches(':focus'));
  const to = (index: number) => {
    event.preventDefault();
    items.at(index % items.length)?.focus();
  };
  if (event.key === 'ArrowDown') to(at + 1);
  else if (event.key === 'ArrowUp') to(at - 1);
  else if (event.key === 'Home') to(0);
  else if (event.key === 'End') to(-1);
  else if (event.key === 'Tab') close();
  else if (event.key.length === 1 && event.key !== ' ') {
    const letter = event.key.toLocaleLowerCase();
    const found = [...items.slice(at + 1), ...items].find((item) =>
      item.textContent.trim().toLocaleLowerCase().startsWith(letter),
    );
    if (found !== undefined) to(items.indexOf(found));
  }
}

interface ItemProps {
  item: MenuItem;
  isFirst: boolean;
  onChoose: (item: MenuItem) => void;
}

/** The browser focuses it as the menu opens; React keeps the attribute to itself, so it is set by hand. */
const focusAtOpening = (button: HTMLButtonElement | null) => button?.setAttribute('autofocus', '');

function Item({ item, isFirst, onChoose }: ItemProps) {
  const { text, icon, isDanger = false, blocked, isChecked, isFirstOfGroup = false } = item;
  const state = isChecked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': isChecked };
  return (
    <>
      {isFirstOfGroup && <hr className="menu-line" />}
      <button
        ref={isFirst ? focusAtOpening : undefined}
        type="button"
        tabIndex={-1}
        {...state}
        aria-disabled={blocked === undefined ? undefined : true}
        className={`menu-item ${isDanger && blocked === undefined ? 'menu-item-danger' : ''}`}
        onClick={() => onChoose(item)}
      >
        {icon !== undefined && <Icon name={icon} className={isDanger ? '' : 'text-muted'} />}
        <span className="grow">
          {text}
          {blocked !== undefined && <span className="menu-note">{blocked}</span>}
        </span>
        {isChecked === true && <Icon name="check" className="text-accent" />}
      </button>
    </>
  );
}
