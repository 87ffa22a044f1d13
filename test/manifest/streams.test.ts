import { streamCases } from '../../conformance/reading/reading';
import { parseManifests } from '../../src/manifest/loader';

/** Streams in which Kubernetes silently loses a part, so we report it. */
const LOSES = /^\.\.\.|\n\.\.\. ?\n+(?!---)[^\s]|\r---\r|\}\n?\{|metadata: \{name: a\}\}\n[^\s]|spec: 1\nspec: 2|"name":"b","name":"a"/;

describe('we read the same objects of a stream as Kubernetes', () => {
  test('the table is large', () => expect(streamCases().length).toBeGreaterThanOrEqual(90));

  test.each(streamCases())('$text', ({ text, names, stops }) => {
    const { objects, problems } = parseManifests(text);
    if (stops) {
      expect(problems).not.toEqual([]);
    } else if (problems.length > 0) {
      expect(text).toMatch(LOSES);
      expect(problems.some(({ foreign }) => foreign)).toBe(false);
    } else {
      expect(objects.map(({ metadata }) => metadata.name).sort()).toEqual([...names].sort());
    }
  });
});
