import { parseDuration } from '../../src/manifest/duration';

test.each(['1s\n', '\n', '1s\n1s', '-\n1s'])('%j is not a duration', text => {
  expect(parseDuration(text)).toBeUndefined();
});

test('a sign and several units add up', () => {
  expect(parseDuration('-1m1.5s')).toBe(-61_500_000_000);
});
