import { execFileSync } from 'node:child_process';

/** Compiles the page's scripts before the tests in a browser. */
export default function buildPage(): void {
  execFileSync('npm', ['run', '--silent', 'build:page'], { stdio: 'inherit' });
}
