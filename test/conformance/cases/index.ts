import type { Case } from '../case';
import { coolstore } from './coolstore';
import { hostsAndPorts } from './hosts-and-ports';
import { matches } from './matches';
import { products } from './products';
import { treatments } from './treatments';

/** Every case of the conformance suite. */
export const cases: readonly Case[] = [...coolstore, ...matches, ...products, ...treatments, ...hostsAndPorts];
