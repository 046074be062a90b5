export { buildBot as default } from './build.ts';
