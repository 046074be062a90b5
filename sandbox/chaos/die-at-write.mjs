// Loaded into the bot before its own code (node --import): ends the process at its n-th write, as only the process itself can
// do it exactly. DIE_AT_WRITE is "12 before" or "12 after": before the write is durable, or before anything follows from it.
import { Socket } from 'node:net';

const builtIn = process.getBuiltinModule?.('node:sqlite');
const Database = builtIn?.DatabaseSync ?? (await import('libsql')).default;
const [write, when] = (process.env.DIE_AT_WRITE ?? '').split(' ');
const { exec } = Database.prototype;
const send = Socket.prototype.write;
let left = Number(write);

function die() {
  process.kill(process.pid, 'SIGKILL');
}

Database.prototype.exec = function (sql) {
  if (sql !== 'COMMIT') return exec.call(this, sql);
  left -= 1;
  if (left === 0 && when === 'before') die();
  exec.call(this, sql);
  if (left === 0) die();
};

/** What makes a write durable on a server: a script of Redis, the end of a transaction of PostgreSQL. */
const DURABLE = /\r\nEVAL\r\n|COMMIT\0/;

Socket.prototype.write = function (chunk, ...rest) {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
  if (!DURABLE.test(text)) return send.call(this, chunk, ...rest);
  left -= 1;
  if (left === 0 && when === 'before') die();
  // The server has done it when it answers.
  if (left === 0) this.prependOnceListener('data', die);
  return send.call(this, chunk, ...rest);
};
