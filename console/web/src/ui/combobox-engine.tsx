// The working part of the combobox, over Base UI, in a chunk of its own.
import { Combobox } from '@base-ui/react/combobox';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { type RefObject, useRef } from 'react';
import type { ComboboxProps } from './combobox.tsx';
import type { Tied } from './field.tsx';
import { Icon } from './icon.tsx';
import type { Option } from './select.tsx';
import { t } from './text.ts';
import { useTopLayer } from './top-layer.ts';

interface EngineProps extends ComboboxProps {
  tied: Tied;
  /** Whether the field that stood here while this came had the focus. */
  isWanted: RefObject<boolean>;
}

/** The chosen one is among the options, or the list would not know it. */
const withChosen = (options: readonly Option[], value: Option | null): readonly Option[] =>
  value === null || options.some((option) => option.value === value.value) ? options : [...options, value];

/** The same object while it means the same: with another one the field would drop what is being typed. */
function useSame(value: Option | null): Option | null {
  const kept = useRef(value);
  if (kept.current?.value !== value?.value || kept.current?.label !== value?.label) kept.current = value;
  return kept.current;
}

export function ComboboxEngine({
  label,
  value,
  onChoose,
  options,
  onQuery,
  isLoading = false,
  placeholder,
  isDisabled = false,
  tied,
  isWanted,
}: EngineProps) {
  const isSearched = onQuery !== undefined;
  const chosen = useSame(value);
  return (
    <CSPProvider disableStyleElements>
      <Combobox.Root
        items={isSearched ? withChosen(options, chosen) : options}
        value={chosen}
        disabled={isDisabled}
        isItemEqualToValue={(a, b) => a.value === b.value}
        onValueChange={(next) => onChoose(next)}
        onInputValueChange={(text, { reason }) => reason !== 'item-press' && onQuery?.(text)}
        {...(isSearched && { filter: null })}
      >
        <Combobox.InputGroup className="relative">
          <Combobox.Input
            {...tied}
            // Its open list hides everything else from a screen reader, the label too.
            aria-label={label}
            placeholder={placeholder}
            className="field pr-14"
            spellCheck={false}
            // The focus stays where it was.
            autoFocus={isWanted.current}
          />
          <span className="absolute inset-y-0 right-1 flex items-center">
            <Combobox.Clear className="button button-quiet button-small button-icon" aria-label={t('clear')}>
              <Icon name="close" className="size-3.5" />
            </Combobox.Clear>
            <Combobox.Trigger className="button button-quiet button-small button-icon" aria-label={t('chooseFrom')}>
              <Icon name="chevron-down" />
            </Combobox.Trigger>
          </span>
        </Combobox.InputGroup>
        <Options isLoading={isLoading} />
      </Combobox.Root>
    </CSPProvider>
  );
}

function Options({ isLoading }: { isLoading: boolean }) {
  // Below an open dialog nothing can be pressed, so the list opens inside of it.
  const container = useTopLayer();
  return (
    <Combobox.Portal container={container}>
      <Combobox.Positioner sideOffset={4} positionMethod="fixed" className="z-(--z-skip) outline-none">
        <Combobox.Popup className="combobox-list" aria-busy={isLoading || undefined}>
          <Combobox.Status className="px-2 text-xs text-muted">{isLoading ? t('searching') : null}</Combobox.Status>
          <Combobox.Empty className="px-2 text-xs text-muted">{isLoading ? null : t('nothingFound')}</Combobox.Empty>
          <Combobox.List>
            {(option: Option) => (
              <Combobox.Item
                key={option.value}
                value={option}
                disabled={option.isDisabled ?? false}
                className="menu-item"
              >
                <span className="grow">
                  {option.label}
                  {option.hint !== undefined && <span className="menu-note">{option.hint}</span>}
                </span>
                <Combobox.ItemIndicator>
                  <Icon name="check" className="text-accent" />
                </Combobox.ItemIndicator>
              </Combobox.Item>
            )}
          </Combobox.List>
        </Combobox.Popup>
      </Combobox.Positioner>
    </Combobox.Portal>
  );
}
