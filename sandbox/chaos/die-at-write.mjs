// Loaded into the bot before its own code (node --import): ends the process at its n-th write, as only the process itself can
// do it exactly. DIE_AT_WRITE is "12 before" or "12 after": before the write is durable, or before anything follows from it.
const builtIn = process.getBuiltinModule?.('node:sqlite');
const Database = builtIn?.DatabaseSync ?? (await import('libsql')).default;
const [write, when] = (process.env.DIE_AT_WRITE ?? '').split(' ');
const { exec } = Database.prototype;
let left = Number(write);

Database.prototype.exec = function (sql) {
  if (sql !== 'COMMIT') return exec.call(this, sql);
  left -= 1;
  if (left === 0 && when === 'before') process.kill(process.pid, 'SIGKILL');
  exec.call(this, sql);
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
