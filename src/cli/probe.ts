/**
 * The health check of a container: asks the bot in it whether it lives, and ends with 0 or 1. An image needs no curl for that.
 * Docker stops it when it takes too long.
 */
const port = process.env.HEALTH_PORT;
if (!port) {
  console.error('HEALTH_PORT is not set, so the bot cannot be asked whether it lives.');
  process.exit(1);
}
try {
  const { status } = await fetch(`http://127.0.0.1:${port}/healthz`);
  console.log(`/healthz answers ${status}`);
  process.exit(status === 200 ? 0 : 1);
} catch {
  console.error(`Nothing answers on port ${port}. The bot is starting, has ended, or hangs.`);
  process.exit(1);
}
