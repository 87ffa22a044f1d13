import type { HTTPMatchRequest } from '../../../manifest/istio-specs.generated';
import { matchesIn } from '../../facts/virtual-services';
import { defineRule } from '../../rule';

/** The fields that every request has, so that a condition that only requires them takes all requests. */
const ALWAYS_PRESENT = ['uri', 'method', 'authority', 'scheme'] as const;

export const rule = defineRule({
  id: 'condition-without-effect',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on requests excludes none',
  effect: 'The match takes the same requests without the condition.',
  check(object, report) {
    for (const { match, path } of matchesIn(object)) {
      const stated: HTTPMatchRequest = match;
      for (const field of ALWAYS_PRESENT) {
        const condition = stated[field];
        if (condition && Object.keys(condition).length === 0) {
          report(`${path}.${field}`, `\`${field}: {}\` compares nothing, and every request has it: this condition takes all requests`,
            `write what to compare, such as ${field === 'uri' ? 'prefix' : 'exact'}, or remove the condition`);
        }
      }
      if (stated.uri?.prefix === '') {
        report(`${path}.uri.prefix`, 'every path begins with an empty prefix: this condition takes all requests',
          'write the prefix, or prefix: / for all paths');
      }
      if (stated.ignoreUriCase && stated.uri?.exact === undefined && stated.uri?.prefix === undefined) {
        const why = stated.uri?.regex === undefined ? 'the match has no condition on the path' : 'Envoy compares a regex with case';
        report(`${path}.ignoreUriCase`, `${why}, so \`ignoreUriCase\` has no effect`,
          stated.uri?.regex === undefined ? 'remove it, or add a condition on uri' : 'begin the regex with (?i), and remove the field');
      }
    }
  },
});
