import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'rewrite-drops-rest',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A rewrite of a path that is matched by a regex replaces the whole path',
  effect: 'A prefix is replaced alone, but of a regex Envoy replaces the whole path: all requests of the route get one path.',
  check(object, report) {
    object.spec?.http?.forEach(({ match: matches = [], rewrite }, r) => {
      if (!rewrite?.uri) return;
      const regex = matches.map(({ uri }) => uri?.regex ?? '').find(text => /[*+[{.]/.test(text));
      if (regex === undefined) return;
      report(`spec.http[${r}].rewrite.uri`,
        `the path is matched by the regex '${regex}', so that Envoy replaces all of it: each request gets '${rewrite.uri}'`,
        'write uriRegexRewrite with groups, or match the path by prefix');
    });
  },
});
