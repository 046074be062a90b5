/** The part of it that is used. It is not installed where Node has SQLite itself (packages/sqlite-for-older-node). */
declare module 'libsql' {
  const Database: new (
    file: string,
  ) => {
    exec(sql: string): unknown;
    prepare(sql: string): {
      all(...values: (string | number | null)[]): unknown[];
      run(...values: (string | number | null)[]): { changes: number | bigint };
    };
    close(): unknown;
  };
  export default Database;
}
