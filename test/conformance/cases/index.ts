import type { Case } from '../case';
import { coolstore } from './coolstore';
import { routing } from './routing';

/** Every case of the conformance suite. */
export const cases: readonly Case[] = [...coolstore, ...routing];
