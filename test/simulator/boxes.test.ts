import fc from 'fast-check';
import type { Box } from '../../src/simulator/access-changes/boxes';
import { Combinations } from '../../src/simulator/access-changes/boxes';
import { NamedValues } from '../../src/simulator/access-changes/named-values';

const SIZES = [3, 4, 2, 3];
const ALL = SIZES.reduce((product, size) => product * size, 1);

function* placesOf([first, ...rest]: Box): Iterable<readonly number[]> {
  if (first === undefined) yield [];
  else for (const place of first) for (const more of placesOf(rest)) yield [place, ...more];
}

test('boxes hold exactly the combinations that are asked for, and impossible ones', () => {
  const combinations = new Combinations(SIZES);
  const some = fc.uniqueArray(fc.integer({ min: 0, max: ALL - 1 }));
  fc.assert(fc.property(some, some, (asked, more) => {
    const own = new Set(asked);
    const impossible = new Set(more.filter(each => !own.has(each)));
    const boxes = combinations.boxesOf(own, impossible, ALL)!;
    const held = new Set(boxes.flatMap(box => [...placesOf(box)].map(places => combinations.at(places))));
    expect(asked.every(each => held.has(each))).toBe(true);
    expect([...held].every(each => own.has(each) || impossible.has(each))).toBe(true);
  }));
});

test('a whole product is one box, and more boxes than are asked for are none', () => {
  const combinations = new Combinations([4, 4]);
  const all = new Set(Array.from({ length: 16 }, (_, each) => each));
  expect(combinations.boxesOf(all, new Set(), 1)).toEqual([[new Set([0, 1, 2, 3]), new Set([0, 1, 2, 3])]]);
  expect(combinations.boxesOf(new Set([0, 5, 10, 15]), new Set(), 3)).toBeUndefined();
});

test('the names of values take exactly these values', () => {
  const numbers = Array.from({ length: 12 }, (_, each) => each);
  const intervals = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 5 });
  fc.assert(fc.property(intervals, fc.uniqueArray(fc.nat(11), { minLength: 1 }), (bounds, some) => {
    const conditions = bounds.map(([a, b]) => ({ words: `${a}-${b}`, takes: (value: number) => a <= value && value <= b }));
    const words = new NamedValues(numbers, conditions).wordsOf(new Set(some));
    if (words === undefined) return;
    const taken = words === 'all' ? numbers : numbers.filter(value => words.areExcepted !== words.names.some(name => isNamed(name, value)));
    expect(taken).toEqual([...some].sort((a, b) => a - b));
  }));
});

/** Whether a name such as `2-7 except 3-4 and 6-6` takes a number. */
function isNamed(name: string, value: number): boolean {
  const [own, ...excepted] = name.split(/ except | and /).map(interval => interval.split('-').map(Number));
  const isIn = ([a, b]: readonly number[]) => a <= value && value <= b;
  return isIn(own) && !excepted.some(isIn);
}
