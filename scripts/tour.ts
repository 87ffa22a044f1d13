// The README's tour of the command line, and its picture. Run as a program, it writes both.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** The commands of the tour. Each runs where `npm run coolstore` has written `manifests`. */
const COMMANDS = [
  'explain manifests/07-mirroring --from istioinaction/app=webapp --host catalog',
  'request manifests/20-composed --from istioinaction/app=webapp GET http://catalog/items -H \'x-istio-cohort: internal\'',
  'diff manifests/06-traffic-shifting manifests/07-mirroring',
];

export const PICTURE = join(ROOT, 'docs/coolstore.svg');
const DRAW = 'graph manifests/20-composed -o coolstore.svg';

export interface Tour {
  readonly text: string;
  readonly picture: string;
}

/** Runs the command line in a folder. */
export type Run = (args: readonly string[], cwd: string) => Promise<Ran>;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the commands and returns the section of the README and the picture. */
export async function tour(run: Run): Promise<Tour> {
  const cwd = mkdtempSync(join(tmpdir(), 'tour-'));
  try {
    symlinkSync(join(ROOT, 'examples/coolstore/expected'), join(cwd, 'manifests'));
    const blocks: string[] = [];
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await run(words(command), cwd);
      if (code === 2) throw new Error(`${command}: ${stderr}`);
      blocks.push(`\`\`\`sh\nnpx cdk8s-istio ${command}\n\`\`\`\n\n\`\`\`text\n${stdout.trimEnd()}\n\`\`\``);
    }
    const { code, stderr } = await run(words(DRAW), cwd);
    if (code !== 0) throw new Error(`${DRAW}: ${stderr}`);
    const picture = readFileSync(join(cwd, 'coolstore.svg'), 'utf8');
    return {
      text: [
        ...blocks,
        `\`\`\`sh\nnpx cdk8s-istio ${DRAW}\n\`\`\``,
        '![gateways, services, subsets with their shares, and mirrors of the coolstore](docs/coolstore.svg)',
      ].join('\n\n'),
      picture,
    };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
}

const [START, END] = ['<!-- tour: written by `npm run tour` -->', '<!-- end of the tour -->'];

/** The README with an updated tour. */
export function withTour(readme: string, text: string): string {
  const [before, rest] = readme.split(START);
  return `${before}${START}\n\n${text}\n\n${END}${rest.split(END)[1]}`;
}

/** The command line from the sources. */
const fromSources: Run = async (args, cwd) => {
  const program = [require.resolve('ts-node/dist/bin'), '--project', join(ROOT, 'test/tsconfig.json'), join(ROOT, 'src/cli/main.ts')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
    cwd,
    input: '',
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { code: status, stdout, stderr };
};

if (require.main === module) {
  const readme = join(ROOT, 'README.md');
  void tour(fromSources).then(({ text, picture }) => {
    writeFileSync(readme, withTour(readFileSync(readme, 'utf8'), text));
    writeFileSync(PICTURE, picture);
  });
}
