// The names of the contract's operations as a type: "devices.remove".
import type { contract } from '#shared/contract/contract.ts';

type Contract = typeof contract;
type NamesIn<Part extends keyof Contract & string> = `${Part}.${keyof Contract[Part] & string}`;

export type OperationName = { [Part in keyof Contract & string]: NamesIn<Part> }[keyof Contract & string];
