// What a message is, and what its placeholders ask for, in types: a wrong parameter is a fault of the compiler.
import { createElement, Fragment, type ReactNode } from 'react';
import { type Language, localeOf } from './language.ts';

/** Text with {placeholders}; or two forms, of which `count` decides. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}
export type Message = string | Plural;
export type Texts = Readonly<Record<string, Message>>;

type NamesIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<M> = M extends string ? NamesIn<M> : M extends Plural ? 'count' | NamesIn<M['one'] | M['other']> : never;

/** What `t` wants beside the key: nothing, or one value for each placeholder; `count` is a number. */
export type Params<M, Value = string | number> = [NamesOf<M>] extends [never]
  ? []
  : [params: { readonly [Name in NamesOf<M>]: Name extends 'count' ? number : Value }];

type Holding<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? `${string}{${Name}}${string}` & Holding<Rest>
  : string;

/** The same keys with the same placeholders. One placeholder too many is found by the test over all catalogues. */
export type Translation<En extends Texts> = {
  readonly [Key in keyof En]: En[Key] extends string
    ? Holding<En[Key]>
    : En[Key] extends Plural
      ? { readonly one: string; readonly other: Holding<En[Key]['other']> }
      : never;
};

export type Values = Readonly<Record<string, ReactNode>>;

const PLACEHOLDER = /\{(\w+)\}/;
const plurals = new Map<Language, Intl.PluralRules>();
const numbers = new Map<Language, Intl.NumberFormat>();

function kept<Made>(of: Map<Language, Made>, language: Language, make: (locale: string) => Made): Made {
  const made = of.get(language) ?? make(localeOf(language));
  of.set(language, made);
  return made;
}

function formOf(message: Message, values: Values, language: Language): string {
  if (typeof message === 'string') return message;
  const rules = kept(plurals, language, (locale) => new Intl.PluralRules(locale));
  return rules.select(Number(values['count'])) === 'one' ? message.one : message.other;
}

/** Text and values in turn: every second part came from a placeholder. */
function partsOf(message: Message, values: Values, language: Language): ReactNode[] {
  const format = kept(numbers, language, (locale) => new Intl.NumberFormat(locale));
  return formOf(message, values, language)
    .split(PLACEHOLDER)
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const value = values[part];
      return typeof value === 'number' ? format.format(value) : value;
    });
}

export const plainText = (message: Message, values: Values, language: Language): string =>
  partsOf(message, values, language).join('');

/** With elements in the places of the placeholders, such as a link or a mark. */
export const richText = (message: Message, values: Values, language: Language): ReactNode =>
  createElement(Fragment, null, ...partsOf(message, values, language));
