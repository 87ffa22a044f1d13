import { spawnSync } from 'node:child_process';
import { PROCESS, ROOT, runProcess } from './command-line';

let sessions = 0;
const tmux = (...args: string[]) =>
  spawnSync('tmux', ['-L', `cdk8s-istio-${process.pid}-${sessions}`, ...args], { encoding: 'utf8', cwd: ROOT });
const inTerminal = spawnSync('tmux', ['-V']).error ? test.skip : test;
const DIFF = 'diff examples/coolstore/expected/06-traffic-shifting examples/coolstore/expected/07-mirroring';

/** The screen of a terminal after a command, with colors. */
function shown(command: string): string {
  sessions++; // a server that shuts down accepts no new session
  tmux('new-session', '-d', '-x', '200', '-y', '50', `${command}; echo "code $?"; sleep 60`);
  try {
    for (let tries = 0; tries < 300; tries++) {
      const screen = tmux('capture-pane', '-p', '-e').stdout;
      if (/code \d/.test(screen)) return screen;
      spawnSync('sleep', ['0.2']);
    }
    throw new Error(`nothing came of: ${command}`);
  } finally {
    tmux('kill-server');
  }
}

describe('a terminal', () => {
  const bin = PROCESS.map(part => `"${part}"`).join(' ');
  const RED_OR_YELLOW = /\u001b\[[\d;]*3[13]m/; // eslint-disable-line no-control-regex

  inTerminal('gets colors, and the exit code', () => {
    const screen = shown(`env -u NO_COLOR TERM=xterm-256color ${bin} ${DIFF}`);
    expect(screen).toMatch(RED_OR_YELLOW);
    expect(screen).toContain('code 1');
    expect(screen).toContain('2 changes for traffic');
  }, 90_000);

  inTerminal('gets none with NO_COLOR', () => {
    const screen = shown(`NO_COLOR=1 ${bin} ${DIFF}`);
    expect(screen).toContain('catalog.istioinaction:80');
    expect(screen).not.toMatch(RED_OR_YELLOW);
  }, 90_000);

  test('a pipe gets no colors and no progress', () => {
    const { stdout, stderr } = runProcess(DIFF.split(' '), { env: { FORCE_COLOR: '', TERM: 'xterm-256color' } });
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
  });
});
