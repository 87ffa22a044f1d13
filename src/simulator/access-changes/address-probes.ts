import type { NamedCondition } from './named-values';
import { cidrOf, isCidrWithin } from '../../traffic/cidr';

/** An address that no policy should name. */
export const ELSEWHERE = '192.0.2.1';
const NO_BLOCK = numberOf(ELSEWHERE);

/** Blocks of addresses, and addresses among which each combination of blocks has one. */
export class AddressProbes {
  private readonly blocks = new Set<string>();
  private readonly found = new Set<string>([ELSEWHERE]);
  /** The addresses before blocks that have the one that no policy should name. */
  private readonly before = new Set<string>();
  private hasV6 = false;

  /** Adds the first address of a block, and the one behind its last. */
  public add(prefix: string, length: number): void {
    this.blocks.add(`${prefix}/${length}`);
    const block = cidrOf(`${prefix}/${length}`);
    if (block === undefined || block.version === 6) {
      this.hasV6 = true;
      this.found.add(prefix);
      return;
    }
    const first = parseInt(block.bits.padEnd(32, '0'), 2);
    const behind = first + 2 ** (32 - block.bits.length);
    this.found.add(addressOf(first));
    if (behind < 2 ** 32) this.found.add(addressOf(behind));
    if (first > 0 && first <= NO_BLOCK && NO_BLOCK < behind) this.before.add(addressOf(first - 1));
  }

  /** The blocks in words, such as `10.0.0.0/8`. */
  public get conditions(): readonly NamedCondition<string>[] {
    const wordsOf = (block: string) => block.replace(/\/(?:32|128)$/, '');
    return [...this.blocks].map(block => ({ words: wordsOf(block), takes: address => isCidrWithin(address, block) }));
  }

  /** Whether the addresses stand for all others. */
  public get isWhole(): boolean {
    return !this.hasV6;
  }

  public get values(): readonly string[] {
    return [...new Set([...this.found, ...this.before])];
  }
}

function numberOf(address: string): number {
  return address.split('.').reduce((bits, part) => bits * 256 + Number(part), 0);
}

function addressOf(bits: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(bits / 2 ** shift) % 256).join('.');
}
