/** The part of pg that the PostgreSQL adapter uses; pg itself comes without types. */
declare module 'pg' {
  export interface PoolConfig {
    connectionString?: string;
    max?: number;
    /** Milliseconds for getting a connection. */
    connectionTimeoutMillis?: number;
    /** Milliseconds until the client stops waiting for an answer. */
    query_timeout?: number;
    /** Milliseconds until the server ends the statement. */
    statement_timeout?: number;
    keepAlive?: boolean;
  }
  class Pool {
    constructor(config: PoolConfig);
    query(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
    on(event: 'error', listener: (error: Error) => void): this;
    end(): Promise<void>;
  }
  const pg: { Pool: typeof Pool };
  export default pg;
  export type { Pool };
}
