// A page must not call a password good that the console then refuses.
import { expect, test } from 'vitest';
import { MIN_PASSWORD as ofConsole } from '#shared/contract/profile-contract.ts';
import { MIN_PASSWORD } from './password-rule.ts';

test('a page asks for as many characters as the console does', () => expect(MIN_PASSWORD).toBe(ofConsole));
