// The programs of the pages that need packages which the project itself does not use, such as cdk8s-plus.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs what a program imports, compiles and runs it, and compares what it prints. Says how many programs there are. */
export function pagesRun(docs, folder, install, compile, check) {
  let programs = 0;
  for (const page of readdirSync(docs).filter(file => file.endsWith('.md'))) {
    const blocks = readFileSync(join(docs, page), 'utf8').matchAll(/^```ts package\n([\s\S]*?)^```$[\s\S]*?^```text\n([\s\S]*?)^```$/gm);
    for (const [, program, printed] of blocks) {
      const file = `page-${++programs}`;
      install(...[...program.matchAll(/from '(cdk8s-plus-\d+)'/g)].map(([, name]) => name));
      writeFileSync(join(folder, `${file}.ts`), program);
      compile(`${file}.ts`);
      const stdout = execFileSync(process.execPath, [`${file}.js`], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, CDK8S_OUTDIR: join(folder, file) },
      });
      check(stdout === printed, `the program of ${page} prints something else: ${stdout}`);
    }
  }
  return programs;
}
