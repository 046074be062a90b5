import { execFileSync } from 'node:child_process';

/** Compiles the bot once for the tests in which it runs as a process of its own. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
