/** A phrase that the project's prose avoids, as a regular expression without flags; a space matches any white space. Letter case counts. */
export interface RemovedPhrase {
  readonly phrase: string;
  /** What to write instead. */
  readonly write: string;
}

/** The phrases that lint rejects in comments, strings and Markdown. The words to use stand in docs/glossary.md. */
export const REMOVED_PHRASES: readonly RemovedPhrase[] = [
  // Types and fields
  { phrase: '[Aa] text(?! files?)|texts', write: 'a string, strings' },
  { phrase: '[Ww]hole numbers?', write: 'an integer' },
  { phrase: '(?:is|are) no field', write: 'unknown field; expected one of …' },
  { phrase: '(?:ha[sv]e?|had) to (?:be|lie|stand|have|hold|start|say|name)', write: 'must be, is required' },
  { phrase: '(?<![Tt]here )(?:is|are) no (?!longer|more\\b|such)\\w+', write: 'is not a …' },
  { phrase: 'unstatable', write: 'cannot be expressed' },

  // One per what
  {
    phrase: '(?:one|once|twice|\\d+ ?\\w*|times|object|entry|Sidecar|Telemetry|DestinationRule|VirtualService|folder|file|line|case|row|rule|cluster|listener|chain|request) '
      + 'an? (?:host|scope|service|kind|noun|slot|synth|cluster|proxy|second|folder|file|line|case|port|listener|subset|namespace|environment|audience|'
      + 'caller|route|cohort|mirror|side|step|team|reason|year)',
    write: 'per host, per service …',
  },
  {
    phrase:
      'for each (?:calling )?(?:proxy|caller|cluster)(?: \\([^)]*\\))?(?: and (?:each|for each) cluster(?: \\([^)]*\\))?)? by itself',
    write: 'per proxy, per cluster',
  },

  // What a thing does
  { phrase: 'comes? to(?! (?:a|an) end)', write: 'becomes, results in, reaches' },
  { phrase: 'tells? of|told of', write: 'reports, mentions' },
  { phrase: 'speaks? (?:about|of)', write: 'applies to, is about' },
  { phrase: 'less those', write: 'except' },
  { phrase: 'in silence|without a word', write: 'silently' },
  { phrase: 'in (?:an)?other ways?', write: 'differently' },
  { phrase: 'of (?:which|whom) (?:no|none|nothing|nobody)', write: 'a sentence with the noun as its subject' },
  { phrase: '(?:is|are|was|were|not|already|be) stated|stated (?:by|beside|without|for)', write: 'is set' },
  { phrase: '[;,:] state |\\b[Ss]tate (?:it|them|one|both|a |an |the )', write: 'set, add' },
  { phrase: 'lies? in|lies? beside|stands? (?:beside|in|at|before|after|where)', write: 'is in, is next to' },
  { phrase: 'goes? round', write: 'bypasses' },
  { phrase: 'thr[eo]w(?:s|n)? away', write: 'discards' },
  { phrase: 'for ever', write: 'without limit' },
  { phrase: 'the one or the other|one of both', write: 'one of them' },
  { phrase: '[Nn]obody|[Ss]omebody|[Ww]hoever|[Ww]homever', write: 'no caller, another program, whatever sends …' },

  // Istio's and Envoy's terms
  { phrase: '[Cc]lear text', write: 'plaintext' },
  { phrase: 'mesh config(?!uration)', write: 'MeshConfig' },
  { phrase: '(?<![Cc]ircuit )\\bbreakers?', write: 'circuit breaker' },
  { phrase: 'server names? that (?:is|are) asked for', write: 'server name (SNI)' },
  { phrase: '[Pp]olicies of who may call', write: 'access policies' },
  { phrase: '\\bsays? TLS|said TLS', write: 'sets TLS' },
  { phrase: '\\bends (?:each |every |the )?Envoy', write: 'crashes Envoy' },
  { phrase: '(?:callers|hosts|services|requests|values) only (?:are|is)', write: 'only the callers … are' },

  // American spelling, as in Istio's documentation
  { phrase: '[Cc]olours?|[Bb]ehaviours?(?![A-Z\\w])|[Nn]eighbours?|[Hh]onours?|[Ff]avours?', write: 'color, behavior, neighbor …' },
  {
    phrase:
      '\\w+(?:al|ar|mar|nor|gan|og|og|tim|abe)is(?:e|es|ed|ing)\\b(?<!(?:promise|precise|otherwise|likewise|raise|raises|raised|arise|arises)\\b)',
    write: 'the spelling with z',
  },
];
