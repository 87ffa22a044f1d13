import type { Command } from './command';
import { FROM, GATEWAY, MANIFEST_OPTIONS, STRICT, TRANSLATION_OPTIONS, WAYPOINT } from './common-options';

const FORMAT = 'format';
const PATHS =
  'PATH is a file, a folder that is read recursively, - for standard input, or git:REVISION:PATH. All PATHs together are one environment.';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'init',
    operands: '[FOLDER]',
    count: { min: 0, max: 1 },
    summary: 'writes a project that works: a chart, a test, a pipeline',
    description: 'Writes a TypeScript project into an empty folder, the current one by default, and installs what it needs. A package.json is completed; '
      + 'node_modules and .git do not count as content.',
    options: [{ name: 'no-install', summary: 'leave npm install to you' }],
    exitCodes: [[0, 'written'], [2, 'the folder is not empty, or the command failed']],
    examples: [
      ['npm install cdk8s-istio && npx cdk8s-istio init', 'in the current folder'],
      ['cdk8s-istio init shop-traffic', 'in a new folder'],
    ],
  },
  {
    name: 'adopt',
    operands: 'PATH...',
    count: { min: 1, max: Infinity },
    summary: 'writes manifests as a TypeScript program, and proves that traffic stays the same',
    description: 'Writes VirtualServices, DestinationRules, Gateways and ServiceEntries as constructs, one file per service, host or gateway. An object '
      + `stays a plain object if constructs would change its traffic or its name. ${PATHS}`,
    options: [
      { name: 'output', short: 'o', value: 'FOLDER', summary: 'the folder to write into, required; an empty one becomes a project' },
      { name: 'only', value: 'HOST', repeatable: true, summary: 'only this service, host or gateway' },
      { name: FORMAT, short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', summary: 'how the report is written' },
      { ...STRICT, summary: 'exit code 1 also if an object stays a plain object' },
      ...TRANSLATION_OPTIONS.filter(({ name }) => name !== 'each'),
    ],
    exitCodes: [
      [0, 'written or unchanged, and proven: the same for all requests'],
      [1, 'not proven, so nothing is written; or --strict found a plain object'],
      [2, 'the command failed, or a file of the folder has other content'],
    ],
    examples: [
      ['cdk8s-istio adopt manifests/ -n shop -o traffic/', 'everything in a folder'],
      ['kubectl get vs,dr,gw,se,svc -A -o yaml | cdk8s-istio adopt - -o traffic/ --only reviews', 'one service of a cluster'],
    ],
  },
  {
    name: 'analyze',
    operands: 'PATH...',
    count: { min: 1, max: Infinity },
    summary: 'finds mistakes in the traffic configuration of manifests',
    description: `Reports what Istio would reject, ignore or read differently than it looks. ${PATHS}`,
    options: [
      {
        name: FORMAT,
        short: 'f',
        value: 'FORMAT',
        choices: ['text', 'json', 'sarif', 'github'],
        default: 'text',
        summary: 'how findings are written',
      },
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: ['error', 'warning', 'info'],
        default: 'error',
        summary: 'the lowest severity that sets exit code 1',
      },
      { name: 'config', value: 'FILE', summary: 'suppressed findings, each with a reason' },
      {
        name: 'upgrades-from',
        value: 'VERSION',
        summary: 'the Istio version that you run, such as 1.22; also reports what newer versions do differently',
      },
      {
        name: 'target',
        value: 'TARGET',
        choices: ['ambient'],
        summary: 'what changes for each namespace that moves from sidecars to ambient mode, in the order in which to migrate',
      },
      ...MANIFEST_OPTIONS,
    ],
    exitCodes: [[0, 'nothing as severe as --fail-on'], [1, 'at least one such finding'], [2, 'the command failed']],
    examples: [
      ['cdk8s-istio analyze manifests/', 'everything in a folder, as one environment'],
      ['kubectl kustomize overlays/prod | cdk8s-istio analyze -n shop -', 'the output of another tool'],
      ['cdk8s-istio analyze --target ambient --facts cluster-facts.yaml manifests/', 'whether namespaces can move to ambient mode'],
      ['cdk8s-istio analyze --each --format sarif deploy/ > findings.sarif', 'one environment per direct sub-folder, for code scanning'],
    ],
  },
  {
    name: 'explain',
    operands: 'PATH...',
    count: { min: 1, max: Infinity },
    summary: 'shows the routes, clusters and listeners that Istio sends one proxy',
    description: `Shows the configuration that istiod sends to a proxy, and the origin of each route. ${PATHS}`,
    options: [
      FROM,
      GATEWAY,
      WAYPOINT,
      { name: 'host', value: 'HOST', summary: 'only this host: catalog, catalog.shop, or the whole name' },
      { name: 'inbound', summary: 'the connections to the pod of --from: who may call it, and how' },
      { name: FORMAT, short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', summary: 'a table, or Envoy\'s own JSON' },
      ...TRANSLATION_OPTIONS,
    ],
    exitCodes: [[0, 'explained'], [2, 'the command failed, or the proxy does not know the host of --host']],
    examples: [
      ['cdk8s-istio explain manifests/ --from shop/app=webapp --host catalog', 'how a webapp in shop calls catalog'],
      ['cdk8s-istio explain manifests/ --gateway istio-system/istio=ingressgateway', 'everything that a gateway serves'],
      ['cdk8s-istio explain manifests/ --waypoint shop/waypoint', 'what a waypoint does with the calls of ambient mode'],
      ['cdk8s-istio explain manifests/ --from shop/app=catalog --inbound', 'who may call the pods of catalog'],
      ['cdk8s-istio explain manifests/ --from shop --format json | jq .clusters', 'Envoy\'s own configuration'],
    ],
  },
  {
    name: 'request',
    operands: 'PATH... METHOD URL',
    count: { min: 2, max: Infinity },
    summary: 'shows where a request goes, and why',
    description: 'Sends a request through the configuration that istiod would send to the caller. No cluster is needed. For a connection without HTTP, write tcp://HOST:PORT '
      + `or tls://SERVER_NAME:PORT instead of METHOD URL. ${PATHS}`,
    options: [
      FROM,
      GATEWAY,
      WAYPOINT,
      { name: 'alpn', value: 'PROTOCOLS', summary: 'the protocols that the handshake of tls:// offers, such as h2,http/1.1' },
      { name: 'header', short: 'H', value: 'NAME: VALUE', repeatable: true, summary: 'a header of the request' },
      { name: 'source-ip', value: 'ADDRESS', summary: 'the IP address from which the caller connects, as x-forwarded-for shows it' },
      {
        name: 'as',
        value: 'NAMESPACE/SERVICEACCOUNT',
        summary: 'the service account of the caller; by default that of the pods of --from or --gateway',
      },
      { name: 'plaintext', summary: 'the caller connects to the service in plaintext, without an identity' },
      { name: 'token', value: 'FILE', summary: 'the claims of a token, as JSON, which its issuer signed' },
      { name: 'count', value: 'N', default: '1', summary: 'the number of requests; of several, the tally is shown' },
      { name: 'seed', value: 'N', default: '1', summary: 'the seed of the random choices; the same seed draws the same destinations' },
      { name: 'expect-denied', summary: 'exit code 1 unless access policies refuse the request: denied, unauthenticated or reset' },
      { name: 'expect-routed', summary: 'exit code 1 if the request is blocked, denied, has no route, or is not decided' },
      { ...STRICT, summary: 'with --expect-routed: also exit code 1 if something that is not judged could change the answer' },
      { name: FORMAT, short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', summary: 'how the outcome is written' },
      ...TRANSLATION_OPTIONS,
    ],
    exitCodes: [
      [0, 'answered'],
      [1, 'with --expect-routed: blocked, denied, without a route, or not decided; with --expect-denied: not refused by access policies'],
      [2, 'the command failed'],
    ],
    examples: [
      ['cdk8s-istio request manifests/ --from shop/app=webapp GET http://catalog/items -H \'x-istio-cohort: internal\'', 'one request'],
      ['cdk8s-istio request manifests/ --from shop GET http://catalog/items --count 1000', 'how a thousand requests are split'],
      ['cdk8s-istio request manifests/ --gateway istio-system/istio=ingressgateway GET http://shop.example.com/', 'from outside'],
      ['cdk8s-istio request manifests/ --from shop --as shop/batch POST http://payment/pay --expect-denied', 'whether an account may call'],
      ['cdk8s-istio request manifests/ --from shop tcp://db:5432', 'a connection without HTTP'],
    ],
  },
  {
    name: 'diff',
    operands: 'OLD NEW',
    count: { min: 2, max: 2 },
    summary: 'shows what changes for traffic between two sets of manifests',
    description: 'Compares what istiod would send to each kind of caller: the sidecars of each namespace, and each gateway. It ignores names, order and spelling '
      + 'that do not matter for traffic. OLD and NEW are files, folders, - for standard input, or git:REVISION:PATH.',
    options: [
      {
        name: FORMAT,
        short: 'f',
        value: 'FORMAT',
        choices: ['text', 'markdown', 'json'],
        default: 'text',
        summary: 'how changes are written; markdown fits a comment',
      },
      { ...STRICT, summary: 'also exit code 1 if only something that is not judged differs, such as an AuthorizationPolicy' },
      { name: 'rollout', summary: 'also what fails during the rollout, while only a part of NEW is applied' },
      ...TRANSLATION_OPTIONS,
    ],
    exitCodes: [[0, 'the same traffic'], [1, 'other traffic'], [2, 'the command failed']],
    examples: [
      ['cdk8s-istio diff manifests/06-traffic-shifting manifests/07-mirroring', 'two folders'],
      ['cdk8s-istio diff git:main:deploy deploy --format markdown', 'a working tree against a branch, for a pull request'],
      ['cdk8s-istio diff --rollout git:HEAD~1:deploy git:HEAD:deploy', 'with the problems of the rollout'],
    ],
  },
  {
    name: 'check',
    operands: 'INVARIANTS PATH...',
    count: { min: 2, max: Infinity },
    summary: 'proves invariants for all requests, or shows a request that breaks one',
    description: 'Decides for all requests, not for samples, whether invariants hold: what no request reaches, and where every request goes. '
      + `INVARIANTS is a YAML file. ${PATHS}`,
    options: [
      { name: 'allow-undecided', summary: 'exit code 0 even if an invariant is not decided' },
      {
        name: FORMAT, short: 'f', value: 'FORMAT', choices: ['text', 'json', 'github'], default: 'text', summary: 'how results are written',
      },
      ...TRANSLATION_OPTIONS,
    ],
    exitCodes: [
      [0, 'all invariants hold'],
      [1, 'one does not hold, or is not decided; with --allow-undecided, one does not hold'],
      [2, 'the command failed'],
    ],
    examples: [
      ['cdk8s-istio check invariants.yaml manifests/', 'all invariants, each with a request that breaks it'],
      ['cdk8s-istio check invariants.yaml manifests/ --mesh-config mesh.yaml --format github', 'in a pipeline, with MeshConfig'],
    ],
  },
  {
    name: 'holes',
    operands: 'PATH...',
    count: { min: 1, max: Infinity },
    summary: 'finds requests that fail or fall through, and rules that no request reaches',
    description: 'For each host and caller: requests that no route takes, that go to a cluster that does not exist or has no endpoint, '
      + `or that are redirected endlessly; and rules that no request reaches, because earlier ones take them all. ${PATHS}`,
    options: [
      { name: FORMAT, short: 'f', value: 'FORMAT', choices: ['text', 'json'], default: 'text', summary: 'how holes are written' },
      ...TRANSLATION_OPTIONS,
    ],
    exitCodes: [[0, 'no hole'], [1, 'at least one certain hole other than `default`'], [2, 'the command failed']],
    examples: [['cdk8s-istio holes manifests/ --complete', 'also destinations that certainly have no endpoint']],
  },
  {
    name: 'graph',
    operands: 'PATH...',
    count: { min: 1, max: Infinity },
    summary: 'draws who calls what, with shares, mirrors, limits and findings',
    description: `Draws gateways, services, subsets with their shares, mirrors, external hosts and what is blocked. ${PATHS}`,
    options: [
      {
        name: 'output',
        short: 'o',
        value: 'FILE',
        summary:
          'the picture; its extension selects the format: .svg, .html, .png, .mmd (Mermaid) or .dot; default: Graphviz DOT on stdout',
      },
      { ...FROM, summary: 'only what a sidecar of this namespace, with these labels, can reach' },
      { ...GATEWAY, summary: 'only what a gateway of this namespace, with these labels, serves' },
      { name: 'access', summary: 'who may call whom, as AuthorizationPolicies say, and what is denied by default' },
      { name: 'focus', value: 'SERVICE', summary: 'only this service and its neighbors: catalog, or catalog.shop' },
      ...TRANSLATION_OPTIONS,
    ],
    exitCodes: [[0, 'drawn'], [2, 'the command failed']],
    examples: [
      ['cdk8s-istio graph manifests/ -o mesh.html', 'an interactive page'],
      ['cdk8s-istio graph manifests/ -o mesh.svg --focus catalog.shop', 'one service, as a picture'],
      ['cdk8s-istio graph manifests/ -o mesh.mmd', 'for a Markdown page that draws Mermaid'],
      ['cdk8s-istio graph manifests/ -o access.svg --access', 'who may call whom'],
    ],
  },
  {
    name: 'facts',
    operands: '[PATH...]',
    count: { min: 0, max: Infinity },
    summary: 'writes cluster facts from the output of kubectl',
    description:
      'Writes the objects of a cluster as cluster facts, which other commands read with --facts. Without a PATH, it reads standard input.',
    options: [],
    exitCodes: [[0, 'written'], [2, 'the command failed']],
    examples: [
      [
        'kubectl get namespaces,services,deployments,daemonsets,configmaps -A -o yaml | cdk8s-istio facts > cluster-facts.yaml',
        'of the current cluster',
      ],
      ['cdk8s-istio facts platform/ > cluster-facts.yaml', 'of a platform\'s manifests'],
    ],
  },
  {
    name: 'completion',
    operands: 'bash|zsh|fish',
    count: { min: 1, max: 1 },
    choices: ['bash', 'zsh', 'fish'],
    summary: 'writes the completions for a shell',
    description: 'Writes the script with which a shell completes commands, options and their values.',
    options: [],
    exitCodes: [[0, 'written'], [2, 'no such shell']],
    examples: [
      ['source <(cdk8s-istio completion bash)', 'in ~/.bashrc'],
      ['source <(cdk8s-istio completion zsh)', 'in ~/.zshrc, after compinit'],
      ['cdk8s-istio completion fish > ~/.config/fish/completions/cdk8s-istio.fish', 'once'],
    ],
  },
];

