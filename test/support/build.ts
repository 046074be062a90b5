import { execFileSync } from 'node:child_process';

/** Compiles the bot and the page once: for the tests in which the bot is a process of its own, and for those in a browser. */
export default function build(): void {
  for (const script of ['build', 'build:page']) execFileSync('npm', ['run', '--silent', script], { stdio: 'inherit' });
}
