import { isInWhole, parseDuration } from '../../src/manifest/duration';

test.each(['1s\n', '\n', '1s\n1s', '-\n1s'])('%j is not a duration', text => {
  expect(parseDuration(text)).toBeUndefined();
});

test('a sign and several units add up', () => {
  expect(parseDuration('-1m1.5s')).toBe(-61_500_000_000);
});

test.each([
  ['9223372035s', true],
  ['9223372034.001s', true],
  ['9223372034.0001s', false],
  ['1m0.5s', true],
  ['.5ms', false],
])('%s is in whole milliseconds: %s', (duration, isWhole) => {
  expect(isInWhole(1e6, duration)).toBe(isWhole);
});
