import fc from 'fast-check';
import { runs } from '../../src/proof/automaton';
import { Budget } from '../../src/proof/budget';
import { memberOf } from '../../src/proof/member';
import type { StringSet } from '../../src/proof/string-set';
import { atOrBelow, beginning, ending, exactly, holding, matching, regexSet } from '../../src/proof/string-set';
import { re2Matches } from '../../src/traffic/re2';

const ANY = { set: regexSet('[\\x20-\\x7e]*')!, examples: ['x'] };
const regex = (pattern: string) => matching(pattern)!;
const found = (must: readonly StringSet[], not: readonly StringSet[] = []) => memberOf(ANY, must, not, new Budget(1_000_000));

describe('a set of strings', () => {
  // RE2's own engine says what each regex matches.
  const regexes = ['/a|/b', '/a.*', '/a(/.*)?', '[^/]+/x', '(?i)/Ab[c-f]*', '(?i:k)s', '\\Q/a.b\\E.?', '/[[:alpha:]]+', '/\\pL\\pN?', '/a\\b.*', '.*\\Bx', '^/a$',
    '(?s).*', '(a|b)*c', 'a{2,4}', 'a??b', '(?P<n>ab)+', '/(?:a|b|ab)(?:c|bcd)(?:d*)', '\\d+\\.\\D', '[\\s\\S]*', '\\/a', '.+', 'x*',
    '(?U)a+b', '\\x41', '[^\\x00-\\x40]', 'a$b', '\\Aab\\z',
    '(?m)^a$', '()', '(|a)+', '/v[0-9]+(/[a-z]+)*'];
  const letters = fc.string({ unit: fc.constantFrom(...'ab/ABcdkKsx1.9 _-'), maxLength: 8 });

  test.each(regexes)('of the regex %s is what RE2 matches', pattern => {
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ maxLength: 6 })), text => regex(pattern).has(text) === re2Matches(pattern, text)),
      { numRuns: 300 },
    );
    expect(regex(pattern).has('é')).toBe(re2Matches(pattern, 'é'));
  });

  const kinds: readonly (readonly [string, (text: string, ignoreCase: boolean) => StringSet])[] = [
    ['exact', exactly], ['prefix', beginning], ['suffix', ending], ['contains', holding], ['path-separated prefix', atOrBelow],
  ];
  test.each(kinds)('of %s is the same as an automaton', (_, make) => {
    fc.assert(fc.property(letters, letters, fc.boolean(), (text, other, ignoreCase) => {
      const set = make(text, ignoreCase);
      return [other, text, text + other, other + text, `${text}/${other}`, text.toUpperCase()].every(
        one => set.has(one) === runs(set.automaton, one),
      );
    }), { numRuns: 500 });
  });

  test('begins with what all members begin with', () => {
    expect(regex('/api/v1/(a|b)').start).toBe('/api/v1/');
    expect(regex('/api(/.*)?').start).toBe('/api');
    expect(regex('(?i)/api').start).toBe('/');
  });
});

describe('a member of some sets and of none of others', () => {
  test('is the shortest one that is easy to read', () => {
    expect(found([regex('/v[0-9]+/[^/]*')])).toEqual({ is: '/v0/' });
    expect(found([beginning('/a')], [exactly('/a')])).toEqual({ is: '/ax' });
  });

  test('does not exist where sets exclude each other', () => {
    expect(found([exactly('/a'), exactly('/b')])).toBe('none');
    expect(found([beginning('/a'), beginning('/b')])).toBe('none');
    expect(found([regex('/a.*'), regex('/b.*')])).toBe('none');
    expect(found([regex('/a|/b')], [exactly('/a'), exactly('/b')])).toBe('none');
    expect(found([regex('/a[0-9]')], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => exactly(`/a${n}`)))).toBe('none');
    expect(found([beginning('/a')], [atOrBelow('/a'), regex('/a[^/].*')])).toBe('none');
    expect(found([ending('.png')], [regex('.*\\.(png|jpg)')])).toBe('none');
    expect(found([exactly('/A', true)], [exactly('/a'), exactly('/A')])).toBe('none');
  });

  test('is right, or exists as surely as a search of all short strings says', () => {
    const sets = fc.constantFrom(exactly('ab'), beginning('a'), ending('b'), holding('aa'), atOrBelow('a'), regex('(a|b)*b'), regex('a*'), regex('(?i)A.?'), regex('[ab]{2}'), regex('.*'),
      regex('b|ab'), regex('/.*'), regex('[^/]*'), beginning('/'));
    const all = ['', ...[1, 2, 3, 4].flatMap(n => [...combinations('abA/', n)])];
    fc.assert(fc.property(fc.array(sets, { maxLength: 3 }), fc.array(sets, { maxLength: 3 }), (must, not) => {
      const isMember = (text: string) => must.every(set => set.has(text)) && !not.some(set => set.has(text));
      const member = found(must, not);
      return typeof member === 'string' ? member === 'none' && !all.some(isMember) : isMember(member.is);
    }), { numRuns: 1000 });
  });

  test('is not decided when the budget is used up', () => {
    expect(memberOf(ANY, [regex('(a|b)*a(a|b){12}')], [regex('(a|b)*b(a|b){11}')], new Budget(50))).toBe('not decided');
  });
});

function* combinations(characters: string, length: number): Generator<string> {
  if (length === 0) yield '';
  else for (const rest of combinations(characters, length - 1)) for (const character of characters) yield character + rest;
}
