import { projects } from '@tooling/vitest';
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { projects } });
